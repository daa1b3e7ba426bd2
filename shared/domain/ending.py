"""A partner ends its reseller relationship with a customer (R64-R67)."""

from typing import Any

from sqlalchemy import ColumnElement, select

from ..extensions import db
from ..world import clock, mailbox
from . import history, privileges
from .history import EventKind
from .organisations import Customer, Partner, PartnerKind
from .permissions import Permission
from .privileges import EndReason
from .refusals import Code, Refusal
from .relationships import Relationship, between
from .services import Service
from .subscriptions import LIVE, Subscription
from .users import User, admin_agents, global_admins, why_not

SHOWN = 25  # of the subscriptions in the way, or left suspended, more are not listed


def in_the_way(partner: Partner, customer: Customer) -> list[Subscription]:
    """What `partner` sold to `customer` that is still active, so that the relationship cannot end (R65)."""
    return _sold(partner, customer, Subscription.suspended_at.is_(None))


def left_suspended(partner: Partner, customer: Customer) -> list[Subscription]:
    """What `partner` sold to `customer` that is suspended: once the relationship has ended its time runs out (S7)."""
    return _sold(partner, customer, Subscription.suspended_at.is_not(None))


def _sold(partner: Partner, customer: Customer, which: ColumnElement[bool]) -> list[Subscription]:
    sold = (Subscription.customer_id == customer.id, Subscription.seller_id == partner.id, LIVE, which)
    query = select(Subscription).where(*sold).order_by(Subscription.suspended_at, Subscription.id)
    return list(db.session.scalars(query.limit(SHOWN)))


def why_not_end(partner: Partner, customer: Customer, tie: Relationship | None = None) -> Refusal | None:
    """Why the tie cannot end: its provider acts (R67), there is none, or subscriptions are active (R65); else None.

    `tie` is for whoever has it at hand, here and wherever else it may be given.
    """
    about: dict[str, Any] = {"partner": partner, "customer": customer}
    if partner.kind is PartnerKind.INDIRECT_RESELLER:
        return Refusal(Code.PROVIDER_ENDS, provider=partner.provider, **about)
    tie = tie or between(partner, customer)
    if tie is None or not tie.active:
        return Refusal(Code.NO_RELATIONSHIP, **about)
    if active := in_the_way(partner, customer):
        return Refusal(Code.STILL_ACTIVE, subscriptions=tuple(active), **about)
    return None


def why_not_remove(user: User, customer: Customer, tie: Relationship | None = None) -> Refusal | None:
    """Why this person cannot end it: its provider alone can (R67), only a Global admin may (R64), or `why_not_end`."""
    if user.partner and user.partner.kind is PartnerKind.INDIRECT_RESELLER:
        return why_not_end(user.partner, customer, tie)
    if refusal := why_not(user, Permission.REMOVE_RELATIONSHIP):
        return refusal
    assert user.partner is not None  # noqa: S101 - the permission is a partner's
    return why_not_end(user.partner, customer, tie)


def remove(customer: Customer, *, by: User) -> list[Service]:
    """End the relationship of `by`'s company with `customer`: off the list, delegated admin over, nothing more to buy.

    RULING: a provider's resellers go with it, since the relationship is the provider's (R66, R70). Returns the services
    the company itself administered. Refuses as `why_not_remove` does.
    """
    privileges.lock(customer)
    if refusal := why_not_remove(by, customer):
        raise refusal
    assert by.partner is not None  # noqa: S101 - why_not_remove has seen to it
    for reseller in _resellers_at(by.partner, customer):
        _end(reseller, customer, by=by)
    return _end(by.partner, customer, by=by)


def _resellers_at(provider: Partner, customer: Customer) -> list[Partner]:
    tied = (Relationship.customer_id == customer.id, Relationship.until.is_(None))
    query = select(Partner).join(Relationship, Relationship.partner_id == Partner.id)
    return list(db.session.scalars(query.where(Partner.provider_id == provider.id, *tied)))


def _end(partner: Partner, customer: Customer, *, by: User) -> list[Service]:
    tie = between(partner, customer)
    assert tie is not None  # noqa: S101 - asked before
    ended = privileges.end(partner, customer, *Service, reason=EndReason.RELATIONSHIP_ENDED, by=by)
    tie.until = clock.now()
    history.record(EventKind.END_RELATIONSHIP, by=by, partner=partner, customer=customer)
    about: dict[str, Any] = {"partner": partner.id, "owner": by.partner_id, "customer": customer.id, "by": by.id}
    for reader in (*admin_agents(partner), *global_admins(customer)):
        mailbox.post("ended", to=reader.id, services=ended, **about)
    return ended
