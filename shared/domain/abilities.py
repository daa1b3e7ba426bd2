"""What somebody may do with one subscription as it stands now: the matrix (section 4), and the state it is in.

The matrix says whose business an action is; the state is asked of the very functions that refuse the action itself.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from . import capabilities, keeping, orders, subscription_changes, upgrades
from .capabilities import Action
from .refusals import Refusal
from .relationships import Relationship
from .services import Service
from .subscriptions import Subscription
from .users import User


@dataclass(frozen=True)
class Known:
    """What whoever asks about many subscriptions of one customer knows already; what is missing is asked for."""

    held: Collection[Service] | None = None
    tie: Relationship | None = None
    bought: Collection[Subscription] | None = None
    assigned: Mapping[int, int] | None = None  # of each subscription, by its id; none of what is left out


def _why_not_seats(subscription: Subscription, seats: int, by: User, known: Known) -> Refusal | None:
    """Adding and removing are asked about by one licence: where not even that is possible, none is (S3)."""
    assigned = None if known.assigned is None else known.assigned.get(subscription.id, 0)
    return subscription_changes.why_not_seats(subscription, seats, by=by, assigned=assigned, bought=known.bought)


STATE: dict[Action, Callable[[Subscription, User, Known], Refusal | None]] = {
    Action.ASSIGN_LICENCES: lambda one, _by, _known: keeping.why_not_active(one),
    Action.ADD_SEATS: lambda one, by, known: _why_not_seats(one, one.seats + 1, by, known),
    Action.REMOVE_SEATS: lambda one, by, known: _why_not_seats(one, one.seats - 1, by, known),
    Action.ORDER_ADD_ON: lambda one, by, _known: orders.why_not_add_ons(one, by=by),
    Action.UPGRADE: lambda one, by, known: upgrades.why_not_any(
        one, by=by, held=known.held, bought=known.bought, tie=known.tie
    ),
    Action.SUSPEND: lambda one, by, _known: subscription_changes.why_not_suspend(one, by=by),
    Action.REACTIVATE: lambda one, by, known: subscription_changes.why_not_reactivate(one, by=by, tie=known.tie),
    Action.CANCEL: lambda one, by, _known: subscription_changes.why_not_cancel(one, by=by),
    Action.TRANSITION: lambda one, _by, _known: keeping.why_not_active(one, "S11"),  # RULING: as an upgrade (S12)
    Action.CHANGE_PARTNER_OF_RECORD: lambda one, by, _known: subscription_changes.why_not_resell(one, by=by),
}


def why_not(action: Action, subscription: Subscription, *, by: User, known: Known | None = None) -> Refusal | None:
    """Why this person may not do it now: as `capabilities.why_not_as` says, then the state; None when they may.

    What the state is, is not told to whoever may not act on it in any state (R56).
    """
    known = known or Known()
    if refusal := capabilities.why_not_as(by, action, subscription, known.held, known.tie):
        return refusal
    state = STATE.get(action)
    return state(subscription, by, known) if state else None
