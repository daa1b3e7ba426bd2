"""The steps both front doors share: pick an account, come in, go out."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import login_user, logout_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from ..domain.users import User
from ..extensions import db
from . import sessions
from .notices import tell


def door(side: str) -> str | Response | tuple[str, int]:
    """The account picker of one portal, "partner" or "admin"; picking signs in and goes on (R23).

    Nobody has a password: the simulator never asks for a real one.
    """
    wanted = request.values.get("next")
    accounts = _accounts(side)
    if request.method == "POST":
        chosen = next((user for user in accounts if str(user.id) == request.form.get("person_id")), None)
        if chosen:
            login_user(chosen)
            return redirect(sessions.next_stop(wanted, side))
        return _picker(side, accounts, wanted, error=_("Pick one of these accounts.")), 400
    return _picker(side, accounts, wanted)


def out(side: str) -> Response:
    """Sign out of this portal alone."""
    logout_user()
    tell(_("You are signed out of this portal."), _("The other one is not affected."))
    return redirect(url_for(f"{sessions.PORTALS[side]}.sign_in"))


def _accounts(side: str) -> list[User]:
    """In Partner Center partners' people; in the admin center every tenant's, a partner's own included (R1, R40)."""
    people = select(User).order_by(User.customer_id.is_(None), User.id)
    return list(db.session.scalars(people if side == "admin" else people.where(User.partner_id.is_not(None))))


def _picker(side: str, accounts: list[User], wanted: str | None, error: str = "") -> str:
    groups: dict[Any, list[User]] = {}
    for user in accounts:
        groups.setdefault(user.organisation, []).append(user)
    return render_template("shared/sign_in.html", side=side, groups=groups, wanted=wanted, error=error)
