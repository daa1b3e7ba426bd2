"""The way out for whoever worked on behalf of this customer (R36)."""

from flask import redirect, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from shared.web import on_behalf
from shared.web.guards import signed_in

from ..blueprint import admin_center


@admin_center.post("/leave")
@signed_in()
def leave() -> Response:
    """Back to Partner Center, where one is still signed in; anybody else stays where they are."""
    acting = current_user.acting
    if acting is None:
        return redirect(url_for("admin_center.home"))
    on_behalf.end()
    return redirect(url_for("partner_portal.customer_services", customer=acting.customer.microsoft_id))
