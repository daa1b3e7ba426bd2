"""The customer list of a partner."""

from typing import Any

import pytest

from shared.domain import revocation
from shared.domain.organisations import Customer, Partner
from shared.domain.services import Service
from shared.domain.users import User
from shared.extensions import db
from tests.builders import a_customer, accepts, customers_of, global_admin
from tests.conftest import the
from tests.visitor import Page

LIST = "/customers"


def names(page: Page) -> list[str]:
    """The customers listed, in order."""
    return [row[0] for row in page.rows()]


def detail(page: Page, number: int = 0) -> str:
    """What the row unfolds to."""
    return str(page.soup.select("tr.row-detail")[number].get_text(" "))


@pytest.mark.rule("R44")
def test_without_customers_the_page_says_so_and_offers_the_request(visit: Any) -> None:
    lin = visit("Lin Chen")
    page = lin.portal(LIST)
    assert page.rows() == []
    assert page.soup.select_one(".empty a")["href"] == f"{lin.room}/partner/customers/request-a-reseller-relationship"


@pytest.mark.rule("R37")
def test_a_customer_appears_as_soon_as_it_accepts(visit: Any, lotus: Partner, mei: User) -> None:
    lin = visit("Lin Chen")
    assert names(lin.portal(LIST)) == []
    accepts(mei, lotus)
    assert lin.portal(LIST).rows()[0][:2] == ["Blue Kiln", "bluekiln.example"]


@pytest.mark.rule("R2", "R55")
def test_both_ties_stand_in_the_row_and_change_apart(visit: Any, lotus: Partner, mei: User) -> None:
    accepts(mei, lotus, Service.EXCHANGE, Service.SKYPE)
    lin = visit("Lin Chen")
    assert "2 of 3" in lin.portal(LIST).rows()[0][3]
    revocation.revoke(lotus, list(Service), by=mei)
    [row] = lin.portal(LIST).rows()
    assert row[0] == "Blue Kiln"
    assert "Reseller" in row[3]
    assert "No delegated admin" in row[3]


@pytest.mark.rule("R59")
def test_a_loss_shows_when_and_why_and_how_to_restore_it(visit: Any, lotus: Partner, mei: User) -> None:
    accepts(mei, lotus)
    revocation.revoke(lotus, [Service.EXCHANGE], by=mei)
    lin = visit("Lin Chen")
    page = lin.portal(LIST)
    today = page.rows()[0][2]
    assert today in detail(page)
    assert detail(page).count("removed by the customer") == 1
    assert "This asks Blue Kiln" in page.follow("Restore").notices[0]


@pytest.mark.rule("R16", "R17", "R62")
def test_a_restore_is_addressed_to_who_can_accept_it_and_its_link_is_the_same_as_ever(
    visit: Any, lotus: Partner, mei: User
) -> None:
    accepts(mei, lotus)
    revocation.revoke(lotus, list(Service), by=mei)
    lin = visit("Lin Chen")
    asked, restored = lin.portal(f"{LIST}/request-a-reseller-relationship"), lin.portal(LIST).follow("Restore")
    assert restored.soup.select_one("#link")["value"] == asked.soup.select_one("#link")["value"]
    box = restored.press("Send").follow("Mailbox of Mei Zhou")
    assert "Lotus Cloud requests a reseller relationship" in box.soup.select_one(".mail-list").text


def test_a_letter_is_addressed_to_none_but_the_partners_own_customers(visit: Any, delta: Customer) -> None:
    lin = visit("Lin Chen")
    for number in (delta.microsoft_id, "x", "\0"):
        page = lin.portal(f"{LIST}/request-a-reseller-relationship", customer=number)
        assert (page.status, page.notices) == (200, [])
        assert page.fields(page.soup.select_one("form[data-letter]"))["to"] == ""


@pytest.mark.rule("R6", "R58")
def test_one_service_is_enough_to_manage_users_and_the_row_takes_it_from_nobody_who_has_one(
    visit: Any, lotus: Partner, mei: User
) -> None:
    accepts(mei, lotus, Service.EXCHANGE)
    lin, lost = visit("Lin Chen"), "Where delegated admin is missing you cannot manage "
    assert f"{lost}licences or tickets, nor upgrade" in detail(lin.portal(LIST))
    revocation.revoke(lotus, [Service.EXCHANGE], by=mei)
    assert f"{lost}users, licences or tickets, nor upgrade" in detail(lin.portal(LIST))


@pytest.mark.rule("R42", "R59")
def test_what_moved_to_another_partner_says_so(visit: Any, lotus: Partner, jade: Partner, mei: User) -> None:
    accepts(mei, lotus)
    accepts(mei, jade, Service.SHAREPOINT)
    page = visit("Lin Chen").portal(LIST)
    assert detail(page).count("moved to another partner") == 1
    assert "2 of 3" in page.rows()[0][3]
    assert names(visit("Jonas Falk").portal(LIST)) == ["Blue Kiln", "Delta Foods"]


@pytest.mark.rule("R59", "R10")
def test_whoever_may_not_request_sees_restore_blocked_with_its_reason(visit: Any, lotus: Partner, mei: User) -> None:
    accepts(mei, lotus)
    revocation.revoke(lotus, list(Service), by=mei)
    page = visit("Hugo Park").portal(LIST)
    blocked = page.soup.select_one("tr.row-detail [aria-disabled=true]")
    assert not blocked.has_attr("href")
    assert "Sales agent" in page.soup.find(id=blocked["aria-describedby"]).text


