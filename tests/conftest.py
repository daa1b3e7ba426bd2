"""A fresh app, a furnished room and the cast, for every test."""

import gc
from collections.abc import Iterator
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import select

from shared.classroom import starters
from shared.domain import passwords
from shared.domain.organisations import Customer, Partner
from shared.domain.users import User
from shared.extensions import db
from shared.world import database as speaking
from shared.world import rooms
from shared.world.rooms import Room
from wsgi import create_app

from .databases import Snapshot, Template, template
from .visitor import Visitor


@pytest.fixture(scope="session", autouse=True)
def _nothing_slow_on_purpose() -> Iterator[None]:
    """What hashing costs is no matter of these tests, and nothing here has to outlive a power cut."""
    gc.set_threshold(100_000, 20, 50)  # pages are taken apart into very many, very small objects
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        patch.setattr(speaking, "PRAGMAS", (*speaking.PRAGMAS, "synchronous=OFF"))
        yield


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Template]:
    """Migrated once, empty; for whoever needs a database that nobody else has seen."""
    with template(tmp_path_factory.mktemp("database")) as migrated:
        yield migrated


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, database: Template) -> Iterator[Flask]:
    """One app on one database for the whole run: making them costs more than a test."""
    with database.copy() as address:
        app = create_app(instance=tmp_path_factory.mktemp("instance"), SECRET_KEY="a test", DATABASE_URL=address)
        app.testing = True
        yield app
        with app.app_context():
            db.engine.dispose()


@pytest.fixture(scope="session")
def as_furnished(site: Flask) -> Snapshot:
    """The database of the site with one room in it."""
    with site.app_context():
        furnished_room()
        db.session.remove()
        return Snapshot(db.engine)


@pytest.fixture
def app(site: Flask, as_furnished: Snapshot) -> Flask:
    """The site, with one furnished room and nothing else."""
    as_furnished.put_back()
    return site


@pytest.fixture
def room(app: Flask) -> Iterator[Room]:
    """The room with the starter cast, and us inside it, as a script would be."""
    with app.app_context():
        made = db.session.scalars(select(Room)).one()
        with rooms.inside(made):
            yield made
        db.session.rollback()


def furnished_room() -> Room:
    """Another room with the same cast."""
    made = rooms.open_room()
    with rooms.inside(made):
        starters.furnish()
        db.session.commit()
    return made


def the(kind: type[Any], name: str) -> Any:
    """The partner, customer or user of this room with this name."""
    return db.session.scalars(select(kind).where(kind.name == name)).one()


@pytest.fixture
def lotus(room: Room) -> Partner:
    """A direct reseller."""
    return the(Partner, "Lotus Cloud")


@pytest.fixture
def jade(room: Room) -> Partner:
    """A direct reseller, the rival; administers all of Delta Foods."""
    return the(Partner, "Jade IT")


@pytest.fixture
def harbor(room: Room) -> Partner:
    """An indirect provider."""
    return the(Partner, "Harbor Distribution")


@pytest.fixture
def reed(room: Room) -> Partner:
    """An indirect reseller of Harbor."""
    return the(Partner, "Reed Services")


@pytest.fixture
def willow(room: Room) -> Partner:
    """An advisor."""
    return the(Partner, "Willow Advisory")


@pytest.fixture
def kiln(room: Room) -> Customer:
    """A customer that bought one subscription from 21Vianet itself and has no partner."""
    return the(Customer, "Blue Kiln")


@pytest.fixture
def delta(room: Room) -> Customer:
    """A customer of Jade IT."""
    return the(Customer, "Delta Foods")


@pytest.fixture
def lin(room: Room) -> User:
    """Admin agent of Lotus."""
    return the(User, "Lin Chen")


@pytest.fixture
def mei(room: Room) -> User:
    """Global admin of Blue Kiln."""
    return the(User, "Mei Zhou")


@pytest.fixture
def dana(room: Room) -> User:
    """Global admin of Delta Foods."""
    return the(User, "Dana Weiss")


@pytest.fixture
def visit(app: Flask, room: Room) -> Any:
    """A person at a browser of their own: `visit("Mei Zhou")`, signed in to their portal."""

    def sit_down(name: str, **headers: str) -> Visitor:
        return Visitor(app, room.key, the(User, name), headers)

    return sit_down


@pytest.fixture
def stranger(app: Flask, room: Room) -> Visitor:
    """Somebody who knows the room's address and has signed in nowhere."""
    return Visitor(app, room.key)
