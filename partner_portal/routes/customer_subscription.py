"""A subscription's Details: all there is to know, and what its seller may change (S1-S4, S10)."""

from typing import Any

from flask import redirect, request
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import true

from shared.domain import (
    capabilities,
    history,
    keeping,
    licences,
    orders,
    prices,
    privileges,
    resellers,
    subscription_changes,
    subscriptions,
    upgrades,
)
from shared.domain.capabilities import Action
from shared.domain.history import EventKind
from shared.domain.offers import OFFERS, add_ons_for
from shared.domain.permissions import Permission
from shared.domain.refusals import Code, Refusal
from shared.domain.relationships import Relationship
from shared.domain.services import Service
from shared.domain.subscriptions import LIVE, Subscription
from shared.extensions import db
from shared.web import happenings
from shared.web.errors import write_down
from shared.web.guards import requires
from shared.web.notices import mention, tell
from shared.web.refusal_words import refusal_text

from ..blueprint import partner_portal
from ..subscription import (
    Answer,
    address_of,
    our_reseller,
    our_subscription,
    our_subscription_and_tie,
    overtaken,
    subscription_page,
)
from ..subscription_forms import ChangeForm, OrderForm

CHANGING = EventKind.UPDATE_SUBSCRIPTION


@partner_portal.get("/customers/<customer>/subscriptions/<subscription>")
@requires(Permission.VIEW_CUSTOMERS)
def customer_subscription(customer: str, subscription: str) -> str:
    """As it is; whoever did not sell it sees neither prices nor what was done."""
    found, tie = our_subscription_and_tie(customer, subscription)
    record = found.partner_of_record
    form = ChangeForm(formdata=None, obj=found, reseller=record.microsoft_id if record else "")
    form.show(found)
    return _details(found, tie, form)


@partner_portal.post("/customers/<customer>/subscriptions/<subscription>")
@requires(Permission.MANAGE_SUBSCRIPTIONS, trying=CHANGING)
def customer_subscription_change(customer: str, subscription: str) -> Answer:
    """Licences, nickname, renewal, reseller: at once, each only when it is asked and different."""
    (found, tie), form = our_subscription_and_tie(customer, subscription), ChangeForm()
    _ask_only_what_may_change(form, found, tie)
    if not form.validate():
        return _details(found, tie, form), 422
    try:
        return _change(found, form)
    except Refusal as refusal:
        if refusal.code in (Code.SEATS_ASSIGNED, Code.OVER_CAP) and form.seats:
            write_down(refusal, CHANGING)
            form.seats.errors = [refusal_text(refusal)]
            return _details(*our_subscription_and_tie(customer, subscription), form), 422
        found, tie = our_subscription_and_tie(customer, subscription)
        news = overtaken(refusal, CHANGING, form, found)
        return _details(found, tie, form, **news), 409


@partner_portal.route("/customers/<customer>/subscriptions/<subscription>/add-on", methods=["GET", "POST"])
@requires(Permission.MANAGE_SUBSCRIPTIONS, trying=EventKind.ORDER)
def customer_subscription_add_on(customer: str, subscription: str) -> Answer:
    """Another offer on top of it, which follows it from now on (S4)."""
    base, form = our_subscription(customer, subscription), OrderForm()
    form.sell(add_ons_for(base.offer))
    news: dict[str, Any] = {}
    if form.validate_on_submit():
        try:
            return _order(base, form)
        except Refusal as refusal:
            base = our_subscription(customer, subscription)
            news = overtaken(refusal, EventKind.ORDER, form, base)
    elif not form.errors and (blocked := orders.why_not_add_ons(base, by=current_user)):
        raise blocked
    shown = current_user.may(Permission.VIEW_PRICES)
    priced = [(offer, prices.of(offer)) for offer in add_ons_for(base.offer)] if shown else []
    page = "partner_portal/customer_subscription_add_on.html"
    status = 409 if news else 422 if form.errors else 200
    return subscription_page(page, base, _("Add an add-on"), form=form, priced=priced, **news), status


