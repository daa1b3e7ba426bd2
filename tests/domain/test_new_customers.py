"""A partner adds a brand-new customer."""

from typing import Any

import pytest

from shared.domain import history, new_customers, passwords, privileges, relationships, subscriptions
from shared.domain.history import EventKind
from shared.domain.organisations import Customer, Partner
from shared.domain.passwords import Hashed
from shared.domain.refusals import Refusal
from shared.domain.services import Service
from shared.domain.users import User
from shared.extensions import db
from shared.world import clock
from shared.world.mailbox import Letter
from shared.world.rooms import Room
from tests.conftest import the
from tests.domain.conftest import events


@pytest.mark.rule("R4")
def test_a_new_customer_comes_with_tenant_relationship_and_delegated_admin(lotus: Partner, lin: User) -> None:
    amber = new_customers.add(lotus, "Amber Mill", "amber.example", by=lin)
    tie = relationships.between(lotus, amber)
    assert tie is not None
    assert tie.active
    assert privileges.held_by(lotus, amber) == set(Service)
    assert db.session.query(Letter).count() == 0


@pytest.mark.rule("R5")
@pytest.mark.parametrize(("name", "domain"), [("blue kiln", "new.example"), ("New", "BlueKiln.example")])
def test_a_customer_that_exists_is_to_be_asked_instead(
    name: str, domain: str, lotus: Partner, lin: User, kiln: Customer
) -> None:
    with pytest.raises(Refusal) as refused:
        new_customers.add(lotus, name, domain, by=lin)
    assert refused.value.code == "CUSTOMER_EXISTS"
    assert refused.value.facts["customer"] is kiln
    assert db.session.query(Customer).count() == 4


ACCOUNT = {
    "contact_name": "Ada Lin",
    "contact_email": "ada@amber.example",
    "contact_phone": "",
    "address": "1 Mill Road",
}


def amber(by: User, temporary: Hashed | None = None) -> User:
    """The first Global admin of Amber Mill, which gets ten licences of E1."""
    seats, given = {"e1": 10}, temporary or passwords.temporary()
    return new_customers.add_with_orders("Amber Mill", "amber.example", ACCOUNT, seats, temporary=given, by=by)


@pytest.mark.rule("R4", "P4")
def test_the_wizard_makes_the_customer_its_first_admin_and_the_orders_in_one_go(
    lotus: Partner, lin: User, elsewhere: Any
) -> None:
    admin = amber(lin, temporary := passwords.temporary())
    customer = the(Customer, "Amber Mill")
    assert privileges.held_by(lotus, customer) == set(Service)
    assert (admin.customer, admin.name, admin.email, admin.admin) == (
        customer,
        "Ada Lin",
        "admin@amber.example",
        "global_admin",
    )
    assert passwords.matches(admin, temporary.text)
    assert admin.sign_in == "temporary"
    [bought] = subscriptions.of_customer(customer)
    assert (bought.seller, bought.offer_key, bought.seats) == (lotus, "e1", 10)
    assert (customer.bill_to, customer.billing_email) == ("Amber Mill", "ada@amber.example")
    assert [event.by for event in events(EventKind.ADD_CUSTOMER, customer)] == [lin]


@pytest.mark.rule("R5")
@pytest.mark.parametrize(
    ("name", "domain", "code"),
    [
        ("amber mill", "other.example", "CUSTOMER_EXISTS"),
        ("Ａmber  Mill", "other.example", "CUSTOMER_EXISTS"),
        ("MÜLLER ÖFEN", "other.example", "CUSTOMER_EXISTS"),
        ("Other", "AMBER.example", "CUSTOMER_EXISTS"),
        ("Other", "jade.example", "DOMAIN_TAKEN"),
    ],
)
def test_who_exists_is_not_made_twice(lotus: Partner, lin: User, name: str, domain: str, code: str) -> None:
    amber(lin)
    new_customers.add(lotus, "Müller Öfen", "mueller.example", by=lin)
    with pytest.raises(Refusal) as told:
        new_customers.add_with_orders(name, domain, ACCOUNT, {"e1": 1}, temporary=passwords.temporary(), by=lin)
    assert told.value.code == code


@pytest.mark.rule("R70", "R73", "P7")
@pytest.mark.parametrize(
    ("name", "code", "rule"),
    [
        ("Hugo Park", "ROLE", "P7"),
        ("Bea Novak", "ROLE", "P7"),
        ("Mei Zhou", "ROLE", "P7"),
        ("Ren Tao", "PROVIDER_ACTS", "R70"),
        ("Wilma Kern", "ADVISES_ONLY", "R4"),
    ],
)
def test_whoever_sells_nothing_adds_nobody(room: Room, name: str, code: str, rule: str) -> None:
    with pytest.raises(Refusal) as told:
        amber(the(User, name))
    assert (told.value.code, told.value.rule) == (code, rule)


@pytest.mark.rule("R73")
def test_a_suspended_partner_adds_nobody(lotus: Partner, lin: User) -> None:
    lotus.suspended = True
    with pytest.raises(Refusal) as told:
        amber(lin)
    assert told.value.code == "PARTNER_SUSPENDED"


@pytest.mark.rule("R5", "P4")
def test_whoever_presses_submit_twice_is_told_whom_the_first_press_made(lin: User) -> None:
    admin = amber(lin)
    facts: dict[str, Any] = {"name": "Amber Mill", "domain": "Amber.example", "account": ACCOUNT, "seats": {"e1": 10}}
    assert new_customers.just_added(**facts, by=lin) is admin
    assert new_customers.just_added(**facts, by=the(User, "Sara Blom")) is None
    others = (
        {"name": "Amber"},
        {"domain": "new.example"},
        {"seats": {"e1": 9}},
        {"account": ACCOUNT | {"address": ""}},
    )
    for other in others:
        assert new_customers.just_added(**(facts | other), by=lin) is None, other
    clock.advance(history.A_MOMENT)
    assert new_customers.just_added(**facts, by=lin) is None
