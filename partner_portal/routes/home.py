"""The dashboard: what to do next, and what happened lately."""

from flask import render_template
from flask_login import current_user

from shared.domain import customer_list, history, invitations
from shared.domain.permissions import Permission
from shared.web import happenings
from shared.web.guards import signed_in

from ..blueprint import partner_portal


@partner_portal.get("/")
@signed_in()
def home() -> str:
    """Losses of delegated admin first, because they call for an answer."""
    partner = current_user.partner
    sees_customers = current_user.may(Permission.VIEW_CUSTOMERS)
    return render_template(
        "partner_portal/home.html",
        refusal=invitations.why_not_invite(current_user),
        sees_customers=sees_customers,
        newest=customer_list.newest(partner) if sees_customers else [],
        lost=customer_list.lost_lately(partner) if sees_customers else [],
        lately=happenings.summed_up(history.of_partner(partner).rows, 5) if sees_customers else [],
    )
