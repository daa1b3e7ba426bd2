"""The steps both portals share on the pages about people: list, add, change, reset, remove (P1-P5, P8, 3.2)."""

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from wtforms import Field

from ..domain import passwords, staff, users
from ..domain.edits import EditedMeanwhile
from ..domain.history import EventKind
from ..domain.organisations import Customer, Partner
from ..domain.passwords import Hashed
from ..domain.refusals import Code, Refusal
from ..domain.search import fold
from ..domain.users import SignIn, User
from ..extensions import db
from . import doors, happenings, shown_once, way_back
from .errors import write_down
from .forms import LONGEST_SEARCH
from .keysets import after_key
from .notices import mention, tell
from .permission_words import may_do
from .refusal_words import refusal_text
from .staff_forms import ChangeUserForm, NewUserForm

Organisation = Partner | Customer


def listing(organisation: Organisation) -> str:
    """By name; or found by how a word of the name, or the sign-in name, begins."""
    wanted, after = fold(request.args.get("q", ""))[:LONGEST_SEARCH], after_key()
    return render_template(
        "shared/staff.html",
        organisation=organisation,
        page=users.staff(organisation, wanted, after=after),
        wanted=wanted,
        further=bool(after),
        refusal=staff.why_not_manage(organisation, by=current_user),
    )


def adding(organisation: Organisation) -> Any:
    """Name, sign-in name and settings; then the temporary password, on the next page and never again (P4)."""
    form = NewUserForm()
    form.offer(organisation)
    ungrantable = staff.why_not_grant(organisation, by=current_user)
    if form.validate_on_submit():
        email = staff.email_of(organisation, form.local.data or "")
        name, temporary = form.name.data or "", _temporary()
        try:
            user = staff.add(organisation, name, email, **form.settings, temporary=temporary, by=current_user)
        except Refusal as refusal:
            taken = refusal.code is Code.EMAIL_TAKEN
            if taken and (twice := staff.just_added(organisation, name, email, **form.settings, by=current_user)):
                return _once(
                    twice, shown_once.take(twice)[0], _("%(person)s was added a moment ago by you", person=name)
                )
            _say_at(form.local, Code.EMAIL_TAKEN, refusal, staff.side_of(organisation).added)
        else:
            return _hand_over(user, temporary, new=True)
    page = render_template("shared/staff_add.html", form=form, organisation=organisation, ungrantable=ungrantable)
    return page, 422 if form.errors else 200


def one(organisation: Organisation, user: User, template: str = "shared/staff_one.html", **more: Any) -> Any:
    """Somebody's name, settings, password and end; `template` may show `more`."""
    form, news = ChangeUserForm(data=staff.facts_of(user)), {}
    form.offer(organisation)
    if not form.is_submitted():
        form.remember(staff.facts_of(user))
    elif form.validate():
        try:
            if _changed(form, user):
                return redirect(way_back.again())  # who gave up a role of their own may read less now
        except EditedMeanwhile as outdated:
            news = _overtaken(form, user, outdated)
    unremovable = staff.why_not_remove(user, by=current_user)
    page = render_template(
        template,
        user=user,
        form=form,
        organisation=organisation,
        unmanageable=staff.why_not_manage(organisation, by=current_user),
        # Whoever has an admin role loses it by being removed, so what forbids one forbids the other.
        ungrantable=unremovable if user.admin else staff.why_not_grant(organisation, by=current_user),
        unremovable=unremovable,
        unresettable=passwords.why_not_reset(user, by=current_user),
        **{"changes": [], "meanwhile": [], **news, **more},
    )
    return page, 409 if news else 422 if form.errors else 200


def resetting(organisation: Organisation, person: int) -> Any:
    """A new temporary password, on the next page and never again."""
    user = one_or_404(organisation, person)
    if request.method != "POST":
        return _handed_over(user)
    if refusal := passwords.why_not_reset(user, by=current_user):
        raise refusal
    temporary = _temporary()
    passwords.reset(user, temporary, by=current_user)
    return _hand_over(user, temporary)


