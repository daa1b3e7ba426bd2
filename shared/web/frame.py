"""What stands around every page: ribbon, bar, navigation, and who is signed in."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import Flask, current_app, g, request, url_for
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from ..domain.permissions import Permission
from ..domain.users import User
from ..world import clock
from ..world.rooms import Here
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
    covers: str = ""  # how the names of all its pages begin, where it has several

    def is_at(self, endpoint: str) -> bool:
        """Whether a page belongs to this entry."""
        return endpoint.startswith(self.covers) if self.covers else endpoint == self.endpoint


@dataclass(frozen=True)
class House:
    """What a portal is called and where its pages are."""

    side: str
    product: Any
    operated: Any
    stops: tuple[Stop, ...] = ()


LOBBY = House("room", "Counterpart", _l("a rehearsal room for both sides"))
HOUSES: dict[str, House] = {}


@dataclass(frozen=True)
class Chrome:
    """The part of the frame that is the same for everybody of one house, language, theme, room, page and role."""

    portal: str
    product: str
    home_href: str
    lang_tag: str
    theme: str
    top: Markup
    side: Markup


@dataclass
class Frame:
    """Everything the base template draws around a page: what is kept, and what belongs to this reader and moment."""

    chrome: Chrome
    room_name: str = ""
    clock_iso: str = ""
    clock_text: str = ""
    person: dict[str, str] | None = None
    unread: int = 0
    mail_href: str = ""
    sign_out_action: str = ""
    switch_href: str = ""

    @property
    def home_href(self) -> str:
        """The house's first page."""
        return self.chrome.home_href


def hang(app: Flask) -> None:
    """Every template has its frame."""
    app.context_processor(lambda: {"frame": of_request()})


def of_request() -> Frame:
    """The frame of the page being drawn; worked out once a request."""
    if "frame" not in g:
        g.frame = _build(g.get("room"))
    return g.frame  # type: ignore[no-any-return]


def _build(room: Here | None) -> Frame:
    name = request.blueprint if request.blueprint in HOUSES and room else ""
    house = HOUSES.get(name, LOBBY)
    user = person() if house is not LOBBY else None
    stops = tuple(stop for stop in house.stops if user and (stop.permission is None or user.may(stop.permission)))
    where = (room.key, room.name) if room else ("", "")
    frame = Frame(_chrome(name, stops, request.endpoint or "", language.now().tag, preferences.theme(), *where))
    if room:
        now = clock.now()
        frame.room_name, frame.clock_iso, frame.clock_text = room.name, iso(now), moment(now)
    if user:
        _sign(frame, user)
    return frame


@lru_cache(maxsize=1024)
def _chrome(
    name: str, stops: tuple[Stop, ...], endpoint: str, tag: str, theme: str, room_key: str, room_name: str
) -> Chrome:
    house = HOUSES.get(name, LOBBY)
    home = f"{name}.home" if name else "classroom.lobby" if room_key else "classroom.welcome"
    known: dict[str, Any] = {
        "portal": house.side,
        "product": str(house.product),
        "home_href": url_for(home),
        "lang_tag": "zh-Hans-CN" if tag == "zh" else tag,
        "theme": theme,
    }
    drawn = known | {
        "operated": str(house.operated),
        "room_name": room_name,
        "room_href": url_for("classroom.lobby") if room_key else "",
        "languages": [_language(other, label, other == tag) for other, label in language.LANGUAGES.items()],
        "themes": [_theme(other, other == theme) for other in preferences.THEMES],
        "nav": [_stop(stop, endpoint) for stop in stops],
    }
    return Chrome(**known, top=_draw("chrome", drawn), side=_draw("nav", drawn) if stops else Markup())


def _draw(part: str, frame: dict[str, Any]) -> Markup:
    template = current_app.jinja_env.get_template(f"shared/frame_{part}.html")
    return Markup(template.render(frame=frame))  # noqa: S704 - the template has escaped it


def _language(tag: str, label: str, current: bool) -> dict[str, Any]:
    return {"tag": tag, "label": label, "href": url_for("language", choice=tag), "current": current}


def _theme(name: str, current: bool) -> dict[str, Any]:
    words, icon = THEME_WORDS[name]
    return {"label": str(words), "icon": icon, "href": url_for("theme", choice=name), "current": current}


def _stop(stop: Stop, endpoint: str) -> dict[str, Any]:
    href, current = url_for(stop.endpoint), stop.is_at(endpoint)
    return {"label": str(stop.label), "href": href, "icon": stop.icon, "current": current, "under": str(stop.under)}


def _sign(frame: Frame, user: User) -> None:
    frame.person = {"name": user.name, "role": role_names(user), "organisation": user.organisation.name}
    frame.unread = g.unread
    frame.mail_href = url_for("classroom.mailbox", person=user.id)
    frame.sign_out_action = url_for(f"{request.blueprint}.sign_out")
    frame.switch_href = url_for(f"{request.blueprint}.sign_in")
