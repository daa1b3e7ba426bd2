"""Lists go by keyset."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Select, event, select

from shared.domain.history import Event, EventKind, record
from shared.extensions import db
from shared.world.pages import SIZE, page_of
from shared.world.rooms import Room
from tests.builders import newest_events


def asked_for() -> Select[tuple[Event]]:
    """What this test made, in the order it was made."""
    return select(Event).where(Event.kind == EventKind.VIEW).order_by(Event.id)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(number=st.integers(0, 4 * SIZE))
def test_pages_visit_every_row_once_in_order_whatever_their_number(number: int, room: Room) -> None:
    db.session.rollback()
    for _ in range(number):
        record(EventKind.VIEW, by=None)
    made = newest_events(number)
    db.session.flush()
    visited: list[Event] = []
    after: int | None = 0
    pages = 0
    while after is not None:
        page = page_of(asked_for().where(Event.id > after), key=lambda row: row.id)
        assert len(page.rows) <= SIZE
        visited += page.rows
        after, pages = page.next, pages + 1
    assert visited == made
    assert pages == max(1, -(-number // SIZE))


@pytest.mark.parametrize(("number", "leads_on"), [(0, False), (SIZE - 1, False), (SIZE, False), (SIZE + 1, True)])
def test_only_a_page_with_more_behind_it_leads_on(number: int, leads_on: bool, room: Room) -> None:
    for _ in range(number):
        record(EventKind.VIEW, by=None)
    page = page_of(asked_for(), key=lambda row: row.id)
    assert (page.next is not None) == leads_on
    assert len(page.rows) == min(number, SIZE)


def test_a_page_is_one_query(room: Room) -> None:
    for _ in range(SIZE + 1):
        record(EventKind.VIEW, by=None)
    db.session.flush()
    statements: list[str] = []

    def note(*said: object) -> None:
        statements.append(str(said[2]))

    event.listen(db.engine, "before_cursor_execute", note)
    page_of(asked_for(), key=lambda row: row.id)
    event.remove(db.engine, "before_cursor_execute", note)
    assert len(statements) == 1


def test_tuples_stay_tuples(room: Room) -> None:
    record(EventKind.VIEW, by=None)
    page = page_of(asked_for().with_only_columns(Event.id, Event.kind), key=lambda row: row.id, entities=False)
    assert [row.kind for row in page.rows] == [EventKind.VIEW]
