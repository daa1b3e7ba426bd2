"""A customer's subscriptions in Partner Center: the list, an order, the details and what may be changed there."""

from datetime import timedelta
from typing import Any

import pytest
from flask import has_request_context
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from shared.domain import due, licences, orders, relationships, subscription_changes, subscriptions, upgrades
from shared.domain.history import Event, EventKind
from shared.domain.offers import OFFERS
from shared.domain.organisations import Customer, Partner
from shared.domain.refusals import Code
from shared.domain.services import Service
from shared.domain.subscription_changes import SuspendReason
from shared.domain.subscriptions import Status, Subscription
from shared.domain.users import User
from shared.extensions import db
from shared.world import clock
from tests.builders import accepts, buys
from tests.conftest import the
from tests.test_isolation import fingerprint, refusals
from tests.visitor import Page, words


@pytest.fixture
def here(kiln: Customer, lotus: Partner) -> str:
    """Where Lotus finds the subscriptions of Blue Kiln, which it may sell to and administers nothing at."""
    relationships.begin(lotus, kiln)
    return f"/customers/{kiln.microsoft_id}/subscriptions"


@pytest.fixture
def sold(here: str, kiln: Customer, lin: User) -> Subscription:
    """Five seats of Business Essentials that Lotus sold."""
    return orders.order(kiln, OFFERS["business_essentials"], 5, by=lin)


def facts(page: Page) -> dict[str, str]:
    """What the details say, label by label."""
    return {words(line.dt): words(line.dd) for line in page.soup.select(".key-values > div")}


def reasons(page: Page) -> list[str]:
    """Every reason a control is blocked for."""
    return [words(reason) for reason in page.soup.select(".reason")]


@pytest.mark.rule("S1", "R38", "R39")
def test_an_order_is_an_offer_and_a_number_of_licences(visit: Any, here: str, kiln: Customer, lotus: Partner) -> None:
    page = visit("Lin Chen").portal(here).follow("Add subscription")
    page = page.press("Work out the total", offer="e3", seats="10")
    assert "1,320.00 a month" in page.text
    page = page.press("Submit")
    assert (page.heading, page.status) == ("Office 365 Enterprise E3", 200)
    assert f"can assign them now; the term starts on {facts(page)['Term starts']}." in page.notices[0]
    assert facts(page)["Licences bought"] == "10"
    assert facts(page)["Original reseller"] == "Lotus Cloud"
    [row] = visit("Lin Chen").portal(here).rows()
    assert row[:3] == ["Office 365 Enterprise E3", "Active", "0 of 10"]


@pytest.mark.rule("S1", "S3")
@pytest.mark.parametrize("seats", ["", "0", "-1", "x", "1.5", "100000", "99999999999999", "٣"])
def test_a_wrong_number_of_licences_is_told_at_the_field_and_sells_nothing(visit: Any, here: str, seats: str) -> None:
    page, before = visit("Lin Chen").portal(f"{here}/add"), fingerprint()
    answer = page.press("Submit", offer="e1", seats=seats)
    assert (answer.status, len(answer.errors)) == (422, 1)
    assert fingerprint() == before


@pytest.mark.parametrize("seats", ["-1", "－５", "0", "100000", "9999999999", "9" * 5000])
def test_a_number_of_licences_too_small_or_too_large_is_called_so(visit: Any, here: str, seats: str) -> None:
    answer = visit("Lin Chen").portal(f"{here}/add").press("Submit", offer="e1", seats=seats)
    assert "Number must be between 1 and 99999." in answer.errors[0]


@pytest.mark.parametrize("seats", ["１２", " 12　", "0012"])
def test_digits_as_chinese_keyboards_write_them_are_a_number(visit: Any, here: str, kiln: Customer, seats: str) -> None:
    assert visit("Lin Chen").portal(f"{here}/add").press("Submit", offer="e1", seats=seats).status == 200
    assert 12 in [one.seats for one in subscriptions.of_customer(kiln)]


@pytest.mark.rule("S1")
def test_more_than_the_cap_is_refused_at_the_field_and_written_down(visit: Any, here: str) -> None:
    answer = visit("Lin Chen").portal(f"{here}/add").press("Submit", offer="business", seats="301")
    assert (answer.status, refusals()) == (422, [Code.OVER_CAP])
    assert "300" in answer.errors[0]


