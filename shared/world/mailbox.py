"""Post that never leaves the room (R18)."""

from collections.abc import Sequence
from contextlib import nullcontext
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import ScalarSelect

from ..extensions import Model, db
from . import clock
from .columns import Moment
from .pages import Page, page_of
from .rooms import InRoom, Room

UNREAD = text("read_at IS NULL")
MOST = 99  # more unread letters than that are not counted


class Letter(InRoom, Model):
    """One e-mail in one inbox. What it says is `kind` and `facts`; the reader's language puts it in words."""

    __table_args__ = (
        Index("ix_letter_inbox", "to_id", "id"),
        Index("ix_letter_unread", "room_id", "to_id", sqlite_where=UNREAD, postgresql_where=UNREAD),
        UniqueConstraint("to_id", "once"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    to_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    from_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))  # none: the service itself
    kind: Mapped[str] = mapped_column(String(40))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    sent_at: Mapped[datetime] = mapped_column(Moment, default=clock.now)
    read_at: Mapped[datetime | None] = mapped_column(Moment)
    once: Mapped[str | None] = mapped_column(String(40))  # names one press of a button: pressed twice, sent once

    sender: Mapped[Any] = relationship("User", foreign_keys=from_id, lazy="joined")


def post(kind: str, *, to: int, sender: int | None = None, once: str | None = None, **facts: Any) -> bool:
    """Put a letter into the inbox of user `to`; `facts` are JSON values, ids rather than words.

    False, and nothing is sent, when a letter with the same `once` is there already.
    """
    if once and db.session.scalar(select(Letter.id).where(Letter.to_id == to, Letter.once == once)):
        return False
    try:
        with db.session.begin_nested() if once else nullcontext():
            db.session.add(Letter(kind=kind, to_id=to, from_id=sender, once=once, facts=facts))
    except IntegrityError:  # pressed twice at the same moment
        return False
    return True


def letters_for(user_id: int, *, before: int | None = None) -> Page[Letter]:
    """A page of one inbox, newest first, from just before letter id `before`."""
    letters = select(Letter).where(Letter.to_id == user_id).order_by(Letter.id.desc())
    if before:
        letters = letters.where(Letter.id < before)
    return page_of(letters, key=lambda letter: letter.id)


def unread_counts(user_ids: Sequence[int]) -> dict[int, int]:
    """How many letters each of these people has not read; who has read all is left out."""
    mine = (Letter.to_id.in_(user_ids), Letter.read_at.is_(None))
    counts = select(Letter.to_id, func.count()).where(*mine).group_by(Letter.to_id)
    return dict(db.session.execute(counts).tuples().all())


def read(letter: Letter) -> None:
    """The reader has opened it; the first time counts."""
    letter.read_at = letter.read_at or clock.now()


def unread_by(user_id: ColumnElement[int], room_id: Any) -> ScalarSelect[int]:
    """How many letters a person of a room has not read, up to `MOST`, as a column beside that person's row."""
    mine = (Letter.room_id == room_id, Letter.to_id == user_id, Letter.read_at.is_(None))
    some = select(Letter.id).where(*mine).limit(MOST).correlate(Room)
    return select(func.count()).select_from(some.subquery()).correlate(Room).scalar_subquery()
