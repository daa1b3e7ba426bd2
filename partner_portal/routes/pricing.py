"""Pricing and offers: what can be sold, and what a licence costs a month."""

from flask import render_template

from shared.domain import prices
from shared.domain.offers import OFFERS
from shared.domain.permissions import Permission
from shared.web.guards import requires

from ..blueprint import partner_portal


@partner_portal.get("/pricing-and-offers")
@requires(Permission.VIEW_PRICES)
def pricing() -> str:
    """The whole list: offers, then add-ons."""
    listed = [(offer, prices.of(offer)) for offer in OFFERS.values()]
    return render_template("partner_portal/pricing.html", listed=listed, offers=OFFERS)
