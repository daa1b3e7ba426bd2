"""Customers > Add customer: three steps, back and forth, and the new admin account once."""

from typing import Any

import pytest

from shared.domain.organisations import Customer
from shared.domain.users import User
from shared.extensions import db
from shared.world.rooms import Room
from tests.conftest import the
from tests.test_isolation import fingerprint
from tests.visitor import Page, words

ACCOUNT = {
    "name": "Amber Mill",
    "domain": "amber.example",
    "contact_name": "Ada Lin",
    "contact_email": "ada@amber.example",
    "address": "1 Mill Road",
}


def step(page: Page) -> str:
    """Where one stands."""
    return words(page.soup.select_one(".wizard [aria-current=step] .wizard-label"))


@pytest.fixture
def start(visit: Any) -> Page:
    """The first step, before Lin."""
    page: Page = visit("Lin Chen").portal("/customers").follow("Add customer")
    return page


@pytest.mark.rule("R4", "P4")
def test_three_steps_lead_to_the_new_admin_account_shown_once(visit: Any, room: Room, start: Page) -> None:
    before = fingerprint(room)
    page = start.press("Next: Subscriptions", **ACCOUNT)
    page = page.press("Next: Review", e1="12")
    assert step(page) == "Review"
    assert fingerprint(room) == before  # never a half-made customer
    page = page.press("Submit")
    assert page.heading == "Amber Mill is your customer"
    name, temporary = page.soup.find(id="temporary").get_text().split()
    assert name == "admin@amber.example"
    assert "Amber Mill" in words(page.follow("Done").soup.select_one(".customer-name"))
    lin = visit("Lin Chen")
    for where in ("/customers", "/activity", f"/customers/{the(Customer, 'Amber Mill').microsoft_id}/account"):
        assert temporary not in lin.portal(where).text


def test_what_chinese_keyboards_write_is_taken(start: Page) -> None:
    page = start.press("Next: Subscriptions", **(ACCOUNT | {"contact_name": "王　小明"})).press(
        "Next: Review", e1="１２"
    )
    assert "王 小明" in page.text
    assert page.press("Submit").heading == "Amber Mill is your customer"


@pytest.mark.parametrize("name", [" ", "　", "\u200b"])
def test_a_company_of_nothing_but_spaces_has_no_name(start: Page, name: str) -> None:
    page = start.press("Next: Subscriptions", **(ACCOUNT | {"name": name}))
    assert page.errors == ["Fill this in."]


def test_update_goes_back_and_keeps_what_was_typed(start: Page) -> None:
    page = start.press("Next: Subscriptions", **ACCOUNT).press("Next: Review", e1="12", e3="3")
    update = page.soup.find(id="update-account")
    assert update
    page = page.press("Update")
    assert step(page) == "Account info"
    assert page.soup.find(id="name")["value"] == "Amber Mill"
    page = page.press("Next: Subscriptions", name="Amber Works")
    assert (page.soup.find(id="e1")["value"], page.soup.find(id="e3")["value"]) == ("12", "3")
    page = page.press("Next: Review")
    assert "Amber Works" in words(page.soup.select_one("main .card"))


@pytest.mark.rule("R5")
@pytest.mark.parametrize("same", [{"name": "blue kiln"}, {"domain": "bluekiln.example"}])
def test_a_customer_that_exists_is_to_be_asked_instead(start: Page, same: dict[str, str]) -> None:
    page = start.press("Next: Subscriptions", **(ACCOUNT | same))
    assert (page.status, page.refusal, step(page)) == (409, "CUSTOMER_EXISTS", "Account info")
    assert page.soup.find(id="contact_name")["value"] == "Ada Lin"
    assert page.follow("Ask it for a relationship").heading == "Request a reseller relationship"


def test_the_offers_are_called_as_everywhere_else_in_chinese(visit: Any) -> None:
    start = visit("Lin Chen", **{"Accept-Language": "zh-CN"}).portal("/customers/add")
    page = start.press("下一步: 订阅", **ACCOUNT)
    assert words(page.soup.find("label", attrs={"for": "e1"})) == "Office 365 企业版 E1"


def test_what_is_missing_is_said_at_the_field(start: Page) -> None:
    page = start.press("Next: Subscriptions", **(ACCOUNT | {"domain": "amber.org", "contact_email": ""}))
    assert (page.status, step(page)) == (422, "Account info")
    assert page.errors == ["Write it as company.example: everything here is invented.", "Fill this in."]
    page = page.press("Next: Subscriptions", **ACCOUNT).press("Next: Review")
    assert page.errors == ["Order at least one offer: type how many licences."]
    page = page.press("Next: Review", e1="many")
    assert page.errors == ["Type a number from 1 to 99999."]
    assert page.soup.find(id="e1")["value"] == "many"


def test_a_step_nobody_came_to_is_not_jumped_to(start: Page) -> None:
    page = start.press("Next: Subscriptions", **(ACCOUNT | {"to": "submit"}))
    assert (page.status, step(page)) == (422, "Subscriptions")
    assert db.session.query(Customer).filter_by(name="Amber Mill").count() == 0


@pytest.mark.rule("R5")
def test_submitting_twice_makes_one_customer_and_leads_to_it(start: Page) -> None:
    review = start.press("Next: Subscriptions", **ACCOUNT).press("Next: Review", e1="12")
    assert review.press("Submit").status == 200
    again = review.press("Submit")
    assert again.refusal == "CUSTOMER_EXISTS"
    assert again.follow("Show Amber Mill").heading == "Subscriptions"
    assert db.session.query(User).filter_by(email="admin@amber.example").count() == 1


@pytest.mark.rule("R73")
def test_the_button_says_why_a_suspended_partner_cannot(visit: Any, lotus: Any) -> None:
    lotus.suspended = True
    page = visit("Lin Chen").portal("/customers")
    assert "suspended" in words(page.soup.find(id="why-add"))
    assert visit("Lin Chen").portal("/customers/add").refusal == "PARTNER_SUSPENDED"
