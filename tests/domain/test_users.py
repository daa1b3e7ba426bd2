"""People one can sign in as."""

from itertools import count
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from shared.domain import users
from shared.domain.organisations import Customer, Partner
from shared.domain.permissions import Permission, Role
from shared.domain.users import User
from shared.extensions import db
from shared.world import rooms
from shared.world.rooms import Room
from tests.conftest import the
from tests.domain.conftest import Elsewhere

NUMBERS = count()


def a_person(**about: Any) -> User:
    """A further person of this room."""
    person = User(name="New Person", email=f"new-{next(NUMBERS)}@person.example", **about)
    db.session.add(person)
    db.session.flush()
    return person


@pytest.mark.rule("R1")
def test_a_person_belongs_to_a_partner_or_to_a_customer_never_to_both_or_none(lotus: Partner, kiln: Customer) -> None:
    for about in ({}, {"partner": lotus, "customer": kiln}):
        with pytest.raises(IntegrityError), db.session.begin_nested():
            a_person(**about)
    assert a_person(partner=lotus).organisation is lotus
    assert a_person(customer=kiln).organisation is kiln


@pytest.mark.rule("P1", "P2")
def test_a_partners_person_is_agent_and_admin_together(lotus: Partner) -> None:
    person = a_person(partner=lotus, agent=Role.HELPDESK_AGENT, admin=Role.PARTNER_GLOBAL_ADMIN)
    assert person.roles == {Role.HELPDESK_AGENT, Role.PARTNER_GLOBAL_ADMIN}
    assert person.may(Permission.REQUEST_RELATIONSHIP)


@pytest.mark.rule("P2")
def test_a_plain_user_may_nothing(room: Room) -> None:
    nora = the(User, "Nora Quist")
    assert nora.roles == frozenset()
    assert not any(nora.may(permission) for permission in Permission)


@pytest.mark.rule("R30", "R60")
def test_admin_agents_read_a_partners_post_and_nobody_else(lotus: Partner, lin: User, elsewhere: Elsewhere) -> None:
    second = a_person(partner=lotus, agent=Role.ADMIN_AGENT)
    a_person(partner=lotus, agent=Role.SALES_AGENT)
    assert set(users.admin_agents(lotus)) == {lin, second}


@pytest.mark.rule("R24", "R60")
def test_global_admins_answer_for_a_tenant_and_nobody_else(kiln: Customer, mei: User, elsewhere: Elsewhere) -> None:
    assert users.global_admins(kiln) == [mei]


@pytest.mark.rule("R18")
def test_a_letter_may_go_to_everybody_else_in_this_room(lin: User, elsewhere: Elsewhere) -> None:
    others = users.others(lin)
    assert len(others) == db.session.query(User).count() - 1
    assert lin not in others
    first_partner = next(number for number, user in enumerate(others) if user.partner)
    assert all(user.customer for user in others[:first_partner])
    assert all(user.partner for user in others[first_partner:])


@pytest.mark.rule("R1")
def test_people_come_by_pages_each_once_and_partners_alone_when_asked(lotus: Partner, elsewhere: Elsewhere) -> None:
    for _ in range(users.MANY):
        a_person(partner=lotus)
    for partners_only in (False, True):
        page = users.people(partners_only=partners_only)
        found = list(page.rows)
        while page.next:
            page = users.people(partners_only=partners_only, after=page.next)
            found += page.rows
        everybody = db.session.query(User).order_by(User.id).all()
        assert found == [user for user in everybody if user.partner or not partners_only]


def test_people_stand_under_the_organisation_they_work_for(room: Room) -> None:
    houses = users.by_organisation(users.people().rows)
    assert {house.name: len(people) for house, people in houses.items()}["Blue Kiln"] == 5
    assert all(user.organisation is house for house, people in houses.items() for user in people)


@pytest.mark.parametrize("typed", ["", "x", "-1", "1.5", "²", "99999999999999999999", "999999"])
def test_whatever_a_stranger_types_finds_nobody(typed: str, room: Room) -> None:
    assert users.find(typed) is None


def test_a_person_is_found_by_id_in_this_room_alone(lin: User, room: Room) -> None:
    assert users.find(str(lin.id)) is lin
    other = Elsewhere()
    with rooms.inside(other.room):
        stranger = str(the(User, "Lin Chen").id)
    db.session.expunge_all()
    assert users.find(stranger) is None
