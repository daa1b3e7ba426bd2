"""What time does to subscriptions by itself."""

from datetime import datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest

from shared.domain import due, history, licences, orders, relationships, subscription_changes
from shared.domain.history import EventKind
from shared.domain.offers import OFFERS
from shared.domain.organisations import Customer, Partner
from shared.domain.subscription_changes import SuspendReason
from shared.domain.subscriptions import Due, Subscription
from shared.domain.users import User
from shared.extensions import db
from shared.world import clock, rooms
from shared.world.calendar import start_of, today
from tests.builders import room_with
from tests.domain.conftest import Elsewhere, events

DAY = timedelta(days=1)


@pytest.fixture
def sold(lotus: Partner, kiln: Customer, lin: User) -> Subscription:
    """Five seats that Lotus sold to Blue Kiln."""
    relationships.begin(lotus, kiln)
    return orders.order(kiln, OFFERS["e1"], 5, by=lin)


def happened() -> list[tuple[datetime, EventKind, int | None]]:
    """What was due and was done, in the order it was written down."""
    kinds = due.KINDS.values()
    done = [event for event in db.session.query(history.Event).order_by(history.Event.id) if event.kind in kinds]
    return [(event.at, event.kind, event.subscription_id) for event in done]


@pytest.mark.rule("S2", "S7", "S8")
def test_everything_due_happens_in_its_order_with_its_own_time(
    sold: Subscription, lin: User, kiln: Customer, elsewhere: Elsewhere
) -> None:
    second = orders.order(kiln, OFFERS["e3"], 1, by=lin)
    subscription_changes.cancel(second, by=lin)
    gone, renewed = second.gone_at, start_of(sold.ends_on)
    assert gone is not None
    due.move_clock(renewed + 400 * DAY)
    done = [entry for entry in happened() if entry[2] in (sold.id, second.id)]
    again = start_of(sold.ends_on.replace(year=sold.ends_on.year - 1))
    assert done == [
        (gone, EventKind.DELETE_SUBSCRIPTION, second.id),
        (renewed, EventKind.RENEW_SUBSCRIPTION, sold.id),
        (again, EventKind.RENEW_SUBSCRIPTION, sold.id),
    ]
    assert [at for at, _kind, _id in happened()] == sorted(at for at, _kind, _id in happened())


@pytest.mark.rule("S2", "S8", "S13")
def test_what_does_not_renew_lapses_with_its_term_and_is_deleted_after_the_sixty_days(
    sold: Subscription, lin: User, mei: User
) -> None:
    licences.assign(mei, sold, by=mei)
    subscription_changes.set_renewal(sold, False, by=lin)
    over = start_of(sold.ends_on)
    due.move_clock(over + 61 * DAY)
    assert [entry for entry in happened() if entry[2] == sold.id] == [
        (over, EventKind.LAPSE_SUBSCRIPTION, sold.id),
        (over + 61 * DAY, EventKind.DELETE_SUBSCRIPTION, sold.id),
    ]
    assert [event.facts["freed"] for event in events(EventKind.LAPSE_SUBSCRIPTION)] == [1]


@pytest.mark.rule("S2", "S7")
def test_what_a_jump_brought_about_is_told_in_its_order_and_what_is_too_much_is_counted(
    sold: Subscription, lin: User, kiln: Customer, elsewhere: Elsewhere
) -> None:
    second = orders.order(kiln, OFFERS["e3"], 1, by=lin)
    subscription_changes.cancel(second, by=lin)
    before = history.newest_id()
    due.move_clock(start_of(sold.ends_on))
    told, more = due.brought_about(before, 10)
    assert [(event.at, event.kind, event.subscription_id) for event, _what in told] == happened()
    assert (told[0][0].subscription, told[0][1], more) == (second, Due.DELETE, 0)
    assert due.brought_about(before, 1) == (told[:1], len(told) - 1)
    assert due.brought_about(history.newest_id(), 10) == ([], 0)


def test_what_happened_does_not_happen_again(sold: Subscription) -> None:
    due.move_clock(start_of(sold.ends_on))
    before = happened()
    assert due.catch_up() == 0
    assert happened() == before


def test_what_comes_next_is_known_before_the_jump(sold: Subscription, lin: User) -> None:
    subscription_changes.suspend(sold, SuspendReason.FRAUD, by=lin)
    [(subscription, at, what), *_rest] = due.ahead(3)
    assert (subscription, at, what) == (sold, start_of(today() + 61 * DAY), Due.DELETE)


def test_the_clock_moves_forward_alone_and_not_out_of_sight(room: Any) -> None:
    now = clock.now()
    assert due.move_clock(now - DAY) == 0
    assert events(EventKind.CHANGE_ROOM) == []
    with pytest.raises(ValueError, match="too far"):
        due.move_clock(now + 4 * 366 * DAY)
    due.move_clock(now + DAY)
    assert clock.now() >= now + DAY
    [moved] = [event for event in events(EventKind.CHANGE_ROOM) if event.facts["setting"] == "clock"]
    assert moved.facts["new"] == (now + DAY).isoformat()


def test_two_who_move_the_clock_at_once_do_not_move_it_back_nor_fire_twice(app: Any, sold: Subscription) -> None:
    end = start_of(sold.ends_on)
    db.session.commit()
    here, barrier = rooms.here(), Barrier(2)

    def move(to: datetime) -> None:
        with app.app_context(), rooms.inside(here):
            barrier.wait()
            due.move_clock(to)
            db.session.commit()
            db.session.remove()

    threads = [Thread(target=move, args=(to,)) for to in (end + 9 * DAY, end + DAY)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rooms.enter(room_with(here.key))
    assert clock.now() >= end + 9 * DAY
    assert [kind for _at, kind, id_ in happened() if id_ == sold.id] == [EventKind.RENEW_SUBSCRIPTION]
