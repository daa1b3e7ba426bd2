"""What a customer has bought, and from whom."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from shared.domain import subscriptions
from shared.domain.offers import OFFERS
from shared.domain.organisations import Customer, Partner
from shared.domain.services import Service
from shared.domain.subscriptions import LIVE, Status, Subscription
from shared.domain.users import User
from shared.extensions import db
from shared.world import clock, rooms
from shared.world.calendar import start_of
from shared.world.rooms import Room
from tests.builders import accepts, buys
from tests.conftest import the
from tests.domain.conftest import Elsewhere

DAY = timedelta(days=1)


def sold_by(partner: Partner, customer: Customer) -> set[Service]:
    """The services of what this partner sold to this customer."""
    return {service for service, sellers in subscriptions.services_bought(customer).items() if partner.id in sellers}


@pytest.mark.rule("R27")
def test_what_a_partner_sold_brings_its_services(
    lotus: Partner, jade: Partner, kiln: Customer, elsewhere: Elsewhere
) -> None:
    buys(kiln, "business", lotus)
    assert sold_by(lotus, kiln) == {Service.SHAREPOINT}
    assert sold_by(jade, kiln) == set()


@pytest.mark.rule("R8", "R27")
def test_services_in_use_come_from_whomever_they_were_bought(lotus: Partner, room: Room) -> None:
    cedar = the(Customer, "Cedar Clinic")
    assert set(subscriptions.services_bought(cedar)) == set()
    buys(cedar, "project_premium")
    assert set(subscriptions.services_bought(cedar)) == {Service.SHAREPOINT}
    buys(cedar, "e3", lotus)
    assert set(subscriptions.services_bought(cedar)) == set(Service)


@pytest.mark.rule("R46")
def test_subscriptions_sold_are_counted_for_each_seller_and_not_for_the_operator(
    jade: Partner, lotus: Partner, delta: Customer, elsewhere: Elsewhere
) -> None:
    buys(delta, "e1", lotus)
    buys(delta, "e3", jade)
    buys(delta, "business")
    assert subscriptions.sold_counts(delta) == {jade.id: 2, lotus.id: 1}


@pytest.mark.rule("R3", "R31", "R56")
def test_the_original_reseller_stays_whoever_administers(
    jade: Partner, lotus: Partner, delta: Customer, dana: User
) -> None:
    [sold] = db.session.query(Subscription).filter_by(customer_id=delta.id)
    accepts(dana, lotus)
    db.session.refresh(sold)
    assert (sold.seller, sold.seats, sold.offer.key) == (jade, 40, "e3")


@pytest.mark.rule("S2", "S9", "S13")
def test_what_does_not_renew_has_ended_with_its_term_before_anybody_writes_it_down(
    lotus: Partner, kiln: Customer
) -> None:
    sold = buys(kiln, "business", lotus)
    sold.auto_renew = False
    db.session.flush()
    live = select(Subscription).where(LIVE, Subscription.id == sold.id)
    clock.advance(start_of(sold.ends_on) - DAY - clock.now())
    assert (sold.status, db.session.scalar(live)) == (Status.ACTIVE, sold)
    clock.advance(DAY)
    assert (sold.status, sold.is_live, db.session.scalar(live)) == (Status.CANCELLED, False, None)
    clock.advance(61 * DAY)
    assert sold.status is Status.DELETED


@pytest.mark.rule("S7", "S8", "S9")
@pytest.mark.parametrize("ends", ["suspended_at", "cancelled_at", "auto_renew", "deleted_at", "suspended, cancelled"])
def test_what_has_ended_counts_as_sold_until_it_is_deleted_and_no_longer(
    ends: str, lotus: Partner, kiln: Customer
) -> None:
    sold = buys(kiln, "business", lotus)
    if ends == "auto_renew":
        sold.auto_renew = False
        clock.advance(start_of(sold.ends_on) - clock.now())
    elif ends == "suspended, cancelled":
        sold.suspended_at = clock.now() - 5 * DAY
        sold.cancelled_at = clock.now()
    else:
        setattr(sold, ends, clock.now())
    db.session.flush()
    for days in range(65):
        assert bool(subscriptions.sold_counts(kiln)) is (sold.status is not Status.DELETED), days
        clock.advance(DAY)
    assert sold.status is Status.DELETED


def test_another_rooms_sales_are_not_counted_here(lotus: Partner, kiln: Customer, room: Room) -> None:
    other = Elsewhere()
    with rooms.inside(other.room):
        buys(the(Customer, "Blue Kiln"), "e3", the(Partner, "Lotus Cloud"))
    assert subscriptions.sold_counts(kiln) == {}


def test_every_offer_brings_a_service_one_can_administer() -> None:
    assert all(offer.services and offer.key == key for key, offer in OFFERS.items())
