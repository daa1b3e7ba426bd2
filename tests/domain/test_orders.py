"""A partner sells a customer a subscription, or an add-on to one it sold."""

from datetime import date, timedelta

import pytest

from shared.domain import orders, relationships, subscriptions
from shared.domain.history import EventKind
from shared.domain.offers import OFFERS
from shared.domain.organisations import Customer, Partner
from shared.domain.refusals import Code, Refusal
from shared.domain.services import Service
from shared.domain.subscriptions import Status
from shared.domain.users import User
from shared.world import clock
from shared.world.calendar import today
from tests.builders import accepts, buys
from tests.conftest import the
from tests.domain.conftest import Elsewhere, code, events

E1, E3, ESSENTIALS, ARCHIVING = (OFFERS[key] for key in ("e1", "e3", "business_essentials", "archiving"))


@pytest.fixture
def related(lotus: Partner, kiln: Customer) -> None:
    """Lotus may sell to Blue Kiln; it administers nothing there."""
    relationships.begin(lotus, kiln)


@pytest.mark.rule("S1", "R3", "R38", "R39")
def test_whoever_sells_becomes_the_original_reseller(
    related: None, lin: User, lotus: Partner, kiln: Customer, elsewhere: Elsewhere
) -> None:
    sold = orders.order(kiln, E3, 7, by=lin)
    assert (sold.seller, sold.partner_of_record, sold.offer, sold.seats) == (lotus, lotus, E3, 7)
    assert sold.status is Status.ACTIVE
    [event] = events(EventKind.ORDER, kiln)
    assert (event.by, event.partner, event.subscription, event.facts) == (lin, lotus, sold, {"new": 7})


@pytest.mark.rule("S2", "B2")
@pytest.mark.parametrize(
    ("starts", "billing_day", "ends"),
    [
        ("2026-06-03", 15, "2027-06-15"),  # the example of the documents
        ("2026-06-15", 15, "2027-06-15"),
        ("2026-06-16", 15, "2027-07-15"),
        ("2026-12-21", 1, "2028-01-01"),
        ("2028-02-29", 28, "2029-03-28"),
        ("2026-01-31", 28, "2027-02-28"),
    ],
)
def test_a_term_ends_twelve_months_after_a_billing_date(starts: str, billing_day: int, ends: str) -> None:
    assert str(orders.end_of_term(date.fromisoformat(starts), billing_day)) == ends


@pytest.mark.rule("S2")
def test_a_term_begins_the_day_after_the_order_and_renews_by_itself(
    related: None, lin: User, lotus: Partner, kiln: Customer
) -> None:
    lotus.billing_day = 15
    sold = orders.order(kiln, E3, 1, by=lin)
    assert (sold.starts_on, sold.auto_renew) == (today() + timedelta(days=1), True)
    assert sold.ends_on == orders.end_of_term(sold.starts_on, 15)


@pytest.mark.rule("R39", "R70", "R73", "S1")
@pytest.mark.parametrize(
    ("name", "refused"),
    [
        ("Lin Chen", None),
        ("Sara Blom", None),
        ("Gao Rui", None),
        ("Hugo Park", Code.ROLE),
        ("Bea Novak", Code.ROLE),
        ("Mei Zhou", Code.ROLE),
        ("Jonas Falk", Code.NO_RELATIONSHIP),
        ("Wilma Kern", Code.ADVISES_ONLY),
        ("Ren Tao", Code.PROVIDER_ACTS),
    ],
)
def test_who_sells(related: None, kiln: Customer, name: str, refused: Code | None) -> None:
    assert code(orders.why_not_order(kiln, E3, 1, by=the(User, name))) is refused


@pytest.mark.rule("R73")
def test_a_suspended_partner_sells_nothing(related: None, lin: User, lotus: Partner, kiln: Customer) -> None:
    lotus.suspended = True
    with pytest.raises(Refusal) as refused:
        orders.order(kiln, E3, 1, by=lin)
    assert (refused.value.code, refused.value.rule) == (Code.PARTNER_SUSPENDED, "R73")


