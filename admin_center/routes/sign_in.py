"""The admin center's own front door: in and out."""

from typing import Any

from shared.domain.history import EventKind
from shared.web import sign_in as steps
from shared.web.guards import open_for, open_to_everyone

from ..blueprint import admin_center


@admin_center.route("/sign-in", methods=["GET", "POST"])
@open_for(EventKind.SIGN_IN)
def sign_in() -> Any:
    """Pick one of the tenants' accounts, a partner's own included."""
    return steps.door("admin")


@admin_center.post("/sign-out")
@open_to_everyone
def sign_out() -> Any:
    """Leave the admin center; Partner Center is not touched."""
    return steps.out("admin")
