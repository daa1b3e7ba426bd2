"""What the packages alone cost: the plainest form that can be written with those Counterpart is made of.

Who signed in is asked for, the form's token and fields are checked, three rows are written and one is changed in one
transaction that survives a power cut; then a redirect. No room, no rule, no history, no letter. Served with the command
line that serves Counterpart; BENCH_PLAIN names the database.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

from flask import Flask, redirect
from flask_login import LoginManager, UserMixin, current_user, login_required
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect, FlaskForm
from sqlalchemy import Column, ForeignKey, Integer, String, bindparam, insert, update
from wtforms import BooleanField, SelectMultipleField
from wtforms.validators import InputRequired

from shared.domain.services import Service
from shared.web.forms import choices
from shared.world import database as _like_ours  # noqa: F401 - SQLite is opened, and begins to write, as it does there

from .load import encode
from .stage import SECRET, signed_in

ACCEPT = "/accept"
PEOPLE = 200

db = SQLAlchemy()


class Person(UserMixin, db.Model):  # type: ignore[name-defined, misc]
    """Who signs in, and how often they accepted."""

    __tablename__ = "plain_person"
    id = Column(Integer, primary_key=True)
    times = Column(Integer, nullable=False)


class Given(db.Model):  # type: ignore[name-defined, misc]
    """What they gave."""

    __tablename__ = "plain_given"
    id = Column(Integer, primary_key=True)
    by_id = Column(ForeignKey(Person.id), nullable=False, index=True)
    service = Column(String(40), nullable=False)


class AcceptForm(FlaskForm):  # type: ignore[misc]
    """As little as accepting asks."""

    services = SelectMultipleField(choices=choices((service.value, service.value) for service in Service))
    agreed = BooleanField(validators=[InputRequired()])


GIVE = insert(Given.__table__)
COUNT = update(Person.__table__).where(Person.__table__.c.id == bindparam("who")).values(times=Person.times + 1)


def create_app(address: str) -> Flask:
    """One address, which takes a form and redirects."""
    app = Flask(__name__, static_folder=None)
    app.config.update(SECRET_KEY=SECRET, SQLALCHEMY_DATABASE_URI=address)
    db.init_app(app)
    CSRFProtect(app)
    LoginManager(app).user_loader(lambda number: db.session.get(Person, int(number)))
    app.add_url_rule(ACCEPT, "accept", login_required(_accept), methods=["POST"])
    return app


def _accept() -> Any:
    form = AcceptForm()
    if not form.validate():
        return form.errors, 422
    for service in form.services.data or ():
        db.session.execute(GIVE, {"by_id": current_user.id, "service": service})
    db.session.execute(COUNT, {"who": current_user.id})
    db.session.commit()
    return redirect("/done")


def furnish(address: str) -> list[bytes]:
    """Tables of its own and people in this database; the form each of them sends, again and again."""
    app = create_app(address)
    with at(app):
        db.create_all()
        db.session.add_all(Person(times=0) for _ in range(PEOPLE))
        db.session.commit()
        numbers = list(db.session.scalars(db.select(Person.id)))
    return [_form(app, number) for number in numbers]


@contextmanager
def at(app: Flask) -> Iterator[None]:
    """At its database, which is closed afterwards."""
    with app.app_context():
        yield
        db.session.remove()
        db.engine.dispose()


def _form(app: Flask, number: int) -> bytes:
    cookie, token = signed_in(app, ACCEPT, number)
    form = {"csrf_token": token, "services": [service.value for service in Service], "agreed": "y"}
    return encode("POST", ACCEPT, cookie=cookie, body=urlencode(form, doseq=True).encode())


def __getattr__(name: str) -> Any:
    """`tests.bench.plain:app` is built when a server asks for it."""
    if name == "app":
        globals()["app"] = create_app(os.environ["BENCH_PLAIN"])
        return globals()["app"]
    raise AttributeError(name)
