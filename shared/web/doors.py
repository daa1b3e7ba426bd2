"""Every address below /w/<room>/ is inside that room; this is where one steps in and out."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, abort, g, request

from ..domain import arrivals, due
from ..world import database, rooms
from . import guards, language, sessions

BELOW = re.compile(r"/w/([\w-]+)/", re.ASCII)
SAFE = ("GET", "HEAD", "OPTIONS")


def hang(app: Flask) -> None:
    """Step into the room before anything else asks, and out of it when the answer is made."""
    app.before_request(step_in)
    app.teardown_request(step_out)
    app.url_value_preprocessor(take_room)
    app.url_defaults(give_room)


def take_room(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Routes are written without the room; its key is kept here, even where no route leads."""
    if values and "room" in values:
        g.room_key = values.pop("room")
    else:
        g.room_key = below[1] if (below := BELOW.match(request.path)) else None


def give_room(endpoint: str, values: dict[str, Any]) -> None:
    """Addresses made inside a room lead to the same room."""
    if (
        "room" not in values
        and g.get("room_key")
        and endpoint.partition(".")[0] in ("partner_portal", "admin_center", "classroom")
    ):
        values["room"] = g.room_key


def step_in() -> None:
    """Opening a page may not write; a room nobody opened is not found.

    Who acts, and in what room, is read in the transaction that acts: whoever waits for it sees what happened meanwhile.
    """
    writes = request.method not in SAFE
    database.start(writing=writes)
    rooms.enter(None)
    language.forget()
    if g.room_key:
        user_id, version = sessions.remembered()
        arrival = arrivals.arrive(g.room_key, user_id)
        if arrival is None:
            g.room_key = None  # the page that says so leads out of here
            abort(404)
        rooms.enter(arrival.room)
        g.room, g.unread = arrival.room, arrival.unread
        sessions.recognise(arrival.user, version)
        g.late = writes and due.is_late()
    # Flask-WTF would read the file for every form.
    request.wtforms_translations = language.of_forms(language.now().tag)  # type: ignore[attr-defined]


@contextmanager
def aside() -> Iterator[None]:
    """Out for something slow before anything is written, and in again: who may do what by then is asked anew."""
    with database.aside():
        yield
    step_in()
    if elsewhere := guards.ask():
        abort(elsewhere)


def step_out(_error: BaseException | None) -> None:
    """Leave the room; whatever was not committed goes with the session."""
    rooms.enter(None)
    database.start(writing=True)
