"""How long the data of what was suspended, cancelled or not renewed is kept (S7, S8)."""

from datetime import timedelta

from ..world.calendar import day_of, today
from . import subscriptions
from .organisations import Customer
from .refusals import Code, Refusal
from .subscriptions import STILL_THERE, Status, Subscription


def days_left(subscription: Subscription) -> int | None:
    """How many days are left after today until its data is deleted, so that 0 is the last one, a whole day.

    None where nothing is to be deleted, or it has been.
    """
    if (gone := subscription.gone_at) is None or subscription.status is Status.DELETED:
        return None
    return (day_of(gone) - timedelta(days=1) - today()).days


def why_not_live(subscription: Subscription) -> Refusal | None:
    """Why nothing of it can be changed any more, whoever wants to: it has ended for good (S8)."""
    if subscription.is_live:
        return None
    return Refusal(Code.FINAL, subscription=subscription, customer=subscription.customer, status=subscription.status)


def kept_of(customer: Customer) -> list[Subscription]:
    """Everything of `customer` that is not deleted yet, ended or not, in the order it was bought; sellers at hand."""
    return subscriptions.of_customer(customer, STILL_THERE)
