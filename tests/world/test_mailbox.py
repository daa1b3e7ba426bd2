"""Post that never leaves the room."""

from threading import Event, Thread

import pytest
from flask import Flask
from sqlalchemy import literal, select

from shared.domain.users import User
from shared.extensions import db
from shared.world import clock, mailbox, rooms
from shared.world.mailbox import MOST, Letter, letters_for, post, unread_by, unread_counts
from shared.world.pages import SIZE
from shared.world.rooms import Room
from tests.builders import room_with
from tests.conftest import furnished_room, the


def unread(user_id: int) -> int:
    """How many letters one person has not read."""
    mine = unread_by(literal(user_id), literal(rooms.here_id()))
    return db.session.execute(select(mine)).scalar_one()


@pytest.mark.rule("R18")
def test_a_letter_lies_in_one_inbox_with_its_facts_and_its_sender(lin: User, mei: User, dana: User) -> None:
    assert post("invitation", to=mei.id, sender=lin.id, partner=1, paragraphs=["Dear Mei,"])
    [letter] = letters_for(mei.id).rows
    assert (letter.kind, letter.sender, letter.facts) == (
        "invitation",
        lin,
        {"partner": 1, "paragraphs": ["Dear Mei,"]},
    )
    assert abs((letter.sent_at - clock.now()).total_seconds()) < 5
    assert letters_for(dana.id).rows == letters_for(lin.id).rows == []


@pytest.mark.rule("R18")
def test_post_of_another_room_is_not_seen_here(room: Room, mei: User) -> None:
    other = furnished_room()
    with rooms.inside(other):
        theirs = the(User, "Mei Zhou").id
        post("accepted", to=theirs)
        db.session.commit()
    assert letters_for(theirs).rows == []
    assert unread_counts([theirs]) == {}
    assert unread(theirs) == 0


@pytest.mark.rule("R18")
def test_one_press_of_a_button_is_one_letter(mei: User, dana: User) -> None:
    assert post("invitation", to=mei.id, once="press")
    assert not post("invitation", to=mei.id, once="press")
    assert post("invitation", to=mei.id, once="another press")
    assert post("invitation", to=dana.id, once="press")
    assert post("invitation", to=mei.id)
    assert len(letters_for(mei.id).rows) == 3


def test_letters_come_newest_first_and_pages_show_each_once(mei: User) -> None:
    for number in range(2 * SIZE + 1):
        post("accepted", to=mei.id, number=number)
    page = letters_for(mei.id)
    found = list(page.rows)
    while page.next:
        page = letters_for(mei.id, before=page.next)
        found += page.rows
    assert [letter.facts["number"] for letter in found] == list(range(2 * SIZE, -1, -1))


def test_opening_a_letter_marks_it_read_once(mei: User, dana: User) -> None:
    post("accepted", to=mei.id)
    post("moved", to=mei.id)
    newest = letters_for(mei.id).rows[0]
    assert unread_counts([mei.id, dana.id]) == {mei.id: 2}
    assert unread_counts([dana.id]) == {}
    mailbox.read(newest)
    first = newest.read_at
    mailbox.read(newest)
    assert newest.read_at == first
    assert (unread_counts([mei.id]), unread(mei.id)) == ({mei.id: 1}, 1)


def test_more_unread_letters_than_anyone_counts_are_not_counted(mei: User) -> None:
    for _ in range(MOST + 2):
        post("accepted", to=mei.id)
    assert unread(mei.id) == MOST


@pytest.mark.rule("R18")
def test_two_presses_at_once_are_one_letter_and_no_error(app: Flask, room: Room, mei: User) -> None:
    key, reader, sent, wrong, answers = room.key, mei.id, Event(), list[BaseException](), list[bool]()
    db.session.commit()

    def press(first: bool) -> None:
        with app.app_context():
            try:
                rooms.enter(room_with(key))
                db.session.commit()
                if not first:
                    sent.wait(5)
                answers.append(post("invitation", to=reader, once="press"))
                db.session.flush()
                sent.set()
                if first:
                    Event().wait(0.4)
                db.session.commit()
            except BaseException as error:
                wrong.append(error)
            finally:
                db.session.rollback()

    threads = [Thread(target=press, args=(True,)), Thread(target=press, args=(False,))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(15)
    assert wrong == []
    assert answers == [True, False]
    assert db.session.query(Letter).count() == 1
