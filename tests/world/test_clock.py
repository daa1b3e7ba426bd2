"""The room's clock."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.extensions import db
from shared.world import clock, rooms
from shared.world.rooms import Room
from tests.conftest import furnished_room


def test_a_new_room_shows_the_time_of_the_world_in_utc_to_the_second(room: Room) -> None:
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=2)
    assert clock.now().utcoffset() == timedelta()
    assert clock.now().microsecond == 0


def test_advancing_one_rooms_clock_leaves_the_other_alone(room: Room) -> None:
    other = furnished_room()
    clock.advance(timedelta(days=60))
    clock.advance(timedelta(days=1))
    db.session.commit()
    db.session.expire_all()
    assert clock.now() - datetime.now(UTC) > timedelta(days=60, hours=23)
    with rooms.inside(other):
        assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=2)


def test_the_clock_does_not_go_back(room: Room) -> None:
    clock.advance(timedelta())
    with pytest.raises(ValueError, match="back"):
        clock.advance(timedelta(seconds=-1))
    assert room.clock_ahead == timedelta()


def test_outside_a_room_there_is_no_time(room: Room) -> None:
    rooms.enter(None)
    with pytest.raises(rooms.NoRoom):
        clock.now()
    rooms.enter(rooms.facts_of(room))
