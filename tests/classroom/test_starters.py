"""The starter cast is the one of the classroom's table, and wholly invented."""

import pytest
from sqlalchemy import func, select

from shared.domain import licences, privileges
from shared.domain.organisations import Customer, Partner, PartnerKind
from shared.domain.permissions import Role
from shared.domain.relationships import Relationship
from shared.domain.services import Service
from shared.domain.subscriptions import Status, Subscription, services_bought
from shared.domain.users import User
from shared.extensions import db
from shared.world import rooms
from shared.world.calendar import today
from shared.world.mailbox import Letter
from shared.world.rooms import Room
from tests.conftest import furnished_room, the

CAST = {
    "Lotus Cloud": {
        Role.ADMIN_AGENT,
        Role.SALES_AGENT,
        Role.HELPDESK_AGENT,
        Role.PARTNER_GLOBAL_ADMIN,
        Role.PARTNER_BILLING_ADMIN,
        Role.PARTNER_USER_ADMIN,
    },
    "Jade IT": {Role.ADMIN_AGENT},
    "Harbor Distribution": {Role.ADMIN_AGENT},
    "Reed Services": {Role.ADMIN_AGENT},
    "Willow Advisory": {Role.ADMIN_AGENT},
    "Blue Kiln": {Role.GLOBAL_ADMIN, Role.BILLING_ADMIN, Role.USER_ADMIN, Role.HELPDESK_ADMIN, None},
    "Pine Logistics": {Role.GLOBAL_ADMIN, None},
    "Delta Foods": {Role.GLOBAL_ADMIN},
    "Cedar Clinic": {Role.GLOBAL_ADMIN},
}


def test_each_organisation_has_its_people_one_for_each_role(room: Room) -> None:
    found: dict[str, list[Role | None]] = {}
    for user in db.session.scalars(select(User)):
        found.setdefault(user.organisation.name, []).append(user.agent or user.admin)
        assert user.agent is None or user.admin is None
    assert {name: set(roles) for name, roles in found.items()} == CAST
    assert all(len(roles) == len(set(roles)) for roles in found.values())


def test_partners_are_of_every_kind(room: Room, reed: Partner, harbor: Partner) -> None:
    kinds = {partner.name: partner.kind for partner in db.session.scalars(select(Partner))}
    assert set(kinds.values()) == set(PartnerKind)
    assert reed.provider is harbor


@pytest.mark.rule("R3", "R8")
def test_subscriptions_were_sold_by_whom_the_table_says(room: Room, jade: Partner, lotus: Partner) -> None:
    sold = {s.customer.name: (s.seller, s.partner_of_record_id) for s in db.session.scalars(select(Subscription))}
    assert sold == {
        "Blue Kiln": (None, None),
        "Pine Logistics": (None, lotus.id),
        "Delta Foods": (jade, jade.id),
    }
    assert set(services_bought(the(Customer, "Blue Kiln"))) == set(Service)


def test_only_delta_has_a_partner_which_administers_everything(room: Room, jade: Partner, delta: Customer) -> None:
    [tie] = db.session.scalars(select(Relationship))
    assert (tie.partner_id, tie.customer_id, tie.active) == (jade.id, delta.id, True)
    assert privileges.held_by(jade, delta) == set(Service)


def test_no_mail_waits_and_every_address_is_a_reserved_one(room: Room) -> None:
    assert db.session.scalar(select(func.count()).select_from(Letter)) == 0
    for kind in (Partner, Customer):
        assert all(row.domain.endswith(".example") for row in db.session.scalars(select(kind)))
    assert all(user.email.endswith(".example") for user in db.session.scalars(select(User)))
    assert all(partner.email.endswith(".example") for partner in db.session.scalars(select(Partner)))


def test_two_rooms_share_no_identity(room: Room) -> None:
    ours = {row.microsoft_id for kind in (Partner, Customer) for row in db.session.scalars(select(kind))}
    other = furnished_room()
    with rooms.inside(other):
        theirs = {row.microsoft_id for kind in (Partner, Customer) for row in db.session.scalars(select(kind))}
    assert ours.isdisjoint(theirs)
    assert len(theirs) == len(ours)


@pytest.mark.rule("S2", "S5")
def test_what_was_sold_runs_and_everybody_has_a_licence(room: Room) -> None:
    for sold in db.session.scalars(select(Subscription)):
        assert (sold.status, sold.ends_on > today() > sold.starts_on) == (Status.ACTIVE, True)
        assert licences.assigned(sold) == len(db.session.query(User).filter_by(customer_id=sold.customer_id).all())
        assert sold.seller is None or sold.ends_on.day == sold.seller.billing_day
