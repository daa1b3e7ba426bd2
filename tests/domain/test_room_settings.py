"""What a teacher may set in a room."""

from collections.abc import Collection

import pytest

from shared.domain import privileges, room_settings
from shared.domain.history import EventKind
from shared.domain.organisations import Customer, Partner
from shared.domain.refusals import Code, Refusal
from shared.domain.services import Service
from shared.domain.users import User
from shared.world import rooms
from shared.world.rooms import DapConflict, Room
from tests.builders import accepts
from tests.domain.conftest import Elsewhere, events, fingerprint

REPLACE, REFUSE = DapConflict.REPLACE, DapConflict.REFUSE


def set_to(
    conflict: DapConflict = REPLACE, suspended: Collection[Partner] = (), abroad: Collection[Customer] = ()
) -> None:
    """As the form of the room says it: by Microsoft ID."""
    names = [partner.microsoft_id for partner in suspended], [customer.microsoft_id for customer in abroad]
    room_settings.change(conflict, suspended=names[0], abroad=names[1])


@pytest.mark.rule("R43", "R81")
def test_how_conflicts_are_answered_is_set_and_written_down_with_old_and_new(
    room: Room, dana: User, lotus: Partner, elsewhere: Elsewhere
) -> None:
    set_to(REFUSE)
    with pytest.raises(Refusal) as no:
        accepts(dana, lotus)
    assert no.value.code is Code.DAP_HELD
    set_to(REPLACE)
    assert accepts(dana, lotus) == list(Service)
    told = [event.facts for event in events(EventKind.CHANGE_ROOM)]
    assert told == [
        {"setting": "dap_conflict", "old": "replace", "new": "refuse"},
        {"setting": "dap_conflict", "old": "refuse", "new": "replace"},
    ]


@pytest.mark.rule("R76", "R81")
def test_suspending_touches_nothing_a_partner_administers_and_is_lifted_by_leaving_it_out(
    jade: Partner, lotus: Partner, delta: Customer, elsewhere: Elsewhere
) -> None:
    set_to(suspended=[jade])
    assert (jade.suspended, lotus.suspended) == (True, False)
    assert privileges.held_by(jade, delta) == set(Service)
    set_to()
    assert not jade.suspended
    assert [event.partner for event in events(EventKind.SUSPEND_PARTNER)] == [jade]
    assert [event.partner for event in events(EventKind.REACTIVATE_PARTNER)] == [jade]


@pytest.mark.rule("R40", "R81")
def test_a_tenant_moves_to_another_cloud_and_comes_home(kiln: Customer, delta: Customer, elsewhere: Elsewhere) -> None:
    set_to(abroad=[kiln])
    assert (kiln.market, delta.market) == ("US", "CN")
    set_to()
    assert kiln.market == "CN"
    assert [(e.customer, e.facts["old"], e.facts["new"]) for e in events(EventKind.CHANGE_ROOM)] == [
        (kiln, "CN", "US"),
        (kiln, "US", "CN"),
    ]


@pytest.mark.rule("R81")
def test_setting_what_is_set_already_changes_nothing(room: Room, jade: Partner, kiln: Customer) -> None:
    set_to(REFUSE, [jade], [kiln])
    before = fingerprint(room)
    set_to(REFUSE, [jade], [kiln])
    assert fingerprint(room) == before


def test_the_teacher_chooses_among_everyone_of_this_room_by_name(elsewhere: Elsewhere, room: Room) -> None:
    assert [partner.name for partner in room_settings.partners()] == [
        "Harbor Distribution",
        "Jade IT",
        "Lotus Cloud",
        "Reed Services",
        "Willow Advisory",
    ]
    assert [customer.name for customer in room_settings.customers()] == [
        "Blue Kiln",
        "Cedar Clinic",
        "Delta Foods",
        "Pine Logistics",
    ]


def test_a_name_from_another_room_sets_nothing_here(room: Room) -> None:
    other = Elsewhere()
    with rooms.inside(other.room):
        strangers = [partner.microsoft_id for partner in room_settings.partners()]
        strangers += [customer.microsoft_id for customer in room_settings.customers()]
    before = fingerprint(room)
    room_settings.change(REPLACE, suspended=strangers, abroad=strangers)
    assert fingerprint(room) == before
