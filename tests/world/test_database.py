"""Who may write when."""

from collections.abc import Callable, Iterator
from threading import Barrier, Event, Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, delete, insert, select, text, update

from shared.domain import history, privileges
from shared.domain.history import EventKind
from shared.domain.organisations import Customer
from shared.domain.users import User
from shared.extensions import db
from shared.world import database, rooms
from shared.world.database import WriteWhileReading
from shared.world.questions import Question
from shared.world.rooms import Room
from tests.builders import room_with
from tests.conftest import the
from tests.databases import ON_POSTGRESQL
from tests.domain.conftest import fingerprint

AS_IT_RUNS = database.PRAGMAS  # the tests themselves wait for no disk
ROOMS = Question(select(Room.id))


@pytest.fixture
def reading(room: Room) -> Iterator[None]:
    """While a page is only opened."""
    db.session.rollback()
    database.start(writing=False)
    yield
    database.start(writing=True)


def make() -> None:
    """A new row."""
    db.session.add(Customer(name="New", domain="new.example"))


def change() -> None:
    """A changed row."""
    the(Customer, "Blue Kiln").name = "Red Kiln"


def remove() -> None:
    """A row gone."""
    db.session.delete(the(Customer, "Cedar Clinic"))


def write_and_fail() -> None:
    """Something goes wrong after the first row."""
    with database.writing():
        make()
        db.session.flush()
        raise ZeroDivisionError


@pytest.mark.rule("R23", "R30")
@pytest.mark.parametrize("write", [make, change, remove])
def test_opening_a_page_writes_nothing(write: Callable[[], None], reading: None, room: Room) -> None:
    before = fingerprint(room)
    write()
    with pytest.raises(WriteWhileReading):
        db.session.flush()
    db.session.rollback()
    assert fingerprint(room) == before


@pytest.mark.parametrize(
    "statement",
    [
        update(Customer).values(market="US"),
        delete(Customer),
        insert(Customer).values(name="New", domain="new.example", microsoft_id="1", market="CN"),
    ],
    ids=["update", "delete", "insert"],
)
def test_opening_a_page_writes_nothing_by_statement_either(statement: object, reading: None) -> None:
    with pytest.raises(WriteWhileReading):
        db.session.execute(statement)  # type: ignore[call-overload]


def test_opening_a_page_may_read_and_look_at_what_it_read(reading: None) -> None:
    customer = the(Customer, "Blue Kiln")
    customer.name = str(customer.name)
    db.session.flush()
    assert customer in db.session.scalars(select(Customer)).all()


def test_a_small_transaction_of_its_own_writes_even_while_reading(reading: None, room: Room) -> None:
    with database.writing():
        the(Customer, "Blue Kiln").name = "Red Kiln"
    db.session.rollback()
    assert the(Customer, "Red Kiln")
    make()
    with pytest.raises(WriteWhileReading):
        db.session.flush()


def test_a_small_transaction_that_fails_leaves_nothing_and_reading_goes_on(reading: None) -> None:
    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    assert db.session.query(Customer).count() == 4
    make()
    with pytest.raises(WriteWhileReading):
        db.session.flush()


def test_a_small_transaction_begins_afresh_and_not_with_what_went_before(room: Room) -> None:
    make()
    with database.writing():
        change()
    assert {customer.name for customer in db.session.scalars(select(Customer))} == {
        "Red Kiln",
        "Cedar Clinic",
        "Delta Foods",
        "Pine Logistics",
    }


