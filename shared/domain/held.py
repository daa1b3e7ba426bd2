"""Delegated admin as lists read it: the spans that stand in words beside each relationship (see `privileges`)."""

import json
from datetime import UTC, datetime
from typing import NamedTuple

from .privileges import EndReason
from .services import Service


class Held(NamedTuple):
    """Delegated admin on one service as a list shows it: since when, and if it ended, when and why."""

    service: Service
    since: datetime
    until: datetime | None
    ended_by: EndReason | None

    @property
    def in_force(self) -> bool:
        """Whether it is held now."""
        return self.until is None


def held_in(text: str | None) -> dict[Service, Held]:
    """What is or was held, by service, in the order of services."""
    found = {held.service: held for held in map(_held, json.loads(text or "[]"))}
    return {service: found[service] for service in Service if service in found}


def lines_in(text: str | None) -> tuple[Held | None, ...]:
    """What is or was held on each service, in the order of services; none where nothing ever was."""
    return tuple(map(held_in(text).get, Service))


def services_in(text: str | None) -> list[Service]:
    """The services administered now; asked of every row of a long file, so no days are read."""
    now = {service for service, _since, until, _ended_by in json.loads(text or "[]") if until is None}
    return [service for service in Service if service in now]


def moment_in(text: str) -> datetime:
    """A moment as the database says it in words."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _held(span: tuple[str, str, str | None, str | None]) -> Held:
    service, since, until, ended_by = span
    return Held(
        Service(service),
        moment_in(since),
        moment_in(until) if until else None,
        EndReason(ended_by) if ended_by else None,
    )
