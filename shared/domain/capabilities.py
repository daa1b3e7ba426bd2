"""What a partner may do with one subscription, and which of the causes stands in the way (domain section 4).

The matrix is said once, as what each action needs; the page's blocked control and the verb ask the same function.
The user's role (`permissions`) must allow the action too.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from . import privileges, users
from .ending import why_not_end, why_not_remove
from .invitations import why_not_ask, why_not_ask_itself
from .organisations import Customer, Partner, PartnerKind
from .permissions import Permission
from .refusals import Code, Refusal
from .relationships import Relationship, between
from .services import Service
from .subscriptions import Subscription, sold_counts
from .users import User

Held = Collection[Service] | None  # what a partner administers at a customer, for whoever has asked already
Tie = Relationship | None  # what binds the two, for whoever has it at hand


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
    CHANGE_PARTNER_OF_RECORD = "change_partner_of_record"
    EDIT_CONTACT = "edit_contact"
    EDIT_BILLING = "edit_billing"
    SELL = "sell"
    REQUEST_RELATIONSHIP = "request_relationship"
    REMOVE_RELATIONSHIP = "remove_relationship"


@dataclass(frozen=True)
class Needs:
    """What one action needs; each need is the number of the rule that says so, empty where it is not needed."""

    sale: str = ""  # to be the original reseller
    dap: str = ""  # delegated admin on a service of the subscription
    either: str = ""  # one of the two
    entry: str = ""  # delegated admin on any service of the customer (R6)
    standing: str = ""  # an account that is not suspended
    provider: str = ""  # to be an indirect provider


NEEDS: dict[Action, Needs] = {
    Action.VIEW: Needs(either="R56"),
    Action.MANAGE_USERS: Needs(entry="R58"),
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
    Action.CHANGE_PARTNER_OF_RECORD: Needs(sale="R35", provider="R72"),
}


PERMISSION: dict[Action, Permission] = {  # all others: to manage subscriptions
    Action.VIEW: Permission.VIEW_CUSTOMERS,
    Action.MANAGE_USERS: Permission.ADMINISTER_ON_BEHALF,
    Action.ASSIGN_LICENCES: Permission.ADMINISTER_ON_BEHALF,
    Action.SEE_PROVISIONING: Permission.VIEW_CUSTOMERS,
    Action.SERVICE_REQUEST: Permission.REQUEST_CUSTOMER_SUPPORT,
    Action.VIEW_HEALTH: Permission.VIEW_CUSTOMER_HEALTH,
    Action.EDIT_CONTACT: Permission.EDIT_CUSTOMER,
    Action.EDIT_BILLING: Permission.EDIT_CUSTOMER_BILLING,
    Action.REQUEST_RELATIONSHIP: Permission.REQUEST_RELATIONSHIP,
    Action.REMOVE_RELATIONSHIP: Permission.REMOVE_RELATIONSHIP,
}


def why_not(
    action: Action, partner: Partner, subscription: Subscription, held: Held = None, tie: Tie = None
) -> Refusal | None:
    """Why `partner` may not do this: not the seller, suspended, or no delegated admin; None when it may."""
    return next(causes(action, partner, subscription, held, tie), None)


def causes(
    action: Action, partner: Partner, subscription: Subscription, held: Held = None, tie: Tie = None
) -> Iterator[Refusal]:
    """Everything that stands in the way; whoever did not sell it has nothing else to mend."""
    needs, sells = NEEDS[action], subscription.seller_id == partner.id
    about: dict[str, Any] = {"partner": partner, "subscription": subscription, "customer": subscription.customer}
    if needs.sale and not sells:
        through = partner.kind is PartnerKind.INDIRECT_RESELLER
        code, rule = (Code.PROVIDER_ACTS, "R70") if through else (Code.NOT_SELLER, needs.sale)
        yield Refusal(code, rule=rule, **about)
        return
    if needs.provider and partner.kind is not PartnerKind.PROVIDER:
        yield Refusal(Code.PROVIDER_ONLY, rule=needs.provider, **about)
    if needs.standing and partner.suspended:
        yield Refusal(Code.PARTNER_SUSPENDED, rule=needs.standing, **about)
    if (needs.dap or (needs.either and not sells)) and not _administers(partner, subscription, held):
        yield _no_dap(needs.dap or needs.either, tie, **about)
    if needs.entry and (refusal := why_not_administer(**about, held=held, tie=tie)):
        yield refusal


def why_not_administer(
    partner: Partner,
    customer: Customer,
    service: Service | None = None,
    held: Held = None,
    tie: Tie = None,
    **about: Any,
) -> Refusal | None:
    """Why nobody of `partner` can: it holds not this service, or, where none is named, not a single one (R6).

    `about` is what else the refusal is about.
    """
    held = privileges.held_by(partner, customer) if held is None else held
    if held and (service is None or service in held):
        return None
    about |= {"service": service} if service else {}
    return _no_dap("R58", tie, partner=partner, customer=customer, **about)


def _no_dap(rule: str, tie: Tie, *, partner: Partner, customer: Customer, **about: Any) -> Refusal:
    """It says whether the partner can sell to the customer all the same (R38)."""
    sells = why_not_sell(partner, customer, tie) is None
    return Refusal(Code.NO_DAP, rule=rule, partner=partner, customer=customer, sells=sells, **about)


def why_not_as(
    user: User, action: Action, subscription: Subscription, held: Held = None, tie: Tie = None
) -> Refusal | None:
    """Why this person may not do it for their partner: their role, or what stands in the partner's way."""
    refusal = why_not_role(user, action)
    return refusal or (why_not(action, user.partner, subscription, held, tie) if user.partner else None)


