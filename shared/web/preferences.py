"""Language and colours: remembered in the browser, changed by plain links from any page."""

from urllib.parse import urlsplit

from flask import Flask, abort, redirect, request
from werkzeug.wrappers import Response

from . import guards, way_back
from .language import COOKIE, LANGUAGES

THEMES = ("auto", "light", "dark")
A_YEAR = 365 * 24 * 3600


def hang(app: Flask) -> None:
    """Both are one link each; nothing but the reader's own cookie changes."""
    app.add_url_rule("/language/<choice>", "language", guards.open_to_everyone(set_language))
    app.add_url_rule("/theme/<choice>", "theme", guards.open_to_everyone(set_theme))


def set_language(choice: str) -> Response:
    """Read on in this language."""
    return _remember(COOKIE, choice, LANGUAGES)


def set_theme(choice: str) -> Response:
    """Read on in these colours."""
    return _remember("theme", choice, THEMES)


def theme() -> str:
    """The colours this browser chose: "auto", "light" or "dark"."""
    cookies = request.cookies
    return cookies["theme"] if "theme" in cookies and cookies["theme"] in THEMES else "auto"


def _remember(cookie: str, choice: str, known: object) -> Response:
    if choice not in known:  # type: ignore[operator]
        abort(404)
    try:
        came_from = urlsplit(request.referrer or "")
    except ValueError:  # what was sent is no address at all
        came_from = urlsplit("")
    path = came_from.path if came_from.netloc == request.host else "/"
    back = way_back.nearest("/" + path.lstrip("/"))  # a path of ours, never "//elsewhere"
    response = redirect(f"{back}?{came_from.query}" if came_from.query and back == path else back)
    response.set_cookie(cookie, choice, max_age=A_YEAR, samesite="Lax", httponly=True, secure=request.is_secure)
    return response
