"""Delegated admin: what a customer lets a partner administer, service by service (R6, R41)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, bindparam, case, func, select, text, update
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..extensions import Model
from ..world import clock, database
from ..world.columns import Moment, as_json, one_of
from ..world.questions import Order, Row, apart, columns_of, taken_up
from ..world.rooms import ROOM_WE_ARE_IN, InRoom, RoomQuestion, filing_here
from . import history
from .history import EventKind
from .organisations import Customer, Partner
from .relationships import Administered, Relationship
from .services import Service
from .users import User


class EndReason(StrEnum):
    """Why delegated admin ended (R59)."""

    REMOVED = "removed"
    MOVED = "moved"
    RELATIONSHIP_ENDED = "relationship_ended"


ENDED: dict[str, Any] = dict.fromkeys(("sqlite_where", "postgresql_where"), text("until IS NOT NULL"))


class Privilege(InRoom, Model):
    """Delegated admin of one partner on one service of one customer (R6): its present or, when ended, its last span.

    Earlier spans stand in history. `transacting` repeats the partner's kind so that the database can hold R41.
    """

    __table_args__ = (
        UniqueConstraint("partner_id", "customer_id", "service"),
        Index(
            "one_transacting_partner_per_service",
            "customer_id",
            "service",
            unique=True,
            sqlite_where=text("until IS NULL AND transacting"),
            postgresql_where=text("until IS NULL AND transacting"),
        ),
        Index("ix_privilege_customer", "customer_id"),
        Index("ix_privilege_lost", "partner_id", "until", **ENDED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id", ondelete="CASCADE"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id", ondelete="CASCADE"))
    service: Mapped[Service] = mapped_column(one_of(Service))
    transacting: Mapped[bool]
    since: Mapped[datetime] = mapped_column(Moment, default=clock.now)
    until: Mapped[datetime | None] = mapped_column(Moment)
    ended_by: Mapped[EndReason | None] = mapped_column(one_of(EndReason))

    partner: Mapped[Partner] = relationship(lazy="joined")
    customer: Mapped[Customer] = relationship()

    @property
    def in_force(self) -> bool:
        """Whether the partner administers the service now."""
        return self.until is None


Spans = Mapping[Service, Privilege]  # of one partner at one customer

ROW = select(*columns_of(Privilege, Partner)).join(Partner, Partner.id == Privilege.partner_id)
AT_CUSTOMER = Privilege.customer_id == bindparam("customer")
PAIR = (AT_CUSTOMER, Privilege.partner_id == bindparam("partner"))
ON_CUSTOMER = RoomQuestion(ROW.where(AT_CUSTOMER).order_by(Privilege.id))
OF_PAIR = RoomQuestion(ROW.where(*PAIR))
ANY = RoomQuestion(select(Privilege.id).where(AT_CUSTOMER, Privilege.until.is_(None)).limit(1))
LOCK = RoomQuestion(select(Customer.id).where(Customer.id == bindparam("customer")).with_for_update(key_share=True))
GRANTING = filing_here(Privilege)

# What a partner holds or held stands beside the relationship too, so that its list of customers is one query,
# and so does how much that is, so that the list can be narrowed to it.
SPANS = (Privilege.partner_id == Relationship.partner_id, Privilege.customer_id == Relationship.customer_id)
HELD = select(as_json(Privilege.service, Privilege.since, Privilege.until, Privilege.ended_by)).where(*SPANS)
TIE = (
    Relationship.customer_id == bindparam("customer"),
    Relationship.partner_id == bindparam("partner"),
    Relationship.room_id == ROOM_WE_ARE_IN,
)
NOW = select(func.count(Privilege.id)).where(*SPANS, Privilege.until.is_(None)).scalar_subquery()
EXTENT = case(
    {0: Administered.NOT.value, len(Service): Administered.FULLY.value}, value=NOW, else_=Administered.PARTLY.value
)
SHOWING = Order(update(Relationship).where(*TIE).values(held=HELD.scalar_subquery(), administered=EXTENT))


def privileges_on(customer: Customer) -> list[Privilege]:
    """Delegated admin on every service of `customer`, whoever holds or last held it; read anew."""
    return _read(ON_CUSTOMER.ask(customer=customer.id))


def of_pair(partner: Partner, customer: Customer) -> Spans:
    """What `partner` holds or last held at `customer`, by service; read anew."""
    found = _read(OF_PAIR.ask(partner=partner.id, customer=customer.id))
    return {privilege.service: privilege for privilege in found}


def by_service(partner: Partner, among: Iterable[Privilege]) -> Spans:
    """The same among what was read of the whole customer."""
    return {privilege.service: privilege for privilege in among if privilege.partner_id == partner.id}


def _read(rows: Iterable[Row]) -> list[Privilege]:
    both = (apart(row, Privilege, Partner) for row in rows)
    return [taken_up(Privilege, span, partner=taken_up(Partner, holder)) for span, holder in both]


def holders(customer: Customer, known: Iterable[Privilege] | None = None) -> dict[Service, Partner]:
    """The transacting partner that administers each service now (R41); services nobody holds are left out.

    `known` is what `privileges_on` answers, for whoever has asked already.
    """
    known = privileges_on(customer) if known is None else known
    return {p.service: p.partner for p in known if p.in_force and p.transacting}


def held_by(partner: Partner, customer: Customer) -> set[Service]:
    """The services of `customer` that `partner` administers now."""
    return {service for service, privilege in of_pair(partner, customer).items() if privilege.in_force}


def anybody_holds(customer: Customer) -> bool:
    """Whether any partner administers anything of `customer` now."""
    return bool(ANY.ask(customer=customer.id))


def lock(customer: Customer) -> None:
    """Let only one person at a time change who may do what at `customer`."""
    if not database.writers_queue():
        LOCK.ask(customer=customer.id)


def grant(
    partner: Partner, customer: Customer, *services: Service, by: User, known: Spans | None = None
) -> list[Service]:
    """Let `partner` administer these; returns those that are new: for what it has, nothing changes (R30).

    The caller has ended whoever held them: the database refuses a second transacting holder (R41). `known` is what
    `of_pair` answers, for whoever has asked already.
    """
    known = of_pair(partner, customer) if known is None else known
    new = [service for service in services if service not in known or not known[service].in_force]
    if not new:
        return new
    since, transacting = clock.now(), partner.kind.transacting
    for again in (known[service] for service in new if service in known):
        again.transacting, again.since, again.until, again.ended_by = transacting, since, None, None
    first: dict[str, Any] = {"transacting": transacting, "since": since, "until": None, "ended_by": None}
    first |= {"partner_id": partner.id, "customer_id": customer.id}
    GRANTING.give(*(first | {"service": service} for service in new if service not in known))
    SHOWING.give({"partner": partner.id, "customer": customer.id})
    history.record(EventKind.GRANT_DAP, *new, by=by, partner=partner, customer=customer)
    return new


def end(
    partner: Partner,
    customer: Customer,
    *services: Service,
    reason: EndReason,
    by: User,
    known: Spans | None = None,
) -> list[Service]:
    """End delegated admin on these, at once (R54); returns those `partner` held. `known` as above."""
    known = of_pair(partner, customer) if known is None else known
    ended = [service for service in services if service in known and known[service].in_force]
    if not ended:
        return ended
    for service in ended:
        known[service].until, known[service].ended_by = clock.now(), reason
    # Sent at once: a new holder may follow in this transaction, and the index allows one at a time.
    SHOWING.give({"partner": partner.id, "customer": customer.id})
    history.record(EventKind.END_DAP, *ended, by=by, partner=partner, customer=customer, reason=reason.value)
    return ended
