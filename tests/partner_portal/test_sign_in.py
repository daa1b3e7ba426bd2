"""Partner Center's own front door."""

from typing import Any

import pytest

from shared.domain.users import User
from tests.conftest import the
from tests.test_isolation import token
from tests.visitor import Page, Visitor

DOOR = "/sign-in"


def accounts(page: Page) -> set[str]:
    """The ids one can pick."""
    return {str(button["value"]) for button in page.soup.select("button[name=person_id]")}


@pytest.mark.rule("R1")
def test_only_partners_people_can_sign_in(stranger: Visitor) -> None:
    page = stranger.portal(DOOR, side="partner")
    names = ("Lin Chen", "Sara Blom", "Hugo Park", "Gao Rui", "Bea Novak", "Uma Iyer", "Jonas Falk")
    assert accounts(page) == {str(the(User, name).id) for name in (*names, "Hanna Ott", "Ren Tao", "Wilma Kern")}


def test_picking_an_account_signs_in_and_leads_to_the_dashboard(stranger: Visitor, lin: User) -> None:
    page = stranger.portal(DOOR, side="partner").press_form(f"{stranger.room}/partner/sign-in", person_id=str(lin.id))
    assert (page.status, page.path) == (200, f"{stranger.room}/partner/")
    assert page.heading == "Dashboard"


@pytest.mark.rule("R1")
@pytest.mark.parametrize("picked", ["Mei Zhou", None])
def test_an_account_that_is_not_offered_opens_nothing(stranger: Visitor, picked: str | None) -> None:
    chosen = str(the(User, picked).id) if picked else "0"
    page = stranger.portal(DOOR, side="partner").press_form(f"{stranger.room}/partner/sign-in", person_id=chosen)
    assert (page.status, page.heading) == (400, "Pick an account")
    assert stranger.portal(side="partner").path == f"{stranger.room}/partner/sign-in"


def test_signing_in_goes_on_to_the_page_that_was_asked_for(stranger: Visitor, lin: User) -> None:
    page = stranger.portal("/customers", side="partner", q="kiln")
    assert page.path == f"{stranger.room}/partner/sign-in"
    page = page.press_form(f"{stranger.room}/partner/sign-in", person_id=str(lin.id))
    assert page.path == f"{stranger.room}/partner/customers"
    assert page.response.request.args["q"] == "kiln"


def test_signing_out_leads_to_the_door_and_pages_ask_again(visit: Any) -> None:
    lin = visit("Lin Chen")
    page = lin.portal().press_form(f"{lin.room}/partner/sign-out")
    assert page.path == f"{lin.room}/partner/sign-in"
    assert lin.portal("/customers").path == f"{lin.room}/partner/sign-in"


def test_switching_accounts_replaces_the_person(visit: Any) -> None:
    lin, hugo = visit("Lin Chen"), the(User, "Hugo Park")
    lin.portal(DOOR).press_form(f"{lin.room}/partner/sign-in", person_id=str(hugo.id))
    assert lin.portal("/customers/request-a-reseller-relationship").refusal == "ROLE"


def test_signing_out_is_never_a_link(visit: Any) -> None:
    lin = visit("Lin Chen")
    assert lin.portal("/sign-out").status == 405
    assert lin.send(f"{lin.room}/partner/sign-out", {"csrf_token": token(lin.portal())}).status == 200
    assert lin.portal().path == f"{lin.room}/partner/sign-in"
