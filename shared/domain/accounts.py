"""What Partner Center keeps about a customer: whom to call, and where its bill goes (ACCT, domain 3.1 and 4)."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from ..extensions import db
from . import capabilities, history, privileges
from .capabilities import Action
from .edits import Facts, differing
from .history import EventKind
from .organisations import Customer
from .refusals import Refusal
from .relationships import Relationship
from .users import User


class Part(StrEnum):
    """What is edited together, because the same people may."""

    CONTACT = "contact"
    BILLING = "billing"


FIELDS: dict[Part, tuple[str, ...]] = {
    Part.CONTACT: ("contact_name", "contact_email", "contact_phone", "address"),
    Part.BILLING: ("bill_to", "billing_email", "billing_address"),
}
ACTION = {Part.CONTACT: Action.EDIT_CONTACT, Part.BILLING: Action.EDIT_BILLING}
KIND = {Part.CONTACT: EventKind.EDIT_CUSTOMER, Part.BILLING: EventKind.EDIT_CUSTOMER_BILLING}


def facts_of(customer: Customer, part: Part) -> Facts:
    """What is kept now, by field."""
    return {field: getattr(customer, field) for field in FIELDS[part]}


def why_not_edit(part: Part, user: User, customer: Customer, tie: Relationship | None = None) -> Refusal | None:
    """Why this partner user cannot edit this part: the role (3.1), or another partner sold and bills (R35)."""
    return capabilities.why_not_for_as(user, ACTION[part], customer, tie)


def edit(customer: Customer, part: Part, typed: Mapping[str, str], *, seen: Mapping[str, str], by: User) -> list[str]:
    """Keep what was typed; the fields that changed, each in history with its old and new value (R81).

    `seen` is what the page showed: EditedMeanwhile when something else stands there now. Refuses as `why_not_edit`.
    """
    privileges.lock(customer)
    if refusal := why_not_edit(part, by, customer):
        raise refusal
    db.session.refresh(customer, FIELDS[part])
    now = facts_of(customer, part)
    changed = differing(typed, now, seen)
    for field in changed:
        setattr(customer, field, typed[field])
        about: dict[str, Any] = {"setting": field, "old": now[field], "new": typed[field]}
        history.record(KIND[part], by=by, partner=by.partner, customer=customer, **about)
    return changed
