"""The steps both portals share around a password: change it, ask for a link, follow the link (P4, P8)."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user, login_user

from ..domain import passwords, users
from ..domain.history import EventKind
from ..domain.refusals import Code, Refusal
from ..domain.users import SignIn
from ..extensions import db
from . import doors, sessions
from .errors import write_down
from .notices import tell
from .password_forms import ChangePasswordForm, NewPasswordForm, RecoveryForm
from .refusal_words import refusal_text

TRYING = EventKind.CHANGE_PASSWORD


def change(side: str) -> Any:
    """Another password; whoever came in with a temporary one sees nothing else before (P4)."""
    if current_user.sign_in is SignIn.ONE_CLICK:
        raise Refusal(Code.ONE_CLICK, user=current_user)
    form, wanted = ChangePasswordForm(), request.values.get("next")
    if form.validate_on_submit() and _changed(form):
        tell(_("Your password is changed."), _("You are signed out everywhere else."))
        return redirect(sessions.next_stop(wanted, side))
    return render_template("shared/password.html", form=form, wanted=wanted), 422 if form.errors else 200


def _changed(form: ChangePasswordForm) -> bool:
    """Whether it was; if not, the field says why."""
    user = users.find(str(current_user.id))
    with doors.aside():
        current, new = passwords.tried(user, form.current.data or ""), passwords.hashed(form.new.data or "")
    try:
        passwords.change(current_user, current, new)
    except Refusal as refusal:
        write_down(refusal, TRYING)
        wrong = form.current if refusal.code is Code.PASSWORD_WRONG else form.new
        wrong.errors = [refusal_text(refusal)]
        return False
    db.session.commit()
    login_user(user)  # the session one changed it in goes on
    return True


def recovery(side: str) -> Any:
    """Can't access your account? Whoever asks learns nothing about who is there (P8)."""
    form = RecoveryForm()
    if form.validate_on_submit():
        passwords.ask_recovery(form.email.data or "")
        db.session.commit()
        tell(
            _("If somebody signs in with a password under this name, an e-mail with a link is in their mailbox now."),
            _("Mailboxes are in the lobby of this room."),
        )
        return redirect(url_for(f"{sessions.PORTALS[side]}.sign_in"))
    return render_template("shared/recovery.html", form=form), 422 if form.errors else 200


def new_password(side: str) -> Any:
    """Where the link in the letter leads; opening it changes nothing, and it works once (P8)."""
    user, token = users.find(request.args.get("account", "")), request.args.get("token", "")
    if refusal := passwords.why_not_recover(user, token):
        raise refusal
    form = NewPasswordForm()
    if user and form.validate_on_submit():
        with doors.aside():
            new = passwords.hashed(form.new.data or "")
        passwords.recover(user, token, new)
        db.session.commit()
        tell(_("The new password is set. Sign in with it."))
        return redirect(url_for(f"{sessions.PORTALS[side]}.sign_in", account=user.id))
    return render_template("shared/new_password.html", form=form, user=user), 422 if form.errors else 200
