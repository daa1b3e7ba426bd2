"""Customers > Add customer: Account info, Subscriptions, Review, and the new admin account once (R4, R5)."""

from typing import Any

from flask import render_template, request
from flask_babel import gettext as _
from flask_login import current_user

from shared.domain import new_customers, passwords
from shared.domain.history import EventKind
from shared.domain.permissions import Permission
from shared.domain.refusals import Code, Refusal
from shared.domain.users import User
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
    if refusal and wanted == SUBMIT and (twice := _just_added(refusal, account, orders)):
        return _done(twice)
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
    facts = _facts(account, orders)
    with doors.aside():
        temporary = passwords.temporary()
    try:
        admin = new_customers.add_with_orders(*facts, temporary=temporary, by=current_user)
    except Refusal as refusal:
        if twice := _just_added(refusal, account, orders):
            return _done(twice)
        raise
    db.session.commit()
    return _done(admin, temporary.text)


def _just_added(refusal: Refusal, account: AccountForm, orders: OrderForm) -> User | None:
    """Whom the first of two presses of Submit made, where that is why the second is refused."""
    exists = refusal.code is Code.CUSTOMER_EXISTS and orders.validate()
    return new_customers.just_added(*_facts(account, orders), by=current_user) if exists else None


def _facts(account: AccountForm, orders: OrderForm) -> tuple[str, str, dict[str, str], dict[str, int]]:
    typed = account.typed
    return typed.pop("name"), typed.pop("domain"), typed, orders.seats


def _done(admin: User, temporary: str = "") -> str:
    """The only page that ever shows the password: it is kept nowhere but as a hash (P4)."""
    return render_template("partner_portal/customer_added.html", admin=admin, temporary=temporary)


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
