"""The extensions, created bare; `app.build_app()` binds them."""

from collections.abc import Sequence
from contextlib import suppress
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from flask_babel import Babel
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from flask_wtf import CSRFProtect
from sqlalchemy import MetaData
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, InstanceState


class Base(DeclarativeBase):
    """Every constraint has a name, so that a later migration can change it on either database."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class LightSession(Session):
    """The session of one request. Most pages that only show something do without: whoever comes waits at its door."""

    waiting: ContextVar[Sequence[InstanceState[Any]]] = ContextVar("waiting", default=())

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for state in self.waiting.get():
            self.take_in(state)
        self.waiting.set(())

    def take_in(self, state: InstanceState[Any]) -> None:
        """Hold an entity as if it had been loaded here."""
        state.session_id = self.hash_key
        self.identity_map.add(state)

    def close(self) -> None:
        """Give back what was begun; where nothing was, what was only taken in goes with the session.

        What was begun in a database that has gone away meanwhile is gone as well.
        """
        if self.in_transaction():
            with suppress(SQLAlchemyError):
                super().close()


# What was loaded stays readable after a commit: routes commit, say so, and redirect without asking again.
db = SQLAlchemy(model_class=Base, session_options={"class_": LightSession, "expire_on_commit": False})
babel = Babel()
csrf = CSRFProtect()
login_manager = LoginManager()
migrate = Migrate(directory="shared/migrations", render_as_batch=True, compare_type=True)

if TYPE_CHECKING:

    class Model(Base):
        """What the type checker sees of `db.Model`."""

        __abstract__ = True
else:
    Model = db.Model
