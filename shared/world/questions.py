"""Statements that are said again and again: written once, compiled once for each database, told the driver itself.

Building, compiling and unpacking a statement anew costs many times what the database needs to answer it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from itertools import islice
from typing import Any, TypeVar, cast

from sqlalchemy import JSON, BindParameter, ColumnElement, Insert, Select, Update
from sqlalchemy.engine import Dialect
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.orm.attributes import instance_dict, instance_state

from ..extensions import LightSession, Model, db
from . import database

Entity = TypeVar("Entity", bound=Model)
Row = tuple[Any, ...]


class Statement:
    """Anything said to the database, with named `bindparam`s for what differs each time."""

    def __init__(self, said: Select[Any] | Insert | Update) -> None:
        self.said = said
        self.prepared: dict[str, Prepared] = {}

    def understood_by(self, dialect: Dialect) -> "Prepared":
        """The statement as this database understands it."""
        if (prepared := self.prepared.get(dialect.name)) is None:
            prepared = self.prepared[dialect.name] = Prepared(self.whole(), dialect)
        return prepared

    def whole(self) -> Select[Any] | Insert | Update:
        """All of it; worked out when it is first said, for by then every table is known."""
        return self.said


class Question(Statement):
    """A select of columns. Asking takes the values of its `bindparam`s and answers rows, in the order of the columns.

    `rooms.RoomQuestion` asks it of the room we are in alone.
    """

    def ask(self, **values: Any) -> Sequence[Row]:
        """The rows for these values, what was changed before in this transaction included."""
        prepared, rows = self.ask_plainly(**values)
        return [prepared.read(row) for row in rows] if prepared.reads else rows

    def ask_plainly(self, **values: Any) -> tuple["Prepared", Sequence[Row]]:
        """The rows as the driver gives them, and what reads them, for whoever may have read the same row before."""
        line = database.line()
        try:
            return self.ask_on(line, dict(values))
        except Exception:
            if not database.gone(line):
                raise
            return self.ask_on(database.line(), values)

    def ask_on(self, line: database.Line, values: dict[str, Any]) -> tuple["Prepared", Sequence[Row]]:
        """The same, asked there."""
        cursor, prepared = line.cursor, self.understood_by(line.dialect)
        cursor.execute(prepared.text, prepared.filled(values))
        return prepared, cursor.fetchall()


class Order(Statement):
    """An insert or update. Refuses with WriteWhileReading where a page is only being read."""

    def give(self, *rows: dict[str, Any]) -> None:
        """Do it for each of these sets of values, which are used up."""
        cursor, prepared = self._at_hand()
        if len(rows) == 1:
            cursor.execute(prepared.text, prepared.filled(rows[0]))
        elif rows:
            cursor.executemany(prepared.text, [prepared.filled(row) for row in rows])

    def give_and_hear(self, row: dict[str, Any]) -> Row:
        """Do it for these values and answer what it returns."""
        cursor, prepared = self._at_hand()
        cursor.execute(prepared.text, prepared.filled(row))
        [heard] = cursor.fetchall()
        return cast(Row, heard)

    def _at_hand(self) -> tuple[DBAPICursor, "Prepared"]:
        database.must_be_writing()
        line = database.line()
        return line.cursor, self.understood_by(line.dialect)


class Prepared:
    """A statement as one database understands it: its text, and what is done to values on the way in and out."""

    def __init__(self, said: Select[Any] | Insert | Update, dialect: Dialect) -> None:
        compiled = said.compile(dialect=dialect)
        self.text = str(compiled)
        self.names: list[str] | None = compiled.positiontup
        self.given: dict[str, Callable[[], Any]] = {}
        self.writes: list[tuple[str, Callable[[Any], Any]]] = []
        for name, bind in compiled.binds.items():
            write = bind.type.dialect_impl(dialect).bind_processor(dialect)
            if not bind.required:
                self.given[name] = _given(bind, write)
            elif write:
                self.writes.append((name, write if isinstance(bind.type, JSON) else lru_cache(maxsize=256)(write)))
        columns = said.selected_columns if isinstance(said, Select) else ()
        reads = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
        self.reads = [(place, cast(Callable[[Any], Any], read)) for place, read in enumerate(reads) if read]

    def filled(self, values: dict[str, Any]) -> Any:
        """The values as the driver wants them; `values` is used up."""
        for name, value in self.given.items():
            values[name] = value()
        for name, write in self.writes:
            values[name] = write(values[name])
        return [values[name] for name in self.names] if self.names else values

    def read(self, row: Row) -> Row:
        """A row with each value as Python knows it."""
        read = list(row)
        for place, process in self.reads:
            read[place] = process(read[place])
        return tuple(read)


def _given(bind: BindParameter[Any], write: Callable[[Any], Any] | None) -> Callable[[], Any]:
    """What the statement itself says: asked each time, or written in it."""
    if ask := bind.callable:
        written = write and lru_cache(maxsize=64)(write)  # the same day is asked for all day
        return (lambda: written(ask())) if written else ask
    value = write(bind.value) if write else bind.value
    return lambda: value


def taken_up(model: type[Entity], values: Mapping[str, Any], **others: Any) -> Entity:
    """The entity with these values of its columns, as if the ORM had loaded it.

    `others` are attributes known besides, such as the organisation a person works for. This is what the ORM does with
    a row once it has one, without the tenfold time it takes to ask for it.
    """
    session = cast(LightSession, db.session())
    if (known := session.identity_map.get(_key(model, values))) is not None:
        if not session.is_modified(known):
            instance_dict(known).update(values)
        return cast(Entity, known)
    entity = _as_loaded(model, values, others)
    session.take_in(instance_state(entity))
    return entity


def arriving(model: type[Entity], values: Mapping[str, Any], **others: Any) -> Entity:
    """The same for whoever is there before anything else is asked: while there is no session, none is made for it.

    The first that is made takes it in; until then nothing can be asked by way of it, so `others` names what it may be
    asked for.
    """
    if db.session.registry.has():
        return taken_up(model, values, **others)
    entity = _as_loaded(model, values, others)
    LightSession.waiting.set((*LightSession.waiting.get(), instance_state(entity)))
    return entity


def nobody_waits() -> None:
    """Whoever arrived and was not needed is gone with the request."""
    LightSession.waiting.set(())


def _key(model: type[Model], values: Mapping[str, Any]) -> Any:
    return model.__mapper__.identity_key_from_primary_key((values["id"],))


def _as_loaded(model: type[Entity], values: Mapping[str, Any], others: Mapping[str, Any]) -> Entity:
    entity = model.__mapper__.class_manager.new_instance()
    instance_dict(entity).update(values, **others)
    instance_state(entity).key = _key(model, values)
    return cast(Entity, entity)


def columns_of(*models: type[Model]) -> list[ColumnElement[Any]]:
    """Every column of these models, for a question that answers whole rows of them side by side."""
    return [column for model in models for column in model.__table__.c]


def apart(row: Iterable[Any], *models: type[Model]) -> list[dict[str, Any]]:
    """A row of such a question as the values of each model; empty for one that was not found beside the others."""
    left = iter(row)
    found = [dict(zip(names, islice(left, len(names)), strict=True)) for names in map(_names, models)]
    return [values if values["id"] is not None else {} for values in found]


@cache
def _names(model: type[Model]) -> list[str]:
    return list(model.__table__.c.keys())


def all_of(model: type[Entity], rows: Iterable[Row]) -> list[Entity]:
    """The entities of these rows, each all columns of the model."""
    return [taken_up(model, *apart(row, model)) for row in rows]
