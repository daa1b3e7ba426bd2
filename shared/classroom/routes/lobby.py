"""The lobby of a room: both houses side by side, everybody one can be, one click away."""

from flask import abort, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from ...domain import history
from ...domain.users import User
from ...extensions import db
from ...web import happenings, sessions
from ...web.guards import open_to_everyone
from ...world import mailbox
from ..blueprint import classroom


@classroom.get("/w/<room>/")
@open_to_everyone
def lobby() -> str:
    """Who is here, what waits in their mailboxes, and the last three things that happened."""
    people = list(db.session.scalars(select(User).order_by(User.partner_id, User.customer_id, User.id)))
    return render_template(
        "classroom/lobby.html",
        houses=[_by_organisation(people, "partner"), _by_organisation(people, "customer")],
        unread=mailbox.unread_counts(),
        lately=happenings.summed_up(history.of_room().rows, 3),
    )


def _by_organisation(people: list[User], side: str) -> dict[str, list[User]]:
    found: dict[str, list[User]] = {}
    for user in people:
        if organisation := getattr(user, side):
            found.setdefault(organisation.name, []).append(user)
    return found


@classroom.post("/w/<room>/enter")
@open_to_everyone
def enter() -> Response:
    """Be this person in their portal from now on."""
    user = person_or_404(request.form.get("person_id", ""))
    side = "partner" if user.partner else "admin"
    response = redirect(url_for(f"{sessions.PORTALS[side]}.home"))
    sessions.sign_in_at(response, side, user)
    return response


def person_or_404(person_id: str | int) -> User:
    """A person of this room; 404 for anyone else's id or none."""
    text = str(person_id)
    user = db.session.get(User, int(text)) if text.isascii() and text.isdecimal() and len(text) < 10 else None
    return user or abort(404)
