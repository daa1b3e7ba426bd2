"""What a customer has bought, and from whom (R3)."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, bindparam, func, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..extensions import Model, db
from ..world import clock
from ..world.columns import Moment
from ..world.rooms import InRoom, RoomQuestion
from .offers import OFFERS, Offer
from .organisations import Customer, Partner
from .services import Service


class Subscription(InRoom, Model):
    """A purchased offer. Its original reseller never changes (R3); none means bought from 21Vianet itself (R8)."""

    __table_args__ = (Index("ix_subscription_customer", "customer_id", "seller_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id", ondelete="CASCADE"))
    seller_id: Mapped[int | None] = mapped_column(ForeignKey("partner.id"))
    partner_of_record_id: Mapped[int | None] = mapped_column(ForeignKey("partner.id"))
    offer_key: Mapped[str] = mapped_column(String(30))
    seats: Mapped[int]
    ordered_at: Mapped[datetime] = mapped_column(Moment, default=clock.now)

    customer: Mapped[Customer] = relationship()
    seller: Mapped[Partner | None] = relationship(foreign_keys=seller_id)

    @property
    def offer(self) -> Offer:
        """What was bought."""
        return OFFERS[self.offer_key]


BOUGHT = RoomQuestion(
    select(Subscription.offer_key, Subscription.seller_id).where(Subscription.customer_id == bindparam("customer"))
)


def services_bought(customer: Customer) -> dict[Service, set[int | None]]:
    """Every service of what `customer` bought, and who sold it: partners' ids, none for 21Vianet itself (R8, R27)."""
    found: dict[Service, set[int | None]] = {}
    for key, seller in BOUGHT.ask(customer=customer.id):
        for service in OFFERS[key].services:
            found.setdefault(service, set()).add(seller)
    return found


def sold_counts(customer: Customer) -> dict[int, int]:
    """How many subscriptions each partner, by id, sold to `customer` (R46)."""
    sold = (
        select(Subscription.seller_id, func.count())
        .where(Subscription.customer_id == customer.id, Subscription.seller_id.is_not(None))
        .group_by(Subscription.seller_id)
    )
    return {seller: count for seller, count in db.session.execute(sold) if seller}
