"""The admin center's session of somebody who works on behalf of a customer: begun, taken up at each click, ended."""

from typing import Any

from flask import request, session

from ..domain import on_behalf
from ..domain.organisations import Customer
from ..domain.refusals import Refusal
from ..domain.users import User

KEY = "on_behalf"


def said(user: User, customer: Customer) -> dict[str, Any]:
    """What the session remembers: who, for whom; nobody else who uses it later takes it over."""
    return {KEY: f"{user.id} {customer.microsoft_id}"}


def take_up(user: User) -> None:
    """Give this person what delegated admin gives at this click.

    Asked anew each time: SHUT_OUT, and the session forgets it, when it is over (R54).
    """
    who, _space, microsoft_id = str(session.get(KEY, "")).partition(" ")
    if who != str(user.id) or request.blueprint != "admin_center":
        return
    try:
        user.act(on_behalf.standing(user, microsoft_id))
    except Refusal:
        end()
        raise


def end() -> None:
    """Work on nobody's behalf any more."""
    session.pop(KEY, None)
