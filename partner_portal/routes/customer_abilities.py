"""Customers > a customer > Who may do what: the capability matrix of domain section 4, as it stands now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_login import current_user

from shared.domain import abilities, capabilities, licences, privileges, subscriptions
from shared.domain.abilities import Known
from shared.domain.capabilities import FOR_CUSTOMER, NEEDS, Action
from shared.domain.permissions import Permission
from shared.domain.refusals import Code, Refusal
from shared.domain.subscriptions import Subscription
from shared.web.guards import requires
from shared.web.keysets import after_id
from shared.web.labels import label
from shared.web.product_words import seller_name, subscription_name
from shared.web.refusal_words import refusal_text
from shared.web.unlocks import Unlock, refusal_unlock
from shared.web.words import told_apart

from ..blueprint import partner_portal
from ..customer import customer_page, our_tie

COLUMNS = 4  # subscriptions side by side
SO_ALREADY = {(Action.SUSPEND, Code.NOT_ACTIVE), (Action.REACTIVATE, Code.NOT_SUSPENDED)}  # nothing to find a way to


@dataclass
class Way:
    """One thing that stands in the way, the rules that put it there, and every action it stops."""

    refusal: Refusal
    rules: list[str] = field(default_factory=list)
    stops: list[str] = field(default_factory=list)


@partner_portal.get("/customers/<customer>/who-may-do-what")
@requires(Permission.VIEW_CUSTOMERS)
def customer_abilities(customer: str) -> str:
    """What this person may do for the customer and with each subscription, what not, why, and what would unlock it."""
    tie = our_tie(customer)
    held = privileges.held_by(current_user.partner, tie.customer)
    page = subscriptions.page_of_customer(tie.customer, size=COLUMNS, after=after_id() or 0)
    known = Known(held, tie, subscriptions.of_customer(tie.customer), licences.assigned_of(page.rows))
    whole = {action: capabilities.why_not_for_as(current_user, action, tie.customer, tie) for action in FOR_CUSTOMER}
    each = {
        action: [abilities.why_not(action, one, by=current_user, known=known) for one in page.rows] for action in NEEDS
    }
    seen = [refusal is None for refusal in each[Action.VIEW]]
    return customer_page(
        "partner_portal/customer_abilities.html",
        tie.customer,
        held=held,
        page=page,
        further=after_id(),
        whole=[_row(action, [refusal]) for action, refusal in whole.items()],
        columns=_heads(page.rows, seen),
        rows=[_row(action, refusals) for action, refusals in each.items()],
        ways=_ways([*whole.items(), *_known(each, seen)]),
    )


def _known(each: dict[Action, list[Refusal | None]], seen: list[bool]) -> Iterable[tuple[Action, Refusal | None]]:
    """What to say a way out of: all but who sold what one may not see."""
    for action, refusals in each.items():
        for refusal, known in zip(refusals, seen, strict=True):
            if known or (refusal and refusal.code is not Code.NOT_SELLER):
                yield action, refusal


def _heads(bought: Sequence[Subscription], seen: list[bool]) -> list[str | dict[str, str]]:
    """Each column. RULING: what others sold has no name for who neither sold nor administers it (R56)."""
    notes = told_apart(bought)
    each = zip(bought, seen, strict=True)
    return [_head(one, notes[one.id]) if known else str(_("Bought elsewhere")) for one, known in each]


def _head(bought: Subscription, note: str) -> dict[str, str]:
    """Its name, what tells it from others of that name, and where more of it stands."""
    whose, number = bought.customer.microsoft_id, bought.microsoft_id
    return {
        "name": f"{subscription_name(bought)} · {seller_name(bought.seller)}",
        "href": url_for("partner_portal.customer_subscription", customer=whose, subscription=number),
        "note": note,
    }


def _row(action: Action, refusals: list[Refusal | None]) -> dict[str, Any]:
    return {"name": label(action), "href": "", "cells": [_cell(refusal) for refusal in refusals]}


def _cell(refusal: Refusal | None) -> dict[str, str]:
    if refusal is None:
        return {"state": "yes", "text": _("yes"), "note": ""}
    why = _("%(why)s, rule %(rule)s", why=label(refusal.code), rule=refusal.rule)
    return {"state": "no", "text": _("no"), "note": why}


def _ways(asked: Iterable[tuple[Action, Refusal | None]]) -> list[Way]:
    """Each reason once, with its shortest legal way out and all it stops."""
    found: dict[tuple[str, Unlock | None], Way] = {}
    for action, refusal in asked:
        if refusal and (action, refusal.code) not in SO_ALREADY:
            way = found.setdefault((refusal_text(refusal), refusal_unlock(refusal)), Way(refusal))
            way.rules += [refusal.rule] if refusal.rule not in way.rules else []
            way.stops += [label(action)] if label(action) not in way.stops else []
    return list(found.values())
