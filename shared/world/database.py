"""How the two databases are spoken to: who may write when, and how SQLite is opened."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock
from typing import NamedTuple, cast
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from ..extensions import db

_may_write: ContextVar[bool] = ContextVar("may_write", default=True)
_reader: ContextVar["Line | None"] = ContextVar("reader", default=None)

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
    if borrowed := _reader.get():
        _reader.set(None)
        if getattr(borrowed.driver.dbapi_connection, "closed", False):  # PostgreSQL went away: the next one asks anew
            borrowed.driver.invalidate()
        else:
            borrowed.driver.close()


class Line(NamedTuple):
    """The driver's connection, what it speaks, and the session's transaction if it belongs to one."""

    driver: PoolProxiedConnection
    dialect: Dialect
    transaction: SessionTransaction | None = None


def line() -> Line:
    """How to reach the database: the session's own connection while writing; one without a transaction else."""
    if not _may_write.get():
        return _reader.get() or _borrowed()
    session = db.session()
    session.flush()  # what was changed before is seen
    kept: Line | None = session.info.get("line")
    if kept is None or kept.transaction is not session.get_transaction():
        driver = session.connection().connection
        kept = session.info["line"] = Line(driver, session.get_bind().dialect, session.get_transaction())
    return kept


def _borrowed() -> Line:
    reader = _reading(db.engine)
    borrowed = Line(reader.raw_connection(), reader.dialect)
    _reader.set(borrowed)
    return borrowed


_readers: WeakKeyDictionary[Engine, Engine] = WeakKeyDictionary()
_one_reader = Lock()  # two who ask at once for the first time must not each make one


def _reading(engine: Engine) -> Engine:
    """The same database, each question a transaction of its own: PostgreSQL is spared two ways there and back."""
    if (reader := _readers.get(engine)) is None:
        with _one_reader:
            if (reader := _readers.get(engine)) is None:
                reader = create_engine(engine.url, isolation_level="AUTOCOMMIT", pool_reset_on_return=None)
                _readers[engine] = reader
    return reader


@event.listens_for(Engine, "engine_disposed")
def dispose_of_its_reader(engine: Engine) -> None:
    """Whoever closes a database closes it for readers too."""
    if reader := _readers.pop(engine, None):
        reader.dispose()


def must_be_writing() -> None:
    """Refuses with WriteWhileReading where a page is only being read."""
    if not _may_write.get():
        raise WriteWhileReading("opening a page never changes anything")


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


@contextmanager
def aside() -> Iterator[None]:
    """Something slow in the middle of a request that writes: nobody else who writes waits for it.

    Nothing may have been changed before; what was read is read anew afterwards, and is to be asked anew.
    """
    db.session.rollback()
    start(writing=False)
    try:
        yield
    finally:
        db.session.rollback()
        start(writing=True)


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
    if session.new or session.deleted or any(session.is_modified(o) for o in session.dirty):
        must_be_writing()


@event.listens_for(Session, "do_orm_execute")
def refuse_statements_that_write_while_reading(execution: ORMExecuteState) -> None:
    if execution.is_insert or execution.is_update or execution.is_delete:
        must_be_writing()
