"""What a partner sees of its customers."""

from datetime import timedelta

import pytest

from shared.domain import customer_list, relationships, revocation
from shared.domain.customer_list import CustomerRow
from shared.domain.organisations import Customer, Partner
from shared.domain.privileges import EndReason
from shared.domain.services import Service
from shared.domain.users import User
from shared.world import clock, rooms
from shared.world.pages import SIZE
from shared.world.rooms import Room
from tests.builders import a_customer, accepts, customers_of, global_admin
from tests.conftest import the
from tests.domain.conftest import Elsewhere

EXCHANGE, SHAREPOINT, SKYPE = Service.EXCHANGE, Service.SHAREPOINT, Service.SKYPE


def all_of(partner: Partner) -> list[CustomerRow]:
    """The whole list, page by page."""
    page = customer_list.listed(partner)
    rows = list(page.rows)
    while page.next:
        page = customer_list.listed(partner, after=page.next)
        rows += page.rows
    return rows


@pytest.mark.rule("R37")
def test_a_customer_is_in_the_list_once_the_relationship_exists(
    lotus: Partner, kiln: Customer, mei: User, elsewhere: Elsewhere
) -> None:
    assert all_of(lotus) == []
    accepts(mei, lotus, EXCHANGE)
    [row] = all_of(lotus)
    assert (row.microsoft_id, row.name, row.domain) == (kiln.microsoft_id, "Blue Kiln", "bluekiln.example")


@pytest.mark.rule("R2", "R6")
def test_each_row_shows_both_ties_service_by_service(lotus: Partner, kiln: Customer, mei: User) -> None:
    accepts(mei, lotus, EXCHANGE, SKYPE)
    [row] = all_of(lotus)
    tie = relationships.between(lotus, kiln)
    assert tie is not None
    assert row.since == tie.since
    assert row.services == [EXCHANGE, SKYPE]
    assert SHAREPOINT not in row.held


@pytest.mark.rule("R59", "R42")
def test_a_lost_service_keeps_its_days_and_its_reason(
    lotus: Partner, jade: Partner, delta: Customer, dana: User, elsewhere: Elsewhere
) -> None:
    accepts(dana, lotus, EXCHANGE)
    revocation.revoke(jade, [SKYPE], by=dana)
    [row] = all_of(jade)
    assert row.services == [SHAREPOINT]
    assert {service: row.held[service].ended_by for service in (EXCHANGE, SKYPE)} == {
        EXCHANGE: EndReason.MOVED,
        SKYPE: EndReason.REMOVED,
    }


@pytest.mark.rule("R59")
def test_losing_everything_leaves_the_customer_in_the_list(jade: Partner, dana: User) -> None:
    revocation.revoke_everywhere(by=dana)
    [row] = all_of(jade)
    assert (row.name, row.services) == ("Delta Foods", [])


def test_an_ended_relationship_is_not_listed(jade: Partner, delta: Customer) -> None:
    tie = relationships.between(jade, delta)
    assert tie is not None
    tie.until = clock.now()
    assert all_of(jade) == []


@pytest.mark.rule("R37")
@pytest.mark.parametrize("number", [SIZE - 1, SIZE, SIZE + 1, 2 * SIZE + 3])
def test_pages_visit_every_customer_once_by_name(number: int, lotus: Partner) -> None:
    customers_of(lotus, number, ())
    rows = all_of(lotus)
    assert [row.name for row in rows] == [f"Customer {count:04}" for count in range(number)]


@pytest.mark.rule("R37")
def test_pages_visit_customers_of_one_name_and_of_all_scripts_once(lotus: Partner) -> None:
    names = ["Twin"] * (SIZE + 2) + ["ärmel", "Zeta", "alpha", "蓝云", "9 Lives", "Omega"]
    for number, name in enumerate(names):
        relationships.begin(lotus, a_customer(name, f"n{number}.example"))
    rows = all_of(lotus)
    assert sorted(row.name for row in rows) == sorted(names)
    assert [row.name.casefold() for row in rows] == sorted(name.casefold() for name in names)
    assert len({row.number for row in rows}) == len(names)


@pytest.mark.rule("R37")
def test_the_same_companies_in_another_room_are_not_listed_here(lotus: Partner, room: Room) -> None:
    other = Elsewhere()
    with rooms.inside(other.room):
        customers_of(the(Partner, "Lotus Cloud"), 2)
    assert all_of(lotus) == []


@pytest.mark.rule("R59")
def test_the_last_five_losses_come_newest_first(jade: Partner, room: Room, elsewhere: Elsewhere) -> None:
    mine = customers_of(jade, 6, (EXCHANGE,))
    for customer in mine:
        clock.advance(timedelta(minutes=1))
        revocation.revoke(jade, [EXCHANGE], by=the(User, f"Admin of {customer.name}"))
    assert [lost.customer for lost in customer_list.lost_lately(jade)] == mine[:0:-1]


@pytest.mark.rule("R59")
def test_several_services_lost_at_once_are_one_loss(lotus: Partner, jade: Partner, dana: User, room: Room) -> None:
    revocation.revoke(jade, [SKYPE], by=dana)
    clock.advance(timedelta(minutes=1))
    revocation.revoke(jade, [SHAREPOINT, EXCHANGE], by=dana)
    assert [lost.services for lost in customer_list.lost_lately(jade)] == [[EXCHANGE, SHAREPOINT], [SKYPE]]


@pytest.mark.rule("R59")
def test_five_losses_of_every_service_are_five(jade: Partner, room: Room) -> None:
    for customer in customers_of(jade, 6):
        clock.advance(timedelta(minutes=1))
        revocation.revoke_everywhere(by=global_admin(customer))
    assert [lost.services for lost in customer_list.lost_lately(jade)] == [list(Service)] * 5


@pytest.mark.rule("R37")
def test_the_last_five_new_customers_come_newest_first(lotus: Partner, room: Room) -> None:
    for number in range(6):
        clock.advance(timedelta(minutes=1))
        relationships.begin(lotus, a_customer(f"New {number}"))
    assert [row.name for row in customer_list.newest(lotus)] == ["New 5", "New 4", "New 3", "New 2", "New 1"]
