"""The activity log of a customer."""

from typing import Any

import pytest

from shared.domain import revocation
from shared.domain.organisations import Partner
from shared.domain.services import Service
from shared.domain.users import User
from tests.builders import accepts

LOG = "/activity"


@pytest.mark.rule("R81", "R60")
def test_every_act_stands_there_newest_first(visit: Any, lotus: Partner, mei: User) -> None:
    accepts(mei, lotus, Service.SKYPE)
    revocation.revoke(lotus, [Service.SKYPE], by=mei)
    rows = visit("Mei Zhou").portal(LOG).rows()
    assert len({row[1] for row in rows}) == len(rows) == 3
    assert ["removed by the customer" in " ".join(row) for row in rows] == [True, False, False]
    assert "elationship" in rows[2][1]
    assert all("Lotus Cloud" in row[2] and "Mei Zhou" in row[-1] for row in rows)
    assert "removed by the customer" in " ".join(rows[0])


@pytest.mark.rule("R25", "R81")
def test_a_colleagues_refusal_stands_there_once(visit: Any, lotus: Partner) -> None:
    visit("Nora Quist").portal(LOG)
    [row] = visit("Mei Zhou").portal(LOG).rows()
    assert "refused" in row[1]
    assert "P7" in " ".join(row)
    assert "Nora Quist" in " ".join(row)


@pytest.mark.rule("R81")
def test_what_a_partner_was_refused_is_not_the_customers_business(visit: Any, lotus: Partner, mei: User) -> None:
    accepts(mei, lotus)
    visit("Hugo Park").portal("/customers/request-a-reseller-relationship")
    assert not any("refused" in row[1] for row in visit("Mei Zhou").portal(LOG).rows())


def test_another_tenant_sees_nothing_of_it(visit: Any, lotus: Partner, mei: User) -> None:
    accepts(mei, lotus)
    assert "Blue Kiln" not in visit("Dana Weiss").portal(LOG).text


@pytest.mark.rule("R81")
def test_nobody_can_edit_it(visit: Any) -> None:
    assert visit("Mei Zhou").portal(LOG).soup.select("main form") == []


@pytest.mark.parametrize("before", ["", "-1", "abc", "9" * 30])
def test_a_mangled_place_in_the_log_begins_at_its_beginning(visit: Any, lotus: Partner, mei: User, before: str) -> None:
    accepts(mei, lotus)
    assert len(visit("Mei Zhou").portal(LOG, before=before).rows()) == 4


@pytest.mark.rule("P7")
def test_only_global_and_billing_admins_read_it(visit: Any) -> None:
    assert visit("Bo Lindt").portal(LOG).status == 200
    page = visit("Hal Brandt").portal(LOG)
    assert (page.status, page.refusal) == (403, "ROLE")