def _order(base: Subscription, form: OrderForm) -> Answer:
    once = form.once.data or None
    orders.order_add_on(base, OFFERS[form.offer.data], form.seats.data or 0, by=current_user, once=once)
    db.session.commit()
    tell(_("The add-on is sold."), _("It ends, renews and is suspended with its subscription."))
    return redirect(address_of(base))


def _change(subscription: Subscription, form: ChangeForm) -> Answer:
    changed = subscription_changes.change(
        subscription,
        seats=form.seats.data if form.seats else None,
        nickname=(form.nickname.data or "").strip() if form.nickname else None,
        auto_renew=form.auto_renew.data if form.auto_renew else None,
        reseller=our_reseller(form.reseller.data) if form.reseller else None,
        taken_off=bool(form.reseller and not form.reseller.data),
        by=current_user,
        seen=form.version,
    )
    db.session.commit()
    if changed:
        tell(
            _("The subscription is changed."),
            _("It holds for %(customer)s from now on.", customer=subscription.customer),
        )
    else:
        mention(_("Nothing was different, so nothing was changed."))
    return redirect(address_of(subscription))


def _blocked(subscription: Subscription, tie: Relationship) -> dict[str, Refusal | None]:
    """Why each control is blocked, or not."""
    by, changes = current_user, subscription_changes
    return {
        "seats": changes.why_not_change_seats(subscription, by=by),
        "nickname": changes.why_not_rename(subscription, by=by),
        "auto_renew": changes.why_not_renewal(subscription, by=by),
        "reseller": changes.why_not_resell(subscription, by=by),
        "add_on": orders.why_not_add_ons(subscription, by=by),
        "suspend": changes.why_not_suspend(subscription, by=by),
        "reactivate": changes.why_not_reactivate(subscription, by=by, tie=tie),
        "cancel": changes.why_not_cancel(subscription, by=by),
    }


def _ask_only_what_may_change(
    form: ChangeForm, subscription: Subscription, tie: Relationship
) -> dict[str, Refusal | None]:
    """Leaves out what may not change, and what could not when the page was drawn.

    What was typed while it still could stays, beside the reason. A box without its tick sends nothing.
    """
    blocked, sent = _blocked(subscription, tie), form.is_submitted()
    for name in ("seats", "nickname", "auto_renew", "reseller"):
        if name not in request.form and (blocked[name] or (sent and name != "auto_renew")):
            delattr(form, name)
    if form.reseller:
        form.resell(current_user.partner, resellers.of(current_user.partner))
    return blocked


def _add_ons(base: Subscription, tie: Relationship, held: set[Service], *, ours: bool) -> list[Subscription]:
    """Those on it that the list shows too, of each offer the last: what has ended to its seller alone."""
    found, partner = subscriptions.add_ons_of(base, true() if ours else LIVE), current_user.partner
    seen = (one for one in found if capabilities.why_not(Action.VIEW, partner, one, held, tie) is None)
    return list({one.offer_key: one for one in seen}.values())


def _details(subscription: Subscription, tie: Relationship, form: ChangeForm, **news: Any) -> str:
    blocked = _ask_only_what_may_change(form, subscription, tie)
    ours = subscription.seller_id == current_user.partner_id
    held = privileges.held_by(current_user.partner, subscription.customer)
    add_ons = _add_ons(subscription, tie, held, ours=ours)
    assigned = licences.assigned_of([subscription, *add_ons])
    going_on = ours and subscription.is_live
    options = upgrades.options(subscription, by=current_user, held=held, tie=tie) if going_on else {}
    priced = going_on and current_user.may(Permission.VIEW_PRICES)
    told = history.of_subscription(subscription)[:10] if ours else []
    return subscription_page(
        "partner_portal/customer_subscription.html",
        subscription,
        held=held,
        form=form,
        blocked=blocked,
        ours=ours,
        add_ons=add_ons,
        offers_add_ons=bool(add_ons_for(subscription.offer)),
        assigned=assigned,
        options=options,
        eligible=any(not failed for failed in options.values()),
        price=prices.of(subscription.offer) if priced else None,
        total=prices.total(subscription.offer, subscription.seats),
        lately=happenings.in_words(told),
        became=keeping.became(subscription) if ours else None,
        **news,
    )
