"""One subscription's pages: what a partner may see of it, and the way back to it."""

from typing import Any

from flask import abort, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from shared.domain import capabilities, edits, history, resellers, subscriptions
from shared.domain.capabilities import Action
from shared.domain.edits import Facts
from shared.domain.history import EventKind
from shared.domain.organisations import Customer, Partner
from shared.domain.refusals import Refusal
from shared.domain.relationships import Relationship
from shared.domain.subscriptions import Status, Subscription
from shared.web import happenings
from shared.web.errors import STATUS, write_down
from shared.web.forms import Form
from shared.web.labels import label
from shared.web.product_words import subscription_name

from .customer import customer_page, our_tie
from .subscription_forms import SeenForm, facts_of

NEWEST = 3  # changes, for whoever was overtaken
ELSEWHERE = (EventKind.ASSIGN_LICENCE, EventKind.UNASSIGN_LICENCE)  # what makes no other version of a subscription


def our_subscription(customer: str, subscription: str) -> Subscription:
    """The subscription an address names; 404 for none, and a refusal when this partner may not see it (R56)."""
    return our_subscription_and_tie(customer, subscription)[0]


def our_subscription_and_tie(customer: str, subscription: str) -> tuple[Subscription, Relationship]:
    """The same, with the tie to its customer, for pages that ask much of both."""
    tie = our_tie(customer)
    found = subscriptions.find(tie.customer, subscription) or abort(404)
    if refusal := capabilities.why_not(Action.VIEW, current_user.partner, found, tie=tie):
        raise refusal
    return found, tie


def address_of(subscription: Subscription, page: str = "") -> str:
    """Where its details are, or a further page below them."""
    ids: dict[str, Any] = {"customer": subscription.customer.microsoft_id, "subscription": subscription.microsoft_id}
    return url_for(f"partner_portal.customer_subscription{page}", **ids)


def subscription_page(template: str, subscription: Subscription, crumb: str = "", **facts: Any) -> str:
    """A page about `our_subscription`; `crumb` is what this page is called below its details."""
    customer: Customer = subscription.customer
    crumbs = [
        (_("Subscriptions"), url_for("partner_portal.customer_subscriptions", customer=customer.microsoft_id)),
        (subscription_name(subscription), address_of(subscription) if crumb else None),
        *([(crumb, None)] if crumb else []),
    ]
    back = address_of(subscription)
    facts = {"refusal": None, "meanwhile": [], "changes": [], **facts}
    return customer_page(template, customer, subscription=subscription, crumbs=crumbs, back=back, **facts)


def overtaken(refusal: Refusal, trying: EventKind, form: Form, subscription: Subscription) -> dict[str, Any]:
    """What to show with the form as typed: why not, and what changed meanwhile; the form then counts from there.

    Whoever may not act at all any more has no use for a form: that goes its usual way.
    """
    if refusal.code in STATUS:
        raise refusal
    write_down(refusal, trying)
    lately, changes = history.of_subscription(subscription), []
    most = NEWEST
    if isinstance(form, SeenForm):
        lately = [event for event in lately if event.kind not in ELSEWHERE]
        most = subscription.version - form.version if form.version else 0
        changes = _changes(form.shown, facts_of(subscription))
        form.show(subscription)
    return {"refusal": refusal, "changes": changes, "meanwhile": happenings.in_words(lately[:most])}


def our_reseller(microsoft_id: str) -> Partner | None:
    """Whom a form names: the provider itself, or one of its resellers (R72)."""
    provider: Partner = current_user.partner
    return provider if microsoft_id == provider.microsoft_id else resellers.one_of(provider, microsoft_id)


def _changes(seen: Facts, now: Facts) -> list[tuple[str, str, str]]:
    """What the page showed and what stands there now, as people read it, field by field."""
    called = {
        "status": _("Status"),
        "seats": _("Number of licences"),
        "nickname": _("Nickname"),
        "auto_renew": _("Renew at the end of the term"),
        "reseller": _("Reseller (MPN ID)"),
    }
    differing = edits.stale(now, seen) if seen else {}
    return [
        (called[field], _said(field, before), _said(field, after))
        for field, (before, after) in differing.items()
        if field in called
    ]


def _said(field: str, fact: str) -> str:
    """One fact of a subscription in words; what a form claims it had shown may be anything."""
    if field == "status":
        return next((label(status) for status in Status if status == fact), fact)
    if field == "auto_renew":
        return str(_("yes") if fact else _("no"))
    if field == "reseller":
        named = our_reseller(fact)
        return named.name if named else _("No reseller")
    return fact or "–"


Answer = str | tuple[str, int] | Response
