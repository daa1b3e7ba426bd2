"""Customers > Add customer: Account info, Subscriptions, Review, and the new admin account once (R4, R5)."""

from typing import Any

from flask import render_template, request
from flask_babel import gettext as _
from flask_login import current_user

from shared.domain import new_customers, passwords
from shared.domain.history import EventKind
from shared.domain.permissions import Permission
from shared.domain.refusals import Refusal
from shared.extensions import db
from shared.web import doors
from shared.web.errors import write_down
from shared.web.guards import requires

from ..blueprint import partner_portal
from ..wizard_forms import AccountForm, OrderForm, visible

STEPS = ("account", "subscriptions", "review")
SUBMIT = "submit"


@partner_portal.route("/customers/add", methods=["GET", "POST"])
@requires(Permission.ADD_CUSTOMER, trying=EventKind.ADD_CUSTOMER)
def customer_add() -> Any:
    """The step asked for, as far as what was typed leads; nothing is made before Submit."""
    if refusal := new_customers.why_not_start(current_user):
        raise refusal
    account, orders = AccountForm(), OrderForm()
    asked = request.form.get("to", "")
    wanted = asked if asked in (*STEPS, SUBMIT) else STEPS[0]
    reached, refusal = _reached(account, orders, wanted)
    if reached == SUBMIT:
        return _added(account, orders)
    if refusal:
        write_down(refusal, EventKind.ADD_CUSTOMER)
    return _page(reached, account, orders, refusal), 200 if reached == wanted else 409 if refusal else 422


def _reached(account: AccountForm, orders: OrderForm, wanted: str) -> tuple[str, Refusal | None]:
    """The step asked for, or the first one before it that is not right yet; and why, if it is refused."""
    if wanted == STEPS[0]:
        return wanted, None
    if not account.validate():
        return STEPS[0], None
    if refusal := new_customers.why_not_add(account.typed["name"], account.typed["domain"]):
        return STEPS[0], refusal
    return (wanted if wanted == STEPS[1] or orders.validate() else STEPS[1]), None


def _added(account: AccountForm, orders: OrderForm) -> str:
    """The only page that ever shows the password: it is kept nowhere but as a hash (P4)."""
    typed = account.typed
    name, domain = typed.pop("name"), typed.pop("domain")
    with doors.aside():
        temporary = passwords.temporary()
    seats = orders.seats
    admin = new_customers.add_with_orders(name, domain, typed, seats, temporary=temporary, by=current_user)
    db.session.commit()
    return render_template("partner_portal/customer_added.html", admin=admin, temporary=temporary.text)


def _page(step: str, account: AccountForm, orders: OrderForm, refusal: Refusal | None) -> str:
    fields = {"account": visible(account), "subscriptions": visible(orders), "review": []}
    return render_template(
        "partner_portal/customer_add.html",
        step=step,
        names=[_("Account info"), _("Subscriptions"), _("Review")],
        number=STEPS.index(step) + 1,
        form=orders if step == "subscriptions" else account,
        shown=fields[step],
        carried=[field for other, some in fields.items() if other != step for field in some],
        fields=fields,
        refusal=refusal,
    )
