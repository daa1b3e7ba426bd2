"""How the two databases are spoken to: who may write when, and how SQLite is opened."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import cast

import psycopg
from sqlalchemy import Connection, event
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.orm import ORMExecuteState, Session
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from ..extensions import db

_may_write: ContextVar[bool] = ContextVar("may_write", default=True)
_reader: ContextVar[PoolProxiedConnection | None] = ContextVar("reader", default=None)

PRAGMAS = (
    "foreign_keys=ON",
    "journal_mode=WAL",
    "synchronous=FULL",  # what was acknowledged survives a power cut
    "busy_timeout=5000",
    "cache_size=-16000",
    "temp_store=MEMORY",
)


class WriteWhileReading(RuntimeError):
    """A page that only shows something tried to change something."""


def start(*, writing: bool) -> None:
    """Say whether what follows may write: a page that is only opened may not. What was borrowed to read goes back."""
    _may_write.set(writing)
    if reader := _reader.get():
        _alone(reader, False)
        reader.close()
        _reader.set(None)


def connection() -> tuple[PoolProxiedConnection, Dialect]:
    """The driver's connection, and what it speaks: the session's own while writing; one without a transaction else."""
    if _may_write.get():
        db.session.flush()  # what was changed before is seen
        return db.session.connection().connection, db.engine.dialect
    if (reader := _reader.get()) is None:
        reader = db.engine.raw_connection()
        _alone(reader, True)
        _reader.set(reader)
    return reader, db.engine.dialect


def _alone(reader: PoolProxiedConnection, alone: bool) -> None:
    """On PostgreSQL each question a transaction of its own: spares the way there and back for BEGIN and ROLLBACK."""
    if isinstance(driver := reader.driver_connection, psycopg.Connection):
        driver.autocommit = alone


@contextmanager
def writing() -> Iterator[None]:
    """A small transaction of its own, even while a page is only being read; commits at the end."""
    db.session.rollback()
    before = _may_write.set(True)
    try:
        yield
        db.session.commit()
    finally:
        db.session.rollback()
        _may_write.reset(before)


@event.listens_for(Engine, "connect")
def open_sqlite(connection: object, _entry: ConnectionPoolEntry) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.isolation_level = None  # SQLAlchemy begins the transactions
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def begin_sqlite(connection: Connection) -> None:
    """A writer takes the lock at once: reading first and locking later loses updates."""
    if connection.dialect.name == "sqlite":
        plain = cast(sqlite3.Connection, connection.connection.dbapi_connection)
        plain.execute("BEGIN IMMEDIATE" if _may_write.get() else "BEGIN")


@event.listens_for(Session, "before_flush")
def refuse_writes_while_reading(session: Session, *_: object) -> None:
    if not _may_write.get() and (session.new or session.deleted or any(session.is_modified(o) for o in session.dirty)):
        raise WriteWhileReading("opening a page never changes anything")


@event.listens_for(Session, "do_orm_execute")
def refuse_statements_that_write_while_reading(execution: ORMExecuteState) -> None:
    if not _may_write.get() and (execution.is_insert or execution.is_update or execution.is_delete):
        raise WriteWhileReading("opening a page never changes anything")
