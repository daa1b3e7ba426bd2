"""What somebody may do with a subscription in the state it is in."""

import pytest

from shared.domain import (
    abilities,
    capabilities,
    licences,
    orders,
    relationships,
    subscription_changes,
    subscriptions,
    upgrades,
)
from shared.domain.abilities import Known
from shared.domain.capabilities import Action
from shared.domain.offers import OFFERS
from shared.domain.organisations import Customer, Partner
from shared.domain.refusals import Code
from shared.domain.subscription_changes import SuspendReason
from shared.domain.subscriptions import Subscription
from shared.domain.users import User
from tests.builders import accepts
from tests.conftest import the
from tests.domain.conftest import code


@pytest.fixture
def sold(kiln: Customer, lotus: Partner, mei: User, lin: User) -> Subscription:
    """Lotus administers all of Blue Kiln and sold it the smallest offer."""
    accepts(mei, lotus)
    return orders.order(kiln, OFFERS["business"], 5, by=lin)


@pytest.mark.parametrize("suspended", [False, True])
def test_the_table_says_what_the_acts_themselves_say(sold: Subscription, lin: User, *, suspended: bool) -> None:
    if suspended:
        subscription_changes.suspend(sold, SuspendReason.FRAUD, by=lin)
    said = {
        Action.SUSPEND: subscription_changes.why_not_suspend(sold, by=lin),
        Action.REACTIVATE: subscription_changes.why_not_reactivate(sold, by=lin),
        Action.CANCEL: subscription_changes.why_not_cancel(sold, by=lin),
        Action.ADD_SEATS: subscription_changes.why_not_seats(sold, 6, by=lin),
        Action.REMOVE_SEATS: subscription_changes.why_not_seats(sold, 4, by=lin),
        Action.ORDER_ADD_ON: orders.why_not_add_ons(sold, by=lin),
    }
    for action, refusal in said.items():
        assert code(abilities.why_not(action, sold, by=lin)) is code(refusal)
    eligible = any(not failed for failed in upgrades.options(sold, by=lin).values())
    assert (abilities.why_not(Action.UPGRADE, sold, by=lin) is None) is eligible is not suspended


@pytest.mark.rule("S3")
def test_where_not_even_one_licence_more_or_less_is_possible_the_table_says_so(
    sold: Subscription, lin: User, mei: User
) -> None:
    def said(action: Action, known: Known | None = None) -> Code | None:
        return code(abilities.why_not(action, sold, by=lin, known=known))

    sold.seats = 1
    assert said(Action.REMOVE_SEATS) is Code.TOO_FEW_SEATS
    sold.seats = 2
    for user in (mei, the(User, "Nora Quist")):
        assert said(Action.REMOVE_SEATS) is None
        licences.assign(user, sold, by=lin)
    assert said(Action.REMOVE_SEATS) is Code.SEATS_ASSIGNED
    assert said(Action.ADD_SEATS) is None
    orders.order(sold.customer, OFFERS["business"], 298, by=lin)
    assert said(Action.ADD_SEATS) is Code.OVER_CAP
    known = Known(bought=subscriptions.of_customer(sold.customer), assigned=licences.assigned_of([sold]))
    with_what_is_known = [said(action, known) for action in (Action.REMOVE_SEATS, Action.ADD_SEATS)]
    assert with_what_is_known == [Code.SEATS_ASSIGNED, Code.OVER_CAP]


@pytest.mark.rule("S4", "S11")
def test_what_has_no_add_on_and_no_larger_offer_says_so(kiln: Customer, lotus: Partner, lin: User, mei: User) -> None:
    accepts(mei, lotus)
    proplus = orders.order(kiln, OFFERS["proplus"], 5, by=lin)
    assert code(abilities.why_not(Action.ORDER_ADD_ON, proplus, by=lin)) is Code.NO_ADD_ONS
    relationships.begin(lotus, kiln)
    assert code(upgrades.why_not_any(proplus, by=lin)) is Code.NO_PATH


@pytest.mark.rule("R56", "R34")
def test_whoever_may_not_act_in_any_state_does_not_learn_the_state(sold: Subscription, lin: User) -> None:
    jonas = the(User, "Jonas Falk")
    subscription_changes.suspend(sold, SuspendReason.FRAUD, by=lin)
    for action in capabilities.NEEDS:
        assert code(abilities.why_not(action, sold, by=jonas)) in (Code.NOT_SELLER, Code.NO_DAP)
