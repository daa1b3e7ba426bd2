"""The steps both front doors share: pick an account, come in, go out."""

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import login_user, logout_user
from werkzeug.wrappers import Response

from ..domain import users
from . import sessions
from .keysets import after_id
from .notices import tell


def door(side: str) -> str | Response | tuple[str, int]:
    """The account picker of one portal, "partner" or "admin"; picking signs in and goes on (R23).

    Nobody has a password: the simulator never asks for a real one.
    """
    wanted = request.values.get("next")
    if request.method == "GET":
        return _picker(side, wanted)
    chosen = users.find(request.form.get("person_id", ""))
    if chosen is None or (side == "partner" and chosen.partner is None):
        return _picker(side, wanted, error=_("Pick one of these accounts.")), 400
    login_user(chosen)
    return redirect(sessions.next_stop(wanted, side))


def out(side: str) -> Response:
    """Sign out of this portal alone."""
    logout_user()
    tell(_("You are signed out of this portal."), _("The other one is not affected."))
    return redirect(url_for(f"{sessions.PORTALS[side]}.sign_in"))


def _picker(side: str, wanted: str | None, error: str = "") -> str:
    """In Partner Center partners' people; in the admin center every tenant's, a partner's own included (R1, R40)."""
    page = users.people(partners_only=side == "partner", after=after_id())
    groups = users.by_organisation(page.rows)
    return render_template(
        "shared/sign_in.html", groups=groups, page=page, further=after_id(), wanted=wanted, error=error
    )
