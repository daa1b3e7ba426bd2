"""Customers > a customer > Account > Remove reseller relationship (R64-R67)."""

from typing import Any

from flask import redirect, url_for
from flask_babel import gettext as _
from flask_login import current_user

from shared.domain import ending
from shared.domain.history import EventKind
from shared.domain.organisations import Customer
from shared.extensions import db
from shared.web.guards import signed_in
from shared.web.notices import tell
from shared.web.product_words import subscription_name
from shared.web.words import day

from ..account_forms import EndForm
from ..blueprint import partner_portal
from ..customer import customer_page, our_tie


@partner_portal.route("/customers/<customer>/account/remove", methods=["GET", "POST"])
@signed_in(trying=EventKind.END_RELATIONSHIP)
def customer_account_remove(customer: str) -> Any:
    """What ends and what stays, one tick, one button; the role alone does not say who may (R67)."""
    tie, form = our_tie(customer), EndForm()
    found = tie.customer
    if refusal := ending.why_not_remove(current_user, found, tie):
        raise refusal
    if form.validate_on_submit():
        ending.remove(found, by=current_user)
        db.session.commit()
        here = _("%(customer)s left your customer list.", customer=found)
        tell(
            here,
            _("It sees the end among its partner relationships and got an e-mail. The legal notice is yours to give."),
        )
        return redirect(url_for("partner_portal.customers"))
    back = url_for("partner_portal.customer_account", customer=found.microsoft_id)
    crumbs = [(_("Account"), back), (_("Remove reseller relationship"), None)]
    status = 422 if form.errors else 200
    page, lost = "partner_portal/customer_remove.html", _running_out(found)
    return customer_page(page, found, form=form, crumbs=crumbs, back=back, running_out=lost), status


def _running_out(customer: Customer) -> list[str]:
    """What nobody will be able to reactivate, and the day its data goes (S7)."""
    return [
        _(
            "Your way to reactivate %(subscription)s: all its data is deleted at the start of %(day)s",
            subscription=subscription_name(one),
            day=day(one.gone_at),
        )
        for one in ending.left_suspended(current_user.partner, customer)
        if one.gone_at
    ]
