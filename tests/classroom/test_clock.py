"""The clock of a room, and the page that moves it."""

from datetime import timedelta
from typing import Any

import pytest

from shared.domain import subscription_changes
from shared.domain.organisations import Customer, Partner
from shared.domain.subscription_changes import SuspendReason
from shared.domain.subscriptions import Status, Subscription
from shared.domain.users import User
from shared.extensions import db
from shared.world import clock, rooms
from shared.world.calendar import today
from tests.builders import buys, room_with
from tests.conftest import the
from tests.visitor import Visitor, words


@pytest.fixture
def suspended(delta: Customer) -> Subscription:
    """What Jade sold to Delta Foods, suspended today."""
    sold = db.session.query(Subscription).filter_by(customer_id=delta.id).one()
    subscription_changes.suspend(sold, SuspendReason.CUSTOMER_REQUEST, by=the(User, "Jonas Falk"))
    return sold


def time_of(visitor: Visitor) -> Any:
    """What time the room has it now, read anew."""
    rooms.enter(room_with(visitor.room.removeprefix("/w/")))
    return clock.now()


@pytest.mark.rule("S7")
def test_the_page_says_what_comes_next_and_goes_there(stranger: Visitor, suspended: Subscription) -> None:
    page = stranger.open(f"{stranger.room}/clock")
    assert page.rows()[0][1:3] == ["Delta Foods", "Jade IT"]
    page = page.press("To what happens next")
    assert "1 thing happened" in page.notices[0]
    time_of(stranger)
    db.session.refresh(suspended)
    assert (suspended.status, suspended.deleted_at) == (Status.DELETED, suspended.gone_at)


@pytest.mark.rule("S2", "R3")
def test_what_comes_next_is_told_apart_by_who_sold_it_and_how_much(
    stranger: Visitor, kiln: Customer, lotus: Partner, jade: Partner
) -> None:
    for seller, seats in ((lotus, 1), (jade, 7), (jade, 8)):
        buys(kiln, "e3", seller, seats=seats)
    rows = stranger.open(f"{stranger.room}/clock").rows()
    assert [row[2:4] for row in rows if "E3" in row[3] and row[1] == "Blue Kiln"] == [
        ["Lotus Cloud", "Office 365 Enterprise E3 1 licence"],
        ["Jade IT", "Office 365 Enterprise E3 7 licences"],
        ["Jade IT", "Office 365 Enterprise E3 8 licences"],
    ]


def test_two_that_are_alike_are_told_apart_by_their_numbers_before_the_jump_and_after_it(
    stranger: Visitor, kiln: Customer, lotus: Partner
) -> None:
    twins = [buys(kiln, "e3", lotus, seats=7) for _ in range(2)]
    said = [f"Office 365 Enterprise E3 7 licences, ID {twin.microsoft_id[:8]}…" for twin in twins]
    page = stranger.open(f"{stranger.room}/clock")
    assert [row[3] for row in page.rows() if row[2] == "Lotus Cloud"] == said
    page = page.press("Go to this day", to=str(today() + timedelta(days=370)))
    assert [row[3] for row in page.rows() if row[2] == "Lotus Cloud"][:2] == said


@pytest.mark.rule("S2", "S7")
def test_what_the_jump_brought_about_is_named_and_one_goes_and_reads_it(
    stranger: Visitor, suspended: Subscription, kiln: Customer
) -> None:
    page = stranger.open(f"{stranger.room}/clock")
    assert page.soup.find(id="done") is None
    to = suspended.gone_at + timedelta(days=300)  # type: ignore[operator]
    page = page.press("Go to this day", to=str(to.date()))
    assert [row[1:] for row in page.rows()] == [
        [
            "Delta Foods",
            "Jade IT",
            "Office 365 Enterprise E3 40 licences",
            "All data is deleted and licences are freed",
        ],
        [
            "Pine Logistics",
            "21Vianet",
            "Office 365 Business Essentials 12 licences",
            "The term ends and the next one begins",
        ],
        ["Blue Kiln", "21Vianet", "Office 365 Enterprise E1 25 licences", "The term ends and the next one begins"],
    ]
    door = page.follow("Office 365 Enterprise E3")
    there = door.press_form(door.path, person_id=str(the(User, "Jonas Falk").id))
    assert there.heading == "Office 365 Enterprise E3"
    assert page.press("One day").soup.find(id="done") is None


@pytest.mark.rule("S2")
def test_of_much_that_happened_the_first_is_named_and_the_rest_counted(stranger: Visitor, kiln: Customer) -> None:
    for number in range(13):
        sold = buys(kiln, "e3")
        sold.nickname = f"Sold {number:02}"
    page = stranger.open(f"{stranger.room}/clock")
    page = page.press("Go to this day", to=str(today() + timedelta(days=370)))
    assert len(page.rows()) == 10
    assert "6 more" in page.text


@pytest.mark.parametrize(("button", "days"), [("One day", 1), ("One week", 7), ("One month", 28)])
def test_one_press_moves_the_clock_so_far(stranger: Visitor, button: str, days: int) -> None:
    before = clock.now()
    assert stranger.open(f"{stranger.room}/clock").press(button).status == 200
    assert time_of(stranger) - before >= timedelta(days=days)


def test_pressed_twice_the_clock_moves_once_and_says_so(stranger: Visitor) -> None:
    page, before = stranger.open(f"{stranger.room}/clock"), clock.now()
    page.press("One week")
    again = page.press("One week")
    assert (again.status, again.errors) == (
        422,
        ["The clock was moved meanwhile. Look what time it is, then decide again."],
    )
    assert words(again.soup.select_one(".error-summary li")).startswith("Move the clock: ")  # as the page calls it
    assert timedelta(days=7) <= time_of(stranger) - before < timedelta(days=8)
    assert again.press("One day").status == 200
    assert time_of(stranger) - before >= timedelta(days=8)


def test_the_clock_goes_to_the_beginning_of_a_day_that_is_to_come(stranger: Visitor) -> None:
    page, day = stranger.open(f"{stranger.room}/clock"), today()
    for wrong in ("", "yesterday", str(day), str(day - timedelta(days=1)), "9999-12-31"):
        answer = page.press("Go to this day", to=wrong)
        assert (answer.status, bool(answer.errors)) == (422, True), wrong
    assert page.press("Go to this day", to=str(day + timedelta(days=9))).status == 200
    time_of(stranger)
    assert today() == day + timedelta(days=9)


@pytest.mark.rule("S7")
def test_what_fell_due_is_written_down_before_the_next_act(
    visit: Any, stranger: Visitor, suspended: Subscription
) -> None:
    gone = suspended.gone_at
    assert gone is not None
    clock.advance(gone - clock.now())
    stranger.open(f"{stranger.room}/settings").press("Save")
    db.session.refresh(suspended)
    assert suspended.deleted_at == gone
