"""Moving a subscription up to a larger offer."""

import pytest

from shared.domain import history, keeping, licences, orders, relationships, revocation, subscription_changes, upgrades
from shared.domain.history import EventKind
from shared.domain.offers import OFFERS
from shared.domain.organisations import Customer, Partner
from shared.domain.refusals import Code, Refusal
from shared.domain.services import Service
from shared.domain.subscription_changes import SuspendReason
from shared.domain.subscriptions import Status, Subscription
from shared.domain.users import User
from shared.extensions import db
from shared.world import clock
from tests.builders import accepts, buys
from tests.conftest import the
from tests.domain.conftest import Elsewhere, events

ESSENTIALS, PREMIUM, E1, E3 = (OFFERS[key] for key in ("business_essentials", "business_premium", "e1", "e3"))


@pytest.fixture
def cedar(room: object) -> Customer:
    """A customer that has bought nothing yet."""
    return the(Customer, "Cedar Clinic")


@pytest.fixture
def cai(cedar: Customer) -> User:
    """Its Global admin."""
    return the(User, "Cai Yun")


@pytest.fixture
def sold(lotus: Partner, cedar: Customer, cai: User, lin: User) -> Subscription:
    """Business Essentials that Lotus sold and administers."""
    accepts(cai, lotus)
    return orders.order(cedar, ESSENTIALS, 5, by=lin)


def failed(subscription: Subscription, by: User, target: str = "business_premium") -> list[Code]:
    """Every condition that fails."""
    return [refusal.code for refusal in upgrades.why_not_upgrade(subscription, OFFERS[target], by=by)]


@pytest.mark.rule("S11", "S12", "R3")
def test_the_whole_subscription_moves_and_everybody_keeps_a_licence(
    sold: Subscription, cai: User, lin: User, lotus: Partner, cedar: Customer, elsewhere: Elsewhere
) -> None:
    licences.assign(cai, sold, by=cai)
    subscription_changes.rename(sold, "Front desk", by=lin)
    assert upgrades.paths(sold) == [PREMIUM, E1, E3]
    moved = upgrades.upgrade(sold, PREMIUM, 8, by=lin)
    assert (moved.offer, moved.seats, moved.seller, moved.status) == (PREMIUM, 8, lotus, Status.ACTIVE)
    assert (moved.ends_on, moved.nickname) == (sold.ends_on, "Front desk")
    assert sold.status is Status.DELETED
    assert [licence.subscription for licence in licences.of_user(cai)] == [moved]
    [event] = events(EventKind.UPGRADE_SUBSCRIPTION, cedar)
    became = {"old": "business_essentials", "new": "business_premium", "called": "Front desk", "beside": sold.id}
    assert (event.subscription, event.facts) == (moved, became)


@pytest.mark.rule("S12", "S4", "R81")
def test_what_it_became_and_what_was_put_on_top_of_it_stand_in_its_history_too(
    sold: Subscription, lin: User, cedar: Customer, elsewhere: Elsewhere
) -> None:
    add_on = orders.order_add_on(sold, OFFERS["protection"], 1, by=lin)
    subscription_changes.change_seats(add_on, 2, by=lin)
    orders.order(cedar, OFFERS["project_premium"], 1, by=lin)
    subscription_changes.cancel(add_on, by=lin)
    moved = upgrades.upgrade(sold, E3, 5, by=lin)
    subscription_changes.rename(moved, "Front desk", by=lin)
    told = [(event.kind, event.subscription) for event in history.of_subscription(sold)]
    assert told == [
        (EventKind.UPGRADE_SUBSCRIPTION, moved),
        (EventKind.ORDER, add_on),
        (EventKind.ORDER, sold),
    ]
    assert (keeping.became(sold), keeping.became(moved), keeping.became(add_on)) == (moved, None, None)
    assert [event.kind for event in history.of_subscription(add_on)] == [
        EventKind.CANCEL_SUBSCRIPTION,
        EventKind.UPDATE_SUBSCRIPTION,
        EventKind.ORDER,
    ]


@pytest.mark.rule("S12", "S5")
def test_nothing_of_what_was_upgraded_can_be_changed_and_the_reason_names_what_it_became(
    sold: Subscription, lin: User, cai: User
) -> None:
    moved = upgrades.upgrade(sold, PREMIUM, 5, by=lin)
    refusals = (
        subscription_changes.why_not_change_seats(sold, by=lin),
        subscription_changes.why_not_rename(sold, by=lin),
        subscription_changes.why_not_suspend(sold, by=lin),
        subscription_changes.why_not_reactivate(sold, by=lin),
        subscription_changes.why_not_cancel(sold, by=lin),
        orders.why_not_add_ons(sold, by=lin),
        upgrades.why_not_upgrade(sold, E3, by=lin)[0],
        licences.why_not_assign(cai, sold, by=cai),
        licences.why_not_change_own(sold),
    )
    for refusal in refusals:
        assert refusal
        assert (refusal.code, refusal.rule, refusal.facts["became"]) == (Code.UPGRADED, "S12", moved)
    assert subscription_changes.why_not_change_seats(moved, by=lin) is None


