"""What time does to subscriptions by itself: terms renew or lapse, data is deleted (S2, S7, S8)."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload
from sqlalchemy.sql.selectable import ScalarSelect

from ..extensions import db
from ..world import clock, rooms
from ..world.calendar import months_after
from ..world.questions import Question
from ..world.rooms import ROOM_WE_ARE_IN, Room, here_id
from . import history, licences, subscriptions
from .history import Event, EventKind
from .subscriptions import TERM, Due, Subscription

KINDS = {
    Due.RENEW: EventKind.RENEW_SUBSCRIPTION,
    Due.LAPSE: EventKind.LAPSE_SUBSCRIPTION,
    Due.DELETE: EventKind.DELETE_SUBSCRIPTION,
}
FURTHEST = 3  # years one may move the clock at once: enough for three terms, and no event is far away
END_OF_TIME = 2200  # RULING: a room's clock stays where every calendar still works


def soonest(room_id: Any) -> ScalarSelect[datetime | None]:
    """When the next thing happens in a room, as a column beside its row: one look into an index."""
    return select(func.min(Subscription.due_at)).where(Subscription.room_id == room_id).scalar_subquery()


NEXT = Question(select(soonest(ROOM_WE_ARE_IN)))


def is_past(due: datetime | None) -> bool:
    """Whether that is now or was before, by the clock of this room."""
    return due is not None and due <= clock.now()


def catch_up() -> int:
    """Let everything happen that is due by now, in the order of its time, each stamped with its own; how many.

    Each happens once, however many people come at once and in however many steps the clock was moved: what is due is a
    fact of the row, and firing it changes the row. Cheap when nothing is due.
    """
    if not is_past(NEXT.ask()[0][0]):
        return 0
    _alone()
    fired = 0
    while subscription := _first():
        subscriptions.lock(subscription)  # whoever is changing it now comes first
        if is_past(subscription.due_at):
            _fire(subscription)
            fired += 1
    return fired


def ahead(limit: int) -> list[tuple[Subscription, datetime, Due]]:
    """What will happen next, soonest first, as far as it is known today."""
    soonest = select(Subscription).where(Subscription.due_at.is_not(None))
    soonest = soonest.order_by(Subscription.due_at, Subscription.id).limit(limit)
    soonest = soonest.options(joinedload(Subscription.customer), joinedload(Subscription.seller))
    return [(one, *one.next_due) for one in db.session.scalars(soonest) if one.next_due]


def move_clock(to: datetime) -> int:
    """Move this room's clock forward and let happen what falls due on the way; how much there was.

    Nothing happens when it is that late already.
    Two who move it wait for each other, and it never goes back. Refuses with ValueError beyond `furthest`.
    """
    room = _alone()
    rooms.enter(rooms.facts_of(room))
    if to > furthest():
        raise ValueError("too far away")
    old = clock.now()
    if to <= old:
        return 0
    clock.advance(to - old)
    jump: dict[str, Any] = {"old": old.isoformat(), "new": to.isoformat()}
    history.record(EventKind.CHANGE_ROOM, by=None, at=old, setting="clock", **jump)
    return catch_up()


def brought_about(after: int, limit: int) -> tuple[list[tuple[Event, Due]], int]:
    """What time did by itself after event id `after`, in its order: at most `limit` of it, and how much more."""
    mine = (Event.id > after, Event.kind.in_(KINDS.values()), Event.refused.is_(None))
    told = select(Event, func.count().over()).where(*mine).order_by(Event.id).limit(limit)
    told = told.options(*(joinedload(each) for each in (Event.partner, Event.customer, Event.subscription)))
    rows = db.session.execute(told).tuples().all()
    what = {kind: due for due, kind in KINDS.items()}
    return [(event, what[event.kind]) for event, _all in rows], rows[0][1] - len(rows) if rows else 0


def furthest() -> datetime:
    """The latest moment the clock can be moved to from now."""
    now = clock.now()
    year = min(now.year + FURTHEST, END_OF_TIME)
    return now.replace(year=year, day=min(now.day, 28))


def _first() -> Subscription | None:
    due = select(Subscription).where(Subscription.due_at <= clock.now())
    return db.session.scalars(due.order_by(Subscription.due_at, Subscription.id).limit(1)).first()


def _alone() -> Room:
    """Let one at a time move time on; SQLite's writers queue anyway."""
    return db.session.get_one(Room, here_id(), with_for_update={"key_share": True}, populate_existing=True)


def _fire(subscription: Subscription) -> None:
    assert subscription.next_due is not None  # noqa: S101 - it was found by when it is due
    at, what = subscription.next_due
    facts: dict[str, Any] = {}
    if what is Due.RENEW:
        old, subscription.ends_on = subscription.ends_on, months_after(subscription.ends_on, TERM)
        facts = {"old": old.isoformat(), "new": subscription.ends_on.isoformat()}
    else:
        if what is Due.LAPSE:
            subscription.cancelled_at = at
        else:
            subscription.deleted_at = at
        facts = {"freed": licences.free(subscription)}
    seller, customer = subscription.seller, subscription.customer
    history.record(KINDS[what], by=None, at=at, partner=seller, customer=customer, subscription=subscription, **facts)
    db.session.flush()
