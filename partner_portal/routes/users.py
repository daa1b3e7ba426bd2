"""Partner Center: Account settings > User management (P1-P5, P8)."""

from typing import Any

from flask_login import current_user

from shared.domain.history import EventKind
from shared.domain.permissions import Permission
from shared.web import staff_pages as steps
from shared.web.guards import requires

from ..blueprint import partner_portal


@partner_portal.get("/account-settings/users")
@requires(Permission.MANAGE_PARTNER_USERS)
def users() -> str:
    """Everybody, by name."""
    return steps.listing(current_user.partner)


@partner_portal.route("/account-settings/users/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_PARTNER_USERS, trying=EventKind.ADD_PARTNER_USER)
def user_add() -> Any:
    """Somebody new."""
    return steps.adding(current_user.partner)


@partner_portal.route("/account-settings/users/<int:person>", methods=["GET", "POST"])
@requires(Permission.MANAGE_PARTNER_USERS, trying=EventKind.CHANGE_PARTNER_USER)
def user(person: int) -> Any:
    """One of them."""
    return steps.one(current_user.partner, steps.one_or_404(current_user.partner, person))


@partner_portal.route("/account-settings/users/<int:person>/password", methods=["GET", "POST"])
@requires(Permission.MANAGE_PARTNER_USERS, trying=EventKind.RESET_PASSWORD)
def user_password(person: int) -> Any:
    """The temporary password of somebody new, once; a partner user recovers alone, so there is no other (P8)."""
    return steps.resetting(current_user.partner, person)


@partner_portal.route("/account-settings/users/<int:person>/remove", methods=["GET", "POST"])
@requires(Permission.MANAGE_PARTNER_USERS, trying=EventKind.REMOVE_PARTNER_USER)
def user_remove(person: int) -> Any:
    """The end of an account."""
    return steps.removing(current_user.partner, person)
