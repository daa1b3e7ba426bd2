"""The tie between one partner and one customer: the commercial half of what binds them (R2)."""

from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, bindparam, select, text
from sqlalchemy.orm import Mapped, contains_eager, mapped_column, relationship

from ..extensions import Model, db
from ..world import clock
from ..world.columns import Key, Moment, one_of
from ..world.questions import all_of, columns_of
from ..world.rooms import InRoom, RoomQuestion, filing_here
from .organisations import Customer, Partner, PartnerKind
from .search import beginnings, filed


class RelationshipType(StrEnum):
    """What a row of Partner relationships is called (R47)."""

    RESELLER = "reseller"
    RESELLER_AND_ADMIN = "reseller_and_admin"
    DELEGATED_ADMIN = "delegated_admin"
    ADVISOR = "advisor"


class Administered(StrEnum):
    """How much of a customer its partner administers now: every service, some, or none (R6)."""

    FULLY = "fully"
    PARTLY = "partly"
    NOT = "not"


ACTIVE = text("until IS NULL")
LISTED_ALONE: dict[str, Any] = {"sqlite_where": ACTIVE, "postgresql_where": ACTIVE}


class Relationship(InRoom, Model):
    """One partner and one customer that know each other: a row in both their lists. Ended, never deleted.

    For whoever resells it is the commercial tie; advisors and indirect resellers have one only while they administer.
    """

    __table_args__ = (
        UniqueConstraint("partner_id", "customer_id"),
        # The partner's list by name, and its newest: PostgreSQL takes the order from an index of active rows alone.
        Index("ix_relationship_list", "partner_id", "name_key", "id", **LISTED_ALONE),
        Index("ix_relationship_newest", "partner_id", "since", **LISTED_ALONE),
        # The same, of those administered fully, partly or not.
        Index("ix_relationship_state_list", "partner_id", "administered", "name_key", "id", **LISTED_ALONE),
        Index("ix_relationship_state_newest", "partner_id", "administered", "since", "id", **LISTED_ALONE),
        Index("ix_relationship_customer", "customer_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id", ondelete="CASCADE"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id", ondelete="CASCADE"))
    name_key: Mapped[str] = mapped_column(Key)
    since: Mapped[datetime] = mapped_column(Moment, default=clock.now)
    until: Mapped[datetime | None] = mapped_column(Moment)
    held: Mapped[str | None]  # delegated admin by service, as lists read it; `privileges` writes it
    administered: Mapped[Administered] = mapped_column(
        one_of(Administered), default=Administered.NOT, server_default=Administered.NOT.value
    )  # and this

    partner: Mapped[Partner] = relationship()
    customer: Mapped[Customer] = relationship()

    @property
    def active(self) -> bool:
        """Whether the tie stands now."""
        return self.until is None


class SearchTerm(InRoom, Model):
    """One beginning of a word of a customer's name or domain, filed for one relationship (see `search`).

    `previous` is the one before it in the order of terms, empty for the first: whoever is found by two is listed once.
    """

    __table_args__ = (Index("ix_search_term_range", "partner_id", "term", "relationship_id"),)

    relationship_id: Mapped[int] = mapped_column(ForeignKey("relationship.id", ondelete="CASCADE"), primary_key=True)
    term: Mapped[str] = mapped_column(Key, primary_key=True)
    previous: Mapped[str] = mapped_column(Key, server_default="")
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id", ondelete="CASCADE"))


def type_of(partner: Partner, *, administers: bool) -> RelationshipType:
    """What the row is called (R47). RULING: an indirect reseller's is delegated admin alone, its provider resells."""
    if partner.kind is PartnerKind.ADVISOR:
        return RelationshipType.ADVISOR
    if partner.kind is PartnerKind.INDIRECT_RESELLER:
        return RelationshipType.DELEGATED_ADMIN
    return RelationshipType.RESELLER_AND_ADMIN if administers else RelationshipType.RESELLER


PAIR = (Relationship.partner_id == bindparam("partner"), Relationship.customer_id == bindparam("customer"))
BETWEEN = RoomQuestion(select(*columns_of(Relationship)).where(*PAIR))
BEGINNING, FILING = filing_here(Relationship, hears=True), filing_here(SearchTerm)


def between(partner: Partner, customer: Customer) -> Relationship | None:
    """The one row of this pair, active or ended, if the two ever met."""
    return next(iter(all_of(Relationship, BETWEEN.ask(partner=partner.id, customer=customer.id))), None)


def partners_of(customer: Customer) -> set[int]:
    """The ids of all partners that have a tie with it now; what the others sold it nobody can reactivate (R66)."""
    tied = (Relationship.customer_id == customer.id, Relationship.until.is_(None))
    return set(db.session.scalars(select(Relationship.partner_id).where(*tied)))


def begin(partner: Partner, customer: Customer) -> bool:
    """Make the tie, or take up the old one: nothing is created twice (R62, R67). False when it stands already.

    RULING: a tie that had ended begins anew at this moment; when it was first made, and ended, history says.
    """
    if before := between(partner, customer):
        if before.active:
            return False
        before.since, before.until = clock.now(), None
        return True
    pair = {"partner_id": partner.id, "customer_id": customer.id, "name_key": filed(customer.name)}
    begun = {"since": clock.now(), "until": None, "held": None, "administered": Administered.NOT}
    [number] = BEGINNING.give_and_hear(pair | begun)
    of = {"relationship_id": number, "partner_id": partner.id}
    terms = beginnings(customer.name, customer.domain)
    FILING.give(*(of | {"term": term, "previous": previous} for previous, term in pairwise(["", *terms])))
    return True


def listed(partner: Partner, microsoft_id: str) -> Relationship | None:
    """The tie to the customer of this Microsoft ID, if that is in the partner's list now (R37)."""
    if "\0" in microsoft_id:  # PostgreSQL takes no such text
        return None
    tied = (Relationship.partner_id == partner.id, Relationship.until.is_(None))
    query = select(Relationship).join(Relationship.customer).options(contains_eager(Relationship.customer))
    return db.session.scalar(query.where(*tied, Customer.microsoft_id == microsoft_id))