@pytest.mark.rule("S1")
def test_what_would_be_refused_has_no_total_and_says_so_at_the_field(visit: Any, here: str) -> None:
    page, before = visit("Lin Chen").portal(f"{here}/add"), fingerprint()
    answer = page.press("Work out the total", offer="business_essentials", seats="301")
    assert (answer.status, answer.soup.select_one("#seats")["value"]) == (422, "301")
    assert "300" in answer.errors[0]
    assert "a month" not in answer.soup.select_one("main form").text
    assert fingerprint() == before
    assert "a month" in answer.press("Work out the total", seats="300").soup.select_one("main form").text


def test_the_total_stands_at_an_address_that_back_and_reload_find_again(visit: Any, here: str) -> None:
    page, before = visit("Lin Chen").portal(f"{here}/add"), fingerprint()
    total = page.press("Work out the total", offer="e3", seats="10")
    assert total.response.request.method == "GET"
    again = total.visitor.open(total.response.request.full_path)
    assert "1,320.00 a month" in again.soup.select_one("main form").text
    assert again.press("Work out the total", seats="x").errors == ["Type a whole number."]
    for wrong in ("offer=e3&seats=x", "offer=e3", "seats=5", "offer=archiving&seats=5", "offer=x&seats=5"):
        answer = page.visitor.portal(f"{here}/add?{wrong}")
        assert (answer.status, len(answer.errors)) == (422, 1)
    assert fingerprint() == before
    assert again.press("Submit").heading == "Office 365 Enterprise E3"
    assert len(page.visitor.portal(here).rows()) == 1


@pytest.mark.rule("R8")
def test_the_operator_that_sold_it_is_called_by_its_chinese_name_in_chinese(
    visit: Any, here: str, kiln: Customer, lotus: Partner, mei: User
) -> None:
    accepts(mei, lotus)
    [bought] = subscriptions.of_customer(kiln)
    chinese = {"Accept-Language": "zh-CN"}
    lin, inside = visit("Lin Chen", **chinese), visit("Mei Zhou", **chinese)
    for page in (
        lin.portal(here),
        lin.portal(f"{here}/{bought.microsoft_id}"),
        lin.portal(here.replace("subscriptions", "who-may-do-what")),
        inside.portal("/billing/licences", "admin"),
        inside.portal(f"/billing/licences/{bought.microsoft_id}", "admin"),
        inside.portal(f"/users/{mei.id}", "admin"),
        lin.open(f"{lin.room}/clock"),
    ):
        assert page.status == 200
        said = page.text.replace("21Vianet China CSP reseller program", "")  # a document's title stays as it is
        assert ("世纪互联" in words(page.soup.main), "21Vianet" in said) == (True, False), page.path


@pytest.mark.rule("P7")
def test_prices_are_shown_to_whoever_may_see_prices(visit: Any, here: str, sold: Subscription) -> None:
    details = f"{here}/{sold.microsoft_id}"
    assert "CN¥160.00" in facts(visit("Lin Chen").portal(details))["Price"]
    assert "CN¥" not in visit("Sara Blom").portal(details).text
    assert "CN¥" not in visit("Sara Blom").portal(f"{here}/add").text
    assert "CN¥132.00" in visit("Bea Novak").portal("/pricing-and-offers").text


@pytest.mark.rule("R38", "R56", "R58")
def test_a_partner_sees_its_own_and_with_delegated_admin_those_of_others_read_only(
    visit: Any, here: str, sold: Subscription, kiln: Customer, jade: Partner, lotus: Partner, mei: User
) -> None:
    theirs = buys(kiln, "project_premium", jade)
    lin = visit("Lin Chen")
    assert [row[0] for row in lin.portal(here).rows()] == ["Office 365 Business Essentials"]
    page = lin.portal(f"{here}/{theirs.microsoft_id}")
    assert (page.status, page.refusal) == (409, "NO_DAP")
    accepts(mei, lotus, Service.SHAREPOINT)
    assert "Project Online Premium" in [row[0] for row in lin.portal(here).rows()]
    page = lin.portal(f"{here}/{theirs.microsoft_id}")
    assert (page.status, page.soup.select("main form")) == (200, [])
    assert {reason.split(".")[0] for reason in reasons(page)} == {"Lotus Cloud did not sell this subscription"}
    assert "Price" not in facts(page)


@pytest.mark.rule("S3", "R81")
def test_the_seller_changes_seats_nickname_and_renewal(visit: Any, here: str, sold: Subscription) -> None:
    page = visit("Sara Blom").portal(f"{here}/{sold.microsoft_id}")
    page = page.press("Submit", seats="8", nickname="Front desk", auto_renew=None)
    assert (page.status, page.heading) == (200, "Front desk")
    assert (sold.seats, sold.auto_renew) == (8, False)
    assert len(page.soup.select("[aria-labelledby=lately] li")) == 4
    assert "nothing was changed" in page.press("Submit").notices[0]


