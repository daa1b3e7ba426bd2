"""What nothing can be done with any more (S8, S9, S12), and how long its data is kept (S7, S8)."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, func, not_, select, union_all
from sqlalchemy.orm import joinedload

from ..extensions import db
from ..world.calendar import day_of, today
from . import subscriptions
from .history import Event, EventKind
from .organisations import Customer
from .refusals import Code, Refusal
from .subscriptions import STILL_THERE, STOPPED, TODAY, Status, Subscription

GOES_ON = STOPPED.is_(None)
ENDS = and_(GOES_ON, not_(Subscription.auto_renew))
WAYS = (
    (STOPPED.is_not(None), STOPPED),
    (and_(ENDS, Subscription.ends_on <= TODAY), Subscription.ends_on),
    (and_(ENDS, Subscription.ends_on > TODAY), Subscription.ends_on),
    (and_(GOES_ON, Subscription.auto_renew), Subscription.id),
)  # how something ends (see `ends_on`), and what the database puts in the same order


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


def soonest(customer: Customer, most: int) -> tuple[list[Subscription], int]:
    """So many of the same at most, what ends soonest first and what goes on last; and how many more there are.

    Whatever the number, only the first of each way to end are read: stopped, lapsed, lapsing, and none.
    """
    kept = (Subscription.customer_id == customer.id, STILL_THERE)
    first = [
        select(Subscription.id).where(*kept, way).order_by(soonest, Subscription.id).limit(most).subquery()
        for way, soonest in WAYS
    ]
    mine = select(Subscription).where(Subscription.id.in_(union_all(*(select(each.c.id) for each in first))))
    mine = mine.order_by(Subscription.id).options(joinedload(Subscription.seller))
    found = sorted(db.session.scalars(mine), key=lambda subscription: ends_on(subscription) or date.max)
    number = db.session.scalar(select(func.count(Subscription.id)).where(*kept)) or 0
    return found[:most], max(number - most, 0)
