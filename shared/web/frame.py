"""What stands around every page: ribbon, bar, navigation, and who is signed in."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, cached_property
from typing import Any, NamedTuple

from flask import g, request, url_for
from flask_babel import lazy_gettext as _l

from ..domain.arrivals import Arrival
from ..domain.organisations import PartnerKind
from ..domain.permissions import NEVER_ON_BEHALF, Permission, Role, allowed
from ..domain.users import Acting, SignIn, User
from ..world import clock
from ..world.rooms import Here
from . import language, preferences
from .sessions import person

THEME_WORDS = {
    "auto": (_l("Colours as the system has them"), "contrast"),
    "light": (_l("Light colours"), "sun"),
    "dark": (_l("Dark colours"), "moon"),
}


@dataclass(frozen=True)
class Stop:
    """One entry of a portal's navigation; hidden from whoever lacks the permission (P7) or works for another kind."""

    endpoint: str
    label: Any
    icon: str
    permission: Permission | None = None
    under: Any = ""  # the heading it stands under, as the real menu has it
    covers: str = ""  # how the names of all its pages begin, where it has several
    kind: PartnerKind | None = None  # the only partners it concerns

    def is_at(self, endpoint: str) -> bool:
        """Whether a page belongs to this entry."""
        return endpoint.startswith(self.covers) if self.covers else endpoint == self.endpoint


@dataclass(frozen=True)
class House:
    """What a portal is called and where its pages are."""

    side: str
    home: str = field(compare=False)
    product: Any = field(compare=False)
    operated: Any = field(compare=False)
    stops: tuple[Stop, ...] = field(default=(), compare=False)


LOBBY = House("room", "classroom.lobby", "Counterpart", _l("a rehearsal room for both sides"))
HOUSES: dict[str, House] = {}


class Signed(NamedTuple):
    """Who is signed in, as the frame shows it."""

    id: int
    name: str
    roles: frozenset[Role]
    organisation: str
    partner_id: int | None
    has_password: bool


@dataclass
class Frame:
    """Everything the base template draws around a page."""

    house: House
    endpoint: str
    theme: str
    stops: tuple[Stop, ...]
    room: Here | None
    minute: datetime | None
    person: Signed | None
    unread: int
    acting: Acting | None = None  # on whose behalf the person works

    @cached_property
    def top(self) -> tuple[Hashable, ...]:
        """What the ribbon, the bar and the navigation depend on, beside the language and the room."""
        return (self.house.side, self.endpoint, self.theme, *(stop.endpoint for stop in self.stops))

    @property
    def home_href(self) -> str:
        """The house's first page."""
        return url_for(self.house.home if self.room else "classroom.welcome")

    @property
    def lang_tag(self) -> str:
        """The reader's language as browsers call it."""
        return language.IN_PAGES[language.now().tag]

    @property
    def languages(self) -> list[dict[str, Any]]:
        """The way into every language."""
        tag = language.now().tag
        return [
            {
                "tag": language.IN_PAGES[other],
                "label": label,
                "href": url_for("language", choice=other),
                "current": other == tag,
            }
            for other, label in language.LANGUAGES.items()
        ]

    @property
    def themes(self) -> list[dict[str, Any]]:
        """The way to other colours."""
        return [
            {"label": words, "icon": icon, "href": url_for("theme", choice=name), "current": name == self.theme}
            for name, (words, icon) in THEME_WORDS.items()
        ]


def of_request() -> Frame:
    """The frame of the page being drawn; worked out once a request."""
    notes = g._get_current_object()
    frame: Frame | None = notes.get("frame")
    if frame is None:
        notes.frame = frame = _build(notes.get("arrival"), on_behalf=notes.get("on_behalf", False))
    return frame


def _signed(user: User) -> Signed:
    has_password = user.sign_in is not SignIn.ONE_CLICK
    return Signed(user.id, user.name, user.roles, user.organisation.name, user.partner_id, has_password)


def _build(arrival: Arrival | None, *, on_behalf: bool) -> Frame:
    endpoint, room = request.endpoint or "", arrival.room if arrival else None
    house = HOUSES.get(endpoint.partition(".")[0], LOBBY) if arrival else LOBBY
    user = person() if house is not LOBBY else None
    if on_behalf and house is not LOBBY and not (user and user.acting):
        house, user = HOUSES["partner_portal"], None  # shut out: back where one came from
    return Frame(
        house=house,
        endpoint=endpoint,
        theme=preferences.theme(),
        stops=_open_to(house, user.acts_as, user.acting is not None, user.partner and user.partner.kind)
        if user
        else (),
        room=room,
        minute=clock.now().replace(second=0) if room else None,
        person=_signed(user) if user else None,
        unread=arrival.unread if arrival and user else 0,
        acting=user.acting if user else None,
    )


@cache
def _open_to(house: House, roles: frozenset[Role], on_behalf: bool, kind: PartnerKind | None) -> tuple[Stop, ...]:
    def opens(permission: Permission | None) -> bool:
        never = on_behalf and permission in NEVER_ON_BEHALF
        return permission is None or (allowed(roles, permission) and not never)

    return tuple(stop for stop in house.stops if opens(stop.permission) and stop.kind in (None, kind))
