"""A customer's pages in Partner Center: the hub, the account, and the end of the relationship."""

from typing import Any

import pytest

from shared.domain.organisations import Customer, Partner
from shared.domain.refusals import Code
from shared.domain.subscriptions import Subscription
from shared.domain.users import User
from shared.extensions import db
from shared.world import clock
from shared.world.rooms import Room
from tests.builders import accepts, buys
from tests.conftest import the
from tests.test_isolation import fingerprint, refusals
from tests.visitor import Page, english, words


@pytest.fixture
def account(kiln: Customer, lotus: Partner, mei: User) -> str:
    """Where Lotus finds the account of Blue Kiln."""
    accepts(mei, lotus)
    return f"/customers/{kiln.microsoft_id}/account"


def card(page: Page, number: int) -> dict[str, str]:
    """What a card says, label by label."""
    found = page.soup.select("main .card")[number]
    return {words(line.dt): words(line.dd) for line in found.select(".key-values > div")}


@pytest.mark.rule("R2", "R37")
def test_the_name_in_the_list_leads_to_the_customer_and_both_states(visit: Any, account: str) -> None:
    page = visit("Lin Chen").portal("/customers").follow("Blue Kiln")
    assert page.status == 200
    assert [words(chip) for chip in page.soup.select(".customer-head .chip")] == ["Reseller", "Delegated admin 3 of 3"]
    assert words(page.soup.select_one(".customer-name")) == "Blue Kiln"
    tabs = page.soup.select(".tabs a")
    assert [words(tab) for tab in tabs] == ["Subscriptions", "Account", "Service management", "Who may do what"]
    assert tabs[0].get("aria-current") == "page"


@pytest.mark.rule("R37")
def test_a_customer_of_others_is_not_there(visit: Any, delta: Customer) -> None:
    lin = visit("Lin Chen")
    for tail in ("", "/account", "/account/contact", "/account/billing"):
        assert lin.portal(f"/customers/{delta.microsoft_id}{tail}").status == 404


def test_the_account_shows_company_contact_and_billing(visit: Any, account: str) -> None:
    page = visit("Lin Chen").portal(account)
    assert page.heading == "Account"
    assert card(page, 0)["Company name"] == "Blue Kiln"
    assert card(page, 1)["Contact person"] == "Mei Zhou"
    assert card(page, 2)["Bill to"] == "Blue Kiln"


def test_editing_the_contact_is_seen_by_every_partner(visit: Any, account: str, jade: Partner, mei: User) -> None:
    accepts(mei, jade)
    page = visit("Hugo Park").portal(account).follow("Edit").press("Submit", contact_name="Bo Lindt")
    assert page.heading == "Account"
    assert page.notices == ["The account of Blue Kiln is updated. Its other partners see the same."]
    assert card(visit("Jonas Falk").portal(account), 1)["Contact person"] == "Bo Lindt"


@pytest.mark.parametrize("typed", ["ｍｅｉ＠ｋｉｌｎ．ｅｘａｍｐｌｅ", "mei@kiln。example"])
def test_an_e_mail_of_full_width_is_the_ordinary_one(visit: Any, account: str, typed: str) -> None:
    assert visit("Lin Chen").portal(f"{account}/contact").press("Submit", contact_email=typed).status == 200
    assert the(Customer, "Blue Kiln").contact_email == "mei@kiln.example"


@pytest.mark.rule("R35")
def test_the_bill_of_others_says_whose_business_it_is(visit: Any, account: str) -> None:
    lin = visit("Lin Chen")
    page = lin.portal(account)
    assert "the bill is another's business" in words(page.soup.find(id="why-edit-billing"))
    refused = lin.portal(f"{account}/billing")
    assert (refused.status, refused.refusal) == (409, "NOT_BILLED")


def test_what_is_missing_or_wrong_is_said_at_the_field_and_the_rest_is_kept(visit: Any, account: str) -> None:
    form = visit("Lin Chen").portal(f"{account}/contact")
    page = form.press("Submit", contact_name="", contact_email="nobody", contact_phone="12345")
    assert page.status == 422
    assert page.errors == ["Fill this in.", "Write it as name@company.example."]
    assert page.soup.find(id="contact_phone")["value"] == "12345"
    assert the(Customer, "Blue Kiln").contact_phone == "+86 798 5550 0141"


def test_the_slower_of_two_reads_what_changed_and_keeps_what_was_typed(visit: Any, account: str) -> None:
    slow = visit("Lin Chen").portal(f"{account}/contact")
    visit("Sara Blom").portal(f"{account}/contact").press("Submit", contact_phone="111", address="1 Kiln Lane")
    page = slow.press("Submit", contact_phone="222")
    assert page.status == 409
    assert "Contact phone: was “+86 798 5550 0141”, is now “111”" in page.notices[0]
    assert page.soup.find(id="contact_phone")["value"] == "222"
    assert the(Customer, "Blue Kiln").contact_phone == "111"
    assert page.press("Submit").heading == "Account"
    kiln = the(Customer, "Blue Kiln")
    assert (kiln.contact_phone, kiln.address) == ("222", "1 Kiln Lane")  # nobody took the address back


