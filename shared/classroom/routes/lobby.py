"""The lobby of a room: both houses side by side, everybody one can be, one click away."""

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ...domain import history, licences, users
from ...domain.history import EventKind
from ...domain.users import SignIn, User
from ...web import happenings, sessions
from ...web.guards import open_for, open_to_everyone
from ...web.keysets import after_id
from ...world import mailbox
from ..blueprint import classroom


@classroom.get("/w/<room>/")
@open_to_everyone
def lobby() -> str:
    """Who is here, what waits in their mailboxes, and the last three things that happened."""
    page = users.people(after=after_id())
    groups = users.by_organisation(page.rows)
    return render_template(
        "classroom/lobby.html",
        partners={organisation: staff for organisation, staff in groups.items() if staff[0].partner},
        customers={organisation: staff for organisation, staff in groups.items() if staff[0].customer},
        page=page,
        further=after_id(),
        unread=mailbox.unread_counts([user.id for user in page.rows]),
        lately=happenings.summed_up(history.of_room().rows, 3),
    )


@classroom.post("/w/<room>/enter")
@open_for(EventKind.SIGN_IN)
def enter() -> Response:
    """Be this person in their portal from now on; whoever has a password goes to the door and types it."""
    user = person_or_404(request.form.get("person_id", ""))
    side = "partner" if user.partner else "admin"
    if user.sign_in is not SignIn.ONE_CLICK:
        return redirect(url_for(f"{sessions.PORTALS[side]}.sign_in", account=user.id))
    if refusal := licences.why_not_sign_in(user):
        raise refusal
    response = redirect(url_for(f"{sessions.PORTALS[side]}.home"))
    sessions.sign_in_at(response, side, user)
    return response


def person_or_404(person_id: str | int) -> User:
    """A person of this room; 404 for anyone else's id or none."""
    return users.find(str(person_id)) or abort(404)
