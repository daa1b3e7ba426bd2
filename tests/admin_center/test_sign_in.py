"""The admin center's own front door."""

from typing import Any

import pytest
from sqlalchemy import select

from shared.domain.organisations import Partner
from shared.domain.users import User
from shared.extensions import db
from tests.visitor import Visitor

DOOR = "/sign-in"


def test_every_tenants_people_can_be_picked_a_partners_own_included(stranger: Visitor) -> None:
    page = stranger.portal(DOOR)
    offered = {str(button["value"]) for button in page.soup.select("button[name=person_id]")}
    assert offered == {str(user.id) for user in db.session.scalars(select(User))}


def test_picking_an_account_signs_in_and_leads_home(stranger: Visitor, mei: User) -> None:
    page = stranger.portal(DOOR).press_form(f"{stranger.room}/admin/sign-in", person_id=str(mei.id))
    assert (page.status, page.path) == (200, f"{stranger.room}/admin/")
    assert page.heading == "Blue Kiln"


@pytest.mark.rule("R23")
def test_following_the_link_signed_out_leads_through_sign_in_back_to_the_invitation(
    visit: Any, stranger: Visitor, mei: User, lotus: Partner
) -> None:
    lin = visit("Lin Chen")
    link = str(lin.portal("/customers/request-a-reseller-relationship").soup.select_one("#link")["value"])
    page = stranger.open(link)
    assert page.path == f"{stranger.room}/admin/sign-in"
    page = page.press_form(f"{stranger.room}/admin/sign-in", person_id=str(mei.id))
    assert page.path == f"{stranger.room}/admin/partner/partnersignup.aspx"
    assert page.heading == "Lotus Cloud asks to be your reseller"
    assert page.response.request.args["id"] == lotus.microsoft_id


@pytest.mark.rule("R1")
def test_a_partners_account_may_come_in_and_is_told_whose_house_this_is(stranger: Visitor, lin: User) -> None:
    page = stranger.portal(DOOR).press_form(f"{stranger.room}/admin/sign-in", person_id=str(lin.id))
    assert (page.status, page.refusal) == (403, "PARTNER_ACCOUNT")
    switch = page.soup.select_one("[data-refusal] a[href]")
    assert str(switch["href"]).startswith(f"{stranger.room}/admin/sign-in")


def test_signing_out_leads_to_the_door_and_pages_ask_again(visit: Any) -> None:
    mei = visit("Mei Zhou")
    page = mei.portal().press_form(f"{mei.room}/admin/sign-out")
    assert page.path == f"{mei.room}/admin/sign-in"
    assert mei.portal("/settings/partner-relationships").path == f"{mei.room}/admin/sign-in"


def test_an_unknown_account_opens_nothing(stranger: Visitor) -> None:
    page = stranger.portal(DOOR).press_form(f"{stranger.room}/admin/sign-in", person_id="999999")
    assert (page.status, page.heading) == (400, "Pick an account")
