"""How Alembic reaches the database: through the app, and on SQLite with foreign keys asleep while tables are rebuilt."""

from typing import Any

import sqlalchemy as sa
from alembic import context
from flask import current_app

from shared.world.columns import Moment

db = current_app.extensions["migrate"].db
settings = current_app.extensions["migrate"].configure_args


def plain_types(kind: str, item: Any, _autogenerate: Any) -> Any:
    """A migration says what the database holds; it does not change when our words for it do."""
    if kind == "type" and isinstance(item, Moment):
        return "sa.DateTime()"
    if kind == "type" and isinstance(item, sa.Enum):
        return f"sa.String(length={item.length})"
    return False


def run() -> None:
    """Bring the schema to where it was asked to be, whole or not at all."""
    with db.engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        raw = connection.connection.dbapi_connection
        if sqlite:  # outside any transaction, or it has no effect
            raw.execute("PRAGMA foreign_keys=OFF")
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            transactional_ddl=True,
            render_item=plain_types,
            **settings,
        )
        with context.begin_transaction():
            context.run_migrations()
            if sqlite and (dangling := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()):
                raise RuntimeError(f"the migration left dangling foreign keys: {dangling[:5]}")
        if sqlite:
            raw.execute("PRAGMA foreign_keys=ON")


run()
