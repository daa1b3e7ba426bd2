"""Details > Upgrade now: the new offer and quantity, or everything that stands in the way (S11, S12)."""

from typing import Any

from flask import redirect
from flask_babel import gettext as _
from flask_login import current_user

from shared.domain import licences, privileges, upgrades
from shared.domain.history import EventKind
from shared.domain.offers import OFFERS, Offer
from shared.domain.permissions import Permission
from shared.domain.refusals import Code, Refusal
from shared.domain.services import Service
from shared.domain.subscriptions import Subscription
from shared.extensions import db
from shared.web.errors import write_down
from shared.web.forms import choices
from shared.web.guards import requires
from shared.web.notices import tell
from shared.web.product_words import offer_name
from shared.web.refusal_words import refusal_text

from ..blueprint import partner_portal
from ..subscription import Answer, address_of, our_subscription_and_tie, overtaken, subscription_page
from ..subscription_forms import UpgradeForm

Options = dict[Offer, list[Refusal]]
UPGRADING = EventKind.UPGRADE_SUBSCRIPTION


@partner_portal.route("/customers/<customer>/subscriptions/<subscription>/upgrade", methods=["GET", "POST"])
@requires(Permission.MANAGE_SUBSCRIPTIONS, trying=UPGRADING)
def customer_subscription_upgrade(customer: str, subscription: str) -> Answer:
    """Only offers for which nothing stands in the way can be chosen; the others say what does."""
    found, tie = our_subscription_and_tie(customer, subscription)
    form = UpgradeForm(seats=found.seats)
    held = privileges.held_by(current_user.partner, found.customer)
    options = upgrades.options(found, by=current_user, held=held, tie=tie)
    asked = form.target.data  # it could be chosen when the page was opened
    open_to = [offer for offer, failed in options.items() if not failed or offer.key == asked]
    form.target.choices = choices((offer.key, offer_name(offer)) for offer in open_to)
    news: dict[str, Any] = {}
    status = 200
    if form.is_submitted():
        if not form.target.choices:
            raise next((failed[0] for failed in options.values()), Refusal(Code.NO_PATH, subscription=found))
        if form.validate():
            try:
                return _upgrade(found, form)
            except Refusal as refusal:
                (found, tie), status = our_subscription_and_tie(customer, subscription), 409
                news = _why_not(refusal, form, found)
                held = privileges.held_by(current_user.partner, found.customer)
                options = upgrades.options(found, by=current_user, held=held, tie=tie)
    else:
        form.show(found)
    return _page(found, form, options, held, **news), 422 if form.errors else status


def _upgrade(subscription: Subscription, form: UpgradeForm) -> Answer:
    target = OFFERS[form.target.data]
    upgraded = upgrades.upgrade(subscription, target, form.seats.data or 0, by=current_user, seen=form.version)
    db.session.commit()
    here = _("The subscription is %(offer)s now.", offer=offer_name(target))
    tell(here, _("Everybody who had a licence has one of the new subscription."))
    return redirect(address_of(upgraded))


def _why_not(refusal: Refusal, form: UpgradeForm, subscription: Subscription) -> dict[str, Any]:
    if refusal.code in (Code.SEATS_ASSIGNED, Code.OVER_CAP):
        write_down(refusal, UPGRADING)
        form.seats.errors = [refusal_text(refusal)]
        return {}
    return overtaken(refusal, UPGRADING, form, subscription)


def _page(subscription: Subscription, form: UpgradeForm, options: Options, held: set[Service], **news: Any) -> str:
    return subscription_page(
        "partner_portal/customer_subscription_upgrade.html",
        subscription,
        _("Upgrade"),
        form=form,
        options=options,
        held=held,
        assigned=licences.assigned(subscription),
        **news,
    )
