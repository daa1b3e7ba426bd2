"""What the seller does with a subscription afterwards: seats, reseller, suspension, cancellation (S3, S6-S8, S10, R72).

Add-ons go the way of their base (S4): suspended, reactivated, cancelled and renewed with it. RULING: an add-on may be
cancelled alone, but not suspended alone, and it renews as its base does; a base that ends takes its add-ons along.
"""

from enum import StrEnum
from typing import Any

from ..extensions import db
from ..world import clock
from . import capabilities, history, licences, orders, privileges, subscriptions
from .capabilities import Action
from .history import EventKind
from .keeping import why_not_active, why_not_live
from .organisations import Partner
from .refusals import Code, Refusal
from .relationships import Relationship
from .subscriptions import TAKEN_OFF, Status, Subscription
from .users import User


class SuspendReason(StrEnum):
    """Why a subscription is suspended (S6)."""

    CUSTOMER_REQUEST = "customer_request"
    NON_PAYMENT = "non_payment"
    FRAUD = "fraud"


def why_not_change_seats(subscription: Subscription, *, by: User) -> Refusal | None:
    """Why the number of seats cannot change at all: whose it is, or that it is not active (R32, R73, S10)."""
    if refusal := capabilities.why_not_as(by, Action.ADD_SEATS, subscription):
        return refusal
    if subscription.status is Status.SUSPENDED:
        return _refusal(Code.SEATS_LOCKED, subscription)
    return why_not_live(subscription)


def why_not_seats(
    subscription: Subscription, seats: int, *, by: User, assigned: int | None = None, bought: orders.Bought = None
) -> Refusal | None:
    """Why it cannot have this number of seats: as above, or too few for whom has a licence, or too many (S3).

    `assigned` of them, and all that is `bought`, are for whoever has them at hand.
    """
    if refusal := why_not_change_seats(subscription, by=by):
        return refusal
    assigned = licences.assigned(subscription) if assigned is None else assigned
    if 0 < seats < assigned:
        return _refusal(Code.SEATS_ASSIGNED, subscription, assigned=assigned, over=assigned - seats)
    return orders.why_not_seats(subscription.customer, subscription.offer, seats, subscription.seats, bought)


def why_not_rename(subscription: Subscription, *, by: User) -> Refusal | None:
    """Why its nickname cannot change: not the seller, or it has ended."""
    return capabilities.why_not_as(by, Action.CANCEL, subscription) or why_not_live(subscription)


def why_not_renewal(subscription: Subscription, *, by: User) -> Refusal | None:
    """Why this person cannot say whether it renews; an add-on does as its base (S4)."""
    return why_not_rename(subscription, by=by) or _why_not_alone(subscription)


def why_not_resell(subscription: Subscription, *, by: User) -> Refusal | None:
    """Why this person cannot say which reseller sold it: not the seller (R35), no indirect provider (R72), or ended."""
    return capabilities.why_not_as(by, Action.CHANGE_PARTNER_OF_RECORD, subscription) or why_not_live(subscription)


def why_not_reseller(subscription: Subscription, reseller: Partner | None, *, by: User) -> Refusal | None:
    """Why it cannot be this reseller's: as above, or it is neither the provider itself nor one of its resellers."""
    if refusal := why_not_resell(subscription, by=by):
        return refusal
    if reseller is None or by.partner_id in (reseller.id, reseller.provider_id):
        return None
    return _refusal(Code.NOT_ITS_RESELLER, subscription, partner=by.partner, reseller=reseller)


def why_not_suspend(subscription: Subscription, *, by: User) -> Refusal | None:
    """Why it cannot be suspended: not the seller, an add-on, or not active (S6)."""
    if refusal := capabilities.why_not_as(by, Action.SUSPEND, subscription) or _why_not_alone(subscription):
        return refusal
    return why_not_active(subscription)


def why_not_reactivate(subscription: Subscription, *, by: User, tie: Relationship | None = None) -> Refusal | None:
    """Why it cannot be reactivated: not the seller, an add-on, not suspended, or ended for good (S7, S8).

    RULING: nor when the relationship has ended, for which it had to be suspended (R65); `tie` is for whoever has it.
    """
    if refusal := capabilities.why_not_as(by, Action.REACTIVATE, subscription) or _why_not_alone(subscription):
        return refusal
    if refusal := why_not_live(subscription):
        return refusal
    if subscription.status is not Status.SUSPENDED:
        return _refusal(Code.NOT_SUSPENDED, subscription)
    return capabilities.why_not_tied(by.partner, subscription.customer, tie) if by.partner else None


def why_not_cancel(subscription: Subscription, *, by: User) -> Refusal | None:
    """Why it cannot be cancelled: not the seller, or it has ended already (S8)."""
    return capabilities.why_not_as(by, Action.CANCEL, subscription) or why_not_live(subscription)


def change(
    subscription: Subscription,
    *,
    seats: int | None = None,
    nickname: str | None = None,
    auto_renew: bool | None = None,
    reseller: Partner | None = None,
    taken_off: bool = False,
    by: User,
    seen: int | None = None,
) -> bool:
    """Everything one form says about it, at once; whether anything was different. Refuses as each part does.

    `taken_off` is whether its reseller is taken off without another one.
    """
    privileges.lock(subscription.customer)
    open_for_change(subscription, seen)
    done = [
        seats is not None and seats != subscription.seats and change_seats(subscription, seats, by=by),
        nickname is not None and nickname != subscription.nickname and rename(subscription, nickname, by=by),
        auto_renew is not None
        and auto_renew != subscription.auto_renew
        and set_renewal(subscription, auto_renew, by=by),
        reseller is not None
        and reseller.id != subscription.partner_of_record_id
        and set_reseller(subscription, reseller, by=by),
        taken_off and subscription.partner_of_record_id is not None and set_reseller(subscription, None, by=by),
    ]
    return any(done)