@pytest.mark.rule("R81")
def test_a_nickname_changes_nothing_that_stands_in_the_log(
    visit: Any, here: str, sold: Subscription, kiln: Customer, mei: User, lin: User
) -> None:
    offer, nora = "Office 365 Business Essentials", the(User, "Nora Quist")
    subscription_changes.rename(sold, "Front desk", by=lin)
    licences.assign(nora, sold, by=mei)
    subscription_changes.rename(sold, "Café", by=lin)
    said = [row[3] for row in visit("Mei Zhou").portal("/activity").rows() if offer in row[3] or "Front" in row[3]]
    assert said == ["Front desk, nickname", "Front desk, Nora Quist", f"{offer}, nickname", offer]
    [row] = [row for row in visit("Mei Zhou").portal("/billing/licences").rows() if "Café" in row[0]]
    assert row[0] == f"Café {offer}"


@pytest.mark.rule("R72", "R81")
def test_the_provider_names_the_reseller_that_sold_it_and_its_history_says_who_it_was(
    visit: Any, kiln: Customer, harbor: Partner, reed: Partner
) -> None:
    relationships.begin(harbor, kiln)
    theirs = orders.order(kiln, OFFERS["e1"], 5, by=the(User, "Hanna Ott"))
    page = visit("Hanna Ott").portal(f"/customers/{kiln.microsoft_id}/subscriptions/{theirs.microsoft_id}")
    assert facts(page)["Reseller (MPN ID)"].startswith("Harbor Distribution")
    page = page.press("Submit", reseller=reed.microsoft_id)
    assert facts(page)["Reseller (MPN ID)"] == f"Reed Services · {reed.mpn_id}"
    assert "nothing was changed" in page.press("Submit").notices[0]
    log = visit("Hanna Ott").portal("/activity").text
    assert "reseller" in log
    assert "Reed Services" in log
    page = page.press("Submit", reseller="")
    assert facts(page)["Reseller (MPN ID)"] == "No reseller · -1"
    assert "nothing was changed" in page.press("Submit").notices[0]
    assert "nothing was changed" in page.press("Submit", reseller=None).notices[0]
    assert page.press("Submit", reseller="nobody").errors == ["Not a valid choice."]
    assert visit("Hanna Ott").portal("/activity").rows()[0][4] == "Reed Services → -1"


@pytest.mark.rule("R72", "R35")
def test_for_a_direct_reseller_the_reseller_is_blocked_and_says_why(
    visit: Any, here: str, sold: Subscription, reed: Partner
) -> None:
    lin = visit("Lin Chen")
    page = lin.portal(f"{here}/{sold.microsoft_id}")
    blocked = page.soup.select_one("#reseller")
    assert "Only an indirect provider" in page.soup.find(id=blocked["aria-describedby"]).text
    assert page.press("Submit", seats="6").status == 200
    assert (sold.seats, sold.partner_of_record) == (6, sold.seller)


@pytest.mark.rule("S1", "S4")
def test_an_order_pressed_twice_is_sold_once(visit: Any, here: str, kiln: Customer) -> None:
    page = visit("Lin Chen").portal(f"{here}/add")
    first, second = (page.press("Submit", offer="e3", seats="10") for _press in range(2))
    assert (first.status, second.heading) == (200, first.heading)
    assert len(visit("Lin Chen").portal(here).rows()) == 1
    add_on = first.follow("Add an add-on")
    assert [add_on.press("Submit", seats="2").status for _press in range(2)] == [200, 200]
    assert len(visit("Lin Chen").portal(here).rows()) == 2
    assert visit("Lin Chen").portal(f"{here}/add").press("Submit", offer="e3", seats="10").status == 200
    assert len(visit("Lin Chen").portal(here).rows()) == 3


@pytest.mark.rule("S3")
def test_fewer_seats_than_assigned_says_how_many_to_take_back(
    visit: Any, here: str, sold: Subscription, lotus: Partner, mei: User
) -> None:
    accepts(mei, lotus)
    for name in ("Mei Zhou", "Nora Quist"):
        licences.assign(the(User, name), sold, by=mei)
    upgrade = visit("Lin Chen").portal(f"{here}/{sold.microsoft_id}/upgrade")
    answer = upgrade.press("Submit", target="business_premium", seats="1")
    assert "assigned: 2. To take back in the admin center first: 1." in answer.errors[0]
    answer = visit("Lin Chen").portal(f"{here}/{sold.microsoft_id}").press("Submit", seats="1", nickname="Mine")
    assert (answer.status, refusals()) == (422, [Code.SEATS_ASSIGNED, Code.SEATS_ASSIGNED])
    assert "assigned: 2. To take back in the admin center first: 1." in answer.errors[0]
    assert answer.soup.select_one("#seats")["value"] == "1"
    assert answer.soup.select_one("#nickname")["value"] == "Mine"
    assert (sold.seats, sold.nickname) == (5, "")