def why_not_role(user: User, action: Action) -> Refusal | None:
    """Why this person's role does not allow it at a partner (domain 3.1); the bill comes to the company itself."""
    if user.partner and action is Action.RECEIVE_BILL:
        return None
    return users.why_not(user, PERMISSION.get(action, Permission.MANAGE_SUBSCRIPTIONS))


def _administers(partner: Partner, subscription: Subscription, held: Held) -> bool:
    held = privileges.held_by(partner, subscription.customer) if held is None else held
    return not subscription.offer.services.isdisjoint(held)


def why_not_sell(partner: Partner, customer: Customer | None, tie: Tie = None, *, rule: str = "R38") -> Refusal | None:
    """Why `partner` may not sell to `customer`: it needs the relationship, not delegated admin (R38, R39).

    Without a customer: why it sells to nobody, its provider does (R70), it only advises (`rule`) or is suspended (R73).
    """
    about: dict[str, Any] = {"partner": partner} | ({"customer": customer} if customer else {})
    if partner.kind is PartnerKind.INDIRECT_RESELLER:
        return Refusal(Code.PROVIDER_ACTS, **about)
    if partner.kind is PartnerKind.ADVISOR:
        return Refusal(Code.ADVISES_ONLY, rule=rule, **about)
    if customer and not _tied(partner, customer, tie):
        return Refusal(Code.NO_RELATIONSHIP, **about)
    return Refusal(Code.PARTNER_SUSPENDED, partner=partner) if partner.suspended else None


def why_not_tied(partner: Partner, customer: Customer, tie: Tie = None) -> Refusal | None:
    """Why `partner` begins nothing anew at `customer`: it has no relationship with it now (R39, R66)."""
    return None if _tied(partner, customer, tie) else Refusal(Code.NO_RELATIONSHIP, partner=partner, customer=customer)


def why_not_edit_billing(partner: Partner, customer: Customer, tie: Tie = None) -> Refusal | None:
    """Why `partner` may not edit where the bill goes: another sold and bills (R35); a reseller of the seller may.

    RULING: what was cancelled is still billed for, or credited (B9), until it is deleted; till then its seller may.
    """
    if refusal := why_not_tied(partner, customer, tie):
        return refusal
    billed = {partner.id, partner.provider_id} & set(sold_counts(customer))
    return None if billed else Refusal(Code.NOT_BILLED, partner=partner, customer=customer)


def _tied(partner: Partner, customer: Customer, tie: Tie) -> bool:
    tie = tie or between(partner, customer)
    return tie is not None and tie.active


def why_not_request(partner: Partner, _customer: Customer, _tie: Tie = None) -> Refusal | None:
    """Why `partner` has no request of its own to send: an indirect reseller (R69), a suspended account (R73)."""
    return why_not_ask_itself(partner) or why_not_ask(partner)


FOR_CUSTOMER: dict[Action, Callable[[Partner, Customer, Tie], Refusal | None]] = {
    Action.EDIT_CONTACT: why_not_tied,  # whoever has the customer in its list may
    Action.EDIT_BILLING: why_not_edit_billing,
    Action.SELL: why_not_sell,
    Action.REQUEST_RELATIONSHIP: why_not_request,
    Action.REMOVE_RELATIONSHIP: why_not_end,
}


def why_not_for(action: Action, partner: Partner, customer: Customer, tie: Tie = None) -> Refusal | None:
    """Why `partner` may not do this for `customer` as a whole, whatever it bought; None when it may."""
    return FOR_CUSTOMER[action](partner, customer, tie)


def why_not_for_as(user: User, action: Action, customer: Customer, tie: Tie = None) -> Refusal | None:
    """Why this person may not do it for the customer as a whole: their role, or what stands in the partner's way."""
    if action is Action.REMOVE_RELATIONSHIP:
        return why_not_remove(user, customer, tie)
    return why_not_role(user, action) or (why_not_for(action, user.partner, customer, tie) if user.partner else None)
