"""How long the data of what was suspended, cancelled or not renewed is kept (S7, S8)."""

from datetime import date, timedelta

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


def ends_on(subscription: Subscription) -> date | None:
    """The day by which something of it ends by itself: its data, or its term; None where it simply goes on."""
    if gone := subscription.gone_at:
        return day_of(gone)
    return None if subscription.auto_renew else subscription.term_ends_on


def why_not_live(subscription: Subscription) -> Refusal | None:
    """Why nothing of it can be changed any more, whoever wants to: it has ended for good (S8)."""
    if subscription.is_live:
        return None
    return Refusal(Code.FINAL, subscription=subscription, customer=subscription.customer, status=subscription.status)


def kept_of(customer: Customer) -> list[Subscription]:
    """Everything of `customer` that is not deleted yet, ended or not, in the order it was bought; sellers at hand."""
    return subscriptions.of_customer(customer, STILL_THERE)


def soonest_first(customer: Customer) -> list[Subscription]:
    """The same, but what ends soonest comes first, and what goes on last."""
    return sorted(kept_of(customer), key=lambda subscription: ends_on(subscription) or date.max)
