"""What a migration works out for the rows it finds."""

from typing import Any

from flask_migrate import downgrade, upgrade
from sqlalchemy import select

from shared.extensions import db
from tests.conftest import furnished_room
from tests.databases import MIGRATIONS, Template
from wsgi import create_app


def every_row() -> dict[str, list[Any]]:
    """By table, column by column, for a column made anew is the last of its table."""
    tables = db.metadata.sorted_tables
    found = {table.name: sorted(map(repr, db.session.execute(select(table)))) for table in tables}
    db.session.remove()
    return found


def test_the_newest_migration_taken_back_and_made_again_finds_every_row_as_it_was(database: Template) -> None:
    with database.copy() as address:
        app = create_app(DATABASE_URL=address, SECRET_KEY="a test")
        with app.app_context():
            furnished_room()
            before = every_row()
            downgrade(MIGRATIONS)
            upgrade(MIGRATIONS)
            assert every_row() == before
            db.engine.dispose()
    assert len(before["search_term"]) > 1
