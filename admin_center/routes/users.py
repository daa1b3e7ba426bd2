"""Admin center: Users (P1-P5, P8, 3.2)."""

from typing import Any

from shared.domain.history import EventKind
from shared.domain.permissions import Permission
from shared.web import staff_pages as steps
from shared.web.guards import requires

from ..blueprint import admin_center
from ..tenant import tenant
from . import licences


@admin_center.get("/users")
@requires(Permission.RESET_PASSWORDS)
def users() -> str:
    """Everybody, by name."""
    return steps.listing(tenant())


@admin_center.route("/users/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_CUSTOMER_USERS, trying=EventKind.ADD_CUSTOMER_USER)
def user_add() -> Any:
    """Somebody new."""
    return steps.adding(tenant())


@admin_center.route("/users/<int:person>", methods=["GET", "POST"])
@requires(Permission.RESET_PASSWORDS, trying=EventKind.CHANGE_CUSTOMER_USER)
def user(person: int) -> Any:
    """One of them, and their licences (S5)."""
    somebody = steps.one_or_404(tenant(), person)
    return steps.one(tenant(), somebody, "admin_center/user.html", **licences.of_person(somebody))


@admin_center.route("/users/<int:person>/password", methods=["GET", "POST"])
@requires(Permission.RESET_PASSWORDS, trying=EventKind.RESET_PASSWORD)
def user_password(person: int) -> Any:
    """A new temporary password; a Helpdesk admin resets non-admins only."""
    return steps.resetting(tenant(), person)


@admin_center.route("/users/<int:person>/remove", methods=["GET", "POST"])
@requires(Permission.MANAGE_CUSTOMER_USERS, trying=EventKind.REMOVE_CUSTOMER_USER)
def user_remove(person: int) -> Any:
    """The end of an account."""
    return steps.removing(tenant(), person)
