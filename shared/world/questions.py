"""Queries that every page asks: written once, compiled once for each database.

Building, keying and compiling a statement anew costs several times what the database needs to answer it.
"""

from typing import Any, cast

from sqlalchemy import ColumnElement, Executable, Row, Select
from sqlalchemy.engine import Compiled

from ..extensions import db


class Question:
    """A select of columns with named `bindparam`s. Asking takes their values and answers rows.

    `rooms.RoomQuestion` asks it of the room we are in alone.
    """

    def __init__(self, query: Select[Any], *conditions: ColumnElement[bool]) -> None:
        self.query = query.where(*conditions)
        self.compiled: dict[str, Compiled] = {}

    def ask(self, **values: Any) -> list[Row[Any]]:
        """The rows for these values."""
        db.session.flush()  # what was changed before is seen, as any query of the session sees it
        connection = db.session.connection()
        dialect = connection.dialect
        if (compiled := self.compiled.get(dialect.name)) is None:
            compiled = self.compiled[dialect.name] = self.query.compile(dialect=dialect)
        return list(connection.execute(cast(Executable, compiled), values))
