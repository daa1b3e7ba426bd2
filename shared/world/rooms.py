"""Rehearsal rooms: what happens in one, no other sees."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, Integer, Interval, String, bindparam, event, select
from sqlalchemy.orm import Mapped, ORMExecuteState, Session, declared_attr, mapped_column, with_loader_criteria

from ..extensions import Model, db
from .columns import Moment, one_of


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

_here: ContextVar[Room | None] = ContextVar("here", default=None)


def open_room() -> Room:
    """A new, empty room with a key of 128 random bits. Its name is for people and need not be unique."""
    name = f"{secrets.choice(WORDS)}-{secrets.randbelow(90) + 10}"
    room = Room(key=secrets.token_urlsafe(16), name=name, opened_at=datetime.now(UTC))
    db.session.add(room)
    db.session.flush()
    return room


def find(key: str) -> Room | None:
    """The room with this key, if there is one."""
    return None if "\0" in key else db.session.scalar(select(Room).where(Room.key == key))


def here() -> Room:
    """The room we are in; NoRoom outside."""
    if (room := _here.get()) is None:
        raise NoRoom
    return room


def here_id() -> int:
    """The id of the room we are in; NoRoom outside."""
    return here().id


def enter(room: Room | None) -> None:
    """Be in this room from now on, or in none."""
    _here.set(room)


@contextmanager
def inside(room: Room) -> Iterator[Room]:
    """Be in this room for a while."""
    before = _here.set(room)
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
    if not (execution.is_column_load or execution.is_relationship_load or execution.is_insert):
        execution.statement = execution.statement.options(ONLY_HERE)


@event.listens_for(Session, "before_flush")
def write_in_this_room_alone(session: Session, *_: object) -> None:
    """A row of another room is neither changed nor made here."""
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, InRoom) and row.room_id not in (None, here_id()):
            raise NoRoom(f"{row!r} belongs to another room")
