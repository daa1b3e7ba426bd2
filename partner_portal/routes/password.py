"""Passwords of accounts made in the room, at the door of Partner Center and behind it (P4, P8)."""

from typing import Any

from shared.domain.history import EventKind
from shared.web import password_pages as steps
from shared.web.guards import open_for, open_to_everyone, signed_in

from ..blueprint import partner_portal


@partner_portal.route("/password", methods=["GET", "POST"])
@signed_in(EventKind.CHANGE_PASSWORD, temporary=True)
def password() -> Any:
    """Change one's own."""
    return steps.change("partner")


@partner_portal.route("/sign-in/recovery", methods=["GET", "POST"])
@open_to_everyone
def recovery() -> Any:
    """Can't access your account?"""
    return steps.recovery("partner")


@partner_portal.route("/sign-in/new-password", methods=["GET", "POST"])
@open_for(EventKind.CHANGE_PASSWORD)
def new_password() -> Any:
    """Where the link in the letter leads."""
    return steps.new_password("partner")
