"""Indirect resellers: who orders through this provider, and whose customers they look after (R68-R72)."""

from flask import abort, render_template
from flask_login import current_user

from shared.domain import resellers as rules
from shared.domain.permissions import Permission
from shared.web.guards import requires
from shared.web.keysets import after_key

from ..blueprint import partner_portal


@partner_portal.get("/resellers")
@requires(Permission.VIEW_CUSTOMERS)
def resellers() -> str:
    """By name."""
    if refusal := rules.why_not_list(current_user.partner):
        raise refusal
    after = after_key()
    page = rules.listed(current_user.partner, after=after)
    return render_template("partner_portal/resellers.html", page=page, further=bool(after))


@partner_portal.get("/resellers/<microsoft_id>")
@requires(Permission.VIEW_CUSTOMERS)
def resellers_customers(microsoft_id: str) -> str:
    """The customers one of them looks after."""
    found, after = rules.one_of(current_user.partner, microsoft_id) or abort(404), after_key()
    page = rules.customers_of(found, current_user.partner, after=after)
    return render_template("partner_portal/resellers_customers.html", reseller=found, page=page, further=bool(after))
