"""The steps both front doors share: pick an account or sign in with a password, come in, go out."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import login_user, logout_user
from werkzeug.wrappers import Response

from ..domain import licences, passwords, users
from ..domain.users import SignIn, User
from ..extensions import db
from ..world import database
from . import sessions
from .keysets import after_id
from .notices import tell
from .password_forms import SignInForm


def door(side: str) -> Any:
    """The account picker of one portal, "partner" or "admin"; coming in goes on to where one wanted to be (R23).

    The starter cast comes in with one click; accounts made in the room type their password.
    """
    wanted, form = request.values.get("next"), SignInForm()
    if not form.is_submitted():
        return _picker(side, form, wanted)
    if "person_id" not in request.form:
        return _with_password(side, form, wanted)
    chosen = users.find(request.form["person_id"])
    if chosen is None or not _lives_here(chosen, side):
        return _picker(side, form, wanted, error=_("Pick one of these accounts.")), 400
    if chosen.sign_in is not SignIn.ONE_CLICK:
        return redirect(url_for(str(request.endpoint), account=chosen.id, next=wanted))
    return _enter(chosen, side, wanted)


def out(side: str) -> Response:
    """Sign out of this portal alone."""
    logout_user()
    tell(_("You are signed out of this portal."), _("The other one is not affected."))
    answer = redirect(url_for(f"{sessions.PORTALS[side]}.sign_in"))
    sessions.end_work_on_behalf(answer, side)
    return answer


def _with_password(side: str, form: SignInForm, wanted: str | None) -> Any:
    """What is wrong is not said: neither which names there are nor who has a password."""
    if form.validate():
        db.session.rollback()
        database.start(writing=False)  # nobody who writes waits for a check that is slow on purpose
        user = users.with_email(form.email.data or "")
        if passwords.matches(user, form.password.data or "") and user and _lives_here(user, side):
            return _enter(user, side, wanted)
        form.password.errors = [_("This sign-in name and this password do not belong together.")]
    return _picker(side, form, wanted), 422


def _lives_here(user: User, side: str) -> bool:
    """In Partner Center partners' people; in the admin center every tenant's, a partner's own included (R1, R40)."""
    return side == "admin" or user.partner is not None


def _enter(user: User, side: str, wanted: str | None) -> Response:
    if refusal := licences.why_not_sign_in(user):
        raise refusal
    login_user(user)
    answer = redirect(sessions.next_stop(wanted, side))
    sessions.end_work_on_behalf(answer, side)
    return answer


def _picker(side: str, form: SignInForm, wanted: str | None, error: str = "") -> str:
    page = users.people(partners_only=side == "partner", after=after_id())
    named = _named(side)
    groups = users.by_organisation([*([named] if named else []), *(user for user in page.rows if user is not named)])
    if named:
        groups = {named.organisation: groups.pop(named.organisation), **groups}
        form.email.data = named.email if named.sign_in is not SignIn.ONE_CLICK else None
    return render_template(
        "shared/sign_in.html",
        groups=groups,
        page=page,
        further=after_id(),
        wanted=wanted,
        error=error,
        form=form,
        named=named,
    )


def _named(side: str) -> User | None:
    """Whose account an address asks for, as the link in a letter asks for its reader's."""
    found = users.find(request.args["account"]) if request.method != "POST" and "account" in request.args else None
    return found if found and _lives_here(found, side) else None
