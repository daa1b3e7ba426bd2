"""The customer list: both ties of every customer, and the way to restore what was lost."""

from flask import render_template, request
from flask_login import current_user

from shared.domain import customer_list, invitations, new_customers
from shared.domain.permissions import Permission
from shared.domain.search import fold
from shared.domain.services import Service
from shared.web.guards import requires
from shared.web.keysets import after_key

from ..blueprint import partner_portal
from ..customer import badges

LONGEST = 100


@partner_portal.get("/customers")
@requires(Permission.VIEW_CUSTOMERS)
def customers() -> str:
    """By name; or found by how a word of the name or domain begins."""
    user = current_user._get_current_object()  # asked often: the proxy looks for it each time
    partner, wanted = user.partner, fold(request.args.get("q", ""))[:LONGEST]
    after = after_key()
    found = customer_list.found(partner, wanted, after=after) if wanted else customer_list.listed(partner, after=after)
    return render_template(
        "partner_portal/customers.html",
        partner=partner,
        page=found,
        wanted=wanted,
        further=bool(after),
        services=tuple(Service),
        badges=badges,
        refusal=invitations.why_not_invite(user),
        adding=new_customers.why_not_start(user),
    )
