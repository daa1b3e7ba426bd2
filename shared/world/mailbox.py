"""Post that never leaves the room (R18)."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, func, select
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column, relationship
from sqlalchemy.sql.selectable import ScalarSelect

from ..extensions import Model, db
from . import clock
from .columns import Moment
from .pages import Page, page_of
from .rooms import InRoom


class Letter(InRoom, Model):
    """One e-mail in one inbox. What it says is `kind` and `facts`; the reader's language puts it in words."""

    __table_args__ = (Index("ix_letter_inbox", "to_id", "id"), UniqueConstraint("to_id", "once"))

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
    db.session.add(Letter(kind=kind, to_id=to, from_id=sender, once=once, facts=facts))
    return True


def letters_for(user_id: int, *, before: int | None = None) -> Page[Letter]:
    """A page of one inbox, newest first, from just before letter id `before`."""
    letters = select(Letter).where(Letter.to_id == user_id).order_by(Letter.id.desc())
    if before:
        letters = letters.where(Letter.id < before)
    return page_of(letters, key=lambda letter: letter.id)


def unread_counts() -> dict[int, int]:
    """How many letters each person of this room has not read."""
    counts = select(Letter.to_id, func.count()).where(Letter.read_at.is_(None)).group_by(Letter.to_id)
    return dict(db.session.execute(counts).tuples().all())


def read(letter: Letter) -> None:
    """The reader has opened it; the first time counts."""
    letter.read_at = letter.read_at or clock.now()


def unread_by(user_id: InstrumentedAttribute[int]) -> ScalarSelect[int]:
    """How many letters a person has not read, as a column beside that person's row."""
    mine = (Letter.to_id == user_id, Letter.read_at.is_(None))
    return select(func.count()).select_from(Letter).where(*mine).scalar_subquery()
