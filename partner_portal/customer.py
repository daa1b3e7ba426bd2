"""One customer's pages: who it is, both ties, and the tabs between them (R2)."""

from collections.abc import Collection
from typing import Any

from flask import abort, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from markupsafe import Markup

from shared.domain import privileges, relationships
from shared.domain.organisations import Customer, Partner
from shared.domain.relationships import Relationship, type_of
from shared.domain.services import Service
from shared.web.drawings import kept
from shared.web.frame import Stop
from shared.web.labels import label

TABS = (
    Stop("partner_portal.customer_subscriptions", _l("Subscriptions"), "box", covers="partner_portal.customer_subscr"),
    Stop("partner_portal.customer_account", _l("Account"), "building", covers="partner_portal.customer_account"),
    Stop("partner_portal.customer_services", _l("Service management"), "shield"),
    Stop("partner_portal.customer_abilities", _l("Who may do what"), "question"),
)


def our_customer(customer: str) -> Customer:
    """The customer in this partner's list (R37) that an address names by its Microsoft ID; 404 for any other."""
    return our_tie(customer).customer


def our_tie(customer: str) -> Relationship:
    """The tie to `our_customer`, for pages that ask much of it."""
    return relationships.listed(current_user.partner, customer) or abort(404)


def customer_page(template: str, customer: Customer, held: Collection[Service] | None = None, **facts: Any) -> str:
    """A page of `our_customer`, in the frame of `partner_portal/customer_base.html`.

    `held` are the services administered, for pages that have asked already.
    """
    partner = current_user.partner
    held = privileges.held_by(partner, customer) if held is None else held
    return render_template(
        template, customer=customer, held=held, badges=badges(partner, len(held)), tabs=_tabs(customer), **facts
    )


def badges(partner: Partner, held: int) -> Markup:
    """The two states side by side, for a customer that lets the partner administer so many services (R2)."""
    tie = label(type_of(partner, administers=False))
    words = _("Delegated admin %(held)s of %(all)s", held=held, all=len(Service)) if held else _("No delegated admin")
    return kept("badge_pair", tie, True, words, "yes" if held == len(Service) else "waiting" if held else "plain")


def _tabs(customer: Customer) -> list[tuple[Any, str, bool]]:
    here = request.endpoint or ""
    return [(tab.label, url_for(tab.endpoint, customer=customer.microsoft_id), tab.is_at(here)) for tab in TABS]
