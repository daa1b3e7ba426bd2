"""Rows straight into the tables: around the ORM, in large batches."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import count, islice
from typing import Any

from sqlalchemy import Connection, Table, text

from shared.domain.history import Event
from shared.domain.licences import Licence
from shared.domain.organisations import Customer, Partner
from shared.domain.privileges import Privilege
from shared.domain.relationships import Relationship, SearchTerm
from shared.domain.subscriptions import Subscription
from shared.domain.users import User
from shared.world.mailbox import Letter
from shared.world.rooms import Room

BATCH = 10_000


class Writer:
    """Rows by table, sent in batches; parents first, so foreign keys hold on the way."""

    ORDER = (Room, Partner, Customer, User, Relationship, SearchTerm, Privilege, Subscription, Licence, Event, Letter)

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.rows: dict[Any, list[dict[str, Any]]] = {model: [] for model in self.ORDER}
        self.rooms = {model: count(1) for model in self.ORDER}

    def add(self, model: Any, **values: Any) -> int:
        """Keep one row for the next batch; its id."""
        number = next(self.rooms[model])
        self.rows[model].append(values if model is SearchTerm else {"id": number, **values})
        return number

    def flush(self, *, at_least: int = 0) -> None:
        """Send what is kept, when the longest list is that long."""
        if max(map(len, self.rows.values())) < at_least:
            return
        for model, rows in self.rows.items():
            for batch in _batches(rows):
                _send(self.connection, model.__table__, batch)
            rows.clear()

    def finish(self) -> None:
        """The rest; then ids go on after ours, and the planner learns what there is."""
        self.flush()
        if self.connection.dialect.name == "postgresql":
            for model in self.ORDER:
                if model is not SearchTerm:
                    name = model.__table__.name
                    self.connection.execute(
                        text(f"SELECT setval(pg_get_serial_sequence('\"{name}\"', 'id'), max(id)) FROM \"{name}\"")
                    )
        self.connection.commit()
        self.connection.execute(text("ANALYZE"))
        self.connection.commit()


def _batches(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    given = iter(rows)
    while batch := list(islice(given, BATCH)):
        yield batch


def _send(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Around SQLAlchemy's types and with COPY: several times as fast, and there are a million rows to write."""
    columns = list(rows[0])
    names = ", ".join(f'"{column}"' for column in columns)
    plain = (tuple(_plain(row[column]) for column in columns) for row in rows)
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(columns))
        connection.exec_driver_sql(f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})', list(plain))
        return
    with connection.connection.cursor().copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:
        for row in plain:
            copy.write_row(row)


def _plain(value: Any) -> Any:
    """As both databases keep it."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(" ", "microseconds")
    return "{}" if value == {} else value
