"""Queries that every page asks: written once, compiled once for each database, and asked of the driver itself.

Building, compiling and unpacking a statement anew costs many times what the database needs to answer it.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar, cast

from sqlalchemy import BindParameter, ColumnElement, Select
from sqlalchemy.engine import Dialect
from sqlalchemy.orm.attributes import instance_dict, instance_state

from ..extensions import Model, db
from . import database

Entity = TypeVar("Entity", bound=Model)
Row = tuple[Any, ...]


class Question:
    """A select of columns with named `bindparam`s. Asking takes their values and answers rows, in that order.

    `rooms.RoomQuestion` asks it of the room we are in alone.
    """

    def __init__(self, query: Select[Any], *conditions: ColumnElement[bool]) -> None:
        self.query = query.where(*conditions)
        self.prepared: dict[str, Prepared] = {}

    def ask(self, **values: Any) -> Sequence[Row]:
        """The rows for these values, what was changed before in this transaction included."""
        prepared, rows = self.ask_plainly(**values)
        return [prepared.read(row) for row in rows] if prepared.reads else rows

    def ask_plainly(self, **values: Any) -> tuple["Prepared", Sequence[Row]]:
        """The rows as the driver gives them, and what reads them, for whoever may have read the same row before."""
        connection, dialect = database.connection()
        if (prepared := self.prepared.get(dialect.name)) is None:
            prepared = self.prepared[dialect.name] = Prepared(self.query, dialect)
        return prepared, prepared.ask(connection, values)


class Prepared:
    """A question as one database understands it: its text, and what has to be done to values on the way in and out."""

    def __init__(self, query: Select[Any], dialect: Dialect) -> None:
        compiled = query.compile(dialect=dialect)
        self.text = str(compiled)
        self.names: list[str] | None = compiled.positiontup
        self.given = {name: _given(bind, dialect) for name, bind in compiled.binds.items() if not bind.required}
        reads = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in query.selected_columns]
        self.reads = [(place, cast(Callable[[Any], Any], read)) for place, read in enumerate(reads) if read]

    def ask(self, connection: Any, values: dict[str, Any]) -> Sequence[Row]:
        """What the driver answers."""
        for name, value in self.given.items():
            values[name] = value()
        cursor = connection.cursor()
        cursor.execute(self.text, [values[name] for name in self.names] if self.names else values)
        return cast(Sequence[Row], cursor.fetchall())

    def read(self, row: Row) -> Row:
        """A row with each value as Python knows it."""
        read = list(row)
        for place, process in self.reads:
            read[place] = process(read[place])
        return tuple(read)


def _given(bind: BindParameter[Any], dialect: Dialect) -> Callable[[], Any]:
    """What the question itself says: asked each time, or written in it."""
    if bind.callable:
        return bind.callable
    write = bind.type.dialect_impl(dialect).bind_processor(dialect)
    value = write(bind.value) if write else bind.value
    return lambda: value


def taken_up(model: type[Entity], values: Mapping[str, Any], **others: Any) -> Entity:
    """The entity with these values of its columns, as if the ORM had loaded it.

    `others` are attributes known besides, such as the organisation a person works for. This is what the ORM does with
    a row once it has one, without the tenfold time it takes to ask for it.
    """
    session, mapper = db.session(), model.__mapper__
    key = mapper.identity_key_from_primary_key((values["id"],))
    if (known := session.identity_map.get(key)) is not None:
        return cast(Entity, known)
    entity = mapper.class_manager.new_instance()
    state = instance_state(entity)
    instance_dict(entity).update(values, **others)
    state.key, state.session_id = key, session.hash_key
    session.identity_map.add(state)
    return cast(Entity, entity)
