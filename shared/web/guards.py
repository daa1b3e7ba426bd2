"""Who may enter a page. Every route says so itself; one that says nothing stops the site from starting."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, redirect, request, url_for

from ..domain import licences
from ..domain.history import EventKind
from ..domain.permissions import Permission
from ..domain.users import SignIn, User, why_not
from ..extensions import csrf, login_manager
from . import on_behalf
from .sessions import asked_for, person, reader

SAFE = ("GET", "HEAD", "OPTIONS")
View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Guard:
    """Open to everyone, or to whoever is signed in, or to whoever has the permission."""

    signed_in: bool = True
    permission: Permission | None = None
    trying: EventKind = EventKind.VIEW  # what history says was tried when the answer is no
    opening: EventKind = EventKind.VIEW  # what it says instead when the page was only opened
    temporary: bool = False  # whether a temporary password is enough

    def tried(self) -> EventKind:
        """What whoever asked for this page was about to do."""
        return self.opening if request.method in SAFE else self.trying

    def page(self) -> EventKind | None:
        """What a page is for that was merely opened, if it is for more than being read."""
        merely = self.tried() is EventKind.VIEW is not self.trying
        return self.trying if merely else None


def requires(
    permission: Permission, trying: EventKind = EventKind.VIEW, opening: EventKind = EventKind.VIEW
) -> Callable[[View], View]:
    """Only people with this permission enter; others read which roles have it (P7)."""
    return _marked(Guard(permission=permission, trying=trying, opening=opening))


def signed_in(
    trying: EventKind = EventKind.VIEW, opening: EventKind = EventKind.VIEW, *, temporary: bool = False
) -> Callable[[View], View]:
    """Whoever is signed in enters; the page itself asks who may act."""
    return _marked(Guard(trying=trying, opening=opening, temporary=temporary))


def _marked(guard: Guard) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.guard = guard  # type: ignore[attr-defined]
        return view

    return mark


def open_for(trying: EventKind) -> Callable[[View], View]:
    """Whoever comes may try this, signed in or not: no role decides."""
    return _marked(Guard(signed_in=False, trying=trying))


open_to_everyone = open_for(EventKind.VIEW)


def of(view: Callable[..., Any]) -> Guard | None:
    """The guard a view was given."""
    return getattr(view, "guard", None)


def here() -> Guard | None:
    """The guard of the page that was asked for."""
    endpoint = request.endpoint
    return of(current_app.view_functions[endpoint]) if endpoint else None


def hang(app: Flask) -> None:
    """Ask at every door."""
    app.before_request(ask)


def ask() -> Any:
    """With a form of ours, signed in, not locked out (S6), with a password of one's own (P4), of a role that may?

    None when so; else the way to the door, to a new password, or a refusal. Work on behalf of a customer has no door:
    one comes from Partner Center.
    """
    guard, user, as_partner = here(), person(), g.on_behalf
    if guard is None:
        return None
    if as_partner and user is None:
        return on_behalf.ended()
    if request.method not in SAFE:
        csrf.protect()
    if not (guard.signed_in or as_partner):
        return None
    if user is None or (reader() and not as_partner):  # a link in a letter asks as whom, whoever is signed in
        return login_manager.unauthorized()
    return _ask(user, guard, as_partner=as_partner)


def _ask(user: User, guard: Guard, *, as_partner: bool) -> Any:
    if refusal := licences.why_not_sign_in(user):
        raise refusal  # an open session ends at the next click (S6)
    if user.sign_in is SignIn.TEMPORARY and not guard.temporary:
        return redirect(url_for(f"{request.blueprint}.password", next=asked_for()))
    if as_partner:
        on_behalf.take_up(user)
    if not guard.signed_in:
        abort(404)
    if guard.permission and (refusal := why_not(user, guard.permission)):
        raise refusal
    return None


def check_every_route(app: Flask) -> None:
    """A house is closed until its owner opens a door: LookupError names routes without a guard."""
    unguarded = [name for name, view in app.view_functions.items() if of(view) is None]
    if unguarded:
        raise LookupError(f"routes without a guard: {unguarded}")
