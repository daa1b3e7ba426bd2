"""What a customer has bought, and from whom (R3)."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Date, ForeignKey, Index, String, and_, bindparam, event, func, or_, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship
from sqlalchemy.sql.selectable import ScalarSelect

from ..extensions import Model, db
from ..world import clock
from ..world.calendar import day_of, months_after, start_of, today
from ..world.columns import Moment
from ..world.pages import Page, page_of
from ..world.rooms import InRoom, RoomQuestion
from .offers import OFFERS, Offer
from .organisations import Customer, Partner, PartnerKind, new_microsoft_id
from .services import Service

TERM = 12  # months (S2)
TAKEN_OFF = "-1"  # what stands in place of a reseller that was taken off (R72)
KEPT = timedelta(days=61)  # from the day it was suspended or cancelled to the day its data is gone (S7, S8)


class Status(StrEnum):
    """Where a subscription is in its life (S9)."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"
    DELETED = "deleted"


class Due(StrEnum):
    """What happens to a subscription by itself when its time has come."""

    RENEW = "renew"
    LAPSE = "lapse"
    DELETE = "delete"


class Subscription(InRoom, Model):
    """A purchased offer. Its original reseller never changes (R3); none means bought from 21Vianet itself (R8).

    No column says what its status is: that follows from the columns and the clock, so that a page that only reads is
    right before `due.catch_up` has written down what time has done. An add-on has a base, and the base's dates (S4).
    """

    __table_args__ = (
        Index("ix_subscription_customer", "customer_id", "seller_id"),
        Index("ix_subscription_address", "room_id", "microsoft_id", unique=True),
        Index("ix_subscription_due", "room_id", "due_at"),
        Index("ix_subscription_base", "base_id"),
        Index("ix_subscription_once", "customer_id", "seller_id", "once", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    microsoft_id: Mapped[str] = mapped_column(String(36), default=new_microsoft_id)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id", ondelete="CASCADE"))
    seller_id: Mapped[int | None] = mapped_column(ForeignKey("partner.id"))
    partner_of_record_id: Mapped[int | None] = mapped_column(ForeignKey("partner.id"))
    base_id: Mapped[int | None] = mapped_column(ForeignKey("subscription.id", ondelete="CASCADE"))
    offer_key: Mapped[str] = mapped_column(String(30))
    nickname: Mapped[str] = mapped_column(String(60), default="")
    seats: Mapped[int]
    ordered_at: Mapped[datetime] = mapped_column(Moment)
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    auto_renew: Mapped[bool] = mapped_column(default=True)
    suspended_at: Mapped[datetime | None] = mapped_column(Moment)
    cancelled_at: Mapped[datetime | None] = mapped_column(Moment)
    deleted_at: Mapped[datetime | None] = mapped_column(Moment)
    due_at: Mapped[datetime | None] = mapped_column(Moment)
    once: Mapped[str | None] = mapped_column(String(40))  # names one press of a button: pressed twice, sold once
    version: Mapped[int] = mapped_column(default=1)

    customer: Mapped[Customer] = relationship()
    seller: Mapped[Partner | None] = relationship(foreign_keys=seller_id)
    partner_of_record: Mapped[Partner | None] = relationship(foreign_keys=partner_of_record_id)
    base: Mapped["Subscription | None"] = relationship(remote_side=id)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - as SQLAlchemy wants it

    def __init__(self, **facts: Any) -> None:
        """Bought now, starting tomorrow for twelve months, unless something else is said (S2)."""
        facts["ordered_at"] = facts.get("ordered_at") or clock.now()
        facts.setdefault("starts_on", day_of(facts["ordered_at"]) + timedelta(days=1))
        facts.setdefault("ends_on", months_after(facts["starts_on"], TERM))
        facts.setdefault("auto_renew", True)
        super().__init__(**facts)

    @property
    def offer(self) -> Offer:
        """What was bought."""
        return OFFERS[self.offer_key]

    @property
    def status(self) -> Status:
        """Where it is in its life now, whether or not that has been written down yet (S9)."""
        if self.deleted_at or ((gone := self.gone_at) and gone <= clock.now()):
            return Status.DELETED
        if self.ended_at:
            return Status.CANCELLED
        return Status.SUSPENDED if self.suspended_at else Status.ACTIVE

    @property
    def reseller_mpn_id(self) -> str:
        """The MPN ID of the reseller of record: the seller's own where that reseller has none (R72).

        "-1" where an indirect provider has taken its reseller off, or never named one.
        """
        if record := self.partner_of_record:
            return record.mpn_id or (self.seller.mpn_id if self.seller else "")
        return TAKEN_OFF if self.seller and self.seller.kind is PartnerKind.PROVIDER else ""

    @property
    def is_live(self) -> bool:
        """Whether it is active or suspended: it still stands, and may be used again."""
        return self.status in (Status.ACTIVE, Status.SUSPENDED)

    @property
    def ended_at(self) -> datetime | None:
        """When it was cancelled, or its term ran out without being renewed; None while it goes on."""
        over = start_of(self.ends_on)
        return self.cancelled_at or (over if not self.auto_renew and over <= clock.now() else None)

    @property
    def gone_at(self) -> datetime | None:
        """When its data is deleted: at the start of day 61, day 0 being that of its suspension or end (S7, S8).

        RULING: cancelling what is suspended does not start the 60 days anew.
        """
        stopped = self.suspended_at or self.ended_at
        return start_of(day_of(stopped) + KEPT) if stopped else None

    @property
    def term_ends_on(self) -> date:
        """The day this term ends, and the next begins where it renews; what is deleted renews no more."""
        end, last = self.ends_on, day_of(self.gone_at) if self.gone_at else date.max
        while self.auto_renew and not self.ended_at and end <= today() and end < last:
            end = months_after(end, TERM)
        return end

    @property
    def next_due(self) -> tuple[datetime, Due] | None:
        """What is next to happen to it by itself, and when, from where it was last written down."""
        if self.deleted_at:
            return None
        stopped = self.suspended_at or self.cancelled_at
        gone = start_of(day_of(stopped) + KEPT) if stopped else None
        over = start_of(self.ends_on)
        if gone and (self.cancelled_at or gone <= over):
            return gone, Due.DELETE
        return over, Due.RENEW if self.auto_renew else Due.LAPSE


@event.listens_for(Subscription, "before_insert")
@event.listens_for(Subscription, "before_update")
def file_what_is_due(_mapper: object, _connection: object, subscription: Subscription) -> None:
    """Nobody can forget to file anew when it is due, because nobody does it."""
    due = subscription.next_due
    subscription.due_at = due and due[0]


TODAY = bindparam("today", callable_=today, type_=Date)
GONE_DAY = bindparam("gone_day", callable_=lambda: today() - KEPT, type_=Date)
STILL_KEPT = bindparam("still_kept", callable_=lambda: start_of(today() - KEPT + timedelta(days=1)), type_=Moment)
LIVE = and_(
    Subscription.deleted_at.is_(None),
    Subscription.cancelled_at.is_(None),
    or_(Subscription.suspended_at.is_(None), Subscription.suspended_at >= STILL_KEPT),
    or_(Subscription.auto_renew, Subscription.ends_on > TODAY),
)  # `Subscription.is_live`, as a condition the database understands
STOPPED = func.coalesce(Subscription.suspended_at, Subscription.cancelled_at)
NOT_LAPSED = and_(STOPPED.is_(None), or_(Subscription.auto_renew, Subscription.ends_on > GONE_DAY))
STILL_THERE = and_(Subscription.deleted_at.is_(None), or_(STOPPED >= STILL_KEPT, NOT_LAPSED))  # S7, S8


def lock(subscription: Subscription) -> None:
    """Let one person at a time change it or its licences, and read it as it is now; SQLite's writers queue anyway."""
    mine = select(Subscription).where(Subscription.id == subscription.id).with_for_update(key_share=True)
    db.session.scalars(mine.execution_options(populate_existing=True)).one()


def find(customer: Customer, microsoft_id: str) -> Subscription | None:
    """The subscription of `customer` with this address, if there is one, with everybody it names at hand."""
    if "\0" in microsoft_id:  # PostgreSQL takes no such text
        return None
    mine = (Subscription.customer_id == customer.id, Subscription.microsoft_id == microsoft_id)
    named = (Subscription.seller, Subscription.partner_of_record, Subscription.base)
    return db.session.scalar(select(Subscription).where(*mine).options(*(joinedload(each) for each in named)))


def visible(
    partner: Partner, customer: Customer, held: Collection[Service], *, after: int | None = None
) -> Page[Subscription]:
    """A page of what `partner` sold to `customer`, and of what others sold with a service of those it holds.

    The matrix of domain section 4, row View, as a question to the database.
    """
    offers = [key for key, offer in OFFERS.items() if not offer.services.isdisjoint(held)]
    seen = or_(Subscription.seller_id == partner.id, and_(Subscription.offer_key.in_(offers), LIVE))
    mine = select(Subscription).where(Subscription.customer_id == customer.id, Subscription.id > (after or 0), seen)
    mine = mine.order_by(Subscription.id).options(joinedload(Subscription.seller), joinedload(Subscription.base))
    return page_of(mine, key=lambda subscription: subscription.id)


def add_ons_of(base: Subscription, which: ColumnElement[bool] = LIVE) -> list[Subscription]:
    """The add-ons that stand on `base`, those that are live unless others are asked for (S4)."""
    on_it = select(Subscription).where(Subscription.base_id == base.id, which).order_by(Subscription.id)
    return list(db.session.scalars(on_it))


ITS = Subscription.customer_id == bindparam("customer")
BOUGHT = RoomQuestion(select(Subscription.offer_key, Subscription.seller_id).where(ITS, LIVE))


def services_bought(customer: Customer) -> dict[Service, set[int | None]]:
    """Every service of what `customer` has bought, and who sold it: partners' ids, none for 21Vianet (R8, R27)."""
    found: dict[Service, set[int | None]] = {}
    for key, seller in BOUGHT.ask(customer=customer.id):
        for service in OFFERS[key].services:
            found.setdefault(service, set()).add(seller)
    return found


def sold_counts(customer: Customer) -> dict[int, int]:
    """How many subscriptions each partner, by id, sold to `customer`; ended ones too, until they are deleted."""
    mine = (Subscription.customer_id == customer.id, Subscription.seller_id.is_not(None), STILL_THERE)
    sold = select(Subscription.seller_id, func.count()).where(*mine).group_by(Subscription.seller_id)
    return {seller: count for seller, count in db.session.execute(sold) if seller}


def sold_by(partner_id: Any, customer_id: Any) -> ScalarSelect[int]:
    """How many live subscriptions a partner sold to a customer, as a column beside their row (R46)."""
    sold = (Subscription.seller_id == partner_id, Subscription.customer_id == customer_id, LIVE)
    return select(func.count(Subscription.id)).where(*sold).scalar_subquery()


def of_customer(customer: Customer, which: ColumnElement[bool] = LIVE) -> list[Subscription]:
    """Everything live that `customer` has, from whomever, in the order it was bought; its seller is at hand."""
    mine = select(Subscription).where(Subscription.customer_id == customer.id, which).order_by(Subscription.id)
    return list(db.session.scalars(mine.options(joinedload(Subscription.seller))))


def page_of_customer(customer: Customer, *, size: int, after: int = 0) -> Page[Subscription]:
    """Some of what is live, from after subscription id `after`, with whoever sold each and what each stands on."""
    mine = select(Subscription).where(Subscription.customer_id == customer.id, Subscription.id > after, LIVE)
    mine = mine.order_by(Subscription.id).options(joinedload(Subscription.seller), joinedload(Subscription.base))
    return page_of(mine, key=lambda subscription: subscription.id, size=size)
