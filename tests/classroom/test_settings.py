"""The settings of a room: every refusal can be met, and lifted again."""

from typing import Any

import pytest
from sqlalchemy import select

from shared.domain.history import Event, EventKind
from shared.domain.organisations import Customer, Partner
from shared.extensions import db
from shared.world.rooms import DapConflict, Room
from tests.conftest import furnished_room
from tests.test_isolation import fingerprint
from tests.visitor import Page, Visitor

REQUEST = "/customers/request-a-reseller-relationship"


def settings(visitor: Visitor) -> Page:
    """The page."""
    return visitor.open(f"{visitor.room}/settings")


@pytest.mark.rule("R43")
def test_a_conflict_may_be_refused_instead_of_replaced(stranger: Visitor, room: Room) -> None:
    page = settings(stranger).press("Save", dap_conflict="refuse")
    assert (page.status, page.path) == (200, f"{stranger.room}/settings")
    assert room.dap_conflict is DapConflict.REFUSE
    assert page.soup.select_one("input[name=dap_conflict][checked]")["value"] == "refuse"
    settings(stranger).press("Save", dap_conflict="replace")
    assert room.dap_conflict is DapConflict.REPLACE


@pytest.mark.rule("R73", "R76")
def test_a_partner_can_be_suspended_and_reactivated(visit: Any, stranger: Visitor, lotus: Partner) -> None:
    settings(stranger).press("Save", suspended=[lotus.microsoft_id])
    assert visit("Lin Chen").portal(REQUEST).refusal == "PARTNER_SUSPENDED"
    assert visit("Jonas Falk").portal(REQUEST).status == 200
    settings(stranger).press("Save", suspended=None)
    assert visit("Lin Chen").portal(REQUEST).status == 200
    done = select(Event.kind).where(Event.partner_id == lotus.id, Event.refused.is_(None))
    assert list(db.session.scalars(done)) == [EventKind.SUSPEND_PARTNER, EventKind.REACTIVATE_PARTNER]


@pytest.mark.rule("R40")
def test_a_tenant_can_be_moved_abroad_and_home_again(visit: Any, stranger: Visitor, kiln: Customer) -> None:
    link = str(visit("Lin Chen").portal(REQUEST).soup.select_one("#link")["value"])
    settings(stranger).press("Save", abroad=[kiln.microsoft_id])
    assert visit("Mei Zhou").open(link).refusal == "OTHER_MARKET"
    settings(stranger).press("Save", abroad=None)
    assert visit("Mei Zhou").open(link).status == 200


@pytest.mark.rule("R81")
def test_each_change_is_written_down_with_old_and_new(stranger: Visitor, room: Room) -> None:
    settings(stranger).press("Save", dap_conflict="refuse")
    event = db.session.scalars(select(Event).where(Event.kind == EventKind.CHANGE_ROOM)).one()
    assert (event.by_id, event.facts) == (None, {"setting": "dap_conflict", "old": "replace", "new": "refuse"})


def test_saving_what_is_already_so_changes_nothing(stranger: Visitor) -> None:
    page, before = settings(stranger), fingerprint()
    for _ in range(2):
        assert page.press("Save").status == 200
    assert fingerprint() == before


def test_what_somebody_else_set_meanwhile_is_not_undone_unseen(
    stranger: Visitor, room: Room, lotus: Partner, kiln: Customer
) -> None:
    mine = settings(stranger)
    settings(stranger).press("Save", suspended=[lotus.microsoft_id])
    answer = mine.press("Save", dap_conflict="refuse", abroad=[kiln.microsoft_id])
    assert answer.status == 409
    assert "Suspended partner accounts: was “nobody”, is now “Lotus Cloud”" in answer.notices[0]
    assert (lotus.suspended, kiln.market, room.dap_conflict) == (True, "CN", DapConflict.REPLACE)
    assert answer.soup.select_one(f"input[name=abroad][value='{kiln.microsoft_id}'][checked]")
    assert answer.press("Save").notices[0].startswith("Settings saved.")
    assert (lotus.suspended, kiln.market, room.dap_conflict) == (True, "US", DapConflict.REFUSE)


@pytest.mark.parametrize("field", ["dap_conflict", "suspended", "abroad"])
def test_what_is_not_offered_is_answered_at_the_field(stranger: Visitor, field: str) -> None:
    page, before = settings(stranger), fingerprint()
    answer = page.press("Save", **{field: "everything"})
    assert answer.errors
    assert answer.status == 422
    assert fingerprint() == before


def test_another_room_is_not_set(stranger: Visitor, room: Room) -> None:
    other = furnished_room()
    before = fingerprint(other)
    settings(stranger).press("Save", dap_conflict="refuse")
    assert fingerprint(other) == before