@pytest.mark.rule("S3")
@pytest.mark.parametrize("seats", [0, -1])
def test_at_least_one_licence(related: None, lin: User, kiln: Customer, seats: int) -> None:
    assert code(orders.why_not_order(kiln, E3, seats, by=lin)) is Code.TOO_FEW_SEATS


@pytest.mark.rule("S1")
def test_a_business_offer_ends_at_300_seats_of_a_tenant_whoever_sold_them(
    related: None, lin: User, kiln: Customer, jade: Partner
) -> None:
    theirs = buys(kiln, "business_essentials", jade, seats=290)
    refusal = orders.why_not_order(kiln, ESSENTIALS, 11, by=lin)
    assert refusal is not None
    assert (refusal.code, refusal.facts["left"]) == (Code.OVER_CAP, 10)
    assert orders.why_not_order(kiln, ESSENTIALS, 10, by=lin) is None
    assert orders.why_not_order(kiln, OFFERS["business"], 300, by=lin) is None
    assert orders.why_not_order(kiln, E3, 5000, by=lin) is None
    theirs.cancelled_at = clock.now()
    assert orders.why_not_order(kiln, ESSENTIALS, 300, by=lin) is None
    assert [code(orders.why_not_seats(None, ESSENTIALS, seats)) for seats in (300, 301)] == [None, Code.OVER_CAP]


@pytest.mark.rule("S4", "R33")
def test_an_add_on_follows_its_base(related: None, lin: User, kiln: Customer, jade: Partner) -> None:
    base = orders.order(kiln, E1, 5, by=lin)
    add_on = orders.order_add_on(base, ARCHIVING, 3, by=lin)
    assert (add_on.base, add_on.ends_on, add_on.seller) == (base, base.ends_on, base.seller)
    assert subscriptions.add_ons_of(base) == [add_on]
    assert code(orders.why_not_add_on(base, ARCHIVING, 1, by=lin)) is Code.HAS_ADD_ON
    assert code(orders.why_not_add_on(base, E3, 1, by=lin)) is Code.WRONG_BASE
    assert code(orders.why_not_order(kiln, ARCHIVING, 1, by=lin)) is Code.WRONG_BASE
    assert code(orders.why_not_add_on(buys(kiln, "e3", base.seller), ARCHIVING, 1, by=lin)) is Code.WRONG_BASE
    assert code(orders.why_not_add_on(base, ARCHIVING, 1, by=the(User, "Jonas Falk"))) is Code.NOT_SELLER


@pytest.mark.rule("S4")
def test_an_add_on_needs_an_active_base(related: None, lin: User, kiln: Customer) -> None:
    base = orders.order(kiln, E1, 5, by=lin)
    base.suspended_at = clock.now()
    refusal = orders.why_not_add_on(base, ARCHIVING, 1, by=lin)
    assert refusal is not None
    assert (refusal.code, refusal.rule) == (Code.NOT_ACTIVE, "S4")


@pytest.mark.rule("S13", "R7")
def test_the_same_offer_may_be_sold_by_two_resellers(
    related: None, lin: User, mei: User, kiln: Customer, jade: Partner
) -> None:
    theirs = buys(kiln, "e3", jade)
    accepts(mei, the(Partner, "Lotus Cloud"), Service.EXCHANGE)
    ours = orders.order(kiln, E3, 5, by=lin)
    assert (theirs.seller, ours.seller) == (jade, lin.partner)


def test_two_sellers_may_name_their_presses_alike_and_each_sells_once(
    related: None, lin: User, mei: User, jade: Partner, kiln: Customer
) -> None:
    accepts(mei, jade)
    rival = the(User, "Jonas Falk")
    sold = [orders.order(kiln, OFFERS["e1"], 2, by=seller, once="one") for seller in (lin, rival, lin, rival)]
    assert sold[:2] == sold[2:]
    assert {each.seller for each in sold} == {lin.partner, jade}


def test_every_path_and_add_on_leads_to_an_offer_that_is_there() -> None:
    for offer in OFFERS.values():
        assert all(OFFERS[key].services >= offer.services for key in offer.upgrades)
        assert all(key in OFFERS for key in offer.on)
