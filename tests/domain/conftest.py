"""Another room, with the same cast, where nothing may change."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from shared.domain.history import Event, EventKind
from shared.domain.organisations import Customer, Partner, PartnerKind
from shared.domain.refusals import Code, Refusal
from shared.extensions import Model, db
from shared.world.mailbox import Letter
from shared.world.rooms import Here, InRoom, Room
from tests.conftest import furnished_room
from tests.databases import answers

ROOM_ROWS = sorted(
    (mapper.class_.__name__, str(mapper.local_table), ", ".join(key.name for key in mapper.primary_key))
    for mapper in Model.registry.mappers
    if issubclass(mapper.class_, InRoom)
)


def fingerprint(room: Room | Here) -> dict[str, list[Any]]:
    """Every row of a room as the database holds it, whichever room we are in."""
    db.session.flush()
    queries = [f"SELECT * FROM room WHERE id = {room.id}"]
    queries += [f'SELECT * FROM "{table}" WHERE room_id = {room.id} ORDER BY {keys}' for _, table, keys in ROOM_ROWS]
    return dict(zip(("Room", *(kind for kind, _, _ in ROOM_ROWS)), answers(queries), strict=True))


class Elsewhere:
    """A second room and how it looked when the test began."""

    def __init__(self) -> None:
        self.room = furnished_room()
        self.before = fingerprint(self.room)

    @property
    def untouched(self) -> bool:
        """Whether every row is as it was."""
        return fingerprint(self.room) == self.before


@pytest.fixture
def elsewhere(room: Room) -> Iterator[Elsewhere]:
    """The same cast in another room; a test that names it also proves that this room alone was touched."""
    other = Elsewhere()
    yield other
    assert other.untouched


def events(kind: EventKind, customer: Customer | None = None) -> list[Event]:
    """What history of this room says of one kind, oldest first, perhaps of one customer alone."""
    told = select(Event).where(Event.kind == kind).order_by(Event.id)
    return list(db.session.scalars(told.where(Event.customer_id == customer.id) if customer else told))


def letters(kind: str = "") -> list[Letter]:
    """All post of this room, oldest first, perhaps of one kind alone."""
    post = select(Letter).order_by(Letter.id)
    return list(db.session.scalars(post.where(Letter.kind == kind) if kind else post))


def readers(kind: str) -> list[int]:
    """To whom letters of this kind went."""
    return sorted(letter.to_id for letter in letters(kind))


def rival(name: str = "Second Cloud", **more: Any) -> Partner:
    """One more partner of this room; a direct reseller unless something else is said."""
    about = {"kind": PartnerKind.DIRECT, "domain": "second.example", "address": "1 Road", "phone": "+86 10 5550 0100"}
    partner = Partner(name=name, email="hello@second.example", mpn_id="4390099", **(about | more))
    db.session.add(partner)
    db.session.flush()
    return partner


def code(refusal: Refusal | None) -> Code | None:
    """Which refusal it is, if any."""
    return refusal and refusal.code
