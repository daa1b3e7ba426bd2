"""The landing page of the admin center."""

from typing import Any

import pytest

from shared.domain import revocation
from shared.domain.organisations import Customer, Partner
from shared.domain.services import Service
from shared.domain.users import User
from tests.builders import accepts


def test_it_names_the_tenant(visit: Any, kiln: Customer) -> None:
    page = visit("Mei Zhou").portal()
    assert page.heading == kiln.name
    assert kiln.domain in page.text
    assert kiln.microsoft_id in page.text


@pytest.mark.rule("R45", "R54")
def test_it_shows_who_administers_now_and_nobody_who_does_no_more(
    visit: Any, lotus: Partner, willow: Partner, mei: User
) -> None:
    accepts(mei, lotus, Service.EXCHANGE, Service.SKYPE)
    accepts(mei, willow, Service.SKYPE)
    revocation.revoke(lotus, [Service.EXCHANGE], by=mei)
    held = visit("Mei Zhou").portal().soup.select_one("[aria-labelledby=held]").text
    assert (held.count("Lotus Cloud"), held.count("Willow Advisory")) == (1, 1)
    assert "Exchange" not in held


@pytest.mark.rule("R49", "R50")
@pytest.mark.parametrize(
    ("name", "menu"),
    [("Ulla Maas", ["Home", "Users", "Licences"]), ("Hal Brandt", ["Home", "Users"]), ("Nora Quist", ["Home"])],
)
def test_roles_that_see_no_partners_see_none_here_nor_in_the_menu(
    visit: Any, lotus: Partner, mei: User, name: str, menu: list[str]
) -> None:
    accepts(mei, lotus)
    page = visit(name).portal()
    assert page.status == 200
    assert "Lotus Cloud" not in page.text
    assert page.menu == menu


@pytest.mark.rule("R49")
def test_billing_admins_see_partners_here_and_in_the_menu(visit: Any, lotus: Partner, mei: User) -> None:
    accepts(mei, lotus)
    bo = visit("Bo Lindt")
    assert "Lotus Cloud" in bo.portal().text
    assert f"{bo.room}/admin/settings/partner-relationships" in [
        link["href"] for link in bo.portal().soup.select(".side a")
    ]


def test_another_tenant_sees_nothing_of_it(visit: Any, lotus: Partner, mei: User) -> None:
    accepts(mei, lotus)
    assert "Lotus Cloud" not in visit("Dana Weiss").portal().text