@pytest.mark.rule("S11", "R34")
def test_every_condition_that_fails_is_named_at_once(
    sold: Subscription, cai: User, lin: User, lotus: Partner, cedar: Customer, jade: Partner
) -> None:
    orders.order_add_on(sold, OFFERS["protection"], 1, by=lin)
    buys(cedar, "business_premium", jade)
    buys(cedar, "proplus")
    subscription_changes.suspend(sold, SuspendReason.FRAUD, by=lin)
    revocation.revoke(lotus, list(Service), by=cai)
    lotus.suspended = True
    assert failed(sold, lin) == [
        Code.PARTNER_SUSPENDED,
        Code.NO_DAP,
        Code.NOT_ACTIVE,
        Code.HAS_ADD_ONS,
        Code.HAS_OFFER,
        Code.HAS_SERVICES,
    ]
    with pytest.raises(Refusal):
        upgrades.upgrade(sold, PREMIUM, 5, by=lin)


@pytest.mark.rule("S11")
@pytest.mark.parametrize(
    ("other", "target", "expected"),
    [
        ("business_premium", "business_premium", Code.HAS_OFFER),
        ("proplus", "business_premium", Code.HAS_SERVICES),
        ("e3", "business_premium", Code.HAS_SERVICES),
        ("proplus", "e1", None),
        ("project_premium", "business_premium", None),
        ("e1", "e1", Code.HAS_OFFER),
    ],
)
def test_what_the_customer_has_already_stands_in_the_way_until_it_ends(
    sold: Subscription, lin: User, cedar: Customer, other: str, target: str, expected: Code | None
) -> None:
    theirs = buys(cedar, other)
    assert failed(sold, lin, target) == ([expected] if expected else [])
    theirs.cancelled_at = clock.now()
    assert failed(sold, lin, target) == []


@pytest.mark.rule("S11")
def test_an_offer_without_a_path_goes_nowhere(sold: Subscription, lin: User, cedar: Customer, lotus: Partner) -> None:
    assert failed(sold, lin, "proplus") == [Code.NO_PATH]
    assert upgrades.paths(buys(cedar, "e3", lotus)) == []
    assert upgrades.options(buys(cedar, "project_premium", lotus), by=lin) == {}


@pytest.mark.rule("S11", "R58")
def test_an_upgrade_needs_delegated_admin_and_seats_do_not(sold: Subscription, cai: User, lin: User) -> None:
    assert lin.partner
    revocation.revoke(lin.partner, list(Service), by=cai)
    assert failed(sold, lin) == [Code.NO_DAP]
    assert subscription_changes.why_not_seats(sold, 6, by=lin) is None


@pytest.mark.rule("R34", "S11")
def test_whoever_did_not_sell_it_reads_only_that(sold: Subscription, cai: User, jade: Partner, cedar: Customer) -> None:
    relationships.begin(jade, cedar)
    accepts(cai, jade, Service.EXCHANGE)
    assert failed(sold, the(User, "Jonas Falk")) == [Code.NOT_SELLER]
    assert failed(sold, the(User, "Hugo Park")) == [Code.ROLE]
    assert failed(sold, cai) == [Code.ROLE]


@pytest.mark.rule("S3", "S12", "S1")
def test_the_new_number_of_seats_holds_the_licences_and_the_cap(sold: Subscription, cai: User, lin: User) -> None:
    licences.assign(cai, sold, by=cai)
    sold.seats = 2
    sold_to = [upgrades.why_not_seats(sold, PREMIUM, seats) for seats in (0, 1, 300, 301)]
    assert [refusal and refusal.code for refusal in sold_to] == [Code.TOO_FEW_SEATS, None, None, Code.OVER_CAP]


@pytest.mark.rule("S3", "S12")
def test_it_never_becomes_fewer_seats_than_people_have_a_licence(sold: Subscription, cai: User, lin: User) -> None:
    second = User(name="Di An", email="di@cedar.example", customer=sold.customer)
    db.session.add(second)
    db.session.flush()
    for person in (cai, second):
        licences.assign(person, sold, by=cai)
    refusal = upgrades.why_not_seats(sold, PREMIUM, 1)
    assert refusal is not None
    assert (refusal.code, refusal.facts["assigned"], refusal.facts["over"]) == (Code.SEATS_ASSIGNED, 2, 1)
    assert upgrades.why_not_seats(sold, PREMIUM, 2) is None