@pytest.mark.rule("S1")
def test_whoever_was_overtaken_sees_what_changed_and_keeps_what_was_typed(
    visit: Any, here: str, sold: Subscription, lin: User
) -> None:
    page = visit("Sara Blom").portal(f"{here}/{sold.microsoft_id}")
    subscription_changes.change_seats(sold, 9, by=lin)
    answer = page.press("Submit", seats="7", nickname="Mine")
    assert (answer.status, answer.refusal) == (409, "SUBSCRIPTION_CHANGED")
    assert refusals() == [Code.SUBSCRIPTION_CHANGED]
    assert "Lin Chen" in words(answer.soup.select_one("[aria-labelledby=meanwhile]"))
    assert answer.soup.select_one("#seats")["value"] == "7"
    assert (sold.seats, sold.nickname) == (9, "")
    assert answer.press("Submit").status == 200
    assert (sold.seats, sold.nickname) == (7, "Mine")


@pytest.mark.rule("S1", "R81")
def test_whoever_was_overtaken_undoes_nothing_that_was_left_alone(
    visit: Any, here: str, sold: Subscription, lin: User
) -> None:
    page = visit("Sara Blom").portal(f"{here}/{sold.microsoft_id}")
    subscription_changes.change(sold, seats=12, nickname="Front desk", auto_renew=False, by=lin)
    answer = page.press("Submit", seats="15")
    meanwhile = answer.soup.select_one("[aria-labelledby=meanwhile]")
    assert [words(line) for line in meanwhile.select(".bullets li")] == [
        "Number of licences: was “5”, is now “12”",
        "Nickname: was “–”, is now “Front desk”",
        "Renew at the end of the term: was “yes”, is now “no”",
    ]
    assert len(meanwhile.select(".timeline li")) == 3, "nor what was done before the page was opened"
    assert (answer.soup.select_one("#seats")["value"], answer.soup.select_one("#nickname")["value"]) == (
        "15",
        "Front desk",
    )
    assert answer.press("Submit").status == 200
    assert (sold.seats, sold.nickname, sold.auto_renew) == (15, "Front desk", False)


@pytest.mark.rule("S1", "S10")
def test_what_was_typed_stays_when_the_subscription_was_suspended_meanwhile(
    visit: Any, here: str, sold: Subscription, lin: User
) -> None:
    page = visit("Sara Blom").portal(f"{here}/{sold.microsoft_id}")
    subscription_changes.suspend(sold, SuspendReason.FRAUD, by=lin)
    answer = page.press("Submit", seats="7", nickname="Mine")
    assert (answer.status, answer.refusal) == (409, "SUBSCRIPTION_CHANGED")
    assert (answer.soup.select_one("#seats")["value"], answer.soup.select_one("#nickname")["value"]) == ("7", "Mine")
    assert "Its number of licences cannot change meanwhile" in reasons(answer)[0]
    again = answer.press("Submit")
    assert (again.status, again.refusal) == (409, "SEATS_LOCKED")
    assert again.soup.select_one("#seats")["value"] == "7"
    assert (sold.seats, sold.nickname) == (5, "")
    assert again.press("Submit", seats="5").status == 200  # what may change still can
    assert (sold.seats, sold.nickname) == (5, "Mine")
    again.follow("Reactivate it first").press("Reactivate")
    assert again.press("Submit").press("Submit").status == 200
    assert sold.seats == 7


@pytest.mark.rule("S1", "S8")
def test_what_was_typed_is_still_there_to_read_when_the_subscription_was_cancelled_meanwhile(
    visit: Any, here: str, sold: Subscription, lin: User
) -> None:
    page = visit("Sara Blom").portal(f"{here}/{sold.microsoft_id}")
    subscription_changes.cancel(sold, by=lin)
    answer = page.press("Submit", seats="7", nickname="Mine")
    assert (answer.status, answer.soup.select_one("#nickname")["value"]) == (409, "Mine")
    assert answer.soup.select_one("#change-it[aria-disabled=true]")
    assert answer.follow("Order the offer anew.").heading == "Add subscription"


