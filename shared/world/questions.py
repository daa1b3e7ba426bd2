"""Queries that every page asks: written once, compiled once for each database.

Building, keying and compiling a statement anew costs several times what the database needs to answer it.
"""

from collections.abc import Sequence
from typing import Any, TypeVar, cast

from sqlalchemy import ColumnElement, Executable, Row, Select
from sqlalchemy.engine import Compiled
from sqlalchemy.orm.attributes import instance_dict, instance_state

from ..extensions import Model, db

Entity = TypeVar("Entity", bound=Model)


class Question:
    """A select of columns with named `bindparam`s. Asking takes their values and answers rows.

    `rooms.RoomQuestion` asks it of the room we are in alone.
    """

    def __init__(self, query: Select[Any], *conditions: ColumnElement[bool]) -> None:
        self.query = query.where(*conditions)
        self.compiled: dict[str, Compiled] = {}

    def ask(self, **values: Any) -> Sequence[Row[Any]]:
        """The rows for these values."""
        db.session.flush()  # what was changed before is seen, as any query of the session sees it
        connection = db.session.connection()
        dialect = connection.dialect
        if (compiled := self.compiled.get(dialect.name)) is None:
            compiled = self.compiled[dialect.name] = self.query.compile(dialect=dialect)
        return connection.execute(cast(Executable, compiled), values).all()


def taken_up(model: type[Entity], columns: Sequence[Any], **others: Any) -> Entity | None:
    """The entity these columns of its table are (all, in order), as if the ORM had loaded it; none where id is null.

    `others` are attributes known besides, such as the organisation a person works for. This is what the ORM does with
    a row once it has one, without the tenfold time it takes to ask for it.
    """
    names = model.__table__.c.keys()
    values = dict(zip(names, columns, strict=True))
    if values["id"] is None:
        return None
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
