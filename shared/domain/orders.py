"""A partner sells a customer a new subscription, or an add-on to one it sold (S1, S2, S4)."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from ..extensions import db
from ..world.calendar import months_after, today
from . import capabilities, history, keeping, privileges, subscriptions
from .capabilities import Action
from .history import EventKind
from .offers import Offer, add_ons_for
from .organisations import Customer
from .refusals import Code, Refusal
from .relationships import Relationship
from .subscriptions import LIVE, TERM, Subscription
from .users import User

Bought = Collection[Subscription] | None  # all a customer has, for whoever asks about much of it


def why_not_order(customer: Customer, offer: Offer, seats: int, *, by: User) -> Refusal | None:
    """Why this person's partner cannot sell this now: the role, the relationship, its account, or the seats."""
    if refusal := why_not_sell(customer, by=by):
        return refusal
    if offer.is_add_on:
        return Refusal(Code.WRONG_BASE, offer=offer, customer=customer)
    return why_not_seats(customer, offer, seats)


def why_not_sell(customer: Customer, *, by: User, tie: Relationship | None = None) -> Refusal | None:
    """Why this person's partner cannot sell anything to `customer`, whatever the offer (R39, R73).

    `tie` is for whoever has it at hand.
    """
    return capabilities.why_not_for_as(by, Action.SELL, customer, tie)


def why_not_add_on(base: Subscription, offer: Offer, seats: int, *, by: User) -> Refusal | None:
    """Why this add-on cannot be bought on top of `base`: whose it is, that it is not active, or that it does not fit.

    RULING: each add-on stands once on a base; more of it are more seats.
    """
    if refusal := why_not_add_ons(base, by=by):
        return refusal
    if base.offer_key not in offer.on:
        return Refusal(Code.WRONG_BASE, offer=offer, customer=base.customer)
    if any(add_on.offer == offer for add_on in subscriptions.add_ons_of(base)):
        return Refusal(Code.HAS_ADD_ON, offer=offer, subscription=base, customer=base.customer)
    return why_not_seats(base.customer, offer, seats)


def why_not_add_ons(base: Subscription, *, by: User) -> Refusal | None:
    """Why no add-on at all can be bought on top of `base`: whose it is, that none fits, or its state (R33, R73, S4)."""
    if refusal := capabilities.why_not_as(by, Action.ORDER_ADD_ON, base):
        return refusal
    if not add_ons_for(base.offer):
        return Refusal(Code.NO_ADD_ONS, subscription=base, customer=base.customer)
    return keeping.why_not_active(base, "S4")


def why_not_seats(
    customer: Customer | None, offer: Offer, seats: int, instead_of: int = 0, bought: Bought = None
) -> Refusal | None:
    """Why `customer` cannot have so many seats of `offer`, perhaps instead of some it has (S3, section 5).

    Without a customer: why a new one cannot.
    """
    about: dict[str, Any] = {"customer": customer} if customer else {}
    if seats < 1:
        return Refusal(Code.TOO_FEW_SEATS, least=1, **about)
    if offer.cap is None:
        return None
    left = offer.cap - (_seats_of(customer, offer, bought) if customer else 0)
    if seats - instead_of > left:
        return Refusal(Code.OVER_CAP, offer=offer, cap=offer.cap, left=max(left, 0), **about)
    return None


def order(customer: Customer, offer: Offer, seats: int, *, by: User, once: str | None = None) -> Subscription:
    """Sell `seats` licences of `offer`: `by`'s partner becomes the original reseller (R3, R38).

    Refuses as `why_not_order` does. Two who order at once wait for each other, so that a tenant's cap holds. Nothing
    more is sold when the same press of a button, `once`, has sold something already: the answer is that.
    """
    privileges.lock(customer)
    if sold := _sold(customer, once, by):
        return sold
    if refusal := why_not_order(customer, offer, seats, by=by):
        raise refusal
    assert by.partner is not None  # noqa: S101 - why_not_sell has seen to it
    end = end_of_term(today() + timedelta(days=1), by.partner.billing_day)
    return _sell(offer, seats, customer, by=by, ends_on=end, once=once)


def order_add_on(base: Subscription, offer: Offer, seats: int, *, by: User, once: str | None = None) -> Subscription:
    """Sell an add-on to `base`, which it follows from now on (S4). Refuses as `why_not_add_on`; `once` as above."""
    subscriptions.lock(base)
    if sold := _sold(base.customer, once, by):
        return sold
    if refusal := why_not_add_on(base, offer, seats, by=by):
        raise refusal
    follows = {"base_id": base.id, "ends_on": base.ends_on, "auto_renew": base.auto_renew}
    return _sell(offer, seats, base.customer, by=by, once=once, **follows)


def end_of_term(start: date, billing_day: int) -> date:
    """Twelve months after the first billing date on or after `start` (S2)."""
    first = start.replace(day=billing_day)
    if first < start:
        first = months_after(first, 1)
    return months_after(first, TERM)


def _sold(customer: Customer, once: str | None, by: User) -> Subscription | None:
    if once is None or by.partner_id is None:
        return None
    mine = (Subscription.customer_id == customer.id, Subscription.seller_id == by.partner_id, Subscription.once == once)
    return db.session.scalar(select(Subscription).where(*mine))


def _sell(offer: Offer, seats: int, customer: Customer, *, by: User, **term: Any) -> Subscription:
    partner = by.partner
    assert partner is not None  # noqa: S101 - the refusals have seen to it
    seller = {"seller_id": partner.id, "partner_of_record_id": partner.id}  # sold directly: its own MPN ID (R72)
    sold = Subscription(customer_id=customer.id, offer_key=offer.key, seats=seats, **seller, **term)
    db.session.add(sold)
    db.session.flush()
    beside: dict[str, Any] = {"beside": sold.base_id} if sold.base_id else {}
    history.record(EventKind.ORDER, by=by, partner=partner, customer=customer, subscription=sold, new=seats, **beside)
    return sold


def _seats_of(customer: Customer, offer: Offer, bought: Bought) -> int:
    if bought is not None:
        return sum(one.seats for one in bought if one.offer_key == offer.key)
    mine = (Subscription.customer_id == customer.id, Subscription.offer_key == offer.key, LIVE)
    return db.session.scalar(select(func.coalesce(func.sum(Subscription.seats), 0)).where(*mine)) or 0
