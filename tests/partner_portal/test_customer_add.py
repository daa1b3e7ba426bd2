"""Customers > Add customer: three steps, back and forth, and the new admin account once."""

from hashlib import sha256
from typing import Any

import pytest

from partner_portal import wizard_drafts
from partner_portal.subscription_forms import MOST
from shared.domain import new_customers, subscriptions
from shared.domain.organisations import Customer
from shared.domain.users import User
from shared.extensions import db
from shared.world.rooms import Room
from tests.conftest import the
from tests.test_isolation import fingerprint, refusals
from tests.visitor import Page, words

ACCOUNT = {
    "name": "Amber Mill",
    "domain": "amber.example",
    "contact_name": "Ada Lin",
    "contact_email": "ada@amber.example",
    "address": "1 Mill Road",
}

WRITTEN = {
    "name": "Amber Ｍill",
    "domain": "ａｍｂｅｒ７。ｅｘａｍｐｌｅ",
    "contact_name": "王　小明",
    "contact_email": "ａｄａ＠ａｍｂｅｒ．ｅｘａｍｐｌｅ",
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


def again(page: Page) -> Page:
    """The same address once more, as Reload, Back and Forward open it."""
    assert page.response.request.method == "GET"
    return page.visitor.open(page.response.request.full_path)


def test_back_forward_and_reload_find_each_step_as_it_was_left(visit: Any, room: Room) -> None:
    first = visit("Lin Chen").portal("/customers").follow("Add customer")
    second = first.press("Next: Subscriptions", **ACCOUNT)
    wrong = second.press("Next: Review", e1="many")
    third = wrong.press("Next: Review", e1="12")
    before = fingerprint(room)
    pages = [again(page) for page in (first, second, wrong, third)]
    assert [(page.status, step(page)) for page in pages] == [
        (200, "Account info"), (200, "Subscriptions"), (200, "Subscriptions"), (200, "Review"),
    ]  # fmt: skip
    assert pages[0].soup.find(id="name")["value"] == "Amber Mill"
    assert pages[1].soup.find(id="e1")["value"] == "12"
    assert step(pages[1].press("Next: Review", e1="13")) == "Review"
    assert "13" in words(again(third).soup.select_one("[aria-labelledby=orders]"))
    assert fingerprint(room) == before


def test_what_is_not_right_is_said_again_at_its_own_address(start: Page) -> None:
    for page in (wrong := start.press("Next: Subscriptions", **(ACCOUNT | {"domain": "amber.org"})), again(wrong)):
        assert (page.status, step(page), len(page.errors)) == (422, "Account info", 1)
        assert page.soup.find(id="domain")["value"] == "amber.org"
    for page in (refused := start.press("Next: Subscriptions", **(ACCOUNT | {"name": "Blue Kiln"})), again(refused)):
        assert (page.status, page.refusal) == (409, "CUSTOMER_EXISTS")
    assert len(refusals()) == 1  # opening a page writes nothing


@pytest.mark.parametrize("where", ["review", "subscriptions"])
def test_a_step_opened_without_those_before_it_leads_to_the_first(start: Page, where: str) -> None:
    lin = start.visitor
    for draft, said in (({}, []), ({"draft": "gone"}, ["What was typed here is no longer kept"])):
        page = lin.portal("/customers/add", step=where, **draft)
        assert (page.status, step(page), page.errors) == (200, "Account info", [])
        assert [notice.partition(":")[0] for notice in page.notices] == said
    start.press("Next: Subscriptions", **ACCOUNT)
    page = lin.portal("/customers/add", step="review", draft=str(start.soup.find(attrs={"name": "draft"})["value"]))
    assert (page.status, step(page)) == (422, "Subscriptions")


def test_two_wizards_in_two_tabs_keep_apart_what_was_typed(visit: Any) -> None:
    lin = visit("Lin Chen")
    one, two = (lin.portal("/customers/add") for _tab in range(2))
    one = one.press("Next: Subscriptions", **ACCOUNT)
    two = two.press("Next: Subscriptions", **(ACCOUNT | {"name": "Birch Mill", "domain": "birch.example"}))
    one = one.press("Next: Review", e1="1")
    two = two.press("Next: Review", e3="3")
    for page, name in ((again(one), "Amber Mill"), (again(two), "Birch Mill")):
        assert name in words(page.soup.select_one("main .card"))
        assert page.press("Submit").heading == f"{name} is your customer"
    assert subscriptions.of_customer(the(Customer, "Birch Mill"))[0].offer_key == "e3"


def any_text(length: int, first: str, what: str) -> str:
    """So many letters, each another one, which no packing makes much shorter."""
    seeds = (sha256(f"{what} {place}".encode()).digest() for place in range(length))
    return "".join(chr(ord(first) + seed[0] * 16 + seed[1] % 16) for seed in seeds)


@pytest.mark.parametrize("letter", ["木", "\U00024b62"])
def test_the_longest_names_there_may_be_are_kept_and_the_oldest_make_room(visit: Any, letter: str) -> None:
    most = {"name": 100, "contact_name": 100, "contact_phone": 40, "address": 200}
    lin, pages = visit("Lin Chen"), []
    for number in range(3):
        typed = {field: any_text(length, letter, f"{field} {number}") for field, length in most.items()}
        typed |= {"domain": f"{'a' * 50}{number}.example", "contact_email": f"{'c' * 60}@{'b' * 31}.example"}
        page = lin.portal("/customers/add").press("Next: Subscriptions", **typed)
        pages += [page.press("Next: Review", **dict.fromkeys(("e1", "e3", "proplus", "project_premium"), "99999"))]
        assert step(pages[-1]) == "Review"
        kept = lin.client.get_cookie(wizard_drafts.COOKIE, path=f"{lin.room}/partner/customers/add")
        assert len(kept.key + kept.value) <= 4096
    assert [step(again(page)) for page in pages] == ["Account info", "Review", "Review"]
    assert pages[0].press("Submit").heading.endswith("is your customer")  # the page itself still holds it all


def test_what_is_too_long_for_any_field_is_said_at_the_field(start: Page) -> None:
    page = start.press("Next: Subscriptions", **(ACCOUNT | {"address": any_text(5000, "木", "address")}))
    assert (page.status, len(page.errors)) == (422, 1)
    assert step(page.press("Next: Subscriptions", **ACCOUNT)) == "Subscriptions"


def test_whoever_uses_the_browser_next_does_not_read_what_was_typed(start: Page) -> None:
    page = start.press("Next: Subscriptions", **ACCOUNT)
    start.visitor.enter(the(User, "Sara Blom"))
    assert (step(again(page)), "Amber" in again(page).text) == ("Account info", False)


def test_what_was_typed_is_closed_to_scripts_and_to_forgers(start: Page) -> None:
    page, lin = start.press("Next: Subscriptions", **ACCOUNT), start.visitor
    where = f"{lin.room}/partner/customers/add"
    kept = lin.client.get_cookie(wizard_drafts.COOKIE, path=where)
    assert (kept.http_only, kept.same_site) == (True, "Lax")
    for forged in ("", "x", kept.value[:-2], "." + kept.value):
        lin.client.set_cookie(wizard_drafts.COOKIE, forged, path=where)
        assert (again(page).status, step(again(page))) == (200, "Account info")


@pytest.mark.rule("P4")
def test_opening_the_confirmation_again_submits_nothing_and_says_how_to_get_in(start: Page) -> None:
    review = start.press("Next: Subscriptions", **ACCOUNT).press("Next: Review", e1="12")
    page = review.press("Submit")
    temporary = page.soup.find(id="temporary").get_text().split()[1]
    before = fingerprint()
    reloaded = again(page)
    assert (reloaded.status, reloaded.heading) == (200, "Subscriptions")
    assert reloaded.notices[0].startswith("The temporary password was shown once and cannot be shown again.")
    assert "“Can't access your account?”" in reloaded.notices[0]
    back = again(review)
    assert (step(back), back.notices[0][:27]) == ("Account info", "What was typed here is no l")
    assert all(temporary not in one.text for one in (reloaded, back))
    assert fingerprint() == before


def test_what_chinese_keyboards_write_is_taken(start: Page) -> None:
    page = start.press("Next: Subscriptions", **(ACCOUNT | WRITTEN)).press("Next: Review", e1="１２")
    assert "王 小明" in page.text
    assert page.press("Submit").soup.find(id="temporary").get_text().split()[0] == "admin@amber7.example"
    made = the(Customer, "Amber Ｍill")
    assert (made.domain, made.contact_email) == ("amber7.example", "ada@amber.example")


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


@pytest.mark.rule("S1", "S3")
def test_what_the_wizard_sells_its_page_can_save(visit: Any, start: Page) -> None:
    page = start.press("Next: Subscriptions", **ACCOUNT)
    for wrong in (str(MOST + 1), "0", "-1", "1.5", "9" * 5000):
        assert page.press("Next: Review", e1=wrong).errors == [f"Type a number from 1 to {MOST}."]
    page.press("Next: Review", e1=str(MOST)).press("Submit")
    [sold] = subscriptions.of_customer(the(Customer, "Amber Mill"))
    details = f"/customers/{sold.customer.microsoft_id}/subscriptions/{sold.microsoft_id}"
    assert visit("Lin Chen").portal(details).press("Submit", nickname="Everybody").status == 200
    assert (sold.seats, sold.nickname) == (MOST, "Everybody")


@pytest.mark.rule("S1")
def test_more_than_a_tenant_may_have_is_said_at_the_field_in_the_words_of_the_refusal(visit: Any, start: Page) -> None:
    page = start.press("Next: Subscriptions", **ACCOUNT).press("Next: Review", business="301", e1="301")
    assert (page.status, step(page)) == (422, "Subscriptions")
    assert page.errors == [
        "A tenant has at most 300 licences of Office 365 Business; an Enterprise offer has no such limit."
    ]
    assert step(page.press("Next: Review", business="300")) == "Review"


def test_a_step_nobody_came_to_is_not_jumped_to(start: Page) -> None:
    page = start.press("Next: Subscriptions", **(ACCOUNT | {"to": "submit"}))
    assert (page.status, step(page)) == (422, "Subscriptions")
    assert db.session.query(Customer).filter_by(name="Amber Mill").count() == 0


@pytest.mark.parametrize("to", ["subscriptions", "submit"])
def test_a_name_of_nothing_but_space_is_none(start: Page, to: str) -> None:
    page = start.press("Next: Subscriptions", **(ACCOUNT | {"name": " ", "e1": "1", "to": to}))
    assert (page.status, step(page), page.errors) == (422, "Account info", ["Fill this in."])


@pytest.mark.rule("R5")
def test_submitting_twice_makes_one_customer_says_so_and_leads_to_it(start: Page) -> None:
    review = start.press("Next: Subscriptions", **ACCOUNT).press("Next: Review", e1="12")
    assert review.press("Submit").heading == "Amber Mill is your customer"
    before = fingerprint()
    second = review.press("Submit")
    assert (second.status, second.heading) == (200, "Amber Mill was added a moment ago by you")
    assert second.soup.find(id="temporary") is None
    assert fingerprint() == before
    assert second.follow("Show Amber Mill").heading == "Subscriptions"
    assert second.follow("Can't access your account?").press("Send the link", email="admin@amber.example").status == 200
    other = review.press("Submit", e3="1")
    assert (other.status, other.refusal) == (409, "CUSTOMER_EXISTS")


@pytest.mark.rule("R5")
def test_of_two_presses_of_submit_at_once_the_second_is_told_too(start: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    review = start.press("Next: Subscriptions", **ACCOUNT).press("Next: Review", e1="12")
    assert review.press("Submit").status == 200
    asked, answers = new_customers.why_not_add, [None]  # it looked before the first had made the customer
    monkeypatch.setattr(new_customers, "why_not_add", lambda *facts: answers.pop() if answers else asked(*facts))
    assert review.press("Submit").heading == "Amber Mill was added a moment ago by you"


@pytest.mark.rule("R73", "P7")
@pytest.mark.parametrize(("name", "suspended"), [("Lin Chen", True), ("Hugo Park", False)])
def test_two_buttons_blocked_for_the_same_reason_say_it_once(
    visit: Any, lotus: Any, name: str, *, suspended: bool
) -> None:
    lotus.suspended = suspended
    head = visit(name).portal("/customers").soup.select_one(".page-head-action")
    blocked = {words(link): link["aria-describedby"] for link in head.select("a[aria-disabled]")}
    assert blocked == {"Request a reseller relationship": "why-add", "Add customer": "why-add"}
    assert [reason["id"] for reason in head.select(".reason")] == ["why-add"]


@pytest.mark.rule("R73")
def test_the_button_says_why_a_suspended_partner_cannot(visit: Any, lotus: Any) -> None:
    lotus.suspended = True
    page = visit("Lin Chen").portal("/customers")
    assert "suspended" in words(page.soup.find(id="why-add"))
    assert visit("Lin Chen").portal("/customers/add").refusal == "PARTNER_SUSPENDED"
