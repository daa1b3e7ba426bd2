"""Licences: what was bought, who uses it, and who alone may change it (S5, LIC, SELF)."""

from typing import Any

from flask import abort, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from shared.domain import keeping, subscriptions
from shared.domain import licences as domain
from shared.domain.history import EventKind
from shared.domain.permissions import Permission
from shared.domain.subscriptions import Subscription
from shared.domain.users import User
from shared.extensions import db
from shared.web.guards import requires
from shared.web.keysets import after_id
from shared.web.notices import mention, tell
from shared.web.product_words import subscription_name
from shared.web.staff_pages import one_or_404

from ..blueprint import admin_center
from ..tenant import tenant


@admin_center.get("/billing/licences")
@requires(Permission.VIEW_OWN_SUBSCRIPTIONS)
def licences() -> str:
    """Of every subscription, of those that have ended until their data is deleted (S8): bought, assigned, free."""
    bought = keeping.kept_of(tenant())
    return render_template("admin_center/licences.html", bought=bought, assigned=domain.assigned_of(bought))


@admin_center.get("/billing/licences/<microsoft_id>")
@requires(Permission.VIEW_OWN_SUBSCRIPTIONS)
def licences_of(microsoft_id: str) -> str:
    """One subscription, to read: who sold it, its dates, and who has a licence of it."""
    subscription = _own_or_404(microsoft_id)
    return render_template(
        "admin_center/licences_of.html",
        subscription=subscription,
        assigned=domain.assigned(subscription),
        page=domain.holders(subscription, after=after_id()),
        further=after_id(),
        refusal=domain.why_not_change_own(subscription),
    )


@admin_center.post("/users/<int:person>/licences/<microsoft_id>")
@requires(Permission.MANAGE_CUSTOMER_USERS, trying=EventKind.ASSIGN_LICENCE)
def licence_assign(person: int, microsoft_id: str) -> Response:
    """Give somebody a licence; pressed twice, given once."""
    user, subscription = one_or_404(tenant(), person), _own_or_404(microsoft_id)
    if domain.find(user, subscription):
        mention(_("%(person)s has this licence already.", person=user.name))
    else:
        domain.assign(user, subscription, by=current_user)
        db.session.commit()
        tell(_("%(person)s has a licence of %(offer)s now.", person=user.name, offer=subscription_name(subscription)))
    return redirect(url_for("admin_center.user", person=person))


@admin_center.post("/users/<int:person>/licences/<microsoft_id>/take-back")
@requires(Permission.MANAGE_CUSTOMER_USERS, trying=EventKind.UNASSIGN_LICENCE)
def licence_take_back(person: int, microsoft_id: str) -> Response:
    """Take it back; it is free for somebody else at once."""
    user, subscription = one_or_404(tenant(), person), _own_or_404(microsoft_id)
    if domain.unassign(user, subscription, by=current_user):
        db.session.commit()
        tell(_("The licence of %(offer)s is free again.", offer=subscription_name(subscription)))
    else:
        mention(_("%(person)s has no such licence any more.", person=user.name))
    return redirect(url_for("admin_center.user", person=person))


def of_person(user: User) -> dict[str, Any]:
    """What the page about somebody shows of licences: everything bought, what they have, and what stands in the way.

    Nothing to a role that sees no licences (3.2).
    """
    if not current_user.may(Permission.VIEW_OWN_SUBSCRIPTIONS):
        return {"choices": None}
    return {"choices": domain.choices(user, subscriptions.of_customer(tenant()), by=current_user)}


def _own_or_404(microsoft_id: str) -> Subscription:
    return subscriptions.find(tenant(), microsoft_id) or abort(404)