@pytest.mark.rule("S4")
def test_an_add_on_for_what_was_suspended_meanwhile_keeps_what_was_typed_and_waits_for_it(
    visit: Any, here: str, sold: Subscription, lin: User
) -> None:
    page = visit("Sara Blom").portal(f"{here}/{sold.microsoft_id}/add-on")
    subscription_changes.suspend(sold, SuspendReason.FRAUD, by=lin)
    answer = page.press("Submit", offer="archiving", seats="3")
    assert (answer.status, answer.refusal, refusals()) == (409, "NOT_ACTIVE", [Code.NOT_ACTIVE])
    assert answer.soup.select_one("#seats")["value"] == "3"
    answer.follow("Reactivate it first").press("Reactivate")
    assert answer.press("Submit").status == 200
    late = visit("Sara Blom").portal(f"{here}/{sold.microsoft_id}/add-on")
    assert late.press("Submit", offer="archiving", seats="").status == 422


@pytest.mark.rule("S11", "S12")
def test_an_upgrade_of_what_was_suspended_meanwhile_keeps_what_was_chosen_and_waits_for_it(
    visit: Any, here: str, sold: Subscription, lin: User, lotus: Partner, mei: User
) -> None:
    accepts(mei, lotus)
    page = visit("Sara Blom").portal(f"{here}/{sold.microsoft_id}/upgrade")
    subscription_changes.suspend(sold, SuspendReason.FRAUD, by=lin)
    answer = page.press("Submit", target="business_premium", seats="7")
    assert (answer.status, answer.refusal) == (409, "SUBSCRIPTION_CHANGED")
    answer = answer.press("Submit")
    assert (answer.status, answer.refusal) == (409, "NOT_ACTIVE")
    assert answer.soup.select_one("#seats")["value"] == "7"
    assert answer.soup.select_one("input[name=target][checked]")["value"] == "business_premium"
    answer.follow("Reactivate it first").press("Reactivate")
    assert answer.press("Submit").press("Submit").heading == "Office 365 Business Premium"


@pytest.mark.rule("S12")
def test_an_upgrade_takes_away_no_licences_that_came_meanwhile(
    visit: Any, here: str, sold: Subscription, lin: User, lotus: Partner, mei: User
) -> None:
    accepts(mei, lotus)
    page = visit("Sara Blom").portal(f"{here}/{sold.microsoft_id}/upgrade")
    subscription_changes.change_seats(sold, 12, by=lin)
    answer = page.press("Submit", target="business_premium")
    assert "was “5”, is now “12”" in words(answer.soup.select_one("[aria-labelledby=meanwhile]"))
    assert answer.soup.select_one("#seats")["value"] == "12"
    assert facts(answer.press("Submit"))["Licences bought"] == "12"


@pytest.mark.rule("S6", "S7", "S8")
def test_a_button_that_comes_too_late_leads_back_to_the_subscription_and_to_what_unlocks_it(
    visit: Any, here: str, sold: Subscription, lin: User
) -> None:
    sara, details = visit("Sara Blom"), f"{here}/{sold.microsoft_id}"
    suspend, cancel = (sara.portal(f"{details}/{way}") for way in ("suspend", "cancel"))
    add_on = f"{details}/add-on"
    subscription_changes.suspend(sold, SuspendReason.FRAUD, by=lin)
    page = suspend.press("Suspend", reason="fraud")
    assert (page.status, page.refusal) == (409, "NOT_ACTIVE")
    assert facts(page.follow("Back"))["Status"] == "Suspended"
    assert sara.portal(add_on).follow("Reactivate it first").heading.startswith("Reactivate")
    subscription_changes.cancel(sold, by=lin)
    page = cancel.press("Cancel subscription")
    assert facts(page.follow("Back"))["Status"] == "Cancelled"
    assert page.follow("Order the offer anew.").heading == "Add subscription"


@pytest.mark.rule("S6", "S7", "S10")
def test_suspended_it_counts_the_days_blocks_its_seats_and_comes_back(
    visit: Any, here: str, sold: Subscription
) -> None:
    lin = visit("Lin Chen")
    page = lin.portal(f"{here}/{sold.microsoft_id}")
    assert not page.soup.select("#suspend [href$='#lock']")  # the padlock is for what is blocked
    page = page.follow("Suspend")
    assert page.press("Suspend").status == 422
    page = page.press("Suspend", reason="fraud")
    assert sold.status is Status.SUSPENDED
    assert facts(page)["Status"] == "Suspended"
    assert "60 days left" in " ".join(page.notices)
    assert page.soup.select("#seats") == []
    assert any("Reactivate it first" in reason for reason in reasons(page))
    page = page.follow("Reactivate").press("Reactivate")
    assert sold.status is Status.ACTIVE
    assert page.soup.select("#seats")


