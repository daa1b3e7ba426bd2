"""A customer takes delegated admin back: from one service, one partner, or everyone (R51-R57, R60, R61)."""

from collections.abc import Collection

from ..world import clock, mailbox
from . import history, privileges
from .history import EventKind
from .organisations import Customer, Partner
from .permissions import Permission
from .privileges import EndReason
from .refusals import Code, Refusal
from .relationships import between
from .services import Service
from .users import User, admin_agents, global_admins, why_not


def why_not_revoke(user: User) -> Refusal | None:
    """Why this person cannot take delegated admin back: only a Global admin of the tenant may (R53), else None."""
    return why_not(user, Permission.REMOVE_PRIVILEGES)


def why_not_any(
    customer: Customer, partner: Partner | None = None, held: Collection[object] | None = None
) -> Refusal | None:
    """Why there is nothing to take back: `partner`, or without one everybody, holds nothing now; else None (R51).

    `held` is what they hold, for whoever has asked already. A page offers nothing then; whoever asks all the same, as
    by a second press, changes nothing and is not refused.
    """
    some: object = held
    if held is None:
        some = privileges.held_by(partner, customer) if partner else privileges.anybody_holds(customer)
    if some:
        return None
    return Refusal(Code.NOTHING_HELD, partner=partner) if partner else Refusal(Code.NOTHING_HELD)


def why_not_delete(partner: Partner, customer: Customer) -> Refusal | None:
    """Why a row cannot be deleted: a reseller must be asked to end the relationship itself (R61), else None."""
    return Refusal(Code.STILL_RESELLER, partner=partner, customer=customer) if partner.kind.transacting else None


def revoke(partner: Partner, services: Collection[Service], *, by: User) -> list[Service]:
    """End `partner`'s delegated admin on these services of `by`'s tenant, at once (R51, R54).

    The relationship, subscriptions and bills stay (R55, R56). Returns the services that ended: fewer than asked when
    some had ended already, which is harmless. Refuses as `why_not_revoke` does.
    """
    if refusal := why_not_revoke(by):
        raise refusal
    customer = by.customer
    assert customer is not None  # noqa: S101 - why_not_revoke has seen to it
    privileges.lock(customer)
    ended = privileges.end(partner, customer, *sorted(set(services)), reason=EndReason.REMOVED, by=by)
    if ended:
        left = _close_if_empty(partner, customer, by=by)
        _tell(partner, customer, ended, left=left, by=by)
    return ended


def revoke_everywhere(*, by: User) -> dict[Partner, list[Service]]:
    """End every partner's delegated admin at `by`'s tenant (R53); returns what ended. Refuses as `revoke` does."""
    if refusal := why_not_revoke(by):
        raise refusal
    assert by.customer is not None  # noqa: S101 - why_not_revoke has seen to it
    privileges.lock(by.customer)
    held: dict[Partner, list[Service]] = {}
    for privilege in privileges.privileges_on(by.customer):
        if privilege.in_force:
            held.setdefault(privilege.partner, []).append(privilege.service)
    return {partner: revoke(partner, services, by=by) for partner, services in held.items()}


def delete_partner(partner: Partner, *, by: User) -> list[Service]:
    """Take an advisor or a delegated administrator off the list, its rights with it (R61); returns those it held.

    Refuses as `why_not_revoke` and `why_not_delete` do.
    """
    customer = by.customer
    if refusal := why_not_revoke(by) or (customer and why_not_delete(partner, customer)):
        raise refusal
    return revoke(partner, list(Service), by=by)


def _close_if_empty(partner: Partner, customer: Customer, *, by: User) -> bool:
    """Whoever only administers has nothing left to be listed for (state model 2.13); a reseller stays (R55)."""
    relationship = between(partner, customer)
    if not relationship or partner.kind.transacting or privileges.held_by(partner, customer):
        return False
    relationship.until = clock.now()
    history.record(EventKind.END_RELATIONSHIP, by=by, partner=partner, customer=customer)
    return True


def _tell(partner: Partner, customer: Customer, ended: list[Service], *, left: bool, by: User) -> None:
    """Both sides get a mail (R60); `left` when the two are off each other's lists."""
    for reader in (*admin_agents(partner), *global_admins(customer)):
        mailbox.post(
            "removed", to=reader.id, partner=partner.id, customer=customer.id, by=by.id, services=ended, left=left
        )