@pytest.mark.rule("R64", "R66", "R67")
def test_the_global_admin_ends_the_relationship_behind_one_tick(visit: Any, account: str) -> None:
    gao = visit("Gao Rui")
    page = gao.portal(account).follow("Remove reseller relationship")
    assert page.press("Remove reseller relationship").errors != []
    page = page.press("Remove reseller relationship", agreed="y")
    assert page.heading == "Customers"
    assert page.rows() == []
    assert gao.portal(account).status == 404


@pytest.mark.rule("R64")
def test_an_agent_reads_who_may_end_it(visit: Any, account: str) -> None:
    lin = visit("Lin Chen")
    blocked = next(a for a in lin.portal(account).soup.select("a.blocked") if "Remove" in words(a))
    assert blocked["aria-disabled"] == "true"
    assert lin.portal(f"{account}/remove").refusal == "ROLE"


@pytest.mark.rule("R67", "R69", "R70")
def test_an_indirect_reseller_reads_behind_the_address_what_its_blocked_control_says(
    visit: Any, account: str, reed: Partner, mei: User
) -> None:
    accepts(mei, reed)
    ren = visit("Ren Tao")
    blocked = next(a for a in ren.portal(account).soup.select("a.blocked") if "Remove" in words(a))
    page = ren.portal(f"{account}/remove")
    assert (page.status, page.refusal, refusals()) == (409, "PROVIDER_ENDS", [Code.PROVIDER_ENDS])
    for said in (page.text, words(ren.portal(account).soup.find(id=blocked["aria-describedby"]))):
        assert "Harbor Distribution owns it and can" in said
        assert "Who may" not in said


@pytest.mark.rule("R65")
def test_what_is_still_active_is_listed_beside_the_inactive_control(visit: Any, room: Room, account: str) -> None:
    sold = Subscription(
        customer=the(Customer, "Blue Kiln"), seller=the(Partner, "Lotus Cloud"), offer_key="e3", seats=7
    )
    db.session.add(sold)
    gao = visit("Gao Rui")
    page = gao.portal(account)
    assert [words(line) for line in page.soup.select("main .bullets li a")] == ["Office 365 Enterprise E3"]
    before = fingerprint(room, without=["event"])
    refused = gao.portal(f"{account}/remove")
    assert refused.refusal == "STILL_ACTIVE"
    assert refused.soup.select_one(f'main .notice a[href$="{account.rpartition("/")[0]}/subscriptions"]')
    assert fingerprint(room, without=["event"]) == before


@pytest.mark.rule("R65", "R66", "S7")
def test_before_it_ends_one_reads_what_of_the_suspended_will_be_deleted_and_when(
    visit: Any, account: str, kiln: Customer, lotus: Partner, jade: Partner
) -> None:
    gao, mine, others = visit("Gao Rui"), buys(kiln, "e3", lotus), buys(kiln, "e1", jade)
    mine.suspended_at = others.suspended_at = clock.now()
    ends, stays = (words(side) for side in gao.portal(f"{account}/remove").soup.select(".ends-and-stays > div"))
    assert (
        f"reactivate Office 365 Enterprise E3: all its data is deleted at the start of {english(mine.gone_at)}" in ends
    )  # type: ignore[arg-type]
    assert "E1" not in ends
    assert "the data of its active subscriptions" in stays


@pytest.mark.rule("R66")
def test_whoever_ends_it_promises_to_give_notice_and_neither_page_nor_letter_says_that_an_e_mail_did(
    visit: Any, account: str, mei: User
) -> None:
    gao = visit("Gao Rui")
    page = gao.portal(f"{account}/remove")
    assert "give the customer legal notice myself" in page.text
    page = page.press("Remove reseller relationship", agreed="y")
    assert "The legal notice is yours to give" in page.notices[0]
    letter = gao.open(f"{gao.room}/mail/{mei.id}/").follow_first(".mail-list a")
    assert "This e-mail is no legal notice: Lotus Cloud gives that itself." in letter.text


@pytest.mark.rule("R66", "R67", "S7")
def test_once_it_ended_everybody_reads_that_the_seller_must_become_reseller_again_first(
    visit: Any, account: str, kiln: Customer, lotus: Partner, jade: Partner, mei: User
) -> None:
    accepts(mei, jade)
    sold = buys(kiln, "e3", lotus)
    sold.suspended_at = clock.now()
    there = f"/customers/{kiln.microsoft_id}/subscriptions/{sold.microsoft_id}"
    pages = (("Jonas Falk", there), ("Mei Zhou", f"/billing/licences/{sold.microsoft_id}"))
    said = "Lotus Cloud has to become reseller of Blue Kiln again"
    for name, where in pages:
        assert said not in visit(name).portal(where).text
    visit("Gao Rui").portal(f"{account}/remove").press("Remove reseller relationship", agreed="y")
    for name, where in pages:
        page = visit(name).portal(where)
        assert said in page.text
        assert "Ask Lotus Cloud to reactivate it" not in page.text
