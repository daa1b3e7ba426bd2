"""Static files under an address that changes with their content, so browsers may keep them for a year."""

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask
from flask import send_from_directory as send
from werkzeug.wrappers import Response

from . import guards

FOLDER = Path(__file__).parent / "static"


def hang(app: Flask) -> None:
    """One folder for both portals; `asset(name)` in templates."""
    app.add_url_rule("/static/<path:name>", "static", guards.open_to_everyone(static))
    app.jinja_env.globals["asset"] = cache(asset)


def asset(name: str) -> str:
    """The address of a static file, its content's hash in it."""
    digest = hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


def static(name: str) -> Response:
    """A static file."""
    return send(FOLDER, name)