@pytest.mark.rule("S7")
def test_the_last_day_is_a_whole_day_and_is_called_so(visit: Any, here: str, sold: Subscription) -> None:
    lin, sold.suspended_at = visit("Lin Chen"), clock.now() - timedelta(days=59)
    assert "1 day left" in " ".join(lin.portal(f"{here}/{sold.microsoft_id}").notices)
    sold.suspended_at = clock.now() - timedelta(days=60)
    page = lin.portal(f"{here}/{sold.microsoft_id}")
    assert "Today is the last day" in " ".join(page.notices)
    assert page.follow("Reactivate").press("Reactivate").status == 200
    assert sold.status is Status.ACTIVE


@pytest.mark.rule("S6", "S7")
def test_suspending_and_reactivating_say_how_many_people_it_locks_out_and_lets_in(
    visit: Any, here: str, sold: Subscription, kiln: Customer, mei: User
) -> None:
    nora, details = the(User, "Nora Quist"), f"{here}/{sold.microsoft_id}"
    [e1] = [licence.subscription for licence in licences.of_user(nora)]
    licences.assign(nora, sold, by=mei)
    page = visit("Lin Chen").portal(details).follow("Suspend")
    assert "cannot sign in either" not in page.text
    page = page.press("Suspend", reason="fraud")
    assert "Nobody of Blue Kiln is locked out by it." in page.notices[0]
    page = page.follow("Reactivate").press("Reactivate")
    assert "Nobody of Blue Kiln was locked out by it." in page.notices[0]
    licences.unassign(nora, e1, by=mei)
    page = page.follow("Suspend")
    assert "1 of them cannot sign in either" in page.text
    page = page.press("Suspend", reason="fraud")
    assert "1 person of Blue Kiln without an admin role cannot sign in." in page.notices[0]
    page = page.follow("Reactivate").press("Reactivate")
    assert "1 person of Blue Kiln can sign in again." in page.notices[0]


@pytest.mark.rule("S8")
def test_cancelling_asks_first_and_is_final(visit: Any, here: str, sold: Subscription) -> None:
    lin = visit("Lin Chen")
    page = lin.portal(f"{here}/{sold.microsoft_id}").follow("Cancel subscription")
    assert sold.status is Status.ACTIVE
    assert "The relationship." in page.text  # no delegated admin is held that could stay
    page = page.press("Cancel subscription")
    assert facts(page)["Status"] == "Cancelled"
    assert page.soup.select("#upgrade") == []  # nothing comes of it any more
    for way in ("suspend", "reactivate", "cancel"):
        assert lin.portal(f"{here}/{sold.microsoft_id}/{way}").refusal in ("FINAL", "NOT_ACTIVE")


@pytest.mark.rule("S1", "S6")
def test_whoever_was_overtaken_decides_about_the_status_again(
    visit: Any, here: str, sold: Subscription, lin: User
) -> None:
    page = visit("Sara Blom").portal(f"{here}/{sold.microsoft_id}/suspend")
    subscription_changes.change_seats(sold, 9, by=lin)
    answer = page.press("Suspend", reason="fraud")
    assert (answer.status, answer.refusal, sold.status) == (409, "SUBSCRIPTION_CHANGED", Status.ACTIVE)
    assert answer.press("Suspend").status == 200
    assert sold.status is Status.SUSPENDED


def test_where_there_is_no_add_on_nothing_is_asked(visit: Any, here: str, kiln: Customer, lotus: Partner) -> None:
    none = buys(kiln, "project_premium", lotus)
    page = visit("Lin Chen").portal(f"{here}/{none.microsoft_id}/add-on")
    assert (page.status, page.refusal) == (409, "NO_ADD_ONS")
    assert page.soup.select("main form") == []


@pytest.mark.rule("S4", "R33")
def test_an_add_on_stands_on_the_page_of_its_base(visit: Any, here: str, sold: Subscription) -> None:
    page = visit("Lin Chen").portal(f"{here}/{sold.microsoft_id}").follow("Add an add-on")
    page = page.press("Submit", offer="archiving", seats="3")
    assert "Exchange Online Archiving" in words(page.soup.select_one("[aria-labelledby=add-ons]"))
    page = page.follow("Exchange Online Archiving")
    assert facts(page)["Stands on"] == "Office 365 Business Essentials"
    assert any("follows its subscription" in reason for reason in reasons(page))
    again = visit("Lin Chen").portal(f"{here}/{sold.microsoft_id}/add-on").press("Submit", offer="archiving", seats="3")
    assert (again.status, again.refusal) == (409, "HAS_ADD_ON")


