"""Lists go by keyset: a page starts where the last one ended, so page one thousand costs what page one does."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select

from ..extensions import db

Row = TypeVar("Row")
SIZE = 25


@dataclass
class Page(Generic[Row]):
    """Up to `SIZE` rows, and the key to ask for what comes after them (none on the last page)."""

    rows: list[Row]
    next: Any = None


def page_of(query: Select[Any], *, key: Callable[[Any], Any], entities: bool = True) -> Page[Any]:
    """The first rows of an ordered query; `entities` takes single objects rather than tuples."""
    found = db.session.execute(query.limit(SIZE + 1))
    rows = list(found.scalars() if entities else found)
    return Page(rows[:SIZE], key(rows[SIZE - 1]) if len(rows) > SIZE else None)