def change_seats(subscription: Subscription, seats: int, *, by: User, seen: int | None = None) -> bool:
    """Give it another number of seats, at once (S3); false, and nothing happens, when it has that many.

    Refuses as `why_not_seats` does, and with SUBSCRIPTION_CHANGED when it is not the version the page showed.
    """
    privileges.lock(subscription.customer)  # a tenant's cap counts several subscriptions
    open_for_change(subscription, seen)
    if refusal := why_not_seats(subscription, seats, by=by):
        raise refusal
    old, subscription.seats = subscription.seats, seats
    if old == seats:
        return False
    _record(EventKind.UPDATE_SUBSCRIPTION, subscription, by=by, what="seats", old=old, new=seats)
    return True


def rename(subscription: Subscription, nickname: str, *, by: User, seen: int | None = None) -> bool:
    """Call it something else, or by its offer's name again; false when that is its name. Refuses as the others do."""
    open_for_change(subscription, seen)
    if refusal := why_not_rename(subscription, by=by):
        raise refusal
    old, subscription.nickname = subscription.nickname, nickname
    if old == nickname:
        return False
    _record(EventKind.UPDATE_SUBSCRIPTION, subscription, by=by, what="nickname", old=old, new=nickname)
    return True


def set_renewal(subscription: Subscription, auto_renew: bool, *, by: User, seen: int | None = None) -> bool:
    """Say whether it renews at the end of its term, or lapses (S2, S13); false when it does already."""
    open_for_change(subscription, seen)
    if refusal := why_not_renewal(subscription, by=by):
        raise refusal
    if subscription.auto_renew == auto_renew:
        return False
    for one in _with_add_ons(subscription):
        one.auto_renew = auto_renew
    old = not auto_renew
    _record(EventKind.UPDATE_SUBSCRIPTION, subscription, by=by, what="auto_renew", old=old, new=auto_renew)
    return True


def set_reseller(subscription: Subscription, reseller: Partner | None, *, by: User, seen: int | None = None) -> bool:
    """Say which of the provider's resellers sold it, or the provider itself, or none any more (R72).

    False when that stands there already. RULING: each add-on has a reseller of its own. Refuses as `why_not_reseller`.
    """
    open_for_change(subscription, seen)
    if refusal := why_not_reseller(subscription, reseller, by=by):
        raise refusal
    old, subscription.partner_of_record = subscription.partner_of_record, reseller
    if old == reseller:
        return False
    before, after = (record.name if record else TAKEN_OFF for record in (old, reseller))
    _record(EventKind.UPDATE_SUBSCRIPTION, subscription, by=by, what="reseller", old=before, new=after)
    return True


def suspend(subscription: Subscription, reason: SuspendReason, *, by: User, seen: int | None = None) -> None:
    """Lock its people out, data kept for 60 days (S6, S7). Refuses as `why_not_suspend` does."""
    open_for_change(subscription, seen)
    if refusal := why_not_suspend(subscription, by=by):
        raise refusal
    for one in _with_add_ons(subscription):
        one.suspended_at = clock.now()
        _record(EventKind.SUSPEND_SUBSCRIPTION, one, by=by, reason=reason.value)


def reactivate(subscription: Subscription, *, by: User, seen: int | None = None) -> None:
    """Let its people in again (S7). Refuses as `why_not_reactivate` does."""
    privileges.lock(subscription.customer)  # the relationship may be ending at this moment (R65)
    open_for_change(subscription, seen)
    if refusal := why_not_reactivate(subscription, by=by):
        raise refusal
    for one in _with_add_ons(subscription):
        one.suspended_at = None
        _record(EventKind.REACTIVATE_SUBSCRIPTION, one, by=by)


def cancel(subscription: Subscription, *, by: User, seen: int | None = None) -> None:
    """End it for good: licences end at once, data after 60 days (S8). Refuses as `why_not_cancel` does."""
    open_for_change(subscription, seen)
    if refusal := why_not_cancel(subscription, by=by):
        raise refusal
    for one in _with_add_ons(subscription):
        one.cancelled_at = clock.now()
        _record(EventKind.CANCEL_SUBSCRIPTION, one, by=by, freed=licences.free(one))


def open_for_change(subscription: Subscription, seen: int | None) -> None:
    """Lock it and read it anew; refuses with SUBSCRIPTION_CHANGED when the page showed another version."""
    subscriptions.lock(subscription)
    if seen is not None and seen != subscription.version:
        raise _refusal(Code.SUBSCRIPTION_CHANGED, subscription)


def _with_add_ons(subscription: Subscription) -> list[Subscription]:
    """It and the add-ons that go its way, as they are now; nobody else changes them meanwhile (S4)."""
    add_ons = subscriptions.add_ons_of(subscription)
    for add_on in add_ons:
        subscriptions.lock(add_on)
    return [subscription, *add_ons]


def _why_not_alone(subscription: Subscription) -> Refusal | None:
    if subscription.base is None:
        return None
    return _refusal(Code.FOLLOWS_BASE, subscription, base=subscription.base)


def _refusal(code: Code, subscription: Subscription, **facts: Any) -> Refusal:
    about: dict[str, Any] = {
        "subscription": subscription,
        "customer": subscription.customer,
        "status": subscription.status,
    }
    return Refusal(code, **about, **facts)


def _record(kind: EventKind, subscription: Subscription, *, by: User, **facts: Any) -> None:
    history.record(kind, by=by, partner=by.partner, customer=subscription.customer, subscription=subscription, **facts)
    db.session.flush()
