"""The activity log of a partner (R81)."""

from flask import render_template
from flask_login import current_user

from shared.domain import history
from shared.domain.permissions import Permission
from shared.web import happenings
from shared.web.guards import requires
from shared.web.keysets import before_id

from ..blueprint import partner_portal


@partner_portal.get("/activity")
@requires(Permission.VIEW_PARTNER_ACTIVITY)
def activity() -> str:
    """Newest first; nobody can edit it."""
    before = before_id()
    page = history.of_partner(current_user.partner, before=before)
    return render_template("shared/activity.html", events=happenings.in_words(page.rows), page=page, further=before)