@pytest.mark.rule("S4", "S8", "R56")
def test_the_page_of_a_base_shows_the_add_ons_its_list_shows(
    visit: Any, here: str, kiln: Customer, jade: Partner, lin: User, mei: User
) -> None:
    def panel(name: str, base: Subscription) -> list[str]:
        page = visit(name).portal(f"{here}/{base.microsoft_id}")
        return [words(line) for line in page.soup.select("[aria-labelledby=add-ons] > p")]

    base = buys(kiln, "e1", the(Partner, "Lotus Cloud"))
    accepts(mei, jade, Service.EXCHANGE)
    for seats in (2, 3):
        add_on = orders.order_add_on(base, OFFERS["archiving"], seats, by=lin)
        assert panel("Lin Chen", base) == panel("Jonas Falk", base)
        subscription_changes.cancel(add_on, by=lin)
        assert panel("Lin Chen", base) == [f"Exchange Online Archiving Cancelled 0 of {seats}"]
        assert panel("Jonas Falk", base) == ["None."]
    orders.order_add_on(base, OFFERS["archiving"], 4, by=lin)
    subscription_changes.suspend(base, SuspendReason.FRAUD, by=lin)
    clock.advance(timedelta(days=61))
    assert panel("Lin Chen", base) == ["Exchange Online Archiving Deleted 0 of 4"]
    assert ["Deleted", "0 of 4"] in [row[1:3] for row in visit("Lin Chen").portal(here).rows()]


@pytest.mark.rule("R56")
def test_an_add_on_for_a_service_one_does_not_hold_stands_on_no_page_of_anothers_base(
    visit: Any, here: str, kiln: Customer, jade: Partner, lin: User, mei: User
) -> None:
    base = buys(kiln, "e1", the(Partner, "Lotus Cloud"))
    orders.order_add_on(base, OFFERS["archiving"], 2, by=lin)
    accepts(mei, jade, Service.SHAREPOINT)
    page = visit("Jonas Falk").portal(f"{here}/{base.microsoft_id}")
    assert (page.status, "Archiving" in page.text) == (200, False)


@pytest.mark.rule("S11", "S12")
def test_not_eligible_it_says_everything_that_stands_in_the_way_and_then_upgrades(
    visit: Any, here: str, sold: Subscription, kiln: Customer, lotus: Partner, mei: User
) -> None:
    lin, details = visit("Lin Chen"), f"{here}/{sold.microsoft_id}"
    page = lin.portal(details)
    said = words(page.soup.select_one("[aria-labelledby=upgrade]"))
    nothing_to_choose = visit("Lin Chen").portal(f"{here}/{sold.microsoft_id}/upgrade")
    assert nothing_to_choose.follow("Back").heading == page.heading
    assert "no delegated admin" in said
    assert "Office 365 Enterprise E1 already" in said
    assert not page.soup.find("a", string="Upgrade now")
    accepts(mei, lotus)
    page = lin.portal(details).follow("Upgrade now")
    assert [choice["value"] for choice in page.soup.select("input[name=target]")] == ["business_premium", "e3"]
    assert page.press("Submit", seats="6").status == 422
    page = page.press("Submit", target="business_premium", seats="6")
    assert (page.heading, facts(page)["Licences bought"]) == ("Office 365 Business Premium", "6")
    assert sold.status is Status.DELETED


@pytest.mark.rule("S12", "S1")
def test_the_page_of_what_was_upgraded_leads_to_what_it_became_and_names_no_price_any_more(
    visit: Any, here: str, sold: Subscription, lin: User, lotus: Partner, mei: User
) -> None:
    accepts(mei, lotus)
    browser = visit("Lin Chen")
    stale = browser.portal(f"{here}/{sold.microsoft_id}")
    assert "Price" in facts(stale)
    upgrades.upgrade(sold, OFFERS["business_premium"], 6, by=lin)
    page = browser.portal(f"{here}/{sold.microsoft_id}")
    assert "Price" not in facts(page)
    assert words(page.soup.select_one("#lately ~ .timeline li p")).startswith("Upgrade a subscription")
    assert (facts(page)["Status"], facts(page)["Upgraded to"]) == ("Deleted", "Office 365 Business Premium")
    assert not page.soup.select_one("[aria-labelledby=upgrade]")
    assert page.follow("Office 365 Business Premium").heading == "Office 365 Business Premium"
    became = "Office 365 Business Essentials was upgraded: it is Office 365 Business Premium now."
    assert reasons(page).count(f"{became} Show what it became") == 4
    assert "Order the offer anew" not in page.text
    ways = {str(link["href"]) for link in page.soup.select(".reason a")}
    assert ways == {page.link("Office 365 Business Premium")}
    late = stale.press("Submit", seats="7")
    assert "Upgrade a subscription" in words(late.soup.select_one("[aria-labelledby=meanwhile]"))


