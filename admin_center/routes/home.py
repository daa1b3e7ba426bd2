"""The admin center's landing page."""

from flask import render_template
from flask_login import current_user

from shared.domain import history, privileges
from shared.domain.permissions import Permission
from shared.web import happenings
from shared.web.guards import signed_in

from ..blueprint import admin_center
from ..tenant import tenant


@admin_center.get("/")
@signed_in()
def home() -> str:
    """Who may administer this tenant, and what happened lately."""
    customer = tenant()
    sees = current_user.may(Permission.VIEW_PARTNER_RELATIONSHIPS)
    return render_template(
        "admin_center/home.html",
        customer=customer,
        sees_partners=sees,
        held=[p for p in privileges.privileges_on(customer) if p.in_force] if sees else [],
        lately=happenings.summed_up(history.of_customer(customer).rows, 5) if sees else [],
    )
