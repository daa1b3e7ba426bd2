"""Time goes on between two clicks: what fell due meanwhile happens before anything else is written."""

from flask import Flask, g

from ..domain import due
from ..extensions import db
from . import doors


def hang(app: Flask) -> None:
    """Ask before every request that may write; pages that only read tell the status from the clock themselves."""
    app.before_request(catch_up)


def catch_up() -> None:
    """A transaction of its own, whatever the request does; then one steps in again."""
    if g.get("late") and due.catch_up():
        db.session.commit()
        doors.step_in()
