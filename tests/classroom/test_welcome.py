"""The front page."""

from sqlalchemy import select

from shared.domain.users import User
from shared.extensions import db
from shared.world import rooms
from shared.world.rooms import Room
from tests.builders import room_with
from tests.test_isolation import fingerprint, token
from tests.visitor import Visitor


def test_one_button_opens_a_furnished_room(stranger: Visitor) -> None:
    before = set(db.session.scalars(select(Room.key)))
    page = stranger.open("/").press("Open a rehearsal room")
    [key] = set(db.session.scalars(select(Room.key))) - before
    assert (page.status, page.path) == (200, f"/w/{key}/")
    with rooms.inside(room_with(key)):
        people = list(db.session.scalars(select(User)))
    assert len(people) == 19
    assert len(page.soup.select(".persona")) == 19


def test_the_button_draws_no_new_window_for_it_opens_none(stranger: Visitor) -> None:
    assert stranger.open("/").soup.select("main [href$='#open']") == []


def test_every_press_opens_a_room_of_its_own(stranger: Visitor) -> None:
    front = stranger.open("/")
    assert len({front.press("Open a rehearsal room").path for _ in range(3)}) == 3


def test_keys_cannot_be_guessed(stranger: Visitor) -> None:
    front = stranger.open("/")
    keys = {front.press("Open a rehearsal room").path.split("/")[2] for _ in range(5)}
    assert len(keys) == 5
    assert all(len(key) >= 22 for key in keys)


def test_opening_the_page_opens_no_room(stranger: Visitor) -> None:
    before = fingerprint()
    assert stranger.open("/").status == 200
    assert stranger.open("/rooms").status == 405
    assert fingerprint() == before


def test_a_room_is_not_opened_for_somebody_elses_form(stranger: Visitor) -> None:
    before = fingerprint()
    assert stranger.send("/rooms", {}).status == 400
    assert stranger.send("/rooms", {"csrf_token": token(stranger.open("/")) + "x"}).status == 400
    assert fingerprint() == before


def test_every_component_can_be_seen_on_one_page(stranger: Visitor) -> None:
    page = stranger.open("/components")
    assert page.status == 200
    assert page.soup.select(".button.blocked")
    assert page.errors
