"""One subscription's pages: what a partner may see of it, and the way back to it."""

from typing import Any

from flask import abort, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from shared.domain import capabilities, history, subscriptions
from shared.domain.capabilities import Action
from shared.domain.history import EventKind
from shared.domain.organisations import Customer
from shared.domain.refusals import Refusal
from shared.domain.subscriptions import Subscription
from shared.web import happenings
from shared.web.errors import STATUS, write_down
from shared.web.forms import Form
from shared.web.labels import subscription_name

from .customer import customer_page, our_customer
from .subscription_forms import SeenForm

NEWEST = 3  # changes, for whoever was overtaken


def our_subscription(customer: str, subscription: str) -> Subscription:
    """The subscription an address names; 404 for none, and a refusal when this partner may not see it (R56)."""
    found = subscriptions.find(our_customer(customer), subscription) or abort(404)
    if refusal := capabilities.why_not(Action.VIEW, current_user.partner, found):
        raise refusal
    return found


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
    return customer_page(template, customer, subscription=subscription, crumbs=crumbs, back=back, **facts)


def overtaken(refusal: Refusal, trying: EventKind, form: Form, subscription: Subscription) -> dict[str, Any]:
    """What to show with the form as typed: why not, and what changed meanwhile; the form then counts from there.

    Whoever may not act at all any more has no use for a form: that goes its usual way.
    """
    if refusal.code in STATUS:
        raise refusal
    write_down(refusal, trying)
    if isinstance(form, SeenForm):
        form.show(subscription)
    return {"refusal": refusal, "meanwhile": happenings.in_words(history.of_subscription(subscription)[:NEWEST])}


Answer = str | tuple[str, int] | Response
