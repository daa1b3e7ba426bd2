"""What nothing can be done with any more (S8, S9, S12), and how long its data is kept (S7, S8)."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from ..extensions import db
from ..world.calendar import day_of, today
from . import subscriptions
from .history import Event, EventKind
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


def became(subscription: Subscription) -> Subscription | None:
    """What it was upgraded to, if it was (S12): history says so, asked once, for everything that it now refuses."""
    if subscription.deleted_at is None or subscription.deleted_at != subscription.cancelled_at:
        return None  # history need not be asked: only an upgrade ends and deletes at once
    known: dict[int, Subscription | None] = db.session.info.setdefault("became", {})
    if subscription.id not in known:
        known[subscription.id] = _upgraded(subscription)
    return known[subscription.id]


def _upgraded(subscription: Subscription) -> Subscription | None:
    since = (Subscription.customer_id == subscription.customer_id, Subscription.id > subscription.id)
    told = (Event.kind == EventKind.UPGRADE_SUBSCRIPTION, Event.facts["beside"].as_integer() == subscription.id)
    return db.session.scalar(
        select(Subscription).join(Event, Event.subscription_id == Subscription.id).where(*since, *told)
    )


def why_not_live(subscription: Subscription) -> Refusal | None:
    """Why nothing of it can be changed any more: it became another (S12), or has ended for good (S8)."""
    return None if subscription.is_live else _why_over(Code.FINAL, "S8", subscription)


def why_not_active(subscription: Subscription, rule: str = "S9") -> Refusal | None:
    """Why nothing can be done that it has to be active for: it became another (S12), or as `rule` says."""
    return None if subscription.status is Status.ACTIVE else _why_over(Code.NOT_ACTIVE, rule, subscription)


def _why_over(code: Code, rule: str, subscription: Subscription) -> Refusal:
    about: dict[str, Any] = {"subscription": subscription, "customer": subscription.customer}
    if new := became(subscription):
        return Refusal(Code.UPGRADED, became=new, target=new.offer, **about)
    return Refusal(code, rule=rule, status=subscription.status, **about)


def kept_of(customer: Customer) -> list[Subscription]:
    """Everything of `customer` that is not deleted yet, ended or not, in the order it was bought; sellers at hand."""
    return subscriptions.of_customer(customer, STILL_THERE)


def soonest_first(customer: Customer) -> list[Subscription]:
    """The same, but what ends soonest comes first, and what goes on last."""
    return sorted(kept_of(customer), key=lambda subscription: ends_on(subscription) or date.max)
