"""Coming in with a password, changing it, and getting back in without."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask

from shared.domain import passwords, staff
from shared.domain.history import EventKind
from shared.domain.organisations import Partner
from shared.domain.passwords import Hashed
from shared.domain.permissions import Role
from shared.domain.users import User
from shared.extensions import db
from shared.world import clock, database, rooms
from shared.world.database import WriteWhileReading
from shared.world.rooms import Room
from tests.builders import adds
from tests.conftest import furnished_room, the
from tests.databases import ON_POSTGRESQL
from tests.domain.conftest import events
from tests.partner_portal.test_customer_add import ACCOUNT
from tests.test_isolation import fingerprint
from tests.visitor import Page, Visitor
from tests.web.test_errors import tried

CHOSEN = "made up here 7"


@pytest.fixture
def kai(lotus: Partner) -> tuple[User, str]:
    """A new helpdesk agent of Lotus and the temporary password."""
    gao = the(User, "Gao Rui")
    made = adds(lotus, "Kai Moss", "kai@lotus.example", agent=Role.HELPDESK_AGENT, admin=None, by=gao)
    db.session.commit()
    return made


def signs_in(visitor: Visitor, email: str, password: str, side: str = "partner", **query: str) -> Page:
    """At the door of this portal, with a password."""
    return visitor.portal("/sign-in", side, **query).press("Sign in", email=email, password=password)


def is_in(visitor: Visitor, side: str = "partner") -> bool:
    """Whether this browser is signed in."""
    return not visitor.portal(side=side).path.endswith("/sign-in")


@pytest.mark.rule("P4")
def test_the_temporary_password_must_be_changed_before_anything_else(
    stranger: Visitor, kai: tuple[User, str], room: Room
) -> None:
    page = signs_in(stranger, kai[0].email, kai[1], next=f"/w/{room.key}/partner/customers")
    assert page.heading == "Change your password"
    for path in ("/customers", "/activity", "/"):
        assert stranger.portal(path, "partner").heading == "Change your password"
    page = stranger.portal("/customers", "partner").press("Change password", current=kai[1], new=CHOSEN, again=CHOSEN)
    assert (page.status, page.heading) == (200, "Customers")
    assert page.notices[0].startswith("Your password is changed.")
    assert not is_in(other := Visitor(stranger.client.application, room.key))
    assert signs_in(other, kai[0].email, kai[1]).status == 422
    assert signs_in(other, "KAI@lotus.example", CHOSEN).heading == "Dashboard"


@pytest.mark.rule("P4")
@pytest.mark.parametrize(
    ("typed", "error", "recorded"),
    [
        ({"current": "wrong"}, "This is not the current password.", 1),
        ({"new": "short", "again": "short"}, "A password has 8 to 128 characters.", 0),
        ({"again": "something else"}, "The two are not the same.", 0),
        ({"new": None, "again": None}, "Type a new password.", 0),
        ({"current": None}, "Type the current password.", 0),
    ],
)
def test_a_change_that_is_not_right_says_so_at_the_field_and_changes_nothing(
    stranger: Visitor, kai: tuple[User, str], typed: dict[str, str | None], error: str, recorded: int
) -> None:
    page = signs_in(stranger, kai[0].email, kai[1])
    page = page.press("Change password", **({"current": kai[1], "new": CHOSEN, "again": CHOSEN} | typed))
    assert (page.status, page.errors[0]) == (422, error)
    assert passwords.matches(kai[0], kai[1])
    assert len(events(EventKind.CHANGE_PASSWORD)) == recorded


def test_no_padlock_stands_on_what_may_be_pressed(stranger: Visitor, kai: tuple[User, str]) -> None:
    passwords.ask_recovery(kai[0].email)
    letter = stranger.open(f"{stranger.room}/mail/{kai[0].id}/").follow_first(".mail-list a")
    sets = letter.follow_first(".letter-body a")
    changes = signs_in(stranger, kai[0].email, kai[1])
    inside = changes.press("Change password", current=kai[1], new=CHOSEN, again=CHOSEN)
    assert inside.link("Change password")
    assert [page.soup.select(":not(.blocked) > svg > [href$='#lock']") for page in (sets, changes, inside)] == [
        [],
        [],
        [],
    ]


def test_the_temporary_one_is_not_taken_again(stranger: Visitor, kai: tuple[User, str]) -> None:
    page = signs_in(stranger, kai[0].email, kai[1]).press("Change password", current=kai[1], new=kai[1], again=kai[1])
    assert page.errors == ["This is the password there is already. Choose another one."]


def test_a_sign_in_name_of_full_width_is_the_ordinary_one_and_a_password_is_what_it_is(
    stranger: Visitor, kai: tuple[User, str]
) -> None:
    page = signs_in(stranger, "ｋａｉ＠ｌｏｔｕｓ。ｅｘａｍｐｌｅ", kai[1])
    assert (
        page.press("Change password", current=kai[1], new="ｆｕｌｌ。ｗｉｄｅ", again="ｆｕｌｌ。ｗｉｄｅ").status
        == 200
    )
    assert not passwords.matches(kai[0], "full.wide")
    asked = stranger.portal("/sign-in/recovery", "partner").press("Send the link", email="ｋａｉ＠lotus。example")
    assert asked.status == 200
    assert len(events(EventKind.ASK_RECOVERY)) == 1


def test_whoever_does_not_come_in_learns_nothing_and_keeps_the_name_typed(
    stranger: Visitor, kai: tuple[User, str]
) -> None:
    said = set()
    for email in (kai[0].email, "lin.chen@lotus.example", "nobody@lotus.example", "mei.zhou@bluekiln.example"):
        page = signs_in(stranger, email, "wrong password")
        assert page.status == 422
        assert page.soup.select_one("#email")["value"] == email  # type: ignore[index]
        assert page.soup.select_one("#password")["value"] == ""  # type: ignore[index]
        said.add(tuple(page.errors))
    assert said == {("This sign-in name and this password do not belong together.",)}


def test_a_password_opens_no_other_house_and_no_other_room(
    app: Flask, stranger: Visitor, kai: tuple[User, str], mei: User
) -> None:
    ida, temporary = adds(mei.customer, "Ida", "ida@bluekiln.example", admin=None, by=mei)  # type: ignore[arg-type]
    assert signs_in(stranger, ida.email, temporary).status == 422
    assert signs_in(stranger, ida.email, temporary, side="admin").heading == "Change your password"
    elsewhere = Visitor(app, furnished_room().key)
    assert signs_in(elsewhere, kai[0].email, kai[1]).status == 422


@pytest.mark.rule("P4")
def test_picking_an_account_that_has_a_password_asks_for_it(stranger: Visitor, kai: tuple[User, str]) -> None:
    for page in (
        stranger.portal("/sign-in", "partner").press_form(
            f"{stranger.room}/partner/sign-in", person_id=str(kai[0].id), email=None
        ),
        stranger.open(f"{stranger.room}/").press_form(f"{stranger.room}/enter", person_id=str(kai[0].id)),
    ):
        assert page.heading == "Pick an account"
        assert page.soup.select_one("#email")["value"] == kai[0].email  # type: ignore[index]
        assert not is_in(stranger)
    assert "asks for its password" in page.text


def test_changing_the_password_ends_the_sessions_elsewhere_and_not_this_one(
    app: Flask, room: Room, kai: tuple[User, str]
) -> None:
    passwords.change(kai[0], passwords.tried(*kai), passwords.hashed(CHOSEN))
    here, there = Visitor(app, room.key), Visitor(app, room.key)
    for visitor in (here, there):
        signs_in(visitor, kai[0].email, CHOSEN)
    page = here.portal("/password", "partner")
    assert "Wherever else you are signed in" in page.text
    page.press("Change password", current=CHOSEN, new="yet another 1", again="yet another 1")
    assert (is_in(here), is_in(there)) == (True, False)


@pytest.mark.rule("P3")
def test_removing_a_person_ends_their_session_at_the_next_click(visit: Any, kai: tuple[User, str]) -> None:
    sara = visit("Sara Blom")
    assert is_in(sara)
    staff.remove(the(User, "Sara Blom"), by=the(User, "Gao Rui"))
    assert not is_in(sara)


def test_the_starter_cast_has_no_password_to_change(visit: Any) -> None:
    lin = visit("Lin Chen")
    assert lin.portal("/password").refusal == "ONE_CLICK"
    assert "Change password" not in lin.portal().text


@pytest.mark.rule("P8")
def test_who_cannot_get_in_follows_a_link_from_the_mailbox_once(stranger: Visitor, kai: tuple[User, str]) -> None:
    page = stranger.portal("/sign-in", "partner").follow("Can't access your account?")
    page = page.press("Send the link", email="kai@lotus.example")
    assert page.heading == "Pick an account"
    before = fingerprint()
    letter = stranger.open(f"{stranger.room}/mail/{kai[0].id}/").follow_first(".mail-list a")
    link = str(letter.soup.select_one(".letter-body a")["href"])  # type: ignore[index]
    assert stranger.open(link).heading == "Set a new password"
    assert {k for k, v in fingerprint().items() if v != before[k]} == {"letter"}  # read, and nothing else
    page = stranger.open(link).press("Set password", new=CHOSEN, again=CHOSEN)
    assert page.notices == ["The new password is set. Sign in with it."]
    assert page.press("Sign in", password=CHOSEN).heading == "Dashboard"
    assert stranger.open(link).refusal == "RECOVERY_SPENT"


@pytest.mark.rule("P8")
def test_a_link_of_somebody_else_that_opens_nothing_has_to_do_with_no_role(visit: Any, kai: tuple[User, str]) -> None:
    gao = visit("Gao Rui")
    page = gao.portal("/sign-in/new-password", account=str(kai[0].id), token="used")
    assert page.refusal == "RECOVERY_SPENT"
    assert tried(page) == {"What was tried": "Open a page: Change a password"}


@pytest.mark.rule("P8")
def test_a_link_that_is_too_old_leads_to_a_new_one(stranger: Visitor, kai: tuple[User, str]) -> None:
    passwords.ask_recovery(kai[0].email)
    letter = stranger.open(f"{stranger.room}/mail/{kai[0].id}/").follow_first(".mail-list a")
    link = str(letter.soup.select_one(".letter-body a")["href"])  # type: ignore[index]
    clock.advance(timedelta(hours=1))
    page = stranger.open(link)
    assert (page.status, page.refusal) == (409, "RECOVERY_SPENT")
    assert page.follow("Ask for a new link").heading == "Can't access your account?"


@pytest.mark.rule("P8")
def test_asking_for_a_link_says_the_same_whoever_is_named(stranger: Visitor, kai: tuple[User, str]) -> None:
    said = {
        tuple(stranger.portal("/sign-in/recovery", "partner").press("Send the link", email=email).notices)
        for email in (kai[0].email, "lin.chen@lotus.example", "nobody@lotus.example", "x")
    }
    assert len(said) == 1
    assert len(events(EventKind.ASK_RECOVERY)) == 1


class NobodyWaits(PasswordHasher):
    """Counts what it is asked; fails when somebody who writes would have to wait for it."""

    asked = 0

    def hash(self, *arguments: Any, **options: Any) -> str:
        """As ever."""
        self._look()
        return super().hash(*arguments, **options)

    def verify(self, *arguments: Any, **options: Any) -> Any:
        """As ever."""
        self._look()
        return super().verify(*arguments, **options)

    def _look(self) -> None:
        self.asked += 1
        with pytest.raises(WriteWhileReading):
            database.must_be_writing()
        if not ON_POSTGRESQL:
            with closing(sqlite3.connect(str(db.engine.url.database), timeout=0, isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")


@pytest.fixture
def hasher(monkeypatch: pytest.MonkeyPatch) -> NobodyWaits:
    """Makes every hash of a test look around first."""
    hasher = NobodyWaits(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "HASHER", hasher)
    return hasher


@pytest.mark.rule("P4", "P8")
def test_nobody_who_writes_waits_for_a_password(
    visit: Any, stranger: Visitor, kai: tuple[User, str], hasher: NobodyWaits
) -> None:
    page = signs_in(stranger, kai[0].email, kai[1])
    assert (page.heading, hasher.asked) == ("Change your password", 1)
    page = page.press("Change password", current=kai[1], new=CHOSEN, again=CHOSEN)
    assert (page.heading, hasher.asked) == ("Dashboard", 3)
    passwords.ask_recovery(kai[0].email)
    letter = stranger.open(f"{stranger.room}/mail/{kai[0].id}/").follow_first(".mail-list a")
    page = stranger.open(str(letter.soup.select_one(".letter-body a")["href"]))  # type: ignore[index]
    page = page.press("Set password", new="yet another 1", again="yet another 1")
    assert (page.heading, hasher.asked) == ("Pick an account", 4)
    page = visit("Mei Zhou").portal("/users/new").press("Add", name="Ida Rust", local="ida")
    assert (page.heading, hasher.asked) == ("Ida Rust can sign in now", 5)
    page = visit("Mei Zhou").portal(f"/users/{the(User, 'Ida Rust').id}").press("Reset password")
    assert (page.heading, hasher.asked) == ("The password of Ida Rust is reset", 6)
    page = visit("Lin Chen").portal("/customers/add").press("Next: Subscriptions", **ACCOUNT)
    page = page.press("Next: Review", e1="1").press("Submit")
    assert (page.heading, hasher.asked) == ("Amber Mill is your customer", 7)


@pytest.mark.rule("P4", "R54")
@pytest.mark.parametrize("meanwhile", ["removed", "reset"])
def test_what_happens_while_a_password_is_worked_out_counts(
    visit: Any, stranger: Visitor, mei: User, monkeypatch: pytest.MonkeyPatch, meanwhile: str, app: Flask
) -> None:
    ida, temporary = adds(mei.organisation, "Ida Rust", "ida@bluekiln.example", admin=None, by=mei)
    page = signs_in(stranger, ida.email, temporary, side="admin")
    before, here, ids, again = passwords.hashed, rooms.here(), (ida.id, mei.id), passwords.temporary()

    def hashed(text: str) -> Hashed:
        def other() -> None:
            with app.app_context(), rooms.inside(here):
                user, by = (db.session.get_one(User, each) for each in ids)
                if meanwhile == "removed":
                    staff.remove(user, by=by)
                else:
                    passwords.reset(user, again, by=by)
                db.session.commit()

        thread = Thread(target=other)
        thread.start()
        thread.join(5)
        return before(text)

    monkeypatch.setattr(passwords, "hashed", hashed)
    page = page.press("Change password", current=temporary, new=CHOSEN, again=CHOSEN)
    assert page.heading == "Pick an account"
    assert not is_in(stranger, "admin")
    assert not passwords.matches(ida, CHOSEN)


def test_when_everybody_comes_at_once_one_is_asked_to_try_again(
    stranger: Visitor, kai: tuple[User, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = stranger.portal("/sign-in", "partner")
    monkeypatch.setattr(passwords._one_at_a_time, "acquire", lambda timeout: False)
    page = page.press("Sign in", email=kai[0].email, password=kai[1])
    assert (page.status, page.response.headers["Retry-After"]) == (503, "3")
    assert page.heading == "One moment, please"
