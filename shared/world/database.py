"""How the two databases are spoken to: who may write when, and how SQLite is opened."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock, local
from time import monotonic, sleep
from typing import Any, NamedTuple, cast
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection, QueuePool

from ..extensions import db

_may_write: ContextVar[bool] = ContextVar("may_write", default=True)
_upon_turn: ContextVar["UponTurn | None"] = ContextVar("upon_turn", default=None)
_perhaps_done: ContextVar[bool] = ContextVar("perhaps_done", default=False)

PATIENCE = 5  # seconds to wait for one's turn to write
KNOCK_EVERY = 0.0002

# What readers ask again and again is written for one plan, a range of an index, and planning it anew takes PostgreSQL
# up to ten times as long as doing it.
PLANNED_ONCE = "-c plan_cache_mode=force_generic_plan"

PRAGMAS = (
    "foreign_keys=ON",
    "journal_mode=WAL",
    "synchronous=FULL",  # what was acknowledged survives a power cut
    f"busy_timeout={PATIENCE * 1000}",
    "cache_size=-16000",
    "temp_store=MEMORY",
)


class WriteWhileReading(RuntimeError):
    """A page that only shows something tried to change something."""


class NoTurn(RuntimeError):
    """Somebody else wrote for longer than one waits; nothing was begun."""


class Line(NamedTuple):
    """A cursor of the driver's connection, what it speaks, and what it belongs to: a transaction, or an engine."""

    cursor: DBAPICursor
    dialect: Dialect
    of: SessionTransaction | Engine | None
    driver: PoolProxiedConnection


class OfThread(local):
    """What each thread has for itself: its line for reading, for good, as readers leave nothing behind there."""

    reader: Line | None = None


_mine = OfThread()

UponTurn = Callable[[Line], None]


def start(*, writing: bool, upon_turn: UponTurn | None = None) -> None:
    """Say whether what follows may write: a page that is only opened may not.

    On SQLite one writes at a time. `upon_turn` is called once, when this one's turn has come: time to see whether what
    was read before still holds. PostgreSQL lets everybody write, and wait only for the row somebody else is changing.
    """
    _may_write.set(writing)
    _upon_turn.set(upon_turn)
    _perhaps_done.set(False)


def perhaps_done() -> bool:
    """Whether what was begun since `start` may stand by now: its end was told the database, whatever came of that."""
    return _perhaps_done.get()


def gone(line: Line) -> bool:
    """Whether a reader's other end went away, as PostgreSQL may; whoever asks for a line then gets another one."""
    if line is not _mine.reader or not getattr(line.driver.dbapi_connection, "closed", False):
        return False
    _mine.reader = None
    line.driver.invalidate()
    return True


def line() -> Line:
    """How to reach the database: the session's own connection while writing; one without a transaction else."""
    if not _may_write.get():
        kept = _mine.reader
        return kept if kept and kept.of is db.engine else _borrowed(db.engine)
    session = db.session()
    session.flush()  # what was changed before is seen
    held: Line | None = session.info.get("line")
    if held is None or held.of is not session.get_transaction():
        driver = session.connection().connection
        held = Line(driver.cursor(), session.get_bind().dialect, session.get_transaction(), driver)
        session.info["line"] = held
    return held


def _borrowed(engine: Engine) -> Line:
    """This thread's own from now on."""
    reader = _reading(engine)
    driver = reader.raw_connection()
    _mine.reader = kept = Line(driver.cursor(), reader.dialect, engine, driver)
    return kept


_readers: WeakKeyDictionary[Engine, Engine] = WeakKeyDictionary()
_one_reader = Lock()  # two who ask at once for the first time must not each make one


def _reading(engine: Engine) -> Engine:
    """The same database, each question a transaction of its own: PostgreSQL is spared two ways there and back."""
    with _one_reader:
        if (reader := _readers.get(engine)) is None:
            how: dict[str, Any] = {"isolation_level": "AUTOCOMMIT", "pool_reset_on_return": None, "pool_pre_ping": True}
            how |= {"poolclass": QueuePool, "pool_size": 0}  # as many as there are threads
            if engine.dialect.name == "postgresql":
                how["connect_args"] = {"options": f"{engine.url.query.get('options', '')} {PLANNED_ONCE}"}
            reader = _readers[engine] = create_engine(engine.url, **how)
        return reader


@event.listens_for(Engine, "engine_disposed")
def dispose_of_its_reader(engine: Engine) -> None:
    """Whoever closes a database closes it for readers too."""
    if (kept := _mine.reader) and kept.of is engine:
        _mine.reader = None
        kept.driver.close()
    if reader := _readers.pop(engine, None):
        reader.dispose()


def writers_queue() -> bool:
    """Whether only one writes at a time anyway, as on SQLite, so that no row need be locked."""
    return db.engine.dialect.name == "sqlite"


def must_be_writing() -> None:
    """Refuses with WriteWhileReading where a page is only being read."""
    if not _may_write.get():
        raise WriteWhileReading("opening a page never changes anything")


@contextmanager
def writing() -> Iterator[None]:
    """A small transaction of its own, even while a page is only being read; commits at the end."""
    db.session.rollback()
    before, done = _may_write.set(True), _perhaps_done.get()
    _upon_turn.set(None)  # it stands by itself
    try:
        yield
        db.session.commit()
    finally:
        db.session.rollback()
        _may_write.reset(before)
        _perhaps_done.set(done)


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
        if _may_write.get():
            _begin_to_write(plain)
        else:
            plain.execute("BEGIN")


def _begin_to_write(plain: sqlite3.Connection) -> None:
    """SQLite itself would knock less and less often: the turn passes unused, and the unlucky starve.

    Refuses with NoTurn.
    """
    give_up = monotonic() + PATIENCE
    plain.execute("PRAGMA busy_timeout=0")
    try:
        while True:
            try:
                plain.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                    raise
                if monotonic() > give_up:
                    raise NoTurn from error
                sleep(KNOCK_EVERY)
    finally:
        plain.execute(f"PRAGMA busy_timeout={PATIENCE * 1000}")


@event.listens_for(Session, "after_begin")
def take_turn(_session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    """SQLite's writers have waited until here."""
    if (upon_turn := _upon_turn.get()) and connection.dialect.name == "sqlite":
        _upon_turn.set(None)
        upon_turn(Line(connection.connection.cursor(), connection.dialect, None, connection.connection))


@event.listens_for(Session, "before_commit")
def keep_in_mind(_session: Session) -> None:
    """Should the answer break after this, or the database in the middle of it, nobody may say that nothing changed."""
    _perhaps_done.set(True)


@event.listens_for(Session, "before_flush")
def refuse_writes_while_reading(session: Session, *_: object) -> None:
    if session.new or session.deleted or any(session.is_modified(o) for o in session.dirty):
        must_be_writing()


@event.listens_for(Session, "do_orm_execute")
def refuse_statements_that_write_while_reading(execution: ORMExecuteState) -> None:
    if execution.is_insert or execution.is_update or execution.is_delete:
        must_be_writing()
