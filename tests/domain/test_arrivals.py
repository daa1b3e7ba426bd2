"""Who comes: known before anything else is asked, and the same person to whatever is asked afterwards."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from shared.domain import arrivals
from shared.domain.organisations import Customer, Partner
from shared.domain.users import User
from shared.extensions import db
from shared.world import database, questions
from shared.world.rooms import Room
from tests.conftest import the


@pytest.fixture
def come(room: Room) -> Iterator:
    """A person arrives to read a page: nothing has been asked yet."""

    def arrives(name: str, door: type[Partner] | type[Customer] = Partner) -> User | None:
        number, key = the(User, name).id, room.key
        db.session.remove()
        database.start(writing=False)
        arrival = arrivals.arrive(key, number, door)
        assert arrival
        return arrival.user

    yield arrives
    db.session.remove()
    questions.nobody_waits()
    database.start(writing=True)


def test_who_only_arrives_needs_no_session(come) -> None:
    user = come("Lin Chen")
    assert (user.name, user.partner.name, user.partner.provider) == ("Lin Chen", "Lotus Cloud", None)
    assert not db.session.registry.has()


def test_whoever_asks_afterwards_meets_the_same_person_and_organisation(come) -> None:
    user = come("Lin Chen")
    assert db.session.get(User, user.id) is user
    assert db.session.scalars(select(Partner).where(Partner.name == "Lotus Cloud")).one() is user.partner


def test_what_is_changed_of_who_arrived_is_kept(come) -> None:
    user = come("Lin Chen")
    database.start(writing=True)
    db.session()
    user.name = "Lin Chen-Wu"
    db.session.flush()
    assert db.session.scalar(select(User.name).where(User.id == user.id)) == "Lin Chen-Wu"


@pytest.mark.rule("R69")
def test_an_indirect_reseller_can_be_asked_for_its_provider_at_once(come) -> None:
    has_provider = select(User.name).join(User.partner).where(Partner.provider_id.is_not(None))
    reseller = come(db.session.scalars(has_provider).first())
    assert reseller.partner.provider.name == "Harbor Distribution"


@pytest.mark.rule("R1", "R40")
def test_somebody_who_came_by_the_other_sides_door_works_where_they_work(come) -> None:
    assert come("Lin Chen", Customer).organisation.name == "Lotus Cloud"


def test_who_is_not_needed_is_gone_with_the_request(come) -> None:
    come("Lin Chen")
    questions.nobody_waits()
    assert len(db.session().identity_map) == 0
