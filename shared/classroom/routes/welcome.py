"""The front page: one sentence, one button."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from ...extensions import db
from ...web.guards import open_to_everyone
from ...world import rooms
from .. import starters
from ..blueprint import classroom


@classroom.get("/")
@open_to_everyone
def welcome() -> str:
    """What this is, and the button that opens a room."""
    return render_template("classroom/welcome.html")


@classroom.post("/rooms")
@open_to_everyone
def open_room() -> Response:
    """A new room with the starter cast in it."""
    room = rooms.open_room()
    with rooms.inside(room):
        starters.furnish()
        db.session.commit()
    return redirect(url_for("classroom.lobby", room=room.key))
