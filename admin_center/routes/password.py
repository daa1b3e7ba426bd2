"""Passwords of accounts made in the room, at the door of the admin center and behind it (P4, P8)."""

from typing import Any

from shared.domain.history import EventKind
from shared.web import password_pages as steps
from shared.web.guards import open_for, open_to_everyone, signed_in

from ..blueprint import admin_center


@admin_center.route("/password", methods=["GET", "POST"])
@signed_in(EventKind.CHANGE_PASSWORD, temporary=True)
def password() -> Any:
    """Change one's own."""
    return steps.change("admin")


@admin_center.route("/sign-in/recovery", methods=["GET", "POST"])
@open_to_everyone
def recovery() -> Any:
    """Can't access your account?"""
    return steps.recovery("admin")


@admin_center.route("/sign-in/new-password", methods=["GET", "POST"])
@open_for(EventKind.CHANGE_PASSWORD)
def new_password() -> Any:
    """Where the link in the letter leads."""
    return steps.new_password("admin")
