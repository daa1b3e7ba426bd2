"""The dashboard of a partner."""

from typing import Any

import pytest

from shared.domain import ending, revocation
from shared.domain.organisations import Customer, Partner
from shared.domain.services import Service
from shared.domain.users import User
from tests.builders import accepts, customers_of, global_admin
from tests.conftest import the
from tests.visitor import Page, words

REQUEST = "/customers/request-a-reseller-relationship"


def linked(page: Page) -> set[str]:
    """Everywhere the page leads."""
    return {str(link["href"]) for link in page.soup.select("main a[href]")}


@pytest.mark.rule("R11")
def test_whoever_may_request_finds_the_way_there(visit: Any) -> None:
    lin = visit("Lin Chen")
    assert f"{lin.room}/partner{REQUEST}" in linked(lin.portal())


@pytest.mark.rule("R10", "P7")
@pytest.mark.parametrize("name", ["Hugo Park", "Bea Novak", "Uma Iyer"])
def test_whoever_may_not_request_reads_why_instead(visit: Any, name: str) -> None:
    visitor = visit(name)
    page = visitor.portal()
    assert f"{visitor.room}/partner{REQUEST}" not in linked(page)
    assert "Sales agent" in page.soup.select_one("[aria-disabled=true] + .reason").text


@pytest.mark.rule("R73")
def test_a_suspended_partner_reads_why_it_cannot_request(visit: Any, lotus: Partner) -> None:
    lotus.suspended = True
    lin = visit("Lin Chen")
    page = lin.portal()
    assert f"{lin.room}/partner{REQUEST}" not in linked(page)
    assert "suspended" in page.soup.select_one("[aria-disabled=true] + .reason").text


@pytest.mark.rule("R37")
def test_the_newest_customers_stand_there_at_most_five(visit: Any, lotus: Partner) -> None:
    customers_of(lotus, 7)
    newest = visit("Lin Chen").portal().soup.select("[aria-labelledby=newest] a")
    assert len(newest) == 5


@pytest.mark.rule("R59")
def test_what_was_lost_lately_stands_there_with_its_reason(visit: Any, lotus: Partner, mei: User) -> None:
    accepts(mei, lotus)
    revocation.revoke(lotus, [Service.EXCHANGE], by=mei)
    page = visit("Lin Chen").portal()
    lost = page.soup.select_one("[aria-labelledby=lost]").text
    assert "Blue Kiln" in lost
    assert "removed by the customer" in lost
    assert "SharePoint" not in lost


@pytest.mark.rule("R59", "R66")
def test_a_lost_customer_is_a_link_only_while_it_is_in_the_list(
    visit: Any, lotus: Partner, mei: User, kiln: Customer
) -> None:
    accepts(mei, lotus)
    revocation.revoke(lotus, [Service.EXCHANGE], by=mei)
    lin = visit("Lin Chen")
    assert lin.portal().soup.select_one("[aria-labelledby=lost] a").text == "Blue Kiln"
    ending.remove(kiln, by=the(User, "Gao Rui"))
    page = lin.portal()
    assert [words(line) for line in page.soup.select("[aria-labelledby=lost] .stack-row")][-1].startswith("Blue Kiln")
    assert page.soup.select("[aria-labelledby=lost] a") == []


@pytest.mark.rule("P7")
def test_roles_that_see_no_customers_see_none_here(visit: Any, lotus: Partner) -> None:
    [customer] = customers_of(lotus, 1)
    revocation.revoke(lotus, [Service.SKYPE], by=global_admin(customer))
    for name in ("Bea Novak", "Uma Iyer"):
        page = visit(name).portal()
        assert page.status == 200
        assert customer.name not in page.text


def test_a_rival_sees_nothing_of_it(visit: Any, lotus: Partner) -> None:
    [customer] = customers_of(lotus, 1)
    assert customer.name not in visit("Jonas Falk").portal().text


@pytest.mark.rule("P7")
def test_the_menu_shows_only_what_the_role_may_use(visit: Any) -> None:
    assert {"Customers", "Activity log"} <= set(visit("Hugo Park").portal().menu)
    assert visit("Bea Novak").portal().menu == ["Dashboard", "Pricing and offers"]
