"""History in words, for logs and timelines."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from flask_babel import gettext as _

from ..domain.history import Event, EventKind
from ..domain.privileges import EndReason
from ..domain.services import Service
from .labels import label
from .words import iso, moment


@dataclass(frozen=True)
class Happening:
    """One event as people read it."""

    at_iso: str
    at_text: str
    actor: str
    action: str
    about: str
    detail: str
    kind: str
    house: str

    @property
    def text(self) -> str:
        """The whole event in one line."""
        return " · ".join(part for part in (self.action, self.about, self.detail) if part)


def in_words(events: Sequence[Event]) -> list[Happening]:
    """Each event in the reader's language."""
    return [_in_words(event) for event in events]


def summed_up(events: Sequence[Event], most: int) -> list[Happening]:
    """The newest acts in words, at most so many; one act on several services is one line."""
    acts = [list(same) for _key, same in groupby(events, key=_act)]
    return [_in_words(act[0], [event.service for event in act[::-1] if event.service]) for act in acts[:most]]


def _act(event: Event) -> tuple[object, ...]:
    who = (event.by_id, event.partner_id, event.customer_id)
    return event.kind, event.at, event.refused, event.facts.get("reason"), *who


def _in_words(event: Event, services: Sequence[Service] = ()) -> Happening:
    house = "room" if event.by is None else "partner" if event.by.partner_id else "admin"
    return Happening(
        at_iso=iso(event.at),
        at_text=moment(event.at),
        actor=f"{event.by.name}, {event.by.organisation.name}" if event.by else _("the trainer"),
        action=label(event.kind),
        about=_about(event),
        detail=_detail(event, services or ([event.service] if event.service else [])),
        kind="refused" if event.refused else "done",
        house=house,
    )


def _about(event: Event) -> str:
    names = (event.partner and event.partner.name, event.customer and event.customer.name)
    return " – ".join(name for name in names if name)


def _detail(event: Event, services: Sequence[Service]) -> str:
    if event.refused:
        return str(_("refused: %(code)s, rule %(rule)s", code=event.refused.value, rule=event.facts.get("rule", "")))
    held = ", ".join(label(service) for service in services)
    if event.kind is EventKind.END_DAP:
        return f"{held}: {label(EndReason(event.facts['reason']))}"
    if event.kind is EventKind.CHANGE_ROOM:
        return f"{event.facts['setting']}: {event.facts['old']} → {event.facts['new']}"
    return held
