"""The admin center's Licences, and those of each user."""

from datetime import timedelta
from typing import Any

import pytest

from shared.domain import licences, staff, upgrades
from shared.domain.history import EventKind
from shared.domain.offers import OFFERS
from shared.domain.organisations import Customer, Partner
from shared.domain.refusals import Code
from shared.domain.subscriptions import Subscription
from shared.domain.users import User
from shared.extensions import db
from shared.world import clock
from tests.builders import accepts, buys, newest_events
from tests.conftest import the
from tests.domain.conftest import events
from tests.test_isolation import refusals
from tests.visitor import Page, Visitor, english, words
from tests.web.test_errors import tried


@pytest.fixture
def sold(kiln: Customer, lotus: Partner) -> Subscription:
    """Blue Kiln's second subscription: E3 with one seat, sold by Lotus."""
    return buys(kiln, "e3", lotus, seats=1)


def of(visitor: Visitor, name: str) -> Page:
    """The page of this person."""
    return visitor.portal(f"/users/{the(User, name).id}")


def press_in_row(page: Page, offer: str) -> Page:
    """Press the one button beside this subscription."""
    row = next(row for row in page.soup.select("table.table tbody tr") if offer in row.text)
    return page.press_form(str(row.select_one("form")["action"]))  # type: ignore[index]


@pytest.mark.rule("S5")
def test_licences_shows_of_every_subscription_what_is_bought_assigned_and_free(
    visit: Any, sold: Subscription, mei: User
) -> None:
    licences.assign(the(User, "Nora Quist"), sold, by=mei)
    services = "Exchange Online, SharePoint Online, Skype for Business Online"
    assert visit("Bo Lindt").portal("/billing/licences").rows() == [
        ["Office 365 Enterprise E1", services, "21Vianet", "Active", "25", "5", "20"],
        [
            "Office 365 Enterprise E3",
            f"{services}, Office desktop apps, Archiving",
            "Lotus Cloud",
            "Active",
            "1",
            "1",
            "0",
        ],
    ]


@pytest.mark.rule("S5")
def test_a_customer_never_changes_its_subscription_and_reads_who_does(visit: Any, sold: Subscription) -> None:
    page = visit("Mei Zhou").portal("/billing/licences").follow("Office 365 Enterprise E3")
    assert page.soup.select_one("#seats[aria-disabled=true]") is not None
    said = page.soup.select_one("#why-seats").text  # type: ignore[union-attr]
    assert "A customer never changes a subscription itself" in said
    assert "Lotus Cloud" in said
    assert page.visitor.portal("/billing/licences/11111111-2222-3333-4444-555555555555").status == 404


@pytest.mark.rule("S7", "S8")
@pytest.mark.parametrize("stopped", ["suspended_at", "cancelled_at"])
def test_what_is_suspended_or_cancelled_says_until_it_is_deleted_when_that_will_be(
    visit: Any, sold: Subscription, stopped: str
) -> None:
    mei, here = visit("Mei Zhou"), f"/billing/licences/{sold.microsoft_id}"
    assert mei.portal(here).soup.select("main .notice.warning") == []
    setattr(sold, stopped, clock.now() - timedelta(days=1))
    on = f"deleted at the start of {english(sold.gone_at)}"  # type: ignore[arg-type]
    page = mei.portal("/billing/licences")
    assert f"59 days left, all data {on}" in page.rows()[1][3]
    notices = " ".join(page.follow("Office 365 Enterprise E3").notices)
    assert "59 days left" in notices
    assert on in notices
    setattr(sold, stopped, clock.now() - timedelta(days=61))
    assert len(mei.portal("/billing/licences").rows()) == 1
    assert mei.portal(here).soup.select("main .notice.warning") == []


