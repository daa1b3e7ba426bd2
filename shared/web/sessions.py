"""One session cookie per side and room, so that one browser can be both sides at once.

The sides are the two portals, and the admin center as it answers whoever works there on behalf of a customer. A cookie
is good for its own side and room alone: its path, its name and the salt of its signature say so.
"""

import hmac
import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from time import time
from typing import Any
from urllib.parse import unquote

from flask import Flask, Request, Response, current_app, g, redirect, request, session, url_for
from flask.json.tag import TaggedJSONSerializer
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from itsdangerous import Serializer, URLSafeTimedSerializer
from itsdangerous.encoding import base64_encode
from markupsafe import Markup
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.http import parse_cookie
from werkzeug.wrappers import Response as AnyResponse

from ..domain.users import User
from ..extensions import login_manager
from ..world import rooms

PORTALS = {"partner": "partner_portal", "admin": "admin_center"}
INSIDE = re.compile(r"/w/([\w-]+)/(partner|admin|behalf)(?:/|$)")
IN_A_LETTER = re.compile(r"\w+://[^/]+/w/([\w-]+)/mail/(\d+)/\d+", re.ASCII)


@dataclass(frozen=True)
class Scope:
    """Where a session holds: a side of a room, or the rest of the site."""

    cookie: str = "counterpart"
    path: str = "/"
    side: str = ""

    @classmethod
    def portal(cls, room_key: str, side: str) -> "Scope":
        """The scope of one side, "partner", "admin" or "behalf", of one room."""
        return cls(f"counterpart_{side}", f"/w/{room_key}/{side}", side)


class CookieReader(Request):
    """Reads the cookies of the same browser once, not with every page."""

    @cached_property
    def cookies(self) -> ImmutableMultiDict[str, str]:
        """By name."""
        return _cookies(self.environ.get("HTTP_COOKIE", ""))


@lru_cache(maxsize=4096)
def _cookies(header: str) -> ImmutableMultiDict[str, str]:
    whole = header.encode("latin1").decode(errors="ignore").encode().decode("latin1")  # others' may hold anything
    return ImmutableMultiDict(parse_cookie(whole))


@lru_cache(maxsize=4096)
def scope_of(path: str) -> Scope:
    """The scope an address lies in."""
    found = INSIDE.match(path)
    return Scope.portal(*found.groups()) if found else Scope()


