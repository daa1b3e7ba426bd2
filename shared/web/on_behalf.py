"""The session of somebody who works on behalf of a customer: begun, taken up at each click, ended.

It has a cookie and addresses of its own, `/w/<room>/behalf/...`, so that the customer's people may be signed in to the
admin center in the same browser.
"""

from flask import make_response, render_template, session
from werkzeug.wrappers import Response

from ..domain import on_behalf
from ..domain.organisations import Customer
from ..domain.refusals import Refusal
from ..domain.users import User

KEY = "on_behalf"


def said(customer: Customer) -> dict[str, str]:
    """What the session remembers beside who it is: for whom."""
    return {KEY: customer.microsoft_id}


def take_up(user: User) -> None:
    """Give this person what delegated admin gives at this click.

    Asked anew each time: SHUT_OUT, and the session ends, when it is over (R54).
    """
    try:
        user.act(on_behalf.standing(user, session[KEY]))
    except Refusal:
        end()
        raise


def end() -> None:
    """Work on nobody's behalf any more."""
    session.clear()


def ended() -> Response:
    """What somebody reads who comes without such a session, or comes back after it; there is no sign-in here."""
    return make_response(render_template("shared/errors/ended.html"), 403)
