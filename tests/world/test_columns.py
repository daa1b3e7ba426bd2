"""The column types both databases understand the same way."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError, StatementError

from shared.domain.history import Event, EventKind, record
from shared.domain.organisations import Customer, Partner
from shared.domain.privileges import Privilege
from shared.domain.relationships import SearchTerm
from shared.domain.users import User
from shared.extensions import db
from shared.world.mailbox import Letter
from shared.world.rooms import Room
from tests.builders import newest_events
from tests.domain.test_search import list_of

ZONES = st.builds(lambda minutes: timezone(timedelta(minutes=minutes)), st.integers(-12 * 60, 14 * 60))


def an_event(**facts: Any) -> Event:
    """Something that happened just now."""
    record(EventKind.VIEW, by=None, **facts)
    [event] = newest_events()
    return event


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(when=st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1), timezones=ZONES))  # noqa: DTZ001 - zones are drawn
def test_a_moment_comes_back_as_the_same_moment_in_utc(when: datetime, room: Room) -> None:
    db.session.rollback()
    letter = an_event()
    letter.at = when
    db.session.flush()
    db.session.expire(letter)
    assert letter.at == when
    assert letter.at.tzinfo is UTC


def test_a_time_without_a_zone_is_refused(room: Room) -> None:
    event = an_event()
    event.at = datetime(2026, 1, 1)  # noqa: DTZ001 - this is the point
    with pytest.raises(StatementError, match="time zone"):
        db.session.flush()


def test_no_moment_stays_none(room: Room, mei: User) -> None:
    db.session.add(Letter(kind="moved", to_id=mei.id))
    db.session.flush()
    db.session.expire_all()
    assert db.session.scalars(select(Letter)).one().read_at is None


def test_a_word_is_stored_as_itself_and_nothing_else_is_one(room: Room, jade: Partner, delta: Customer) -> None:
    stored = set(db.session.connection().exec_driver_sql("SELECT service FROM privilege").scalars())
    assert stored == {"exchange", "sharepoint", "skype"}
    with pytest.raises((StatementError, DBAPIError)):
        db.session.execute(update(Privilege).values(service="fax"))


def test_keys_sort_by_code_point_on_either_database(lotus: Partner) -> None:
    words = ["zulu", "9 lives", "ärmel", "aa", "a b", "蓝", "a-b", "éa", "ab"]
    list_of(lotus, [(word, "x.example") for word in words])
    filed = db.session.scalars(select(SearchTerm.term).order_by(SearchTerm.term)).all()
    assert list(filed) == sorted(filed)
    assert set(words) <= set(filed)


def test_facts_come_back_as_they_were(room: Room) -> None:
    facts = {"old": "云", "new": None, "services": ["exchange"], "number": 1, "deep": {"yes": True}}
    assert an_event(**facts).facts == facts
