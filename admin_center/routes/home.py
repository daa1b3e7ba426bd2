"""The admin center's landing page."""

from flask import render_template
from flask_login import current_user

from shared.domain import history, keeping, licences, privileges
from shared.domain.permissions import Permission
from shared.web import happenings
from shared.web.guards import signed_in
from shared.web.words import told_apart

from ..blueprint import admin_center
from ..tenant import tenant

SHOWN = 5  # subscriptions; all of them are on the page Licences


@admin_center.get("/")
@signed_in()
def home() -> str:
    """Who may administer this tenant, what it has and what of it ends soonest, and what happened lately."""
    customer = tenant()
    sees_bought = current_user.may(Permission.VIEW_OWN_SUBSCRIPTIONS)
    bought, more = keeping.soonest(customer, SHOWN) if sees_bought else ([], 0)
    sees = current_user.may(Permission.VIEW_PARTNER_RELATIONSHIPS)
    return render_template(
        "admin_center/home.html",
        customer=customer,
        sees_partners=sees,
        sees_bought=sees_bought,
        bought=bought,
        more=more,
        notes=told_apart(bought),
        assigned=licences.assigned_of(bought),
        held=[p for p in privileges.privileges_on(customer) if p.in_force] if sees else [],
        lately=happenings.summed_up(history.of_customer(customer).rows, 5) if sees else [],
    )