@pytest.mark.rule("R58", "R69", "R70")
@pytest.mark.parametrize(
    ("name", "company", "sells"),
    [("Lin Chen", "Lotus Cloud", True), ("Ren Tao", "Reed Services", False), ("Wilma Kern", "Willow Advisory", False)],
)
def test_only_who_sells_in_its_own_name_reads_that_it_still_can(
    visit: Any, kiln: Customer, mei: User, name: str, company: str, sells: bool
) -> None:
    accepts(mei, the(Partner, company), Service.SKYPE)
    visitor = visit(name)
    assert ("you can still sell" in detail(visitor.portal(LIST))) is sells
    services = visitor.portal(f"/customers/{kiln.microsoft_id}/services")
    assert "holds no delegated admin for this at Blue Kiln." in services.text
    assert ("It can still sell" in services.text) is sells


@pytest.mark.rule("R58", "R73")
def test_a_suspended_partner_is_not_told_that_it_can_still_sell(
    visit: Any, lotus: Partner, kiln: Customer, mei: User
) -> None:
    accepts(mei, lotus, Service.SKYPE)
    services, removal = (
        f"/customers/{kiln.microsoft_id}/services",
        f"/settings/partner-relationships/{lotus.microsoft_id}/remove",
    )
    visitor, customer = visit("Lin Chen"), visit("Mei Zhou")

    def told() -> list[bool]:
        said = (detail(visitor.portal(LIST)), visitor.portal(services).text, customer.portal(removal).text)
        wordings = ("you can still sell", "It can still sell", "but can still sell to you")
        return [wording in each for wording, each in zip(wordings, said, strict=True)]

    assert told() == [True, True, True]
    lotus.suspended = True
    assert told() == [False, False, False]
    assert "holds no delegated admin for this at Blue Kiln." in visitor.portal(services).text


def test_nothing_to_restore_while_everything_is_held(visit: Any, lotus: Partner, mei: User) -> None:
    accepts(mei, lotus)
    page = visit("Lin Chen").portal(LIST)
    assert "Restore" not in detail(page)


@pytest.mark.rule("R62")
def test_restored_the_row_is_the_same_one(visit: Any, lotus: Partner, mei: User) -> None:
    accepts(mei, lotus)
    revocation.revoke(lotus, list(Service), by=mei)
    accepts(mei, lotus)
    [row] = visit("Lin Chen").portal(LIST).rows()
    assert "3 of 3" in row[3]


@pytest.mark.parametrize("wanted", ["blue", "BLUE", "kiln", "bluekiln.ex", "  Blue   Kiln ", "ｂｌｕｅ"])
def test_a_search_finds_how_a_word_of_name_or_domain_begins(visit: Any, lotus: Partner, mei: User, wanted: str) -> None:
    accepts(mei, lotus)
    customers_of(lotus, 3)
    assert names(visit("Lin Chen").portal(LIST, q=wanted)) == ["Blue Kiln"]


def test_a_search_finds_chinese_at_any_character(visit: Any, lotus: Partner) -> None:
    accepts(global_admin(a_customer("晨光诊所", "chenguang.example")), lotus)
    lin = visit("Lin Chen")
    assert names(lin.portal(LIST, q="诊所")) == ["晨光诊所"]
    assert names(lin.portal(LIST, q="所诊")) == []


def test_a_search_that_finds_nothing_says_so_and_leads_back(visit: Any, lotus: Partner, mei: User) -> None:
    accepts(mei, lotus)
    lin = visit("Lin Chen")
    page = lin.portal(LIST, q="iln")
    assert page.rows() == []
    assert page.soup.select_one(".empty a")["href"] == f"{lin.room}/partner/customers"


def test_a_rivals_customers_are_not_found(visit: Any, delta: Customer) -> None:
    page = visit("Lin Chen").portal(LIST, q="delta")
    assert page.rows() == []
    assert delta.microsoft_id not in page.text


def test_a_long_list_goes_on_where_the_page_ended(visit: Any, lotus: Partner) -> None:
    everyone = sorted(customer.name for customer in customers_of(lotus, 60, ()))
    lin, seen = visit("Lin Chen"), []
    for query in ({}, {"q": "customer"}):
        page, seen = lin.portal(LIST, **query), []
        while True:
            seen += names(page)
            further = page.soup.select_one("nav.pager a[rel=next]")
            if further is None:
                break
            page = lin.open(str(further["href"]))
        assert seen == everyone


@pytest.mark.parametrize("after", ["", "-1", "x", "1" * 40, "٣"])
def test_a_mangled_place_in_the_list_begins_at_its_beginning(visit: Any, lotus: Partner, after: str) -> None:
    customers_of(lotus, 2, ())
    page = visit("Lin Chen").portal(LIST, name="zzz", after=after)
    assert names(page) == ["Customer 0000", "Customer 0001"]


@pytest.mark.rule("P7")
def test_what_one_person_searched_for_stands_on_nobody_elses_page(visit: Any, lotus: Partner, mei: User) -> None:
    accepts(mei, lotus, Service.EXCHANGE)
    db.session.commit()
    hugo = visit("Hugo Park")
    hugo.portal("/customers", q="blue", show="partly")
    ways = [str(way["href"]) for way in hugo.portal("/customers").soup.select("main a[href*='sign-in']")]
    assert ways
    assert [way for way in ways if "blue" in way] == []
