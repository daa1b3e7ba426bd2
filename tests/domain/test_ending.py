"""A partner ends its relationship with a customer (R64-R67)."""

from typing import Any

import pytest
from sqlalchemy import delete

from shared.domain import capabilities, customer_list, ending, orders, privileges, relationships, subscription_changes
from shared.domain.capabilities import Action
from shared.domain.history import EventKind
from shared.domain.offers import OFFERS
from shared.domain.organisations import Customer, Partner
from shared.domain.refusals import Code, Refusal
from shared.domain.services import Service
from shared.domain.subscription_changes import SuspendReason
from shared.domain.subscriptions import Subscription
from shared.domain.users import User
from shared.extensions import db
from shared.world import clock
from tests.builders import accepts, buys, the_chain_ends
from tests.conftest import the
from tests.domain.conftest import code, events, letters, readers


@pytest.fixture
def gao(lotus: Partner) -> User:
    """Global admin of Lotus."""
    return the(User, "Gao Rui")


def nothing_is_active(customer: Customer) -> None:
    """Every subscription of the customer is out of the way."""
    db.session.execute(delete(Subscription).where(Subscription.customer_id == customer.id))


@pytest.mark.rule("R66")
def test_it_ends_the_listing_and_the_delegated_admin_and_tells_both_sides(
    kiln: Customer, lotus: Partner, mei: User, gao: User, lin: User, elsewhere: Any
) -> None:
    accepts(mei, lotus, Service.EXCHANGE, Service.SKYPE)
    assert ending.remove(kiln, by=gao) == [Service.EXCHANGE, Service.SKYPE]
    assert not customer_list.listed(lotus).rows
    assert privileges.held_by(lotus, kiln) == set()
    held = privileges.of_pair(lotus, kiln)[Service.EXCHANGE]
    assert held.ended_by == "relationship_ended"
    assert [event.by for event in events(EventKind.END_RELATIONSHIP, kiln)] == [gao]
    assert readers("ended") == sorted([lin.id, mei.id])
    assert letters("ended")[0].facts["services"] == ["exchange", "skype"]


@pytest.mark.rule("R66", "R39")
def test_afterwards_nothing_can_be_sold(kiln: Customer, lotus: Partner, mei: User, gao: User) -> None:
    accepts(mei, lotus)
    ending.remove(kiln, by=gao)
    refusal = capabilities.why_not_sell(lotus, kiln)
    assert refusal
    assert refusal.code == "NO_RELATIONSHIP"


@pytest.mark.rule("R65", "R66")
def test_afterwards_what_was_suspended_for_it_is_not_reactivated_before_a_new_request(
    kiln: Customer, lotus: Partner, mei: User, gao: User, lin: User
) -> None:
    accepts(mei, lotus)
    sold = orders.order(kiln, OFFERS["e1"], 3, by=lin)
    subscription_changes.suspend(sold, SuspendReason.CUSTOMER_REQUEST, by=lin)
    assert subscription_changes.why_not_reactivate(sold, by=lin) is None
    ending.remove(kiln, by=gao)
    assert code(subscription_changes.why_not_reactivate(sold, by=lin)) is Code.NO_RELATIONSHIP
    accepts(mei, lotus)
    assert subscription_changes.why_not_reactivate(sold, by=lin) is None


@pytest.mark.rule("R65")
@pytest.mark.parametrize("stopped", ["suspended_at", "cancelled_at"])
def test_what_is_suspended_or_cancelled_does_not_stand_in_the_way(
    kiln: Customer, lotus: Partner, mei: User, gao: User, stopped: str
) -> None:
    accepts(mei, lotus)
    sold = buys(kiln, "e3", lotus)
    assert ending.in_the_way(lotus, kiln) == [sold]
    setattr(sold, stopped, clock.now())
    assert ending.in_the_way(lotus, kiln) == []
    ending.remove(kiln, by=gao)
    assert relationships.between(lotus, kiln).until  # type: ignore[union-attr]


