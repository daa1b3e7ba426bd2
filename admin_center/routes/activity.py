"""The activity log of a customer (R81)."""

from flask import render_template

from shared.domain import history
from shared.domain.permissions import Permission
from shared.web import happenings
from shared.web.guards import requires
from shared.web.keysets import before_id

from ..blueprint import admin_center
from ..tenant import tenant


@admin_center.get("/activity")
@requires(Permission.VIEW_CUSTOMER_ACTIVITY)
def activity() -> str:
    """Newest first; nobody can edit it."""
    before = before_id()
    page = history.of_customer(tenant(), before=before)
    return render_template("shared/activity.html", events=happenings.in_words(page.rows), page=page, further=before)
