"""One session cookie per portal and room, so that one browser can be both sides at once.

A cookie is good for its own portal and room alone: its path, its name and the salt of its signature say so.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

from flask import Flask, Response, current_app, g, redirect, request, url_for
from flask.json.tag import TaggedJSONSerializer
from flask.sessions import SecureCookieSessionInterface
from flask_login import current_user
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import bindparam, select
from werkzeug.wrappers import Response as AnyResponse

from ..domain.users import User
from ..extensions import db, login_manager
from ..world import mailbox, rooms

PORTALS = {"partner": "partner_portal", "admin": "admin_center"}
INSIDE = re.compile(r"/w/([\w-]+)/(partner|admin)(?:/|$)")


@dataclass(frozen=True)
class Scope:
    """Where a session holds: a portal of a room, or the rest of the site."""

    cookie: str = "counterpart"
    path: str = "/"

    @classmethod
    def portal(cls, room_key: str, side: str) -> "Scope":
        """The scope of one portal, "partner" or "admin", of one room."""
        return cls(f"counterpart_{side}", f"/w/{room_key}/{side}")


@lru_cache(maxsize=4096)
def scope_of(path: str) -> Scope:
    """The scope an address lies in."""
    found = INSIDE.match(path)
    return Scope.portal(*found.groups()) if found else Scope()


@lru_cache(maxsize=4096)
def serializer(secret: str, salt: str) -> URLSafeTimedSerializer:
    """Signs the cookies of one scope."""
    options = {"key_derivation": "hmac", "digest_method": SecureCookieSessionInterface.digest_method}
    return URLSafeTimedSerializer(secret, salt=salt, serializer=TaggedJSONSerializer(), signer_kwargs=options)


class ScopedSessions(SecureCookieSessionInterface):
    """Flask's own signed cookies, each for its scope."""

    def get_cookie_name(self, app: Flask) -> str:
        """One name per portal."""
        return scope_of(request.path).cookie

    def get_cookie_path(self, app: Flask) -> str:
        """Sent to its portal and room alone."""
        return scope_of(request.path).path

    def get_cookie_secure(self, app: Flask) -> bool:
        """Over https, only over https."""
        return request.is_secure

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer:
        """A cookie carried elsewhere does not open anything there."""
        scope = scope_of(request.path)
        return serializer(app.secret_key, f"{scope.cookie} {scope.path}")


def sign_in_at(response: Response | AnyResponse, side: str, user: User, **more: str) -> None:
    """Sign `user` in to one portal of this room from outside it; a session of the other portal is not touched.

    `more` is what else the new session shall remember.
    """
    scope = Scope.portal(rooms.here().key, side)
    value = serializer(current_app.secret_key, f"{scope.cookie} {scope.path}").dumps(
        {"_user_id": user.get_id(), "_fresh": True, **more}
    )
    secure = request.is_secure
    response.set_cookie(scope.cookie, str(value), path=scope.path, secure=secure, httponly=True, samesite="Lax")


def hang(app: Flask) -> None:
    """Flask-Login finds people in the session of the portal they are in."""
    login_manager.session_protection = None
    login_manager.user_loader(load_user)
    login_manager.unauthorized_handler(to_the_door)


PERSON = (User.id == bindparam("user"), User.session_version == bindparam("version"))
SIGNED_IN = rooms.kept_here(select(User, mailbox.unread_by(bindparam("user"))).where(*PERSON))


def load_user(remembered: str) -> User | None:
    """The person of this room whom a session remembers (see `User.get_id`), unless that session was ended.

    In Partner Center only a partner's own people (R1).
    """
    if g.get("room") is None:  # an address that leads nowhere, or a room that is gone: the cookie came all the same
        return None
    user_id, _dot, version = remembered.partition(".")
    found = db.session.execute(SIGNED_IN, {"user": int(user_id), "version": int(version or 0)}).one_or_none()
    if found is None:
        return None
    user, g.unread = found
    in_the_wrong_house = request.blueprint == "partner_portal" and user.partner is None
    return None if in_the_wrong_house else user


def to_the_door() -> AnyResponse:
    """To the portal's own sign-in, and afterwards back to where one was going (R23)."""
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for(f"{request.blueprint}.sign_in", next=wanted))


def next_stop(wanted: str | None, side: str) -> str:
    """Where to go after signing in: the page asked for when it lies in the same portal and room, else its home."""
    scope = Scope.portal(rooms.here().key, side)
    home = url_for(f"{PORTALS[side]}.home")
    if not wanted or "\\" in wanted or any(ord(c) < 32 for c in wanted):
        return home
    climbs = ".." in unquote(re.split("[?#]", wanted)[0]).split("/")
    return wanted if wanted.startswith(f"{scope.path}/") and not climbs else home


def person() -> User | None:
    """Who is signed in to the portal this page belongs to, if anyone."""
    return current_user if current_user.is_authenticated else None
