"""Customers > a customer > Who may do what: the matrix as it stands for this person now."""

from typing import Any

import pytest

from shared.domain import licences, relationships, revocation, subscription_changes, subscriptions
from shared.domain.organisations import Customer, Partner
from shared.domain.services import Service
from shared.domain.subscription_changes import SuspendReason
from shared.domain.subscriptions import Status, Subscription
from shared.domain.users import User
from shared.extensions import db
from tests.builders import accepts, adds, buys
from tests.conftest import the
from tests.visitor import Page, words


def cells(page: Page, action: str) -> list[str]:
    """What stands beside this action, column by column."""
    rows = [row for row in page.soup.select(".matrix tbody tr") if words(row.th) == action]
    return [words(cell) for row in rows for cell in row.find_all("td")]


def heads(page: Page) -> list[str]:
    """The subscriptions side by side."""
    return [words(head) for head in page.soup.select(".matrix")[-1].select("thead th")][1:]


def ways(page: Page) -> str:
    """What stands in the way, in words."""
    return " | ".join(words(way) for way in page.soup.select("[data-refusal]"))


def matrix(visit: Any, name: str, customer: Customer) -> Page:
    """The page, before this person."""
    page: Page = visit(name).portal(f"/customers/{customer.microsoft_id}/who-may-do-what")
    return page


@pytest.mark.rule("R31", "R32", "R33", "R34", "R38")
def test_another_partner_with_delegated_admin_manages_and_may_not_buy(
    visit: Any, delta: Customer, lotus: Partner, dana: User
) -> None:
    accepts(dana, lotus, Service.EXCHANGE)
    page = matrix(visit, "Lin Chen", delta)
    assert heads(page) == ["Office 365 Enterprise E3 · Jade IT 40 licences"]
    assert cells(page, "Assign licences") == ["yes"]
    assert cells(page, "Add licences") == ["no not the original reseller, rule R32"]
    assert cells(page, "Order add-ons") == ["no not the original reseller, rule R33"]
    assert cells(page, "Sell a new subscription") == ["yes"]
    assert "Only Jade IT, which sold it, can do this" in ways(page)


@pytest.mark.rule("R58", "R39", "S11")
def test_the_seller_without_delegated_admin_sells_and_may_not_manage(visit: Any, delta: Customer, dana: User) -> None:
    revocation.revoke(the(Partner, "Jade IT"), list(Service), by=dana)
    page = matrix(visit, "Jonas Falk", delta)
    assert cells(page, "Add licences") == ["yes"]
    assert cells(page, "Manage users in the admin center") == ["no no delegated admin, rule R58"]
    assert cells(page, "Upgrade to another offer") == ["no no delegated admin, rule S11"]
    assert "Ask Delta Foods for delegated admin: Exchange Online, SharePoint Online" in ways(page)


@pytest.mark.rule("R56")
def test_what_others_sold_has_no_name_for_who_may_not_see_it(
    visit: Any, delta: Customer, lotus: Partner, dana: User
) -> None:
    accepts(dana, lotus, Service.EXCHANGE)
    revocation.revoke(lotus, [Service.EXCHANGE], by=dana)
    page = matrix(visit, "Lin Chen", delta)
    assert heads(page) == ["Bought elsewhere"]
    assert page.soup.select(".matrix thead a") == []
    assert "Jade" not in page.text
    assert cells(page, "View the subscription") == ["no no delegated admin, rule R56"]


@pytest.mark.rule("P7", "R36", "R64")
def test_the_role_is_one_of_the_causes(visit: Any, kiln: Customer, lotus: Partner, mei: User) -> None:
    accepts(mei, lotus)
    assert cells(matrix(visit, "Sara Blom", kiln), "Assign licences") == ["no the role does not allow it, rule R36"]
    assert cells(matrix(visit, "Hugo Park", kiln), "Sell a new subscription")[0].startswith("no the role")
    remove = "Remove the reseller relationship"
    assert cells(matrix(visit, "Lin Chen", kiln), remove) == ["no the role does not allow it, rule R64"]
    assert cells(matrix(visit, "Gao Rui", kiln), remove) == ["yes"]


@pytest.mark.rule("R69", "R70", "R67")
def test_an_indirect_reseller_is_sent_to_its_provider(visit: Any, kiln: Customer, reed: Partner, mei: User) -> None:
    accepts(mei, reed)
    page = matrix(visit, "Ren Tao", kiln)
    assert cells(page, "Sell a new subscription") == ["no the provider acts, rule R70"]
    assert cells(page, "Request the relationship or restore delegated admin") == ["no an indirect reseller, rule R69"]
    assert cells(page, "Remove the reseller relationship") == ["no the provider ends it, rule R67"]
    assert "Ask Harbor Distribution, your indirect provider" in ways(page)
    there = page.follow("Pass on the text of your provider")
    assert there.heading == "Request a reseller relationship"
    assert "Pass on the text of your provider below." in there.notices[0]


@pytest.mark.rule("R38", "R41")
def test_an_advisor_is_sent_nowhere_for_what_it_never_does(
    visit: Any, kiln: Customer, willow: Partner, mei: User
) -> None:
    accepts(mei, willow)
    page = matrix(visit, "Wilma Kern", kiln)
    assert cells(page, "Sell a new subscription") == ["no an advisor sells nothing, rule R38"]
    add = page.visitor.portal(f"/customers/{kiln.microsoft_id}/subscriptions/add")
    for said in (ways(page), ways(add)):
        assert "Willow Advisory is an advisor: it sells nothing itself." in said
        assert "Request it from the customer" not in said


