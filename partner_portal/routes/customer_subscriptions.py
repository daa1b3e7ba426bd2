"""Customers > a customer > Subscriptions: what it has, and selling it more (S1, R37-R39)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask import redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from shared.domain import licences, orders, prices, privileges, subscriptions
from shared.domain.history import EventKind
from shared.domain.offers import OFFERS, for_sale
from shared.domain.organisations import Customer
from shared.domain.permissions import Permission
from shared.domain.refusals import Refusal
from shared.extensions import db
from shared.web.errors import write_down
from shared.web.guards import requires
from shared.web.keysets import after_id
from shared.web.notices import tell
from shared.web.product_words import offer_name
from shared.web.refusal_words import refusal_text
from shared.web.words import day

from ..blueprint import partner_portal
from ..customer import customer_page, our_customer, our_tie
from ..subscription import Answer, address_of
from ..subscription_forms import OrderForm


@partner_portal.get("/customers/<customer>/subscriptions")
@requires(Permission.VIEW_CUSTOMERS)
def customer_subscriptions(customer: str) -> str:
    """What this partner sold, and what others sold for the services it administers; the latter without prices."""
    tie = our_tie(customer)
    found, partner = tie.customer, current_user.partner
    held = privileges.held_by(partner, found)
    page = subscriptions.visible(partner, found, held, after=after_id())
    return customer_page(
        "partner_portal/customer_subscriptions.html",
        found,
        held=held,
        page=page,
        assigned=licences.assigned_of(page.rows),
        further=after_id(),
        refusal=orders.why_not_sell(found, by=current_user, tie=tie),
    )


@partner_portal.route("/customers/<customer>/subscriptions/add", methods=["GET", "POST"])
@requires(Permission.MANAGE_SUBSCRIPTIONS, trying=EventKind.ORDER)
def customer_subscriptions_add(customer: str) -> Answer:
    """One offer and a number of licences; the total has an address of its own, for whoever may see prices."""
    tie, ordering = our_tie(customer), request.method == "POST"
    if ordering and request.form.get("act") != "order":
        return redirect(url_for(".customer_subscriptions_add", customer=customer, **_chosen(request.form)))
    found, chosen = tie.customer, {} if ordering else _chosen(request.args)
    form = OrderForm() if ordering else OrderForm(MultiDict(chosen) or None)
    form.sell(for_sale())
    if refusal := orders.why_not_sell(found, by=current_user, tie=tie):
        if not ordering:
            raise refusal
        write_down(refusal, EventKind.ORDER)
        return _page(our_customer(customer), form, refusal), 409
    if chosen and form.validate():
        _check(found, form)
    if ordering and form.validate():
        try:
            return _order(found, form)
        except Refusal as refusal:
            write_down(refusal, EventKind.ORDER)
            form.seats.errors = [refusal_text(refusal)]
            found = our_customer(customer)  # the refusal has undone what was read before
    return _page(found, form), 422 if form.errors else 200


def _chosen(typed: Mapping[str, str]) -> dict[str, Any]:
    """The offer and the number of licences, as short as an address should be."""
    return {name: typed[name][:40] for name in ("offer", "seats") if name in typed}


def _check(customer: Customer, form: OrderForm) -> None:
    """What would be refused has no total; nobody has tried to order it yet."""
    if refusal := orders.why_not_order(customer, OFFERS[form.offer.data], form.seats.data or 0, by=current_user):
        form.seats.errors = [refusal_text(refusal)]


def _order(customer: Customer, form: OrderForm) -> Answer:
    once = form.once.data or None
    sold = orders.order(customer, OFFERS[form.offer.data], form.seats.data or 0, by=current_user, once=once)
    db.session.commit()
    here = _("%(offer)s is sold. Licences: %(seats)s.", offer=offer_name(sold.offer), seats=sold.seats)
    start = day(sold.starts_on)
    tell(here, _("%(customer)s can assign them now; the term starts on %(day)s.", customer=customer, day=start))
    return redirect(address_of(sold))


def _page(customer: Customer, form: OrderForm, refusal: Refusal | None = None) -> str:
    crumbs = [
        (_("Subscriptions"), url_for("partner_portal.customer_subscriptions", customer=customer.microsoft_id)),
        (_("Add subscription"), None),
    ]
    priced = [(offer, prices.of(offer)) for offer in for_sale()] if current_user.may(Permission.VIEW_PRICES) else []
    return customer_page(
        "partner_portal/customer_subscriptions_add.html",
        customer,
        form=form,
        refusal=refusal,
        crumbs=crumbs,
        priced=priced,
        total=total(form),
        back=crumbs[0][1],
    )


def total(form: OrderForm) -> Decimal | None:
    """What the order as typed costs a month, if it can be ordered, for whoever may see prices."""
    known = form.offer.data in OFFERS and form.seats.data and not form.errors
    shown = known and current_user.may(Permission.VIEW_PRICES)
    return prices.total(OFFERS[form.offer.data], form.seats.data or 0) if shown else None
