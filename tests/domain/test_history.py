"""What happened, and who may read it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from shared.domain import acceptance, history, invitations, revocation
from shared.domain.history import Event, EventKind
from shared.domain.invitations import Invitation
from shared.domain.organisations import Customer, Partner
from shared.domain.refusals import Code, Refusal
from shared.domain.services import Service
from shared.domain.users import User
from shared.extensions import db
from shared.world import clock, rooms
from shared.world.pages import SIZE, Page
from shared.world.rooms import Room
from tests.builders import accepts, newest_events
from tests.conftest import the
from tests.domain.conftest import Elsewhere


def every(asked: Callable[[int | None], Page[Event]]) -> list[Event]:
    """All pages, one after the other."""
    page = asked(None)
    found = list(page.rows)
    while page.next:
        page = asked(page.next)
        found += page.rows
    return found


@pytest.mark.rule("R81")
def test_an_event_says_when_who_what_to_whom_old_and_new(
    lotus: Partner, kiln: Customer, mei: User, elsewhere: Elsewhere
) -> None:
    clock.advance(timedelta(days=400))
    history.record(EventKind.CHANGE_ROOM, Service.SKYPE, by=mei, partner=lotus, customer=kiln, old="CN", new="US")
    [event] = newest_events()
    assert abs(event.at - clock.now()) < timedelta(seconds=5)
    assert (event.by, event.partner, event.customer, event.service) == (mei, lotus, kiln, Service.SKYPE)
    assert (event.facts, event.refused) == ({"old": "CN", "new": "US"}, None)


@pytest.mark.rule("R81")
def test_a_refusal_is_written_down_with_its_code_and_rule(lotus: Partner, kiln: Customer) -> None:
    bo = the(User, "Bo Lindt")
    refusal = invitations.why_not_answer(Invitation(lotus), bo)
    assert refusal is not None
    history.record_refusal(EventKind.OPEN_LINK, refusal, by=bo)
    [event] = newest_events()
    assert (event.kind, event.refused, event.facts) == (
        EventKind.OPEN_LINK,
        Code.NEEDS_GLOBAL_ADMIN,
        {"rule": "R25"},
    )
    assert (event.by, event.partner, event.customer) == (bo, lotus, kiln)


@pytest.mark.rule("R81")
def test_a_refusal_about_nobody_is_about_whoever_tried(lin: User, mei: User, lotus: Partner, kiln: Customer) -> None:
    unknown = Refusal(Code.LINK_UNKNOWN)
    for user in (lin, mei, None):
        history.record_refusal(EventKind.OPEN_LINK, unknown, by=user)
    theirs, ours, nobodys = newest_events(3)
    assert (theirs.partner, theirs.customer) == (lotus, None)
    assert (ours.partner, ours.customer) == (None, kiln)
    assert (nobodys.by, nobodys.partner, nobodys.customer) == (None, None, None)


@pytest.mark.rule("R81", "R60")
def test_both_sides_read_the_same_acts(
    lotus: Partner, jade: Partner, delta: Customer, dana: User, elsewhere: Elsewhere
) -> None:
    accepts(dana, lotus, Service.SKYPE)
    revocation.revoke(lotus, [Service.SKYPE], by=dana)
    told = [EventKind.END_DAP, EventKind.GRANT_DAP, EventKind.ADD_RELATIONSHIP]
    assert [event.kind for event in history.of_partner(lotus).rows] == told
    ours = [event for event in history.of_customer(delta).rows if event.partner is lotus]
    assert [event.kind for event in ours] == told
    assert {event.partner for event in history.of_partner(lotus).rows} == {lotus}
    assert [event.facts for event in history.of_partner(jade).rows[:1]] == [{"reason": "moved"}]


@pytest.mark.rule("R19", "R81")
def test_a_letter_is_the_senders_business_until_it_is_answered(
    lotus: Partner, kiln: Customer, lin: User, mei: User
) -> None:
    invitations.send(Invitation(lotus), to=mei, by=lin, language="en", paragraphs=["", ""])
    assert [event.kind for event in history.of_partner(lotus).rows] == [EventKind.SEND_INVITATION]
    assert history.of_customer(kiln).rows == []


@pytest.mark.rule("R81")
def test_each_side_reads_its_own_refusals_and_not_the_other_sides(
    lotus: Partner, kiln: Customer, lin: User, mei: User
) -> None:
    refusal = Refusal(Code.CANNOT_ACCEPT_NOW, partner=lotus, customer=kiln)
    history.record_refusal(EventKind.GRANT_DAP, refusal, by=mei)
    history.record_refusal(EventKind.SEND_INVITATION, Refusal(Code.PARTNER_SUSPENDED, partner=lotus), by=lin)
    assert [event.by for event in history.of_customer(kiln).rows] == [mei]
    assert [event.by for event in history.of_partner(lotus).rows] == [lin]
    assert [event.by for event in history.of_room().rows[:2]] == [lin, mei]


@pytest.mark.rule("R19")
def test_a_refused_sending_is_not_in_the_sent_log(lotus: Partner, lin: User) -> None:
    history.record_refusal(EventKind.SEND_INVITATION, Refusal(Code.LINK_MISSING), by=lin)
    assert history.invitations_sent(lotus).rows == []


@pytest.mark.rule("R81")
def test_pages_of_a_log_visit_every_event_once_newest_first(
    lotus: Partner, kiln: Customer, mei: User, elsewhere: Elsewhere
) -> None:
    number = 2 * SIZE + 3
    for _ in range(number):
        history.record(EventKind.VIEW, by=mei, partner=lotus, customer=kiln)
    newest_first = newest_events(number)[::-1]
    assert every(lambda before: history.of_partner(lotus, before=before)) == newest_first
    assert every(lambda before: history.of_customer(kiln, before=before)) == newest_first
    assert every(lambda before: history.of_room(before=before))[:number] == newest_first


@pytest.mark.rule("R81")
def test_a_full_last_page_leads_nowhere(kiln: Customer, mei: User) -> None:
    for _ in range(SIZE):
        history.record(EventKind.VIEW, by=mei, customer=kiln)
    assert history.of_customer(kiln).next is None


@pytest.mark.rule("R81")
def test_the_log_of_another_room_is_not_read_here(room: Room) -> None:
    other = Elsewhere()
    before = len(every(lambda before: history.of_room(before=before)))
    with rooms.inside(other.room):
        history.record(EventKind.VIEW, by=None)
        db.session.flush()
    assert len(every(lambda before: history.of_room(before=before))) == before


@pytest.mark.rule("R81")
def test_history_is_written_in_the_transaction_of_the_act(lotus: Partner, kiln: Customer, mei: User) -> None:
    acceptance.accept(Invitation(lotus), {lotus: [Service.SKYPE]}, by=mei)
    db.session.rollback()
    assert history.of_customer(the(Customer, "Blue Kiln")).rows == []
