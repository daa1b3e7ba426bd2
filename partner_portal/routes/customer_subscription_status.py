"""Details > Status: suspend, reactivate, cancel, each behind a page that says what ends and what stays (S6-S8)."""

from collections.abc import Callable
from typing import Any

from flask import redirect
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from shared.domain import licences, subscription_changes, subscriptions
from shared.domain.history import EventKind
from shared.domain.permissions import Permission
from shared.domain.refusals import Refusal
from shared.domain.subscription_changes import SuspendReason
from shared.domain.subscriptions import KEPT, Subscription
from shared.extensions import db
from shared.web.guards import requires
from shared.web.notices import tell
from shared.web.product_words import subscription_name
from shared.web.words import day
from shared.world.calendar import today

from ..blueprint import partner_portal
from ..subscription import Answer, address_of, our_subscription, overtaken, subscription_page
from ..subscription_forms import SeenForm, SuspendForm

WhyNot = Callable[..., Refusal | None]
Said = tuple[str, str]  # what is so now, and what that means; worded before it is committed, told afterwards


@partner_portal.route("/customers/<customer>/subscriptions/<subscription>/suspend", methods=["GET", "POST"])
@requires(Permission.MANAGE_SUBSCRIPTIONS, trying=EventKind.SUSPEND_SUBSCRIPTION)
def customer_subscription_suspend(customer: str, subscription: str) -> Answer:
    """On the customer's request, for non-payment or for fraud."""
    form = SuspendForm()

    def act(found: Subscription) -> Said:
        subscription_changes.suspend(found, SuspendReason(form.reason.data), by=current_user, seen=form.version)
        return _("%(subscription)s is suspended.", subscription=subscription_name(found)), _locked_out(found)

    asked = (customer, subscription)
    return _status(asked, "suspend", form, act, subscription_changes.why_not_suspend, EventKind.SUSPEND_SUBSCRIPTION)


@partner_portal.route("/customers/<customer>/subscriptions/<subscription>/reactivate", methods=["GET", "POST"])
@requires(Permission.MANAGE_SUBSCRIPTIONS, trying=EventKind.REACTIVATE_SUBSCRIPTION)
def customer_subscription_reactivate(customer: str, subscription: str) -> Answer:
    """Within the 60 days (S7)."""
    form = SeenForm()

    def act(found: Subscription) -> Said:
        subscription_changes.reactivate(found, by=current_user, seen=form.version)
        return _("%(subscription)s is active again.", subscription=subscription_name(found)), _let_in(found)

    asked, trying = (customer, subscription), EventKind.REACTIVATE_SUBSCRIPTION
    return _status(asked, "reactivate", form, act, subscription_changes.why_not_reactivate, trying)


@partner_portal.route("/customers/<customer>/subscriptions/<subscription>/cancel", methods=["GET", "POST"])
@requires(Permission.MANAGE_SUBSCRIPTIONS, trying=EventKind.CANCEL_SUBSCRIPTION)
def customer_subscription_cancel(customer: str, subscription: str) -> Answer:
    """Final (S8)."""
    form = SeenForm()

    def act(found: Subscription) -> Said:
        subscription_changes.cancel(found, by=current_user, seen=form.version)
        here = _("%(subscription)s is cancelled.", subscription=subscription_name(found))
        return here, _("Its licences at %(customer)s have ended.", customer=found.customer)

    asked = (customer, subscription)
    return _status(asked, "cancel", form, act, subscription_changes.why_not_cancel, EventKind.CANCEL_SUBSCRIPTION)


def _locked_out(subscription: Subscription) -> str:
    """RULING: how many, not who: their names are no business of a seller without delegated admin (R58)."""
    out, customer = licences.depend_on(subscription, subscriptions.add_ons_of(subscription)), subscription.customer
    if not out:
        return str(_("Nobody of %(customer)s is locked out by it.", customer=customer))
    said = ngettext(
        "%(num)s person of %(customer)s without an admin role cannot sign in.",
        "%(num)s people of %(customer)s without an admin role cannot sign in.",
        out,
        customer=customer,
    )
    return str(said)


def _let_in(subscription: Subscription) -> str:
    let_in, customer = licences.depend_on(subscription, subscriptions.add_ons_of(subscription)), subscription.customer
    if not let_in:
        return str(_("Nobody of %(customer)s was locked out by it.", customer=customer))
    said = ngettext(
        "%(num)s person of %(customer)s can sign in again.",
        "%(num)s people of %(customer)s can sign in again.",
        let_in,
        customer=customer,
    )
    return str(said)


def _status(
    asked: tuple[str, str],
    page: str,
    form: SeenForm,
    act: Callable[[Subscription], Said],
    why_not: WhyNot,
    trying: EventKind,
) -> Answer:
    """Show what ends and what stays, or do it; whoever was overtaken reads what changed and decides again."""
    found, status = our_subscription(*asked), 200
    news: dict[str, Any] = {}
    if refusal := why_not(found, by=current_user):
        raise refusal
    if form.validate_on_submit():
        try:
            said = act(found)
            db.session.commit()
            tell(*said)
            return redirect(address_of(found))
        except Refusal as refusal:
            found, status = our_subscription(*asked), 409
            news = overtaken(refusal, trying, form, found)
    else:
        form.show(found)
    add_ons = subscriptions.add_ons_of(found)
    facts: dict[str, Any] = {
        "form": form,
        "add_ons": add_ons,
        "assigned": licences.assigned(found),
        "depend": licences.depend_on(found, add_ons),
        "gone": day(today() + KEPT),
    }
    crumb = {"suspend": _("Suspend"), "reactivate": _("Reactivate"), "cancel": _("Cancel subscription")}[page]
    drawn = subscription_page(f"partner_portal/customer_subscription_{page}.html", found, crumb, **facts, **news)
    return drawn, 422 if form.errors else status
