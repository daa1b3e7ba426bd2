"""The landing page of the admin center."""

from datetime import timedelta
from typing import Any

import pytest

from shared.domain import licences, revocation, subscription_changes
from shared.domain.organisations import Customer, Partner
from shared.domain.services import Service
from shared.domain.subscription_changes import SuspendReason
from shared.domain.users import User
from shared.world import clock
from shared.world.calendar import start_of
from tests.builders import accepts, buys
from tests.visitor import english, words


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


@pytest.mark.rule("S5", "S7", "S8", "S13")
def test_it_shows_what_was_bought_and_is_free_and_first_what_ends_soonest(
    visit: Any, kiln: Customer, lotus: Partner, lin: User, mei: User
) -> None:
    spare, lapsing, gone, paused = (buys(kiln, "e3", lotus, seats=number) for number in range(1, 5))
    licences.assign(mei, spare, by=mei)
    lapsing.auto_renew = False
    subscription_changes.cancel(gone, by=lin)
    paused.nickname = "Front desk"
    clock.advance(timedelta(days=1))
    subscription_changes.suspend(paused, SuspendReason.CUSTOMER_REQUEST, by=lin)
    page = visit("Ulla Maas").portal()
    assert [words(row) for row in page.soup.select("[aria-labelledby=bought] .stack-row")] == [
        "Office 365 Enterprise E3 Cancelled Lotus Cloud, 3 licences 59 days left",
        "Front desk Suspended Lotus Cloud, 4 licences, 4 free 60 days left",
        f"Office 365 Enterprise E3 Lotus Cloud, 2 licences, 2 free Term ends {english(start_of(lapsing.ends_on))}",
        "Office 365 Enterprise E1 21Vianet, 25 licences, 20 free",
        "Office 365 Enterprise E3 Lotus Cloud, 1 licence, 0 free",
    ]
    assert page.follow("Front desk").heading == "Front desk"
    buys(kiln, "e3", lotus)
    more = visit("Mei Zhou").portal()
    assert len(more.soup.select("[aria-labelledby=bought] .stack-row")) == 5
    assert "And 1 more." in more.text
    assert len(more.follow("Licences").rows()) == 6


@pytest.mark.rule("S5")
def test_where_nothing_was_bought_it_says_what_will_appear(visit: Any) -> None:
    card = visit("Cai Yun").portal().soup.select_one("[aria-labelledby=bought]")
    assert "sells to your organisation appears here" in card.text


@pytest.mark.parametrize("name", ["Hal Brandt", "Nora Quist"])
def test_whoever_may_not_see_what_was_bought_reads_nothing_of_it(visit: Any, name: str) -> None:
    assert visit(name).portal().soup.select_one("[aria-labelledby=bought]") is None


def test_another_tenant_sees_nothing_of_it(visit: Any, lotus: Partner, mei: User) -> None:
    accepts(mei, lotus)
    assert "Lotus Cloud" not in visit("Dana Weiss").portal().text
