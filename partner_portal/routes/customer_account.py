"""Customers > a customer > Account: who it is, whom to call, where its bill goes."""

from typing import Any

from flask import redirect, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from shared.domain import accounts, ending
from shared.domain.accounts import Part
from shared.domain.edits import EditedMeanwhile
from shared.domain.history import EventKind
from shared.domain.organisations import Customer
from shared.domain.permissions import Permission
from shared.domain.relationships import Relationship
from shared.extensions import db
from shared.web.guards import requires
from shared.web.happenings import SETTINGS
from shared.web.notices import mention, tell

from ..account_forms import BillingForm, ContactForm, PartForm
from ..blueprint import partner_portal
from ..customer import customer_page, our_customer, our_tie


@partner_portal.get("/customers/<customer>")
@requires(Permission.VIEW_CUSTOMERS)
def customer(customer: str) -> Response:
    """Where a customer's name leads: to the first of its pages."""
    return redirect(url_for(".customer_subscriptions", customer=our_customer(customer).microsoft_id))


@partner_portal.get("/customers/<customer>/account")
@requires(Permission.VIEW_CUSTOMERS)
def customer_account(customer: str) -> str:
    """Who the customer is, and what may be edited or ended."""
    tie = our_tie(customer)
    found = tie.customer
    parts = {
        part: [(SETTINGS[field], fact or "–") for field, fact in accounts.facts_of(found, part).items()]
        for part in Part
    }
    return customer_page(
        "partner_portal/customer_account.html",
        found,
        parts=parts,
        blocked={part: accounts.why_not_edit(part, current_user, found, tie) for part in Part},
        ending=ending.why_not_remove(current_user, found, tie),
    )


@partner_portal.route("/customers/<customer>/account/contact", methods=["GET", "POST"])
@requires(Permission.EDIT_CUSTOMER, trying=EventKind.EDIT_CUSTOMER)
def customer_account_contact(customer: str) -> Any:
    """Edit whom to call: any partner of the customer may (domain section 4)."""
    return _edit(our_tie(customer), ContactForm())


@partner_portal.route("/customers/<customer>/account/billing", methods=["GET", "POST"])
@requires(Permission.EDIT_CUSTOMER_BILLING, trying=EventKind.EDIT_CUSTOMER_BILLING)
def customer_account_billing(customer: str) -> Any:
    """Edit where the bill goes: only who sold something may (R35)."""
    return _edit(our_tie(customer), BillingForm())


def _edit(tie: Relationship, form: PartForm) -> Any:
    customer = tie.customer
    if refusal := accounts.why_not_edit(form.part, current_user, customer, tie):
        raise refusal
    form.show(accounts.facts_of(customer, form.part))
    if form.validate_on_submit():
        try:
            changed = accounts.edit(customer, form.part, form.typed, seen=form.shown, by=current_user)
        except EditedMeanwhile as outdated:
            form.catch_up(outdated.now, outdated.untouched)
            return _page(customer, form, outdated.changes), 409
        db.session.commit()
        return _back(customer, changed)
    return _page(customer, form), 422 if form.errors else 200


def _page(customer: Customer, form: PartForm, changes: dict[str, tuple[str, str]] | None = None) -> str:
    crumbs = [
        (_("Account"), url_for("partner_portal.customer_account", customer=customer.microsoft_id)),
        (_("Edit"), None),
    ]
    words = [(SETTINGS[field], before, now) for field, (before, now) in (changes or {}).items()]
    return customer_page(
        "partner_portal/customer_edit.html", customer, form=form, changes=words, crumbs=crumbs, part=form.part
    )


def _back(customer: Customer, changed: list[str]) -> Response:
    if changed:
        tell(_("The account of %(customer)s is updated.", customer=customer), _("Its other partners see the same."))
    else:
        mention(_("Nothing was different, so nothing was changed."))
    return redirect(url_for("partner_portal.customer_account", customer=customer.microsoft_id))
