"""What stands around every page: ribbon, bar, navigation, and who is signed in."""

from dataclasses import dataclass, field
from typing import Any

from flask import Flask, g, request, url_for
from flask_babel import lazy_gettext as _l

from ..domain.permissions import Permission
from ..domain.users import User
from ..world import clock, mailbox
from ..world.rooms import Room
from . import language, preferences
from .sessions import person
from .words import iso, moment, role_names

THEME_WORDS = {
    "auto": (_l("Colours as the system has them"), "contrast"),
    "light": (_l("Light colours"), "sun"),
    "dark": (_l("Dark colours"), "moon"),
}


@dataclass(frozen=True)
class Stop:
    """One entry of a portal's navigation; hidden from whoever lacks the permission (P7)."""

    endpoint: str
    label: Any
    icon: str
    permission: Permission | None = None
    under: Any = ""  # the heading it stands under, as the real menu has it


@dataclass(frozen=True)
class House:
    """What a portal is called and where its pages are."""

    side: str
    product: Any
    operated: Any
    stops: tuple[Stop, ...] = ()


LOBBY = House("room", "Counterpart", _l("a rehearsal room for both sides"))
HOUSES: dict[str, House] = {}


@dataclass
class Frame:
    """Everything the base template draws around a page."""

    portal: str
    product: str
    operated: str
    home_href: str
    lang_tag: str
    theme: str
    languages: list[dict[str, Any]]
    themes: list[dict[str, Any]]
    nav: list[dict[str, Any]] = field(default_factory=list)
    room_name: str | None = None
    room_href: str = ""
    clock_iso: str = ""
    clock_text: str = ""
    person: dict[str, str] | None = None
    unread: int = 0
    mail_href: str = ""
    sign_out_action: str = ""
    switch_href: str = ""


def hang(app: Flask) -> None:
    """Every template has its frame."""
    app.context_processor(lambda: {"frame": of_request()})


def of_request() -> Frame:
    """The frame of the page being drawn; drawn once a request."""
    if "frame" not in g:
        g.frame = _build()
    return g.frame  # type: ignore[no-any-return]


def _build() -> Frame:
    house = HOUSES.get(request.blueprint or "", LOBBY)
    chosen, theme = language.now().tag, preferences.theme()
    room = g.get("room")
    user = person() if room and house is not LOBBY else None
    frame = Frame(
        portal=house.side,
        product=str(house.product),
        operated=str(house.operated),
        home_href=_home(house, room),
        lang_tag="zh-Hans-CN" if chosen == "zh" else chosen,
        theme=theme,
        languages=[_language(tag, name, tag == chosen) for tag, name in language.LANGUAGES.items()],
        themes=[_theme(name, name == theme) for name in preferences.THEMES],
    )
    if room:
        frame.room_name, frame.room_href = room.name, url_for("classroom.lobby")
        now = clock.now()
        frame.clock_iso, frame.clock_text = iso(now), moment(now)
    if user:
        _sign(frame, house, user)
    return frame


def _home(house: House, room: Room | None) -> str:
    if room is None:
        return url_for("classroom.welcome")
    return url_for("classroom.lobby" if house is LOBBY else f"{request.blueprint}.home")


def _language(tag: str, name: str, current: bool) -> dict[str, Any]:
    return {"tag": tag, "label": name, "href": url_for("language", choice=tag), "current": current}


def _theme(name: str, current: bool) -> dict[str, Any]:
    words, icon = THEME_WORDS[name]
    return {"label": str(words), "icon": icon, "href": url_for("theme", choice=name), "current": current}


def _sign(frame: Frame, house: House, user: User) -> None:
    frame.person = {
        "name": user.name,
        "role": role_names(user),
        "organisation": user.organisation.name,
    }
    frame.nav = [_stop(stop) for stop in house.stops if stop.permission is None or user.may(stop.permission)]
    frame.unread = mailbox.unread_count(user.id)
    frame.mail_href = url_for("classroom.mailbox", person=user.id)
    frame.sign_out_action = url_for(f"{request.blueprint}.sign_out")
    frame.switch_href = url_for(f"{request.blueprint}.sign_in")


def _stop(stop: Stop) -> dict[str, Any]:
    current = stop.endpoint == request.endpoint or (request.endpoint or "").startswith(f"{stop.endpoint}_")
    return {
        "label": str(stop.label),
        "href": url_for(stop.endpoint),
        "icon": stop.icon,
        "current": current,
        "under": str(stop.under),
    }
