"""History in words, for logs and timelines."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from ..domain.history import Event, EventKind
from ..domain.privileges import EndReason
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


def _in_words(event: Event) -> Happening:
    house = "room" if event.by is None else "partner" if event.by.partner_id else "admin"
    return Happening(
        at_iso=iso(event.at),
        at_text=moment(event.at),
        actor=f"{event.by.name}, {event.by.organisation.name}" if event.by else _("the trainer"),
        action=label(event.kind),
        about=_about(event),
        detail=_detail(event),
        kind="refused" if event.refused else "done",
        house=house,
    )


def _about(event: Event) -> str:
    names = (event.partner and event.partner.name, event.customer and event.customer.name)
    return " – ".join(name for name in names if name)


def _detail(event: Event) -> str:
    if event.refused:
        return str(_("refused: %(code)s, rule %(rule)s", code=event.refused.value, rule=event.facts.get("rule", "")))
    service = label(event.service) if event.service else ""
    if event.kind is EventKind.END_DAP:
        return f"{service}, {label(EndReason(event.facts['reason']))}"
    if event.kind is EventKind.CHANGE_ROOM:
        return f"{event.facts['setting']}: {event.facts['old']} → {event.facts['new']}"
    return service