class Signatures(URLSafeTimedSerializer):
    """Checks the same cookie's signature once in a while instead of on every page.

    The little a session remembers is not compressed, and the key of a scope is derived once: both take longer than
    what they serve.
    """

    KEPT, WHILE = 256, 300  # cookies of one scope; seconds

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.checked: dict[tuple[str | bytes, int], Any] = {}

    def dump_payload(self, obj: Any) -> bytes:
        """What is signed, as it is."""
        return base64_encode(Serializer.dump_payload(self, obj))

    def loads(self, s: str | bytes, *arguments: Any, **options: Any) -> Any:
        """What was signed, for the caller to change as it likes; refuses as the serializer does."""
        key = (s, int(time() // self.WHILE))
        if (known := self.checked.get(key)) is None:
            if len(self.checked) >= self.KEPT:
                self.checked.clear()
            known = self.checked[key] = super().loads(s, *arguments, **options)
        return {name: list(value) if isinstance(value, list) else value for name, value in known.items()}


@lru_cache(maxsize=4096)
def serializer(secret: str, salt: str) -> URLSafeTimedSerializer:
    """Signs the cookies of one scope."""
    key = hmac.digest(secret.encode(), salt.encode(), "sha256")
    options = {"key_derivation": "none", "digest_method": SecureCookieSessionInterface.digest_method}
    return Signatures(key, serializer=TaggedJSONSerializer(), signer_kwargs=options)


class ScopedSessions(SecureCookieSessionInterface):
    """Flask's own signed cookies, each for its scope."""

    def get_cookie_name(self, app: Flask) -> str:
        """One name per side."""
        return scope_of(request.path).cookie

    def get_cookie_path(self, app: Flask) -> str:
        """Sent to its side and room alone."""
        return scope_of(request.path).path

    def get_cookie_secure(self, app: Flask) -> bool:
        """Over https, only over https."""
        return request.is_secure

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Nothing to do for a page that changed nothing but to say that it depends on who asks.

        Whoever asks only for the head of a page takes nothing that waits for its reader.
        """
        if session.modified and request.method != "HEAD":
            super().save_session(app, session, response)
        elif session.accessed:
            response.headers.add("Vary", "Cookie")

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer:
        """A cookie carried elsewhere does not open anything there."""
        scope = scope_of(request.path)
        return serializer(app.secret_key, f"{scope.cookie} {scope.path}")


def sign_in_at(response: Response | AnyResponse, side: str, user: User, **more: str) -> None:
    """Sign `user` in to one side of this room from outside it; the other portal's session is not touched.

    `more` is what else the new session shall remember.
    """
    end_work_on_behalf(response, side)
    scope = Scope.portal(rooms.here().key, side)
    value = serializer(current_app.secret_key, f"{scope.cookie} {scope.path}").dumps(
        {"_user_id": user.get_id(), "_fresh": True, **more}
    )
    secure = request.is_secure
    response.set_cookie(scope.cookie, str(value), path=scope.path, secure=secure, httponly=True, samesite="Lax")


def end_work_on_behalf(response: Response | AnyResponse, side: str) -> None:
    """Whoever leaves Partner Center, or comes in anew, works on nobody's behalf any more; the other portal is apart."""
    if side == "partner":
        scope = Scope.portal(rooms.here().key, "behalf")
        response.delete_cookie(scope.cookie, path=scope.path, secure=request.is_secure, httponly=True, samesite="Lax")


def hang(app: Flask) -> None:
    """Flask-Login is told at the door who it is."""
    app.login_manager = login_manager  # type: ignore[attr-defined]  # its init_app also looks after a cookie of its own
    login_manager.session_protection = None
    login_manager.user_loader(lambda _: None)  # the door recognises people; where there is no room, there is nobody
    login_manager.unauthorized_handler(to_the_door)
    app.jinja_env.globals.update(form_token=form_token, current_user=current_user)


def remembered() -> tuple[int, int]:
    """Whom this session names, and which of that person's session versions it is (see `User.get_id`)."""
    number, _dot, version = str(session.get("_user_id") or 0).partition(".")
    return int(number), int(version or 0)


def recognise(found: User | None, version: int) -> None:
    """Sign in whom the session names, for this request, unless a new password or the person's end has ended it.

    In Partner Center only a partner's own people (R1).
    """
    in_the_wrong_house = found and found.partner_id is None and request.blueprint == "partner_portal"
    welcome = found and not in_the_wrong_house and found.session_version == version
    g._login_user = found if welcome else login_manager.anonymous_user()


def to_the_door() -> AnyResponse:
    """To the portal's own sign-in, and afterwards back to where one was going (R23)."""
    return redirect(url_for(f"{request.blueprint}.sign_in", next=asked_for(), account=reader()))


def asked_for() -> str | None:
    """The address of the page that was asked for, to come back to; None where a form was sent."""
    return request.full_path.rstrip("?") if request.method != "POST" else None


def reader() -> str | None:
    """The number of whose letter of this room the link was pressed in that led here, so the browser says; else None."""
    found = IN_A_LETTER.fullmatch(request.environ.get("HTTP_REFERER", ""))
    return found[2] if found and found[1] == g.get("room_key") else None


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
    found = g.get("_login_user")
    return found if isinstance(found, User) else None


_tokens: dict[tuple[str, int], Markup] = {}


def form_token() -> Markup:
    """By what a form is known to be one of this session's (`guards` asks for it).

    Signed once a minute, for signing costs more than a frame.
    """
    secret, minute = session.get("csrf_token", ""), int(time() // 60)
    if (known := _tokens.get((secret, minute))) is None:
        if not secret:
            g.pop("csrf_token", None)  # belonged to a session that has ended
        known = Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())
        if len(_tokens) > 4096:
            _tokens.clear()
        _tokens[session["csrf_token"], minute] = known
    return known