@pytest.mark.rule("S8")
def test_of_what_was_cancelled_no_licence_is_free_and_nobody_can_change_it(visit: Any, sold: Subscription) -> None:
    sold.cancelled_at = clock.now()
    page = visit("Mei Zhou").portal("/billing/licences")
    assert page.rows()[1][4:] == ["1", "0", "–"]
    assert "has ended for good" in page.follow("Office 365 Enterprise E3").text


@pytest.mark.rule("S12", "S5")
def test_what_was_upgraded_leads_the_customer_too_to_what_it_became(
    visit: Any, kiln: Customer, lotus: Partner, mei: User, lin: User
) -> None:
    accepts(mei, lotus)
    old = buys(kiln, "business_essentials", lotus)
    upgrades.upgrade(old, OFFERS["business_premium"], 5, by=lin)
    page = visit("Mei Zhou").portal(f"/billing/licences/{old.microsoft_id}")
    assert "was upgraded: it is Office 365 Business Premium now." in page.text
    assert page.follow("Show what it became").heading == "Office 365 Business Premium"


@pytest.mark.rule("S5")
def test_a_licence_is_given_and_taken_back_on_the_users_page(visit: Any, sold: Subscription) -> None:
    ulla = visit("Ulla Maas")
    page = of(ulla, "Nora Quist")
    assert [row[2:] for row in page.rows()] == [["20 of 25", "assigned Take back"], ["1 of 1", "Assign"]]
    given = press_in_row(page, "E3")
    assert [row[2:] for row in given.rows()] == [["20 of 25", "assigned Take back"], ["0 of 1", "assigned Take back"]]
    assert press_in_row(page, "E3").notices == ["Nora Quist has this licence already."]
    assert len(events(EventKind.ASSIGN_LICENCE)) == 1
    full = of(ulla, "Bo Lindt")
    assert "All licences of Office 365 Enterprise E3 are assigned: 1." in full.text
    assert press_in_row(full, "E3").refusal == "NO_FREE_SEAT"
    taken = press_in_row(given, "E3")
    assert [row[2:] for row in taken.rows()] == [["20 of 25", "assigned Take back"], ["1 of 1", "Assign"]]
    assert press_in_row(given, "E3").notices == ["Nora Quist has no such licence any more."]
    assert visit("Mei Zhou").portal("/activity").rows()[0][1:5] == [
        "Take a licence back", "Blue Kiln", "Office 365 Enterprise E3, Nora Quist", "assigned → not assigned",
    ]  # fmt: skip


@pytest.mark.rule("S5", "R3")
def test_licences_of_one_name_are_told_apart_by_their_seller_and_each_button_says_of_which(
    visit: Any, sold: Subscription, kiln: Customer, jade: Partner
) -> None:
    buys(kiln, "e3", jade, seats=7)
    page = of(visit("Ulla Maas"), "Nora Quist")
    named = [button["aria-labelledby"].split() for button in page.soup.select("table.table button")]
    assert [" ".join(words(page.soup.find(id=part)) for part in parts) for parts in named] == [
        "Take back Office 365 Enterprise E1 21Vianet",
        "Assign Office 365 Enterprise E3 Lotus Cloud",
        "Assign Office 365 Enterprise E3 Jade IT",
    ]


@pytest.mark.rule("S5", "S7")
def test_a_licence_of_what_was_suspended_or_cancelled_meanwhile_is_refused_and_leads_back_to_the_person(
    visit: Any, sold: Subscription, lotus: Partner, mei: User
) -> None:
    accepts(mei, lotus)
    page = of(visit("Ulla Maas"), "Nora Quist")
    sold.suspended_at = clock.now()
    answer = press_in_row(page, "E3")
    assert (answer.status, answer.refusal) == (409, "NOT_ACTIVE")
    assert "Ask Lotus Cloud to reactivate it" in answer.text
    sold.cancelled_at = clock.now()
    answer = press_in_row(page, "E3")
    assert answer.refusal == "NOT_ACTIVE"
    assert answer.follow("Back").heading == "Nora Quist"


