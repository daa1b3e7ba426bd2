"""The activity log of a partner."""

from typing import Any

import pytest

from shared.domain import revocation
from shared.domain.organisations import Partner
from shared.domain.services import Service
from shared.domain.users import User
from tests.builders import accepts, customers_of

LOG = "/activity"


@pytest.mark.rule("R81")
def test_every_act_stands_there_newest_first(visit: Any, lotus: Partner, mei: User) -> None:
    accepts(mei, lotus, Service.EXCHANGE)
    revocation.revoke(lotus, [Service.EXCHANGE], by=mei)
    rows = visit("Lin Chen").portal(LOG).rows()
    assert len({row[1] for row in rows}) == len(rows) == 3
    assert ["removed by the customer" in " ".join(row) for row in rows] == [True, False, False]
    assert "elationship" in rows[2][1]
    assert all("Blue Kiln" in row[2] and "Mei Zhou" in row[-1] for row in rows)


@pytest.mark.rule("R81")
def test_a_refusal_of_ones_own_stands_there_once(visit: Any) -> None:
    visit("Hugo Park").portal("/customers/request-a-reseller-relationship")
    [row] = visit("Lin Chen").portal(LOG).rows()
    assert "refused" in row[1]
    assert "R10" in " ".join(row)


@pytest.mark.rule("R19", "R81")
def test_what_a_customer_was_refused_is_not_the_partners_business(visit: Any, lotus: Partner) -> None:
    lin = visit("Lin Chen")
    link = lin.portal("/customers/request-a-reseller-relationship").soup.select_one("#link")["value"]
    assert visit("Bo Lindt").open(str(link)).refusal == "NEEDS_GLOBAL_ADMIN"
    assert lin.portal(LOG).rows() == []


def test_a_rival_sees_nothing_of_it(visit: Any, lotus: Partner, mei: User) -> None:
    accepts(mei, lotus)
    assert "Blue Kiln" not in visit("Jonas Falk").portal(LOG).text


@pytest.mark.rule("R81")
def test_nobody_can_edit_it(visit: Any) -> None:
    lin = visit("Lin Chen")
    assert lin.portal(LOG).soup.select("main form") == []


def test_a_long_log_goes_on_where_the_page_ended(visit: Any, lotus: Partner) -> None:
    customers_of(lotus, 20)
    lin = visit("Lin Chen")
    page, seen = lin.portal(LOG), 0
    while True:
        seen += len(page.rows())
        further = page.soup.select_one("nav.pager a[rel=next]")
        if further is None:
            break
        page = lin.open(str(further["href"]))
    assert seen == 20 * 4


@pytest.mark.rule("P7")
def test_roles_that_see_no_customers_see_no_log(visit: Any) -> None:
    page = visit("Bea Novak").portal(LOG)
    assert (page.status, page.refusal) == (403, "ROLE")
