"""A partner adds a brand-new customer: tenant, relationship, delegated admin and first orders in one go (R4, R5)."""

from collections.abc import Mapping

from sqlalchemy import or_, select

from ..extensions import db
from ..world import rooms
from . import capabilities, history, orders, passwords, privileges, relationships, subscriptions, users
from .history import EventKind
from .offers import OFFERS
from .organisations import Customer, Partner
from .passwords import Hashed
from .permissions import Permission, Role
from .refusals import Code, Refusal
from .search import filed, fold
from .services import Service
from .users import User


def why_not_start(user: User) -> Refusal | None:
    """Why this partner user adds no customers: the role (3.1), no sale in its own name (R70), or suspended (R73)."""
    if refusal := users.why_not(user, Permission.ADD_CUSTOMER):
        return refusal
    assert user.partner is not None  # noqa: S101 - the permission is a partner's
    return capabilities.why_not_sell(user.partner, None, rule="R4")


def why_not_add(name: str, domain: str) -> Refusal | None:
    """Why this customer cannot be added: it exists already and is to be asked instead (R5), or its domain is taken."""
    domain = domain.strip().lower()
    alike = select(Customer).where(or_(Customer.name_key == filed(name), Customer.domain == domain))
    for known in db.session.scalars(alike.order_by(Customer.id)):
        if known.domain == domain or fold(known.name) == fold(name):
            return Refusal(Code.CUSTOMER_EXISTS, customer=known)
    taken = db.session.scalar(select(Partner.id).where(Partner.domain == domain))
    return Refusal(Code.DOMAIN_TAKEN, domain=domain) if taken or users.with_email(admin_name(domain)) else None


def add(partner: Partner, name: str, domain: str, *, by: User, **account: str) -> Customer:
    """The new customer, related to `partner` and administered by it on every service; no invitation (R4).

    `account` is what Partner Center keeps of it, by field. Refuses as `why_not_add` does.
    """
    rooms.lock()  # nothing else keeps two of one name apart
    if refusal := why_not_add(name, domain):
        raise refusal
    customer = Customer(name=name.strip(), domain=domain.strip().lower(), **account)
    db.session.add(customer)
    db.session.flush()
    relationships.begin(partner, customer)
    history.record(EventKind.ADD_CUSTOMER, by=by, partner=partner, customer=customer)
    privileges.grant(partner, customer, *Service, by=by)
    return customer


def add_with_orders(
    name: str, domain: str, account: Mapping[str, str], seats: Mapping[str, int], *, temporary: Hashed, by: User
) -> User:
    """What the wizard does at its end: the customer, its first Global admin, whom it returns, and `seats` ordered.

    Refuses as `why_not_start`, `why_not_add` and `orders.why_not_order` do; nothing is made in halves.
    """
    if refusal := why_not_start(by):
        raise refusal
    assert by.partner is not None  # noqa: S101 - why_not_start has seen to it
    bill = {"bill_to": name, "billing_email": account["contact_email"], "billing_address": account["address"]}
    customer = add(by.partner, name, domain, by=by, **account, **bill)
    admin = User(name=account["contact_name"], email=admin_name(domain), customer=customer, admin=Role.GLOBAL_ADMIN)
    db.session.add(admin)
    db.session.flush()
    for offer, number in seats.items():
        orders.order(customer, OFFERS[offer], number, by=by)
    passwords.give_temporary(admin, temporary)
    return admin


def just_added(
    name: str, domain: str, account: Mapping[str, str], seats: Mapping[str, int], *, by: User
) -> User | None:
    """The admin of the customer that `by` added a moment ago with exactly these facts, if there is one.

    Then the same button was pressed twice.
    """
    facts = {"name": name, "domain": domain.strip().lower(), **account}
    customer = db.session.scalar(select(Customer).where(Customer.domain == facts["domain"]))
    if customer is None or any(getattr(customer, field) != fact for field, fact in facts.items()):
        return None
    ordered = {sold.offer_key: sold.seats for sold in subscriptions.of_customer(customer)}
    same = ordered == seats and history.just_did(EventKind.ADD_CUSTOMER, customer, by=by)
    return users.with_email(admin_name(domain)) if same else None


def admin_name(domain: str) -> str:
    """The sign-in name of the first admin account of a tenant."""
    return f"admin@{domain.strip().lower()}"