@pytest.mark.skipif(ON_POSTGRESQL, reason="PostgreSQL locks rows, not the file")
def test_on_sqlite_a_writer_takes_the_lock_before_it_reads(app: Flask, room: Room) -> None:
    key, read, order = room.key, Event(), list[str]()
    db.session.rollback()

    def writer(name: str, wait_for: Event) -> None:
        with app.app_context():
            wait_for.wait(5)
            found = db.session.scalars(select(Room).where(Room.key == key)).one()
            read.set()
            Event().wait(0.3)
            order.append(f"{name} saw {found.name}")
            found.name = name
            db.session.commit()

    start = Event()
    start.set()
    threads = [Thread(target=writer, args=("first", start)), Thread(target=writer, args=("second", read))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(15)
    assert order[1:] == ["second saw first"]


@pytest.mark.skipif(ON_POSTGRESQL, reason="pragmas are SQLite's")
@pytest.mark.parametrize(
    ("pragma", "value"), [("foreign_keys", 1), ("journal_mode", "wal"), ("synchronous", 2), ("busy_timeout", 5000)]
)
def test_sqlite_is_opened_so_that_keys_hold_and_nothing_acknowledged_is_lost(
    pragma: str, value: object, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "PRAGMAS", AS_IT_RUNS)
    db.session.commit()
    engine = create_engine(db.engine.url)
    with engine.connect() as connection:
        assert connection.execute(text(f"PRAGMA {pragma}")).scalar() == value
    engine.dispose()


def test_the_first_two_who_only_read_share_one_way_to_the_database(
    app: Flask, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    start, made, ways = Barrier(2), list[Engine](), set[Engine]()
    engine, real = create_engine(db.engine.url), database.create_engine

    def slowly(*arguments: Any, **options: Any) -> Engine:
        Event().wait(0.1)  # long enough for the other to ask as well
        made.append(real(*arguments, **options))
        return made[-1]

    def read() -> None:
        start.wait(5)
        ways.add(database._reading(engine))

    monkeypatch.setattr(database, "create_engine", slowly)
    threads = [Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)
    engine.dispose()
    assert ways == set(made)
    assert len(made) == 1


def test_what_is_slow_is_done_while_nobody_waits_and_what_was_read_is_read_anew(app: Flask, room: Room) -> None:
    kiln, here = the(Customer, "Blue Kiln"), rooms.here()

    def other() -> None:
        with app.app_context(), rooms.inside(here):
            change()
            db.session.commit()

    with database.aside():
        with pytest.raises(WriteWhileReading):
            database.must_be_writing()
        thread = Thread(target=other)
        thread.start()
        thread.join(3)
    assert kiln.name == "Red Kiln"
    make()
    db.session.flush()


@pytest.mark.skipif(ON_POSTGRESQL, reason="PostgreSQL readers never wait anyway")
def test_on_sqlite_a_reader_does_not_wait_for_a_writer(app: Flask, room: Room) -> None:
    key, names = room.key, list[str]()
    change()
    db.session.flush()

    def read() -> None:
        database.start(writing=False)
        with app.app_context():
            rooms.enter(room_with(key))
            names.extend(db.session.scalars(select(Customer.name)))

    thread = Thread(target=read)
    thread.start()
    thread.join(3)
    assert "Blue Kiln" in names


@pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite is a file, nobody ends its connections")
def test_on_postgresql_a_reader_that_was_cut_off_asks_again(room: Room, reading: None) -> None:
    assert ROOMS.ask()
    number = database.line().driver.dbapi_connection.info.backend_pid  # type: ignore[union-attr]
    engine = create_engine(db.engine.url)
    with engine.connect() as other:
        other.execute(text(f"SELECT pg_terminate_backend({number})"))
    engine.dispose()
    assert ROOMS.ask()


@pytest.mark.skipif(not ON_POSTGRESQL, reason="on SQLite one writes at a time")
@pytest.mark.parametrize(
    "lock", [rooms.lock, lambda: privileges.lock(the(Customer, "Blue Kiln"))], ids=["room", "tenant"]
)
def test_on_postgresql_whoever_writes_down_what_happened_waits_for_no_lock_of_ours(
    app: Flask, room: Room, lock: Callable[[], None]
) -> None:
    here, kept = rooms.here(), list[str]()

    def note() -> None:
        with app.app_context(), rooms.inside(here):
            db.session.execute(text("SET LOCAL lock_timeout = '2s'"))
            mei = the(User, "Mei Zhou")
            history.record(EventKind.VIEW, by=mei, customer=mei.customer)
            db.session.commit()
            kept.append("written")

    lock()
    thread = Thread(target=note)
    thread.start()
    thread.join(5)
    assert kept == ["written"]
