"""What a partner may do with one subscription, and which of the causes stands in the way (domain section 4).

The matrix is said once, as what each action needs; the page's blocked control and the verb ask the same function.
The user's role (`permissions`) must allow the action too.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from . import privileges
from .organisations import Customer, Partner, PartnerKind
from .permissions import Permission
from .refusals import Code, Refusal
from .relationships import between
from .subscriptions import Subscription
from .users import User


class Action(StrEnum):
    """Something a partner may want to do with a subscription or for the customer that has it."""

    VIEW = "view"
    MANAGE_USERS = "manage_users"
    ASSIGN_LICENCES = "assign_licences"
    SEE_PROVISIONING = "see_provisioning"
    ADD_SEATS = "add_seats"
    REMOVE_SEATS = "remove_seats"
    ORDER_ADD_ON = "order_add_on"
    UPGRADE = "upgrade"
    SUSPEND = "suspend"
    REACTIVATE = "reactivate"
    CANCEL = "cancel"
    TRANSITION = "transition"
    RECEIVE_BILL = "receive_bill"
    SERVICE_REQUEST = "service_request"
    VIEW_HEALTH = "view_health"


@dataclass(frozen=True)
class Needs:
    """What one action needs; each need is the number of the rule that says so, empty where it is not needed."""

    sale: str = ""  # to be the original reseller
    dap: str = ""  # delegated admin on a service of the subscription
    either: str = ""  # one of the two
    standing: str = ""  # an account that is not suspended


NEEDS: dict[Action, Needs] = {
    Action.VIEW: Needs(either="R56"),
    Action.MANAGE_USERS: Needs(dap="R58"),
    Action.ASSIGN_LICENCES: Needs(dap="R58"),
    Action.SEE_PROVISIONING: Needs(dap="R58"),
    Action.ADD_SEATS: Needs(sale="R32", standing="R73"),
    Action.REMOVE_SEATS: Needs(sale="R32", standing="R73"),
    Action.ORDER_ADD_ON: Needs(sale="R33", standing="R73"),
    Action.UPGRADE: Needs(sale="R34", dap="S11", standing="R73"),
    Action.SUSPEND: Needs(sale="R34"),
    Action.REACTIVATE: Needs(sale="R34"),
    Action.CANCEL: Needs(sale="R34"),
    Action.TRANSITION: Needs(sale="R34", dap="S12", standing="R73"),
    Action.RECEIVE_BILL: Needs(sale="R31"),
    Action.SERVICE_REQUEST: Needs(dap="R79"),
    Action.VIEW_HEALTH: Needs(dap="R58"),
}


def why_not(action: Action, partner: Partner, subscription: Subscription) -> Refusal | None:
    """Why `partner` may not do this: not the seller, suspended, or no delegated admin; None when it may."""
    return next(causes(action, partner, subscription), None)


def causes(action: Action, partner: Partner, subscription: Subscription) -> Iterator[Refusal]:
    """Everything that stands in the way; whoever did not sell it has nothing else to mend."""
    needs, sells = NEEDS[action], subscription.seller_id == partner.id
    about: dict[str, Any] = {"partner": partner, "subscription": subscription, "customer": subscription.customer}
    if needs.sale and not sells:
        through = partner.kind is PartnerKind.INDIRECT_RESELLER
        code, rule = (Code.PROVIDER_ACTS, "R70") if through else (Code.NOT_SELLER, needs.sale)
        yield Refusal(code, rule=rule, **about)
        return
    if needs.standing and partner.suspended:
        yield Refusal(Code.PARTNER_SUSPENDED, rule=needs.standing, **about)
    if (needs.dap or (needs.either and not sells)) and not _administers(partner, subscription):
        yield Refusal(Code.NO_DAP, rule=needs.dap or needs.either, **about)


def why_not_as(user: User, action: Action, subscription: Subscription) -> Refusal | None:
    """Why this person may not do it for their partner: their role, or what stands in the partner's way."""
    if user.partner is None or not user.may(Permission.MANAGE_SUBSCRIPTIONS):
        return Refusal(Code.ROLE, permission=Permission.MANAGE_SUBSCRIPTIONS)
    return why_not(action, user.partner, subscription)


def why_not_sell(partner: Partner, customer: Customer) -> Refusal | None:
    """Why `partner` may not sell to `customer`: it needs the relationship, not delegated admin (R38, R39)."""
    if partner.kind is PartnerKind.INDIRECT_RESELLER:
        return Refusal(Code.PROVIDER_ACTS, rule="R70", partner=partner, customer=customer)
    relationship = between(partner, customer)
    if not partner.kind.transacting or relationship is None or not relationship.active:
        return Refusal(Code.NO_RELATIONSHIP, partner=partner, customer=customer)
    return Refusal(Code.PARTNER_SUSPENDED, rule="R73", partner=partner) if partner.suspended else None


def _administers(partner: Partner, subscription: Subscription) -> bool:
    held = privileges.held_by(partner, subscription.customer)
    return not subscription.offer.services.isdisjoint(held)
