"""Moving a subscription up to a larger offer (S11, S12)."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import select

from ..extensions import db
from ..world import clock
from . import capabilities, history, keeping, licences, orders, privileges
from .capabilities import Action, Held, Tie
from .history import EventKind
from .offers import OFFERS, Offer, in_order
from .permissions import Permission
from .refusals import Code, Refusal
from .subscription_changes import open_for_change
from .subscriptions import LIVE, Subscription
from .users import User, why_not


def paths(subscription: Subscription) -> list[Offer]:
    """The offers it could become."""
    return [OFFERS[key] for key in subscription.offer.upgrades]


def why_not_upgrade(subscription: Subscription, target: Offer, *, by: User) -> list[Refusal]:
    """Every condition that fails (S11, S12): empty when it can become `target`.

    Whoever may not act at all reads only that.
    """
    return _failed(subscription, target, _others(subscription), _whatever_the_target(subscription, by))


def options(
    subscription: Subscription,
    *,
    by: User,
    held: Held = None,
    bought: Collection[Subscription] | None = None,
    tie: Tie = None,
) -> dict[Offer, list[Refusal]]:
    """Every offer it could become, and what stands in the way.

    `held` and `tie` as in `capabilities.why_not`; `bought` is all the customer has, for whoever asks about much of it.
    """
    if bought is not None:
        others = [other for other in bought if other.id != subscription.id]
    else:
        others = _others(subscription) if subscription.offer.upgrades else []
    if not (targets := paths(subscription)):
        return {}
    always = _whatever_the_target(subscription, by, held, tie)
    return {target: _failed(subscription, target, others, always) for target in targets}


def why_not_any(subscription: Subscription, **known: Any) -> Refusal | None:
    """Why it can become none of the offers: what stands in the way of the nearest first; asked as `options` is."""
    if every := list(options(subscription, **known).values()):
        nearest = min(every, key=len)
        return nearest[0] if nearest else None
    return Refusal(Code.NO_PATH, subscription=subscription, customer=subscription.customer)


def _whatever_the_target(
    subscription: Subscription, by: User, held: Held = None, tie: Tie = None
) -> tuple[list[Refusal], bool]:
    """What stands in the way of every upgrade, and whether there is more to say of each target: to its seller alone."""
    if refusal := why_not(by, Permission.MANAGE_SUBSCRIPTIONS):
        return [refusal], False
    assert by.partner is not None  # noqa: S101 - the permission is a partner's
    failed = list(capabilities.causes(Action.UPGRADE, by.partner, subscription, held, tie))
    if subscription.seller_id != by.partner_id:
        return failed, False
    refusal = keeping.why_not_active(subscription, "S11")
    return [*failed, refusal] if refusal else failed, True


def _failed(
    subscription: Subscription, target: Offer, others: list[Subscription], always: tuple[list[Refusal], bool]
) -> list[Refusal]:
    failed, more = list(always[0]), always[1]
    if not more:
        return failed
    about: dict[str, Any] = {"subscription": subscription, "customer": subscription.customer, "target": target}
    if target.key not in subscription.offer.upgrades:
        failed.append(Refusal(Code.NO_PATH, **about))
    if add_ons := [other for other in others if other.base_id == subscription.id]:
        failed.append(Refusal(Code.HAS_ADD_ONS, add_ons=add_ons, **about))
    return failed + _in_the_way(subscription, target, others, about)


def _in_the_way(
    subscription: Subscription, target: Offer, others: list[Subscription], about: dict[str, Any]
) -> list[Refusal]:
    """What else the customer has that is the target, or contains what it would add (S11)."""
    added, failed = target.parts - subscription.offer.parts, []
    for other in others:
        if other.offer == target:
            failed.append(Refusal(Code.HAS_OFFER, other=other, **about))
        elif other.base_id != subscription.id and (twice := added & other.offer.parts):
            failed.append(Refusal(Code.HAS_SERVICES, other=other, services=in_order(twice), **about))
    return failed


def _others(subscription: Subscription) -> list[Subscription]:
    """What else the customer has, from whomever."""
    others = (Subscription.customer_id == subscription.customer_id, Subscription.id != subscription.id, LIVE)
    return list(db.session.scalars(select(Subscription).where(*others).order_by(Subscription.id)))


def why_not_seats(subscription: Subscription, target: Offer, seats: int) -> Refusal | None:
    """Why it cannot become so many seats of `target`: fewer than have a licence, or more than its cap (S3, S12)."""
    assigned = licences.assigned(subscription)
    if 0 < seats < assigned:
        about: dict[str, Any] = {"subscription": subscription, "customer": subscription.customer}
        return Refusal(Code.SEATS_ASSIGNED, assigned=assigned, over=assigned - seats, **about)
    return orders.why_not_seats(subscription.customer, target, seats)


def upgrade(
    subscription: Subscription, target: Offer, seats: int, *, by: User, seen: int | None = None
) -> Subscription:
    """The whole subscription moves to `target`, licences with it (S12); returns the new one.

    RULING: it is a subscription of its own, sold by the same partner for the rest of the same term. What it was is
    deleted at once, since nothing is left in it. Every path leads to an offer that has all services of the one before,
    so that nobody loses a licence. Refuses with the first of what `why_not_upgrade` and `why_not_seats` say.
    """
    privileges.lock(subscription.customer)
    open_for_change(subscription, seen)
    failed = why_not_upgrade(subscription, target, by=by)
    if refusal := next(iter(failed), None) or why_not_seats(subscription, target, seats):
        raise refusal
    upgraded = Subscription(
        customer_id=subscription.customer_id,
        seller_id=subscription.seller_id,
        partner_of_record_id=subscription.partner_of_record_id,
        offer_key=target.key,
        nickname=subscription.nickname,
        seats=seats,
        starts_on=subscription.starts_on,
        ends_on=subscription.ends_on,
        auto_renew=subscription.auto_renew,
    )
    db.session.add(upgraded)
    db.session.flush()
    licences.move(subscription, upgraded)
    subscription.cancelled_at = subscription.deleted_at = clock.now()
    history.record(
        EventKind.UPGRADE_SUBSCRIPTION,
        by=by,
        partner=by.partner,
        customer=subscription.customer,
        subscription=upgraded,
        old=subscription.offer_key,
        new=target.key,
        beside=subscription.id,
    )
    db.session.flush()
    return upgraded