def removing(organisation: Organisation, person: int) -> Any:
    """Behind a confirmation that says what ends and what stays."""
    user = one_or_404(organisation, person)
    if refusal := staff.why_not_remove(user, by=current_user):
        raise refusal
    if request.method == "POST":
        staff.remove(user, by=current_user)
        db.session.commit()
        tell(_("%(person)s is removed.", person=user.name), _("Whoever was signed in with this account is signed out."))
        return redirect(url_for(".users"))
    return render_template("shared/staff_remove.html", user=user, organisation=organisation)


def one_or_404(organisation: Organisation, person: int) -> User:
    """Somebody who works for this organisation; PERSON_REMOVED for whoever did, 404 for anyone else."""
    user = staff.find(organisation, str(person)) or abort(404)
    if refusal := users.why_not_there(user):
        raise refusal
    return user


def _changed(form: ChangeUserForm, user: User) -> bool:
    """Whether it could be; if not, the field says why."""
    try:
        changed = staff.change(user, form.name.data or "", **form.settings, by=current_user, seen=form.shown)
    except Refusal as refusal:
        _say_at(form.admin, Code.LAST_GLOBAL_ADMIN, refusal, staff.side_of(user.organisation).changed)
        return False
    db.session.commit()
    if changed:
        tell(_("Saved."), _("It holds from the next click of %(person)s.", person=user.name))
    else:
        mention(_("Nothing was different, so nothing was changed."))
    return True


def _overtaken(form: ChangeUserForm, user: User, outdated: EditedMeanwhile) -> dict[str, Any]:
    """What to show whoever was overtaken: what changed meanwhile, and who did it; the form then counts from there."""
    form.catch_up(outdated.now, outdated.untouched)
    changes = [
        (form[field].label.text, *(form.shown_as(field, value) for value in both))
        for field, both in outdated.changes.items()
    ]
    return {"changes": changes, "meanwhile": happenings.in_words(staff.changed_last(user))}


def _say_at(field: Field, expected: Code, refusal: Refusal, trying: EventKind) -> None:
    """Put a refusal beside the field it is about; any other has a page of its own."""
    if refusal.code is not expected:
        raise refusal
    said = refusal_text(refusal)
    write_down(refusal, trying)
    field.errors = [said]


def _temporary() -> Hashed:
    with doors.aside():
        return passwords.temporary()


def _hand_over(user: User, temporary: Hashed, *, new: bool = False) -> Any:
    db.session.commit()
    shown_once.keep(user, temporary, new=new)
    return redirect(url_for(".user_password", person=user.id))


def _handed_over(user: User) -> Any:
    """The page that shows it; afterwards, where another can be made."""
    temporary, new = shown_once.take(user)
    if new:
        return _once(user, temporary, _("%(person)s can sign in now", person=user.name), may_do(user.roles))
    if temporary:
        return _once(user, temporary, _("The password of %(person)s is reset", person=user.name))
    if user.sign_in is SignIn.TEMPORARY:
        lost = (
            _(
                "Nobody saw the password? Then only %(person)s can get a new one:"
                " “Can't access your account?” on the sign-in page.",
                person=user.name,
            )
            if user.partner_id
            else _("Nobody saw the password? Then reset it on the page of %(person)s.", person=user.name)
        )
        mention(_("The temporary password was shown once and cannot be shown again."), lost)
    return redirect(url_for(".user", person=user.id))


def _once(user: User, temporary: str, title: str, may: list[str] | None = None) -> str:
    """The only page that ever shows this password, kept nowhere but as a hash; for somebody new, what they `may` do.

    Whoever pressed twice sees the second answer, which has none: it leads on to the person.
    """
    return render_template("shared/staff_password.html", user=user, temporary=temporary, title=title, may=may)
