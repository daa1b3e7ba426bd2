"""Delegated admin: what a customer lets a partner administer, service by service (R6, R41)."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint, select, text, update
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..extensions import Model, db
from ..world import clock
from ..world.columns import Moment, as_json, one_of
from ..world.rooms import InRoom
from . import history
from .history import EventKind
from .organisations import Customer, Partner
from .relationships import Relationship
from .services import Service
from .users import User


class EndReason(StrEnum):
    """Why delegated admin ended (R59)."""

    REMOVED = "removed"
    MOVED = "moved"
    RELATIONSHIP_ENDED = "relationship_ended"


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
        Index("ix_privilege_lost", "partner_id", "until"),
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


def privileges_on(customer: Customer) -> list[Privilege]:
    """Delegated admin on every service of `customer`, whoever holds or last held it."""
    return list(db.session.scalars(select(Privilege).where(Privilege.customer_id == customer.id)))


def holders(customer: Customer) -> dict[Service, Partner]:
    """The transacting partner that administers each service now (R41); services nobody holds are left out."""
    wanted = (Privilege.customer_id == customer.id, Privilege.until.is_(None), Privilege.transacting)
    held = db.session.execute(select(Privilege.service, Partner).join(Partner).where(*wanted))
    return dict(held.tuples().all())


def held_by(partner: Partner, customer: Customer) -> set[Service]:
    """The services of `customer` that `partner` administers now."""
    wanted = (Privilege.customer_id == customer.id, Privilege.partner_id == partner.id, Privilege.until.is_(None))
    return set(db.session.scalars(select(Privilege.service).where(*wanted)))


def lock(customer: Customer) -> None:
    """Let only one person at a time change who may do what at `customer`; SQLite's writers queue anyway."""
    db.session.execute(select(Customer.id).where(Customer.id == customer.id).with_for_update())


def of_pair(partner: Partner, customer: Customer) -> dict[Service, Privilege]:
    """What `partner` holds or last held at `customer`, by service; read anew, since it may have changed."""
    pair = (Privilege.customer_id == customer.id, Privilege.partner_id == partner.id)
    query = select(Privilege).where(*pair).execution_options(populate_existing=True)
    return {privilege.service: privilege for privilege in db.session.scalars(query)}


def _show(partner: Partner, customer: Customer) -> None:
    """Write down beside the relationship what the partner holds or held there: its list of customers is one query."""
    of_pair = (Privilege.partner_id == Relationship.partner_id, Privilege.customer_id == Relationship.customer_id)
    spans = select(as_json(Privilege.service, Privilege.since, Privilege.until, Privilege.ended_by)).where(*of_pair)
    pair = (Relationship.partner_id == partner.id, Relationship.customer_id == customer.id)
    shown = update(Relationship).where(*pair).values(held=spans.scalar_subquery())
    db.session.execute(shown, execution_options={"synchronize_session": False})


def grant(partner: Partner, customer: Customer, service: Service, *, by: User) -> bool:
    """Let `partner` administer `service`; false, and nothing changes, when it does already (R30).

    The caller has ended whoever held it: the database refuses a second transacting holder (R41).
    """
    privilege = of_pair(partner, customer).get(service)
    if privilege and privilege.in_force:
        return False
    if privilege is None:
        privilege = Privilege(partner_id=partner.id, customer_id=customer.id, service=service)
        db.session.add(privilege)
    privilege.transacting = partner.kind.transacting
    privilege.since, privilege.until, privilege.ended_by = clock.now(), None, None
    history.record(EventKind.GRANT_DAP, by=by, partner=partner, customer=customer, service=service)
    _show(partner, customer)
    return True


def end(partner: Partner, customer: Customer, service: Service, reason: EndReason, *, by: User) -> bool:
    """End delegated admin on one service, at once (R54); false when `partner` does not hold it."""
    privilege = of_pair(partner, customer).get(service)
    if privilege is None or not privilege.in_force:
        return False
    privilege.until, privilege.ended_by = clock.now(), reason
    ending = EventKind.END_DAP
    history.record(ending, by=by, partner=partner, customer=customer, service=service, reason=reason.value)
    _show(partner, customer)  # and flush: a new holder may follow in this transaction, the index allows one at a time
    return True
