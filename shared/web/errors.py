"""Every no has a page in the visitor's own portal, and every refusal is written down."""

from flask import Flask, g, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import logout_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, InternalServerError, MethodNotAllowed

from ..domain import history
from ..domain.history import EventKind
from ..domain.passwords import Busy
from ..domain.refusals import Code, Refusal
from ..extensions import db
from ..world import database
from ..world.database import NoTurn
from . import frame, guards, happenings, notices, sessions, way_back
from .sessions import person

Later = tuple[str, int, dict[str, str]]  # a page, its status, and headers that say when or how to ask again

STATUS = {
    Code.ROLE: 403,
    Code.NEEDS_GLOBAL_ADMIN: 403,
    Code.PARTNER_ACCOUNT: 403,
    Code.SHUT_OUT: 403,
    Code.NOT_ON_BEHALF: 403,
    Code.OWN_TENANT: 403,
    Code.CSP_TENANT: 403,
    Code.OTHER_MARKET: 403,
    Code.LOCKED_OUT: 403,
    Code.LINK_UNKNOWN: 404,
}


def hang(app: Flask) -> None:
    """Answer refusals and errors alike with a page that leads on."""
    app.register_error_handler(Refusal, refused)
    app.register_error_handler(CSRFError, stale_form)
    app.register_error_handler(Busy, busy)
    app.register_error_handler(NoTurn, no_turn)
    app.register_error_handler(HTTPException, failed)


def write_down(refusal: Refusal, trying: EventKind, page: EventKind | None = None) -> None:
    """Undo what was begun and record the refusal instead: it changes nothing else. `page` is as in `guards`.

    It was tried by who is signed in, or by whom it keeps from signing in (S6).
    """
    by = refusal.facts["user"] if refusal.code is Code.LOCKED_OUT else person()
    with database.writing():
        history.record_refusal(trying, refusal, by=by, **({"page": page} if page else {}))


def refused(refusal: Refusal) -> tuple[str, int]:
    """The refusal's own page: what was tried, why not, what would unlock it, a way back."""
    guard = guards.here() or guards.Guard()
    trying, page = guard.tried(), guard.page()
    write_down(refusal, trying, page)
    start = way_back.nearest(frame.of_request().home_href)
    back = way_back.nearest(way_back.above(request.path))
    if refusal.code is Code.LOCKED_OUT and refusal.facts["user"] == person():
        logout_user()  # an open session ends (S6)
        g.pop("frame", None)
    facts = {"refusal": refusal, "trying": happenings.attempt(trying, page), "role_decides": guard.signed_in}
    drawn = render_template("shared/errors/refused.html", start=start, back=back, **facts)
    return drawn, STATUS.get(refusal.code, 409)


def stale_form(_error: CSRFError) -> tuple[str, int]:
    """A form from another session, or none of ours: broken on its way, or no form at all."""
    form = url_for("admin_center.home") if g.on_behalf else way_back.again()  # the customer may differ
    if not request.form.get("csrf_token"):
        said = _("What arrived was not the whole form. Nothing was changed.")
        return _page(400, _("Something went wrong"), said, form)
    said = _("It was opened in a session that has ended since. Nothing was changed.")
    return _page(400, _("This form is no longer valid"), said, form)


def busy(_error: Busy) -> Later:
    """Everybody signs in at this very moment: whoever tries again in a few seconds comes in."""
    return _later(
        _("Many people are signing in at this moment. Nothing was changed. Please try again in a few seconds.")
    )


def no_turn(_error: NoTurn) -> tuple[str, int] | Later:
    """Somebody else writes and writes."""
    if database.perhaps_done():
        return failed(InternalServerError())
    return _later(
        _("Somebody else is changing something at this moment. Nothing was changed. Please try again in a few seconds.")
    )


def _later(said: str) -> Later:
    _undo()
    return *_page(503, _("One moment, please"), said, way_back.again()), {"Retry-After": "3"}


def failed(error: HTTPException) -> tuple[str, int] | Later:
    """Any other error, in plain words."""
    if isinstance(broken := getattr(error, "original_exception", None), NoTurn):  # while a refusal was written down
        return no_turn(broken)
    outcome = _outcome()
    _undo()
    said = {
        404: (
            _("There is nothing at this address"),
            _("It may belong to another room, have ended, or have been mistyped."),
        ),
        405: (_("This address cannot be used that way"), _("Nothing was changed.")),
        413: (_("That was too much text"), _("Nothing was changed. Please send less at once.")),
    }
    title, text = said.get(error.code or 500, (_("Something went wrong"), outcome))
    if isinstance(error, MethodNotAllowed):
        allowed = {"Allow": ", ".join(sorted(error.valid_methods or ()))}
        near = way_back.nearest(request.path)
        return *_page(405, title, text, near, _("Open the nearest page")), allowed
    return _page(error.code or 500, title, text)


def _outcome() -> str:
    """What whoever asked has to know before asking again."""
    if request.method != "POST":
        return str(_("Please try again in a moment."))
    if database.perhaps_done():
        return str(_("It may have been done all the same. Please look before you try again."))
    return str(_("Nothing was changed. Please try again."))


def _undo() -> None:
    """Nothing of what was begun, and the page that says so waits for no turn to write.

    Where the database went away meanwhile, nobody can say any more who asks.
    """
    notices.keep()
    database.start(writing=False)
    try:
        db.session.rollback()
    except SQLAlchemyError:
        db.session().invalidate()
        g.pop("frame", None)
        sessions.recognise(None, 0)


def _page(status: int, title: str, text: str, page: str = "", link: str = "") -> tuple[str, int]:
    """`page` is where one may begin anew, and `link` what leads there if it was not open before."""
    return render_template("shared/errors/error.html", title=title, text=text, page=page, link=link), status
