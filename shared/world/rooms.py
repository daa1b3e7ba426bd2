"""Rehearsal rooms: what happens in one, no other sees."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple, cast

from sqlalchemy import ForeignKey, Integer, Interval, Select, String, Table, bindparam, event, insert, select
from sqlalchemy.orm import Mapped, ORMExecuteState, Session, declared_attr, mapped_column, with_loader_criteria
from sqlalchemy.sql.selectable import FromClause, Join

from ..extensions import Model, db
from . import database
from .columns import Moment, one_of
from .questions import Order, Question


class NoRoom(RuntimeError):
    """A query was made outside every room."""


class DapConflict(StrEnum):
    """What accepting does to delegated admin that another transacting partner holds (R42, R43)."""

    REPLACE = "replace"
    REFUSE = "refuse"


class Room(Model):
    """One isolated rehearsal. Whoever knows its key is in it; the key cannot be guessed."""

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(43), unique=True)
    name: Mapped[str] = mapped_column(String(40))
    opened_at: Mapped[datetime] = mapped_column(Moment)
    clock_ahead: Mapped[timedelta] = mapped_column(Interval, default=timedelta())
    dap_conflict: Mapped[DapConflict] = mapped_column(one_of(DapConflict), default=DapConflict.REPLACE)


WORDS = ("anvil", "birch", "cedar", "delta", "ember", "fjord", "grove", "harbour", "kiln", "lotus", "maple", "reed")


class Here(NamedTuple):
    """The room we are in, as every page needs it: to read, not to change."""

    id: int
    key: str
    name: str
    clock_ahead: timedelta
    dap_conflict: DapConflict


_here: ContextVar[Here | None] = ContextVar("here", default=None)


def open_room() -> Room:
    """A new, empty room with a key of 128 random bits. Its name is for people and need not be unique."""
    name = f"{secrets.choice(WORDS)}-{secrets.randbelow(90) + 10}"
    room = Room(key=secrets.token_urlsafe(16), name=name, opened_at=datetime.now(UTC))
    db.session.add(room)
    db.session.flush()
    return room


FACTS = (Room.id, Room.key, Room.name, Room.clock_ahead, Room.dap_conflict)


def could_be_key(text: str) -> bool:
    """Whether a room may have this key: either database understands what was typed."""
    return text.isascii() and text.isprintable()


def here() -> Here:
    """The room we are in; NoRoom outside."""
    if (room := _here.get()) is None:
        raise NoRoom
    return room


def change(**settings: Any) -> None:
    """Give the room we are in other settings, by name; they hold from now on."""
    room = db.session.get_one(Room, here_id())
    for name, value in settings.items():
        setattr(room, name, value)
    _here.set(facts_of(room))


def lock() -> None:
    """Let one person at a time do what the whole room must agree on.

    Whoever only writes down what happened here (`key_share`: a foreign key of theirs) waits for none of our locks.
    """
    if not database.writers_queue():
        db.session.execute(select(Room.id).where(Room.id == here_id()).with_for_update(key_share=True))


def facts_of(room: Room) -> Here:
    """What every page needs of a room."""
    return Here(room.id, room.key, room.name, room.clock_ahead, room.dap_conflict)


def here_id() -> int:
    """The id of the room we are in; NoRoom outside."""
    return here().id


def key_here() -> str:
    """The key of the room we are in; empty outside."""
    return room.key if (room := _here.get()) else ""


def enter(room: Here | None) -> None:
    """Be in this room from now on, or in none."""
    _here.set(room)


@contextmanager
def inside(room: Room | Here) -> Iterator[Room | Here]:
    """Be in this room for a while."""
    before = _here.set(facts_of(room) if isinstance(room, Room) else room)
    try:
        yield room
    finally:
        _here.reset(before)


class InRoom:
    """A row of one room. Every query on such rows sees the room we are in and fails outside one."""

    @declared_attr
    def room_id(self) -> Mapped[int]:
        """The room this row belongs to: the one it was made in."""
        return mapped_column(ForeignKey("room.id", ondelete="CASCADE"), default=here_id)


ROOM_WE_ARE_IN = bindparam("room_we_are_in", callable_=here_id, type_=Integer)
ONLY_HERE = with_loader_criteria(InRoom, lambda model: model.room_id == ROOM_WE_ARE_IN, include_aliases=True)


@event.listens_for(Session, "do_orm_execute")
def see_this_room_alone(execution: ORMExecuteState) -> None:
    """Isolation by construction: nobody can forget the condition, because nobody writes it."""
    written_down = execution.is_column_load or execution.is_relationship_load or execution.is_insert
    if not written_down:
        execution.statement = execution.statement.options(ONLY_HERE)


@event.listens_for(Session, "before_flush")
def write_in_this_room_alone(session: Session, *_: object) -> None:
    """A row of another room is neither changed nor made here."""
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, InRoom) and row.room_id not in (None, here_id()):
            raise NoRoom(f"{row!r} belongs to another room")


class RoomQuestion(Question):
    """A question about rows of the room we are in: the room's condition stands on every table it reads from."""

    def whole(self) -> Select[Any]:
        """With that condition."""
        query = cast(Select[Any], self.said)
        tables = [table for source in query.get_final_froms() for table in _tables(source) if "room_id" in table.c]
        return query.where(*(table.c.room_id == ROOM_WE_ARE_IN for table in tables))


def filing_here(model: type[InRoom], *, hears: bool = False) -> Order:
    """The order to file rows of a model in the room we are in, around the ORM; every other column is to be given.

    `hears` is for whoever wants to know the id of a row.
    """
    table = cast(Table, cast(Any, model).__table__)
    values = {c.key: bindparam(c.key, type_=c.type) for c in table.c if c.key not in ("id", "room_id")}
    filed = insert(table).values(**values, room_id=ROOM_WE_ARE_IN)
    return Order(filed.returning(table.c.id) if hears else filed)


def _tables(source: FromClause) -> list[FromClause]:
    return [*_tables(source.left), *_tables(source.right)] if isinstance(source, Join) else [source]