@pytest.mark.rule("R67")
def test_the_normal_request_begins_it_again_where_it_ended(
    kiln: Customer, lotus: Partner, mei: User, gao: User
) -> None:
    accepts(mei, lotus)
    before = relationships.between(lotus, kiln)
    ending.remove(kiln, by=gao)
    accepts(mei, lotus, Service.SKYPE)
    after = relationships.between(lotus, kiln)
    assert after is before
    assert after
    assert after.active
    assert privileges.held_by(lotus, kiln) == {Service.SKYPE}


@pytest.mark.rule("R64")
@pytest.mark.parametrize("name", ["Lin Chen", "Sara Blom", "Hugo Park", "Bea Novak", "Uma Iyer", "Mei Zhou"])
def test_only_a_global_admin_of_the_partner_may(kiln: Customer, lotus: Partner, mei: User, name: str) -> None:
    accepts(mei, lotus)
    with pytest.raises(Refusal) as told:
        ending.remove(kiln, by=the(User, name))
    assert (told.value.code, told.value.rule) == ("ROLE", "R64")
    assert privileges.held_by(lotus, kiln) == set(Service)


@pytest.mark.rule("R65")
def test_while_one_subscription_it_sold_is_active_it_stays(
    delta: Customer, lotus: Partner, dana: User, gao: User
) -> None:
    accepts(dana, lotus)
    db.session.add(Subscription(customer=delta, seller=lotus, offer_key="e1", seats=1))
    db.session.flush()
    assert [sold.offer_key for sold in ending.in_the_way(lotus, delta)] == ["e1"]
    with pytest.raises(Refusal) as told:
        ending.remove(delta, by=gao)
    assert (told.value.code, told.value.rule) == ("STILL_ACTIVE", "R65")
    nothing_is_active(delta)
    ending.remove(delta, by=gao)


@pytest.mark.rule("R65", "R3")
def test_what_others_sold_stands_in_nobodys_way(delta: Customer, lotus: Partner, dana: User, gao: User) -> None:
    accepts(dana, lotus)
    ending.remove(delta, by=gao)
    assert privileges.held_by(lotus, delta) == set()
    assert db.session.query(Subscription).filter_by(customer_id=delta.id).count() == 1


@pytest.mark.rule("R67")
def test_an_indirect_reseller_goes_through_its_provider(
    kiln: Customer, harbor: Partner, reed: Partner, mei: User
) -> None:
    accepts(mei, reed, Service.SKYPE)
    refusal = ending.why_not_end(reed, kiln)
    assert refusal
    assert (refusal.code, refusal.facts["provider"]) == ("PROVIDER_ENDS", harbor)
    ren = the(User, "Ren Tao")  # no role of it may, so the role is not what stands in the way
    for asked in (
        ending.why_not_remove(ren, kiln),
        capabilities.why_not_for_as(ren, Action.REMOVE_RELATIONSHIP, kiln),
    ):
        assert code(asked) is Code.PROVIDER_ENDS


@pytest.mark.rule("R66", "R70")
def test_what_the_provider_ends_ends_for_its_reseller_too(
    kiln: Customer, harbor: Partner, reed: Partner, jade: Partner, mei: User
) -> None:
    accepts(mei, jade, Service.SKYPE)
    the_chain_ends(mei, harbor, reed)
    assert [privileges.held_by(partner, kiln) for partner in (harbor, reed, jade)] == [set(), set(), {Service.SKYPE}]


def test_pressing_it_twice_is_refused_once_it_is_over(kiln: Customer, lotus: Partner, mei: User, gao: User) -> None:
    accepts(mei, lotus)
    ending.remove(kiln, by=gao)
    with pytest.raises(Refusal) as told:
        ending.remove(kiln, by=gao)
    assert told.value.code == "NO_RELATIONSHIP"