def test_many_subscriptions_stand_on_several_pages(visit: Any, kiln: Customer, lotus: Partner, mei: User) -> None:
    accepts(mei, lotus)
    db.session.add_all(Subscription(customer=kiln, seller=lotus, offer_key="e3", seats=n) for n in range(1, 6))
    page = matrix(visit, "Lin Chen", kiln)
    assert len(heads(page)) == 4
    assert len(heads(page.follow("Next page"))) == 2


def test_two_subscriptions_of_one_name_are_told_apart_by_their_size_and_lead_to_their_pages(
    visit: Any, delta: Customer, jade: Partner
) -> None:
    buys(delta, "e3", jade, seats=7).nickname = "Front desk"
    page = matrix(visit, "Jonas Falk", delta)
    assert heads(page) == ["Office 365 Enterprise E3 · Jade IT 40 licences", "Front desk · Jade IT 7 licences"]
    assert page.follow("Front desk · Jade IT").heading == "Front desk"


def test_two_that_are_alike_in_all_this_are_told_apart_by_their_numbers(
    visit: Any, delta: Customer, jade: Partner
) -> None:
    twins = [buys(delta, "e1", jade, seats=7) for _ in range(2)]
    buys(delta, "e1", jade, seats=8)
    assert [head.removeprefix("Office 365 Enterprise ") for head in heads(matrix(visit, "Jonas Falk", delta))] == [
        "E3 · Jade IT 40 licences",
        *(f"E1 · Jade IT 7 licences, ID {twin.microsoft_id[:8]}…" for twin in twins),
        "E1 · Jade IT 8 licences",
    ]


@pytest.mark.rule("R31", "R32", "R33", "R34", "R35")
def test_a_way_out_names_every_rule_that_stands_behind_it(
    visit: Any, delta: Customer, lotus: Partner, dana: User
) -> None:
    accepts(dana, lotus, Service.EXCHANGE)
    [way] = matrix(visit, "Lin Chen", delta).soup.select("[data-refusal=NOT_SELLER]")
    numbers = [words(number) for number in way.select(".rule summary [aria-hidden]")]
    assert sorted(number for number in numbers if number) == ["R31", "R32", "R33", "R34", "R35"]
    assert words(way).count("Only ") == 1  # who alone can do it is said once


@pytest.mark.rule("S4", "S6", "S7", "S9", "S10", "S11")
def test_the_state_of_a_subscription_is_one_of_the_causes_and_reactivating_it_the_way_out(
    visit: Any, delta: Customer, lotus: Partner, dana: User
) -> None:
    [e3] = subscriptions.of_customer(delta)
    assert cells(matrix(visit, "Jonas Falk", delta), "Reactivate") == ["no not suspended, rule S7"]
    assert "not suspended" not in ways(matrix(visit, "Jonas Falk", delta))
    subscription_changes.suspend(e3, SuspendReason.FRAUD, by=the(User, "Jonas Falk"))
    page = matrix(visit, "Jonas Falk", delta)
    assert cells(page, "Suspend") == ["no not active, rule S9"]
    assert cells(page, "Add licences") == cells(page, "Remove licences") == ["no subscription suspended, rule S10"]
    assert cells(page, "Order add-ons") == ["no not active, rule S4"]
    assert cells(page, "Assign licences") == ["no not active, rule S9"]
    assert cells(page, "Transition or migrate") == ["no not active, rule S11"]
    assert cells(page, "Upgrade to another offer") == ["no no upgrade path, rule S11"]
    assert cells(page, "Reactivate") == cells(page, "Cancel the subscription") == ["yes"]
    assert [words(title) for title in page.soup.select("[data-refusal=NOT_ACTIVE] .notice-title")] == [
        "Assign licences, Order add-ons, Transition or migrate"
    ]
    again = page.follow("Reactivate it first").press("Reactivate")
    assert (again.status, e3.status) == (200, Status.ACTIVE)
    subscription_changes.suspend(e3, SuspendReason.FRAUD, by=the(User, "Jonas Falk"))
    accepts(dana, lotus, Service.EXCHANGE)
    page = matrix(visit, "Lin Chen", delta)
    assert cells(page, "Assign licences") == ["no not active, rule S9"]
    assert cells(page, "Suspend") == ["no not the original reseller, rule R34"]
    assert "Ask Jade IT to reactivate it" in ways(page)


@pytest.mark.rule("S3")
def test_licences_that_are_all_assigned_are_taken_back_before_one_is_removed(
    visit: Any, delta: Customer, jade: Partner, dana: User
) -> None:
    licences.assign(dana, buys(delta, "e1", jade, seats=1), by=dana)
    licences.assign(dana, two := buys(delta, "e1", jade, seats=2), by=dana)
    kit, _temporary = adds(delta, "Kit Moor", f"kit@{delta.domain}", admin=None, by=dana)
    licences.assign(kit, two, by=dana)
    page = matrix(visit, "Jonas Falk", delta)
    assert cells(page, "Add licences") == ["yes"] * 3
    assert cells(page, "Remove licences") == [
        "yes",
        "no too few licences, rule S3",
        "no licences are assigned, rule S3",
    ]
    assert "To take back in the admin center first: 1." in ways(page)


@pytest.mark.rule("R73")
def test_a_suspended_partner_reads_all_it_cannot_do_meanwhile(visit: Any, lotus: Partner, kiln: Customer) -> None:
    relationships.begin(lotus, kiln)
    lotus.suspended = True
    [way] = matrix(visit, "Lin Chen", kiln).soup.select("[data-refusal=PARTNER_SUSPENDED]")
    assert (
        words(way).count("add customers, request relationships, order, change quantities, upgrade or transition") == 2
    )
