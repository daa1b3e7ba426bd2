"""The customer list narrowed, in another order, and as a file."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest

from partner_portal import customer_export
from shared.domain import customer_choice, relationships, revocation
from shared.domain.organisations import Customer, Partner
from shared.domain.services import Service
from shared.domain.users import User
from shared.world import clock
from tests.builders import a_customer, accepts, customers_of, global_admin
from tests.partner_portal.test_customers import LIST, names
from tests.visitor import Page

FILE = "/customers.csv"
HEADS = ["Microsoft ID", "Company name", "Primary domain", "Relationship", "Delegated admin"]


def one_of_each(partner: Partner) -> None:
    """A customer that lets the partner administer everything, one something, one nothing; a minute apart."""
    for word, services in (("Amber", list(Service)), ("Birch", [Service.SKYPE]), ("Cedar", [])):
        clock.advance(timedelta(minutes=1))
        admin = global_admin(a_customer(f"{word} Mill"))
        accepts(admin, partner)
        revocation.revoke(partner, [service for service in Service if service not in services], by=admin)


def chosen_in_words(page: Page) -> list[str]:
    """What the toolbar says is chosen."""
    return [link.text for link in page.soup.select(".filters [aria-current=true]")]


def follow(page: Page, text: str) -> Page:
    """Press one of the choices."""
    [link] = [link for link in page.soup.select(".filters a") if link.text == text]
    return page.visitor.open(str(link["href"]))


def sheet(page: Page) -> list[list[str]]:
    """The file as a spreadsheet reads it."""
    assert page.response.data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(page.response.data.decode("utf-8-sig"), newline="")))


@pytest.mark.rule("R2", "R37")
def test_each_choice_is_one_press_away_and_says_that_it_is_chosen(visit: Any, lotus: Partner) -> None:
    one_of_each(lotus)
    page = visit("Lin Chen").portal(LIST)
    assert (names(page), chosen_in_words(page)) == (
        ["Amber Mill", "Birch Mill", "Cedar Mill"],
        ["All customers", "By name"],
    )
    for text, expected in {"Full delegated admin": "Amber", "Some services missing": "Birch"}.items():
        page = follow(page, text)
        assert (names(page), chosen_in_words(page)) == ([f"{expected} Mill"], [text, "By name"])
    page = follow(follow(page, "No delegated admin"), "Newest first")
    assert (names(page), chosen_in_words(page)) == (["Cedar Mill"], ["No delegated admin", "Newest first"])
    assert names(follow(page, "All customers")) == ["Cedar Mill", "Birch Mill", "Amber Mill"]


@pytest.mark.rule("R37")
def test_a_search_within_a_choice_keeps_it(visit: Any, lotus: Partner) -> None:
    one_of_each(lotus)
    page = visit("Lin Chen").portal(LIST, show="partly", sort="newest")
    hidden = {str(tag["name"]): str(tag["value"]) for tag in page.soup.select(".search-bar input[type=hidden]")}
    assert hidden == {"show": "partly", "sort": "newest"}
    assert names(page.visitor.portal(LIST, q="mill", **hidden)) == ["Birch Mill"]
    page = page.visitor.portal(LIST, q="amber", **hidden)
    assert names(page) == []
    assert "Some services missing" in page.soup.select_one(".empty").text
    assert "amber" in page.soup.select_one(".empty").text


def test_a_long_choice_goes_on_where_the_page_ended(visit: Any, lotus: Partner) -> None:
    everyone = sorted((customer.name for customer in customers_of(lotus, 60)), reverse=True)
    page, seen = visit("Lin Chen").portal(LIST, show="fully", sort="newest"), []
    while True:
        seen += names(page)
        further = page.soup.select_one("nav.pager a[rel=next]")
        if further is None:
            break
        page = page.visitor.open(str(further["href"]))
    assert sorted(seen, reverse=True) == everyone
    first = page.visitor.open(str(page.soup.select_one("nav.pager a[rel=first]")["href"]))
    assert chosen_in_words(first) == ["Full delegated admin", "Newest first"]


def test_a_choice_that_finds_nobody_says_which_and_leads_back(visit: Any, lotus: Partner, mei: User) -> None:
    accepts(mei, lotus)
    lin = visit("Lin Chen")
    empty = lin.portal(LIST, show="not").soup.select_one(".empty")
    assert "“No delegated admin”" in empty.text
    assert empty.select_one("a")["href"] == f"{lin.room}/partner/customers"


@pytest.mark.parametrize("show", ["", "x", "FULLY", "none", "all"])
def test_a_choice_nobody_offers_shows_all(visit: Any, lotus: Partner, show: str) -> None:
    one_of_each(lotus)
    page = visit("Lin Chen").portal(LIST, show=show, sort=show)
    assert (len(names(page)), chosen_in_words(page)) == (3, ["All customers", "By name"])


@pytest.mark.rule("R2", "R37")
def test_the_file_holds_every_customer_with_both_ties(visit: Any, lotus: Partner, delta: Customer) -> None:
    one_of_each(lotus)
    page = visit("Lin Chen").portal(FILE)
    head, amber, birch, cedar = sheet(page)
    assert head == HEADS
    assert amber[1:] == [
        "Amber Mill",
        "ambermill.example",
        "Reseller",
        "Exchange Online; SharePoint Online; Skype for Business Online",
    ]
    assert (birch[4], cedar[3:]) == ("Skype for Business Online", ["Reseller", "none"])
    assert len(amber[0]) == 36
    assert delta.name not in page.text


def test_the_file_is_named_after_the_partner_and_the_day_in_the_room_and_is_not_kept(
    visit: Any, lotus: Partner
) -> None:
    clock.advance(timedelta(days=3650))
    response = visit("Lin Chen").portal(FILE).response
    day = clock.now().year
    assert f"customers-lotus-cloud-{day}-" in response.headers["Content-Disposition"]
    assert response.headers.getlist("Cache-Control") == ["no-store"]
    assert response.mimetype == "text/csv"
    lotus.name = "蓝云 / ../科技"
    kept = visit("Lin Chen").portal(FILE).response.headers["Content-Disposition"]
    assert "filename*=UTF-8''customers-%E8%93%9D%E4%BA%91-%E7%A7%91%E6%8A%80-" in kept


@pytest.mark.rule("R37")
def test_the_file_holds_what_the_list_was_narrowed_to(visit: Any, lotus: Partner) -> None:
    one_of_each(lotus)
    lin = visit("Lin Chen")
    for query in ({"show": "partly"}, {"q": "birch"}, {"q": "mill", "show": "partly"}):
        page = lin.portal(LIST, **query)
        [export] = [link for link in page.soup.select(".page-head-action a") if "Export" in link.text]
        assert [row[1] for row in sheet(lin.open(str(export["href"])))[1:]] == ["Birch Mill"]
    assert [row[1] for row in sheet(lin.portal(FILE, sort="newest"))[1:]] == ["Cedar Mill", "Birch Mill", "Amber Mill"]


def test_a_long_file_is_whole(visit: Any, lotus: Partner, monkeypatch: pytest.MonkeyPatch) -> None:
    everyone = [customer.name for customer in customers_of(lotus, 30, ())]
    monkeypatch.setattr(customer_choice, "BATCH", 7)
    monkeypatch.setattr(customer_export, "IN_MEMORY", 100)
    assert [row[1] for row in sheet(visit("Lin Chen").portal(FILE))[1:]] == sorted(everyone)


@pytest.mark.parametrize(("language", "head"), [("de", "Microsoft-ID"), ("zh-CN", "公司名称")])
def test_the_file_is_headed_in_the_readers_language(visit: Any, lotus: Partner, language: str, head: str) -> None:
    relationships.begin(lotus, a_customer("晨光诊所", "chenguang.example"))
    first, row = sheet(visit("Lin Chen", **{"Accept-Language": language}).portal(FILE))
    assert head in first
    assert row[1] == "晨光诊所"


@pytest.mark.parametrize("name", ['=HYPERLINK("x")', "+1", "-1", "@SUM(1)", "\t=1", " =1", "＝1", 'Quote", "s'])
def test_no_cell_of_the_file_acts(visit: Any, lotus: Partner, name: str) -> None:
    relationships.begin(lotus, a_customer(name, "evil.example"))
    [_head, row] = sheet(visit("Lin Chen").portal(FILE))
    assert row[1] == (name if name.startswith("Quote") else f"'{name}")
    assert len(row) == len(HEADS)


def test_without_customers_the_file_has_its_heads_alone(visit: Any) -> None:
    assert sheet(visit("Hanna Ott").portal(FILE)) == [HEADS]
