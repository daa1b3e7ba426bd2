"""A partner narrows its list of customers, or takes it in another order."""

from collections.abc import Iterable
from datetime import timedelta

import pytest

from shared.domain import customer_choice, ending, privileges, relationships, revocation
from shared.domain.customer_choice import BATCH, Choice
from shared.domain.customer_list import CustomerRow
from shared.domain.organisations import Customer, Partner
from shared.domain.relationships import Administered
from shared.domain.services import Service
from shared.domain.users import User
from shared.extensions import db
from shared.world import clock, rooms
from shared.world.pages import SIZE
from shared.world.rooms import Room
from tests.builders import a_customer, accepts, customers_of, global_admin
from tests.conftest import the
from tests.domain.conftest import Elsewhere
from tests.domain.test_search import every

FULLY, PARTLY, NOT = Administered.FULLY, Administered.PARTLY, Administered.NOT
EXCHANGE, SHAREPOINT, SKYPE = Service.EXCHANGE, Service.SHAREPOINT, Service.SKYPE


def names(rows: Iterable[CustomerRow]) -> list[str]:
    """What they are called, in order."""
    return [row.name for row in rows]


def chosen(partner: Partner, **choice: object) -> list[str]:
    """All pages of a choice."""
    return names(every(lambda after: customer_choice.chosen(partner, Choice(**choice), after=after)))  # type: ignore[arg-type]


def one_of_each(partner: Partner, number: int = 1) -> None:
    """So many customers of each state, one after the other, a minute apart."""
    for count in range(number):
        for word, services in {"Full": tuple(Service), "Part": (EXCHANGE, SKYPE), "None": ()}.items():
            clock.advance(timedelta(minutes=1))
            customer = a_customer(f"{word} {count:03}", f"{word.lower()}{count}.example")
            if services:
                accepts(global_admin(customer), partner, *services)
            else:
                relationships.begin(partner, customer)


@pytest.mark.rule("R2", "R37")
@pytest.mark.parametrize(("state", "word"), [(FULLY, "Full"), (PARTLY, "Part"), (NOT, "None")])
@pytest.mark.parametrize("newest", [False, True])
def test_each_state_lists_its_customers_alone_and_each_once(
    lotus: Partner, room: Room, state: Administered, word: str, newest: bool, elsewhere: Elsewhere
) -> None:
    number = SIZE + 2
    one_of_each(lotus, number)
    expected = [f"{word} {count:03}" for count in range(number)]
    assert chosen(lotus, administered=state, newest=newest) == (expected[::-1] if newest else expected)


@pytest.mark.rule("R6", "R42", "R54", "R62")
def test_the_state_follows_whatever_happens_to_delegated_admin(
    lotus: Partner, jade: Partner, kiln: Customer, mei: User, elsewhere: Elsewhere
) -> None:
    def stands() -> Administered:
        tie = relationships.between(lotus, kiln)
        assert tie is not None
        db.session.refresh(tie)
        [name] = chosen(lotus, administered=tie.administered)
        assert name == "Blue Kiln"
        return tie.administered

    relationships.begin(lotus, kiln)
    assert stands() is NOT
    accepts(mei, lotus, EXCHANGE)
    assert stands() is PARTLY
    accepts(mei, lotus)
    assert stands() is FULLY
    accepts(mei, jade, SKYPE)
    assert stands() is PARTLY
    revocation.revoke(lotus, list(Service), by=mei)
    assert stands() is NOT
    accepts(mei, lotus)
    assert stands() is FULLY


@pytest.mark.rule("R66", "R67")
def test_who_left_the_list_is_in_no_choice_and_comes_back_as_it_accepts(
    lotus: Partner, kiln: Customer, mei: User
) -> None:
    accepts(mei, lotus)
    ending.remove(kiln, by=the(User, "Gao Rui"))
    assert [chosen(lotus, administered=state, newest=True) for state in (*Administered, None)] == [[]] * 4
    accepts(mei, lotus, EXCHANGE)
    assert [chosen(lotus, administered=state) for state in Administered] == [[], ["Blue Kiln"], []]


@pytest.mark.rule("R37")
@pytest.mark.parametrize("number", [SIZE, SIZE + 1, 2 * SIZE + 3])
def test_the_newest_come_first_and_those_of_one_moment_each_once(lotus: Partner, room: Room, number: int) -> None:
    customers_of(lotus, number, ())
    clock.advance(timedelta(minutes=1))
    relationships.begin(lotus, a_customer("Latest"))
    found = chosen(lotus, newest=True)
    assert found[0] == "Latest"
    assert sorted(found[1:]) == [f"Customer {count:04}" for count in range(number)]


@pytest.mark.rule("R37")
def test_a_search_is_narrowed_too_and_keeps_its_own_order(lotus: Partner, room: Room) -> None:
    one_of_each(lotus, SIZE + 2)
    expected = [f"Part {count:03}" for count in range(SIZE + 2)]
    assert chosen(lotus, wanted="part", administered=PARTLY, newest=True) == expected
    assert chosen(lotus, wanted="part", administered=FULLY) == []


@pytest.mark.rule("R37")
@pytest.mark.parametrize("place", ["", "x", "2026", "²", "0000-00-00", "9999-12-31 23:59:59"])
def test_a_mangled_place_among_the_newest_begins_at_the_beginning(lotus: Partner, room: Room, place: str) -> None:
    one_of_each(lotus)
    page = customer_choice.chosen(lotus, Choice(newest=True), after=(place, "999999999"))
    assert names(page.rows) == ["None 000", "Part 000", "Full 000"]


@pytest.mark.rule("R37", "R59")
def test_the_whole_of_a_choice_comes_in_batches(lotus: Partner, room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    one_of_each(lotus, 5)
    revocation.revoke(lotus, [EXCHANGE], by=the(User, "Admin of Full 003"))
    monkeypatch.setattr(customer_choice, "BATCH", 2)
    batches = [names(rows) for rows in customer_choice.everyone(lotus, Choice(administered=FULLY))]
    assert batches == [["Full 000", "Full 001"], ["Full 002", "Full 004"]]
    assert BATCH < 1000


@pytest.mark.rule("R37")
def test_the_same_choice_in_another_room_lists_others(lotus: Partner, room: Room) -> None:
    other = Elsewhere()
    with rooms.inside(other.room):
        customers_of(the(Partner, "Lotus Cloud"), 2)
    for choice in ({"administered": FULLY}, {"newest": True}, {"administered": FULLY, "wanted": "customer"}):
        assert chosen(lotus, **choice) == []
    assert privileges.held_by(lotus, the(Customer, "Delta Foods")) == set()
