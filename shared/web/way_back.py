"""The way back from what was refused or cannot be opened: to the nearest page that whoever asks can read."""

from flask import current_app, request, session
from werkzeug.exceptions import HTTPException

from ..domain import licences
from ..domain.users import User
from . import guards, on_behalf
from .sessions import person


def nearest(path: str) -> str:
    """This address of ours, or the first above it, that answers GET and that whoever asks may read."""
    while path.strip("/"):
        bare = path.rstrip("/")
        if page := next((page for page in (bare, f"{bare}/") if _opens(page)), None):
            return page
        path = bare.rpartition("/")[0]
    return "/"


def again() -> str:
    """The page whose form was sent, asked for as it was then, with what its address carries; else the nearest."""
    page = nearest(request.path)
    return request.full_path.rstrip("?") if page == request.path else page


def above(path: str) -> str:
    """The address a page lies under."""
    return path.rstrip("/").rpartition("/")[0] or "/"


def _opens(path: str) -> bool:
    router = current_app.create_url_adapter(request)
    try:
        endpoint, _values = router.match(path, "GET") if router else ("", {})
    except HTTPException:  # no page of ours, or one that only takes forms
        return False
    return _may_read(str(endpoint))


def _may_read(endpoint: str) -> bool:
    """Whoever has not signed in finds the door there; on whose behalf somebody works is asked there anew."""
    user, guard = person(), guards.of(current_app.view_functions[endpoint])
    if user is None or guard is None or not guard.signed_in:
        return True
    if on_behalf.KEY in session and user.acting is None:
        return True
    return not _shut(user) and (guard.permission is None or user.may(guard.permission))


def _shut(user: User) -> bool:
    """Whether the whole portal is: an admin center for a partner's own people (R1), or for whom it locked out (S6)."""
    strange = request.blueprint == "admin_center" and user.partner_id is not None and user.acting is None
    return strange or licences.why_not_sign_in(user) is not None
