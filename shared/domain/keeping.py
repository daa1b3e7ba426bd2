"""How long the data of what was suspended, cancelled or not renewed is kept (S7, S8)."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from ..extensions import db
from ..world.calendar import day_of, today
from .organisations import Customer
from .subscriptions import STILL_THERE, Status, Subscription


def days_left(subscription: Subscription) -> int | None:
    """How many days are left after today until its data is deleted, so that 0 is the last one, a whole day.

    None where nothing is to be deleted, or it has been.
    """
    if (gone := subscription.gone_at) is None or subscription.status is Status.DELETED:
        return None
    return (day_of(gone) - timedelta(days=1) - today()).days


def kept_of(customer: Customer) -> list[Subscription]:
    """Everything of `customer` that is not deleted yet, ended or not, in the order it was bought; sellers at hand."""
    mine = select(Subscription).where(Subscription.customer_id == customer.id, STILL_THERE).order_by(Subscription.id)
    return list(db.session.scalars(mine.options(joinedload(Subscription.seller))))
