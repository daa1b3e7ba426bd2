"""An indirect provider's resellers, and whose customers they look after (R68-R72)."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, or_, select, tuple_

from ..extensions import db
from ..world.pages import Page, page_of
from .organisations import Customer, Partner, PartnerKind
from .privileges import Privilege
from .refusals import Code, Refusal
from .relationships import Relationship
from .services import Service
from .subscriptions import LIVE, Subscription


@dataclass
class ResellerRow:
    """One reseller: how many customers let it administer, and of how many subscriptions it is the partner of record."""

    partner: Partner
    customers: int = 0
    of_record: int = 0


@dataclass
class TheirCustomer:
    """One customer of a reseller: what the reseller administers there, and of how much it is the partner of record."""

    customer: Customer
    ours: bool = False  # in the provider's own list
    services: list[Service] = field(default_factory=list)
    of_record: int = 0


def why_not_list(partner: Partner) -> Refusal | None:
    """Why `partner` has no resellers: only an indirect provider has (R68), else None."""
    return None if partner.kind is PartnerKind.PROVIDER else Refusal(Code.NO_RESELLERS, partner=partner)


def listed(provider: Partner, *, after: Sequence[str] = ()) -> Page[ResellerRow]:
    """A page of the resellers that order through `provider`, by name; three queries."""
    query = select(Partner).where(Partner.provider_id == provider.id).order_by(Partner.name, Partner.id)
    if after:
        query = query.where(tuple_(Partner.name, Partner.id) > (after[0], int(after[1])))
    page = page_of(query, key=lambda partner: (partner.name, str(partner.id)))
    rows = {partner.id: ResellerRow(partner) for partner in page.rows}
    tied = (Relationship.partner_id.in_(rows), Relationship.until.is_(None))
    ties = select(Relationship.partner_id, func.count()).where(*tied).group_by(Relationship.partner_id)
    for partner_id, count in db.session.execute(ties):
        rows[partner_id].customers = count
    record = Subscription.partner_of_record_id
    sold = (record.in_(rows), Subscription.seller_id == provider.id, LIVE)
    for partner_id, count in db.session.execute(select(record, func.count()).where(*sold).group_by(record)):
        rows[partner_id].of_record = count
    return Page(list(rows.values()), page.next)


def of(provider: Partner) -> list[Partner]:
    """All that order through `provider`, by name, to choose from (R71, R72)."""
    return list(db.session.scalars(select(Partner).where(Partner.provider_id == provider.id).order_by(Partner.name)))


def one_of(provider: Partner, microsoft_id: str) -> Partner | None:
    """The reseller of `provider` with this Microsoft ID."""
    if "\0" in microsoft_id:  # PostgreSQL takes no such text
        return None
    mine = (Partner.provider_id == provider.id, Partner.microsoft_id == microsoft_id)
    return db.session.scalar(select(Partner).where(*mine))


def customers_of(reseller: Partner, provider: Partner, *, after: Sequence[str] = ()) -> Page[TheirCustomer]:
    """A page of the customers `reseller` administers or is the partner of record of, by name; four queries."""
    tied = (Relationship.customer_id == Customer.id, Relationship.until.is_(None))
    at_work = select(Relationship.id).where(*tied, Relationship.partner_id == reseller.id).exists()
    of_record = (Subscription.seller_id == provider.id, Subscription.partner_of_record_id == reseller.id, LIVE)
    credited = select(Subscription.id).where(Subscription.customer_id == Customer.id, *of_record).exists()
    query = select(Customer).where(or_(at_work, credited)).order_by(Customer.name, Customer.id)
    if after:
        query = query.where(tuple_(Customer.name, Customer.id) > (after[0], int(after[1])))
    page = page_of(query, key=lambda customer: (customer.name, str(customer.id)))
    rows = {customer.id: TheirCustomer(customer) for customer in page.rows}
    ours = (Relationship.customer_id.in_(rows), Relationship.partner_id == provider.id, Relationship.until.is_(None))
    for customer_id in db.session.scalars(select(Relationship.customer_id).where(*ours)):
        rows[customer_id].ours = True
    held = (Privilege.customer_id.in_(rows), Privilege.partner_id == reseller.id, Privilege.until.is_(None))
    spans = select(Privilege.customer_id, Privilege.service).where(*held).order_by(Privilege.service)
    for customer_id, service in db.session.execute(spans):
        rows[customer_id].services.append(service)
    counts = select(Subscription.customer_id, func.count()).where(Subscription.customer_id.in_(rows), *of_record)
    for customer_id, count in db.session.execute(counts.group_by(Subscription.customer_id)):
        rows[customer_id].of_record = count
    return Page(list(rows.values()), page.next)
