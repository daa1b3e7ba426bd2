"""A partner adds a brand-new customer: tenant, relationship and delegated admin in one go (R4, R5)."""

from sqlalchemy import func, or_, select

from ..extensions import db
from . import history, privileges, relationships
from .history import EventKind
from .organisations import Customer, Partner
from .refusals import Code, Refusal
from .services import Service
from .users import User


def why_not_add(name: str, domain: str) -> Refusal | None:
    """Why this customer cannot be added: its name or domain exists already, so it is to be asked instead (R5)."""
    same = or_(func.lower(Customer.name) == name.strip().lower(), func.lower(Customer.domain) == domain.strip().lower())
    known = db.session.scalars(select(Customer).where(same).limit(1)).first()
    return Refusal(Code.CUSTOMER_EXISTS, customer=known) if known else None


def add(partner: Partner, name: str, domain: str, *, by: User) -> Customer:
    """The new customer, related to `partner` and administered by it on every service; no invitation (R4).

    Refuses as `why_not_add` does.
    """
    if refusal := why_not_add(name, domain):
        raise refusal
    customer = Customer(name=name.strip(), domain=domain.strip())
    db.session.add(customer)
    db.session.flush()
    relationships.begin(partner, customer)
    history.record(EventKind.ADD_CUSTOMER, by=by, partner=partner, customer=customer)
    privileges.grant(partner, customer, *Service, by=by)
    return customer
