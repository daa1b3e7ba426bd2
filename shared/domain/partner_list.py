"""What a customer sees of its partners (R44-R50): who they are, what they sell, what they administer."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import select, tuple_

from ..extensions import db
from ..world.pages import Page, page_of
from .organisations import Customer, Partner
from .privileges import Privilege
from .relationships import Relationship, RelationshipType, type_of
from .services import Service
from .subscriptions import sold_counts


class Shown(StrEnum):
    """Which rows the customer wants to see; ended ones only when asked (R47)."""

    ACTIVE = "active"
    ADMINS = "admins"
    ENDED = "ended"


@dataclass
class PartnerRow:
    """One partner of a customer: the tie, what it holds or held by service, and how many subscriptions it sold."""

    relationship: Relationship
    partner: Partner
    sold: int = 0
    held: dict[Service, Privilege] = field(default_factory=dict)

    @property
    def lines(self) -> list[Privilege | None]:
        """What is or was held on each service, in the order of services; none where nothing ever was."""
        return [self.held.get(service) for service in Service]

    @property
    def services(self) -> list[Service]:
        """The services administered now."""
        return [service for service in Service if (p := self.held.get(service)) and p.in_force]

    @property
    def type(self) -> RelationshipType:
        """What the row is called (R47)."""
        return type_of(self.partner, administers=bool(self.services))


def partners_of(
    customer: Customer, *, wanted: str = "", shown: Shown = Shown.ACTIVE, after: Sequence[str] = ()
) -> Page[PartnerRow]:
    """A page of the customer's partners by name, those whose name contains `wanted`; three queries."""
    query = (
        select(Relationship, Partner)
        .join(Partner, Partner.id == Relationship.partner_id)
        .where(Relationship.customer_id == customer.id)
        .order_by(Partner.name, Relationship.id)
    )
    ended = Relationship.until.is_not(None) if shown is Shown.ENDED else Relationship.until.is_(None)
    query = query.where(ended)
    if shown is Shown.ADMINS:
        holds = (Privilege.partner_id == Partner.id, Privilege.customer_id == customer.id, Privilege.until.is_(None))
        query = query.where(select(Privilege.id).where(*holds).exists())
    if wanted:
        query = query.where(Partner.name.icontains(wanted, autoescape=True))
    if after:
        query = query.where(tuple_(Partner.name, Relationship.id) > (after[0], int(after[1])))
    page = page_of(query, key=lambda row: (row.Partner.name, str(row.Relationship.id)), entities=False)
    return Page(_filled(customer, [PartnerRow(*row) for row in page.rows]), page.next)


def row_of(customer: Customer, microsoft_id: str) -> PartnerRow | None:
    """One partner of the customer, active or ended, by its Microsoft ID."""
    if "\0" in microsoft_id:  # PostgreSQL takes no such text
        return None
    query = select(Relationship, Partner).join(Partner, Partner.id == Relationship.partner_id)
    pair = (Relationship.customer_id == customer.id, Partner.microsoft_id == microsoft_id)
    row = db.session.execute(query.where(*pair)).one_or_none()
    return _filled(customer, [PartnerRow(*row)])[0] if row else None


def _filled(customer: Customer, rows: list[PartnerRow]) -> list[PartnerRow]:
    by_id = {row.partner.id: row for row in rows}
    wanted = (Privilege.customer_id == customer.id, Privilege.partner_id.in_(by_id))
    for privilege in db.session.scalars(select(Privilege).where(*wanted)):
        by_id[privilege.partner_id].held[privilege.service] = privilege
    sold = sold_counts(customer)
    for row in rows:
        row.sold = sold.get(row.partner.id, 0)
    return rows
