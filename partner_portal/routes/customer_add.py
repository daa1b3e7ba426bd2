"""Customers > Add customer: Account info, Subscriptions, Review, and the new admin account once (R4, R5)."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from shared.domain import new_customers, passwords, users
from shared.domain.history import EventKind
from shared.domain.offers import OFFERS
from shared.domain.orders import why_not_seats
from shared.domain.permissions import Permission
from shared.domain.refusals import Code, Refusal
from shared.domain.users import SignIn, User
from shared.extensions import db
from shared.web import doors, shown_once
from shared.web.errors import write_down
from shared.web.guards import requires
from shared.web.notices import mention
from shared.web.refusal_words import refusal_text

from .. import wizard_drafts
from ..blueprint import partner_portal
from ..customer import our_customer
from ..wizard_forms import AccountForm, OrderForm, typed, visible

STEPS = ("account", "subscriptions", "review")
SUBMIT = "submit"


@partner_portal.route("/customers/add", methods=["GET", "POST"])
@requires(Permission.ADD_CUSTOMER, trying=EventKind.ADD_CUSTOMER)
def customer_add() -> Any:
    """Each press leads to the address of a step, as far as what was typed goes; nothing is made before Submit."""
    if refusal := new_customers.why_not_start(current_user):
        raise refusal
    draft = wizard_drafts.key()
    if request.method != "POST":
        return _step(draft)
    account, orders = AccountForm(), OrderForm()
    asked = request.form.get("to", "")
    wanted = asked if asked in (*STEPS, SUBMIT) else STEPS[0]
    reached, refusal = _reached(account, orders, wanted)
    if reached == SUBMIT:
        return _added(draft, account, orders)
    if refusal and wanted == SUBMIT and (twice := _just_added(refusal, account, orders)):
        return _done(twice, shown_once.take(twice)[0])
    if refusal:
        write_down(refusal, EventKind.ADD_CUSTOMER)
    answer = _to(reached, draft, wrong=reached != wanted)
    if wizard_drafts.keep(answer, draft, typed(account, orders)):
        return answer
    return _page(reached, draft, account, orders, refusal), 200 if reached == wanted else 409 if refusal else 422


def _to(step: str, draft: str, *, wrong: bool = False) -> Response:
    return redirect(url_for(".customer_add", step=step, draft=draft, wrong="y" if wrong else None))


def _step(draft: str) -> Any:
    """What an address shows: its step, with what is `wrong` on it; or the first before it that is not right."""
    step, kept = request.args.get("step", ""), wizard_drafts.all_kept().get(draft)
    if step not in STEPS:
        return _to(STEPS[0], draft)
    if kept is None and step != STEPS[0]:
        if "draft" in request.args:
            mention(_("What was typed here is no longer kept: it was submitted, or others were begun since."))
        return _to(STEPS[0], draft)
    account, orders = (form(MultiDict(kept)) for form in (AccountForm, OrderForm))
    wanted = STEPS[STEPS.index(step) + 1] if "wrong" in request.args and step != STEPS[-1] else step
    reached, refusal = _reached(account, orders, wanted)
    if STEPS.index(reached) < STEPS.index(step):
        return _to(reached, draft, wrong=True)
    return _page(step, draft, account, orders, refusal), 200 if reached == wanted else 409 if refusal else 422


def _reached(account: AccountForm, orders: OrderForm, wanted: str) -> tuple[str, Refusal | None]:
    """The step asked for, or the first one before it that is not right yet; and why, if it is refused."""
    if wanted == STEPS[0]:
        return wanted, None
    if not account.validate():
        return STEPS[0], None
    if refusal := new_customers.why_not_add(account.typed["name"], account.typed["domain"]):
        return STEPS[0], refusal
    return (wanted if wanted == STEPS[1] or (orders.validate() and _may_be_had(orders)) else STEPS[1]), None


def _may_be_had(orders: OrderForm) -> bool:
    """Whether a new customer may have so many licences of each offer; a field of which it may not says why (S1)."""
    for offer, seats in orders.seats.items():
        if refusal := why_not_seats(None, OFFERS[offer], seats):
            orders[offer].errors = [refusal_text(refusal)]
    return not orders.errors


def _added(draft: str, account: AccountForm, orders: OrderForm) -> Any:
    facts = _facts(account, orders)
    with doors.aside():
        temporary = passwords.temporary()
    try:
        admin = new_customers.add_with_orders(*facts, temporary=temporary, by=current_user)
    except Refusal as refusal:
        if twice := _just_added(refusal, account, orders):
            return _done(twice, shown_once.take(twice)[0])
        raise
    db.session.commit()
    shown_once.keep(admin, temporary)
    answer = redirect(url_for(".customer_added", customer=admin.organisation.microsoft_id))
    wizard_drafts.keep(answer, draft, {})
    return answer


@partner_portal.get("/customers/<customer>/added")
@requires(Permission.ADD_CUSTOMER)
def customer_added(customer: str) -> Any:
    """The new admin account and its password, once; afterwards the customer, and how another password is made."""
    added = our_customer(customer)
    admin = users.with_email(new_customers.admin_name(added.domain))
    if admin and (temporary := shown_once.take(admin)[0]):
        return _done(admin, temporary)
    if admin and admin.sign_in is SignIn.TEMPORARY:
        mention(
            _("The temporary password was shown once and cannot be shown again."),
            _(
                "Nobody saw the password? Then only %(person)s can get a new one: “Can't access your account?”"
                " on the sign-in page of the admin center.",
                person=admin.email,
            ),
        )
    return redirect(url_for(".customer", customer=added.microsoft_id))


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


def _page(step: str, draft: str, account: AccountForm, orders: OrderForm, refusal: Refusal | None) -> str:
    fields = {"account": visible(account), "subscriptions": visible(orders), "review": []}
    return render_template(
        "partner_portal/customer_add.html",
        step=step,
        draft=draft,
        names=[_("Account info"), _("Subscriptions"), _("Review")],
        number=STEPS.index(step) + 1,
        form=orders if step == "subscriptions" else account,
        shown=fields[step],
        carried=[field for other, some in fields.items() if other != step for field in some],
        fields=fields,
        offers=OFFERS,
        refusal=refusal,
    )