@pytest.mark.rule("P7")
def test_a_helpdesk_admin_sees_no_licences_on_anybodys_page_and_gives_none(visit: Any, sold: Subscription) -> None:
    hal, nora = visit("Hal Brandt"), the(User, "Nora Quist")
    page = of(hal, nora.name)
    assert (page.status, page.heading) == (200, nora.name)
    assert "Licences" not in page.text
    assert "Enterprise E3" not in page.text
    there = f"{hal.room}/admin/users/{nora.id}/licences/{sold.microsoft_id}"
    assert hal.send(there, {"csrf_token": page.fields(page.soup.form)["csrf_token"]}).refusal == "ROLE"  # type: ignore[arg-type]
    assert refusals() == [Code.ROLE]


def test_another_tenants_subscription_and_people_are_not_found(visit: Any, sold: Subscription, delta: Customer) -> None:
    mei, theirs = visit("Mei Zhou"), buys(delta, "e1")
    token = of(mei, "Nora Quist").soup.select_one("input[name=csrf_token]")["value"]  # type: ignore[index]
    nora, dana = the(User, "Nora Quist").id, the(User, "Dana Weiss").id
    for person, subscription in ((nora, theirs), (dana, sold), (dana, theirs)):
        for act in ("", "/take-back"):
            where = f"{mei.room}/admin/users/{person}/licences/{subscription.microsoft_id}{act}"
            assert mei.send(where, {"csrf_token": token}).status == 404
    assert mei.portal(f"/billing/licences/{theirs.microsoft_id}").status == 404


def test_licences_of_whoever_is_removed_are_free_again(sold: Subscription, mei: User) -> None:
    nora = the(User, "Nora Quist")
    licences.assign(nora, sold, by=mei)
    staff.remove(nora, by=mei)
    assert licences.assigned(sold) == 0


@pytest.mark.rule("S6")
def test_while_everything_they_use_is_suspended_users_are_locked_out_at_the_next_click_and_at_the_door(
    visit: Any, stranger: Visitor, sold: Subscription, mei: User
) -> None:
    nora, inside, admin = the(User, "Nora Quist"), visit("Nora Quist"), visit("Hal Brandt")
    the_e1().suspended_at = clock.now()
    page = inside.portal()
    assert (page.status, page.refusal) == (403, "LOCKED_OUT")
    assert "is suspended" in page.text
    assert page.soup.select(".person-card") == []
    assert inside.portal().path.endswith("/sign-in")
    for page in (
        stranger.portal("/sign-in", "admin").press_form(f"{stranger.room}/admin/sign-in", person_id=str(nora.id)),
        stranger.open(f"{stranger.room}/").press_form(f"{stranger.room}/enter", person_id=str(nora.id)),
    ):
        assert (page.status, page.refusal) == (403, "LOCKED_OUT")
        assert tried(page) == {"What was tried": "Sign in"}
        assert newest_events()[0].by == nora
        assert stranger.portal(side="admin").path.endswith("/sign-in")
    assert admin.portal().status == 200  # admins keep their sign-in
    licences.assign(nora, sold, by=mei)  # one that is not suspended is enough
    assert inside.enter(nora).heading == "Blue Kiln"


@pytest.mark.rule("S6")
def test_whoever_is_signed_in_stays_so_when_somebody_else_is_locked_out_at_the_same_door(visit: Any) -> None:
    nora, browser = the(User, "Nora Quist"), visit("Mei Zhou")
    the_e1().suspended_at = clock.now()
    door = browser.portal("/sign-in")
    page = door.press_form(f"{browser.room}/admin/sign-in", person_id=str(nora.id))
    assert tried(page) == {"What was tried": "Sign in"}
    assert newest_events()[0].by == nora
    assert "Mei Zhou" in words(browser.portal().soup.select_one(".person-card"))


def the_e1() -> Subscription:
    """What Blue Kiln bought from 21Vianet."""
    return db.session.query(Subscription).filter_by(offer_key="e1").one()
