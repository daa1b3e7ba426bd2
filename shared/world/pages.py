"""Lists go by keyset: a page starts where the last one ended, so page one thousand costs what page one does."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select

from ..extensions import db

Row = TypeVar("Row")
SIZE = 25


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows, and the key to ask for what comes after them (none on the last page)."""

    rows: Sequence[Row]
    next: Any = None


def as_id(text: str) -> int | None:
    """The row id a stranger typed, if it can be one: plain digits, few enough for either database."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def page_of(query: Select[Any], *, key: Callable[[Any], Any], entities: bool = True, size: int = SIZE) -> Page[Any]:
    """The first `size` rows of an ordered query; `entities` takes single objects rather than tuples."""
    found = db.session.execute(query.limit(size + 1))
    rows = list(found.scalars() if entities else found)
    return Page(rows[:size], key(rows[size - 1]) if len(rows) > size else None)
