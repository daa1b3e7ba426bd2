"""Every address below /w/<room>/ is inside that room; this is where one steps in and out."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from flask import Flask, abort, current_app, g, request

from ..domain import arrivals, due
from ..domain.arrivals import Arrival
from ..domain.organisations import Customer, Partner
from ..extensions import db
from ..world import database, questions, rooms
from . import guards, language, sessions
from .guards import SAFE

BELOW = re.compile(r"/w/([\w-]+)/(behalf/)?", re.ASCII)


def hang(app: Flask) -> None:
    """Step into the room before anything else asks, and out of it when the answer is made."""
    app.before_request(step_in)
    app.teardown_request(step_out)
    app.register_error_handler(Overtaken, once_more)
    app.url_value_preprocessor(take_room)
    app.url_defaults(give_room)


def take_room(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Routes are written without the room and without the side of the admin center; both are kept here.

    Even where no route leads, and when one comes by a second time.
    """
    notes = g._get_current_object()  # asked often: the proxy looks for it each time
    if values and "room" in values:
        notes.room_key, notes.on_behalf = values.pop("room"), values.pop("side", "") == "behalf"
    else:
        below = BELOW.match(request.path)
        notes.room_key, notes.on_behalf = (below[1], below[2] is not None) if below else (None, False)


def give_room(endpoint: str, values: dict[str, Any]) -> None:
    """Addresses made inside a room lead to the same room, and those made on behalf of a customer stay so."""
    part = endpoint.partition(".")[0]
    if part == "admin_center" and "side" not in values:
        values["side"] = "behalf" if g.get("on_behalf") else "admin"
    if "room" not in values and g.get("room_key") and part in ("partner_portal", "admin_center", "classroom"):
        values["room"] = g.room_key


class Overtaken(Exception):
    """The room, or whoever acts in it, changed while they waited for their turn to write."""


def step_in() -> None:
    """Opening a page may not write; a room nobody opened is not found.

    Who acts, and in what room, is read before waiting for one's turn to write, and looked at again when it comes.
    """
    notes = g._get_current_object()
    writes, key, in_turn = request.method not in SAFE, notes.room_key, "in_turn" in notes
    database.start(writing=in_turn)
    rooms.enter(None)
    language.forget()
    arrival = None
    if key:
        user_id, version = sessions.remembered()
        organisation = Customer if sessions.scope_of(request.path).side == "admin" else Partner
        arrival = arrivals.arrive(key, user_id, organisation, writing=writes)
        if arrival is None:
            notes.room_key = None  # the page that says so leads out of here
            abort(404)
        rooms.enter(arrival.room)
        notes.arrival = arrival
        sessions.recognise(arrival.user, version)
    if writes:
        notes.pop("frame", None)  # drawn around an answer that is not given
        notes.late = arrival is not None and due.is_past(arrival.next_due)
        if not in_turn:
            database.start(writing=True, upon_turn=partial(look_again, arrival) if arrival else None)


def look_again(arrival: Arrival, line: database.Line) -> None:
    """Refuses with Overtaken when somebody else was quicker: what was read upon arrival is no longer so."""
    if not arrivals.still_so(arrival, line):
        raise Overtaken


def once_more(_error: Overtaken) -> Any:
    """From the door again, the turn being ours this time."""
    db.session.rollback()
    db.session.expunge_all()
    g.in_turn = True
    try:
        answer = current_app.preprocess_request()
        return current_app.dispatch_request() if answer is None else answer
    except Exception as error:
        return current_app.handle_user_exception(error)


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
    questions.nobody_waits()
    database.start(writing=True)