@pytest.mark.rule("R73", "R76")
def test_a_suspended_partner_reads_why_it_cannot_sell(
    visit: Any, here: str, sold: Subscription, lotus: Partner
) -> None:
    lin = visit("Lin Chen")
    form = lin.portal(f"{here}/add")
    lotus.suspended = True
    assert any("suspended" in reason for reason in reasons(lin.portal(here)))
    answer = form.press("Submit", offer="e3", seats="4")
    assert (answer.status, answer.refusal, refusals()) == (409, "PARTNER_SUSPENDED", [Code.PARTNER_SUSPENDED])
    assert answer.soup.select_one("#seats")["value"] == "4"
    page = lin.portal(f"{here}/{sold.microsoft_id}")
    assert page.link("Suspend")
    assert page.soup.select("#nickname")
    assert page.soup.select("#seats") == []


@pytest.mark.rule("S7")
def test_after_sixty_days_the_page_says_deleted_even_before_anybody_writes(
    visit: Any, here: str, sold: Subscription, lin: User
) -> None:
    subscription_changes.suspend(sold, SuspendReason.FRAUD, by=lin)
    browser = visit("Lin Chen")
    clock.advance(timedelta(days=61))
    page = browser.portal(f"{here}/{sold.microsoft_id}")
    assert facts(page)["Status"] == "Deleted"
    assert sold.deleted_at is None
    due.catch_up()
    db.session.commit()
    assert facts(browser.portal(f"{here}/{sold.microsoft_id}"))["Status"] == "Deleted"


@pytest.mark.rule("R37")
def test_nobody_reaches_a_subscription_through_another_customer(
    visit: Any, here: str, sold: Subscription, delta: Customer, lotus: Partner
) -> None:
    relationships.begin(lotus, delta)
    lin = visit("Lin Chen")
    assert lin.portal(f"/customers/{delta.microsoft_id}/subscriptions/{sold.microsoft_id}").status == 404
    assert visit("Jonas Falk").portal(f"{here}/{sold.microsoft_id}").status == 404


@pytest.mark.rule("S6")
def test_what_could_not_be_kept_is_told_to_nobody(
    visit: Any, here: str, sold: Subscription, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_session: Session) -> None:
        if has_request_context():
            raise OperationalError("COMMIT", {}, Exception("the disk is full"))

    lin = visit("Lin Chen")
    page = lin.portal(f"{here}/{sold.microsoft_id}/suspend")
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(lin.client.application, "testing", False)
        event.listen(db.session, "before_commit", full)
        try:
            answer = page.press("Suspend", reason="fraud")
        finally:
            event.remove(db.session, "before_commit", full)
    assert (answer.status, answer.notices) == (500, [])
    assert lin.portal(f"{here}/{sold.microsoft_id}").notices == []
    assert sold.status is Status.ACTIVE


@pytest.mark.rule("S1", "S10")
def test_what_the_page_did_not_ask_is_not_missed_when_it_may_be_changed_again(
    visit: Any, here: str, sold: Subscription, lin: User
) -> None:
    subscription_changes.suspend(sold, SuspendReason.FRAUD, by=lin)
    page = visit("Sara Blom").portal(f"{here}/{sold.microsoft_id}")
    subscription_changes.reactivate(sold, by=lin)
    answer = page.press("Submit", nickname="Front desk")
    assert (answer.status, answer.refusal, answer.errors) == (409, "SUBSCRIPTION_CHANGED", [])
    assert answer.press("Submit").status == 200
    assert (sold.seats, sold.nickname, sold.auto_renew) == (5, "Front desk", True)


@pytest.mark.rule("R73", "R81")
def test_working_out_a_total_is_no_order_when_the_account_is_suspended(visit: Any, here: str, lotus: Partner) -> None:
    form = visit("Lin Chen").portal(f"{here}/add")
    lotus.suspended = True
    answer = form.press("Work out the total", offer="e3", seats="4")
    assert (answer.status, answer.refusal) == (409, "PARTNER_SUSPENDED")
    told = db.session.scalars(select(Event).where(Event.refused.is_not(None))).all()
    assert [one.kind for one in told] == [EventKind.VIEW]
