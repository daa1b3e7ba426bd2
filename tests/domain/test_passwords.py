"""Passwords of accounts made in a room."""

from datetime import timedelta
from threading import Thread

import pytest

from shared.domain import passwords, staff
from shared.domain.history import EventKind
from shared.domain.organisations import Customer, Partner
from shared.domain.passwords import Busy, Password
from shared.domain.permissions import Role
from shared.domain.refusals import Code, Refusal
from shared.domain.users import SignIn, User
from shared.extensions import db
from shared.world import clock
from tests.builders import adds
from tests.conftest import the
from tests.domain.conftest import Elsewhere, events, letters

CHOSEN = "a better one 1"


@pytest.fixture
def made(kiln: Customer, mei: User) -> tuple[User, str]:
    """A plain user of Blue Kiln and the temporary password that Mei saw."""
    return adds(kiln, "Ida Rust", "ida@bluekiln.example", admin=None, by=mei)


@pytest.fixture
def agent(lotus: Partner) -> User:
    """A new helpdesk agent of Lotus."""
    return adds(lotus, "Kai Moss", "kai@lotus.example", agent=Role.HELPDESK_AGENT, admin=None, by=the(User, "Gao Rui"))[
        0
    ]


def changes(user: User, current: str, new: str) -> None:
    """What this person types on the page to change a password."""
    passwords.change(user, passwords.tried(user, current), passwords.hashed(new))


@pytest.mark.rule("P4")
def test_a_new_person_has_a_temporary_password_of_which_only_a_hash_is_kept(
    made: tuple[User, str], elsewhere: Elsewhere
) -> None:
    ida, temporary = made
    kept = db.session.get_one(Password, ida.id)
    assert ida.sign_in is SignIn.TEMPORARY
    assert kept.hash.startswith("$argon2id$")
    assert temporary not in str(vars(kept))
    assert passwords.matches(ida, temporary)
    assert not passwords.matches(ida, temporary.upper())


@pytest.mark.rule("P4")
def test_no_two_temporary_passwords_are_alike_and_all_are_long(kiln: Customer, mei: User) -> None:
    made = [adds(kiln, "X", f"x{n}@bluekiln.example", admin=None, by=mei)[1] for n in range(5)]
    assert len(set(made)) == 5
    assert all(len(password) == 14 for password in made)


def test_nobody_comes_in_without_a_password_of_their_own(mei: User) -> None:
    assert not passwords.matches(mei, "")
    assert not passwords.matches(None, "")
    assert not passwords.matches(mei, "nobody")


@pytest.mark.rule("P4")
def test_changing_it_makes_it_ones_own_and_ends_every_session(made: tuple[User, str], elsewhere: Elsewhere) -> None:
    ida, temporary = made
    session = ida.get_id()
    changes(ida, temporary, CHOSEN)
    assert ida.sign_in is SignIn.PASSWORD
    assert ida.get_id() != session
    assert (passwords.matches(ida, temporary), passwords.matches(ida, CHOSEN)) == (False, True)
    [event] = events(EventKind.CHANGE_PASSWORD)
    assert (event.by, event.customer, event.partner) == (ida, ida.customer, None)


@pytest.mark.rule("P4")
@pytest.mark.parametrize(
    ("current", "new", "code"),
    [("wrong", CHOSEN, Code.PASSWORD_WRONG), ("", "", Code.PASSWORD_WRONG), (None, None, Code.PASSWORD_SAME)],
)
def test_a_change_needs_the_current_password_and_a_new_one(
    made: tuple[User, str], current: str | None, new: str | None, code: Code
) -> None:
    ida, temporary = made
    with pytest.raises(Refusal) as refused:
        changes(ida, temporary if current is None else current, temporary if new is None else new)
    assert refused.value.code is code
    assert passwords.matches(ida, temporary)


@pytest.mark.rule("P4")
def test_the_starter_cast_has_no_password_to_change_or_reset(mei: User) -> None:
    bo = the(User, "Bo Lindt")
    assert passwords.why_not_change(bo, None, passwords.hashed(CHOSEN)).code is Code.ONE_CLICK  # type: ignore[union-attr]
    assert passwords.why_not_reset(bo, by=mei).code is Code.ONE_CLICK  # type: ignore[union-attr]


def test_a_reset_gives_a_temporary_password_and_ends_every_session(
    made: tuple[User, str], mei: User, elsewhere: Elsewhere
) -> None:
    ida, temporary = made
    changes(ida, temporary, CHOSEN)
    session = ida.get_id()
    again = passwords.temporary()
    passwords.reset(ida, again, by=the(User, "Hal Brandt"))
    assert ida.sign_in is SignIn.TEMPORARY
    assert ida.get_id() != session
    assert (passwords.matches(ida, CHOSEN), passwords.matches(ida, again.text)) == (False, True)
    [event] = events(EventKind.RESET_PASSWORD)
    assert (event.by, event.facts["person"]) == (the(User, "Hal Brandt"), "Ida Rust")


@pytest.mark.parametrize(("name", "may"), [("Mei Zhou", True), ("Ulla Maas", True), ("Hal Brandt", False)])
def test_a_helpdesk_admin_resets_non_admins_only(name: str, may: bool, kiln: Customer, mei: User) -> None:
    biller, _temporary = adds(kiln, "Ida Rust", "ida@bluekiln.example", admin=Role.BILLING_ADMIN, by=mei)
    refusal = passwords.why_not_reset(biller, by=the(User, name))
    assert (refusal and refusal.code) == (None if may else Code.ROLE)


@pytest.mark.parametrize("name", ["Bo Lindt", "Nora Quist"])
def test_others_reset_nobodys_password(name: str, made: tuple[User, str]) -> None:
    with pytest.raises(Refusal) as refused:
        passwords.reset(made[0], passwords.temporary(), by=the(User, name))
    assert refused.value.code is Code.ROLE
    assert passwords.matches(*made)


@pytest.mark.rule("P8")
@pytest.mark.parametrize("name", ["Gao Rui", "Uma Iyer", "Kai Moss", "Mei Zhou"])
def test_nobody_resets_the_password_of_a_partners_user(name: str, agent: User) -> None:
    with pytest.raises(Refusal) as refused:
        passwords.reset(agent, passwords.temporary(), by=the(User, name))
    assert (refused.value.code, refused.value.rule) == (Code.OWNER_RECOVERS, "P8")


def the_link() -> str:
    """The token of the newest recovery letter."""
    return str(letters("recovery")[-1].facts["token"])


@pytest.mark.rule("P8")
def test_a_partners_user_recovers_alone_with_a_link_that_works_once(agent: User, elsewhere: Elsewhere) -> None:
    passwords.ask_recovery("  KAI@lotus.example ")
    [letter] = letters("recovery")
    assert letter.to_id == agent.id
    assert the_link() not in str(vars(db.session.get_one(Password, agent.id)))
    passwords.recover(agent, the_link(), passwords.hashed(CHOSEN))
    assert agent.sign_in is SignIn.PASSWORD
    assert passwords.matches(agent, CHOSEN)
    with pytest.raises(Refusal) as refused:
        passwords.recover(agent, the_link(), passwords.hashed("another one 2"))
    assert refused.value.code is Code.RECOVERY_SPENT
    assert passwords.matches(agent, CHOSEN)


@pytest.mark.rule("P8", "P3")
def test_whoever_was_removed_meanwhile_gets_no_new_password(agent: User) -> None:
    passwords.ask_recovery(agent.email)
    staff.remove(agent, by=the(User, "Gao Rui"))
    with pytest.raises(Refusal) as refused:
        passwords.recover(agent, the_link(), passwords.hashed(CHOSEN))
    assert refused.value.code is Code.RECOVERY_SPENT


@pytest.mark.rule("P8")
def test_a_link_expires_by_the_clock_of_the_room(agent: User) -> None:
    passwords.ask_recovery(agent.email)
    clock.advance(timedelta(minutes=59))
    assert passwords.why_not_recover(agent, the_link()) is None
    clock.advance(timedelta(minutes=1))
    assert passwords.why_not_recover(agent, the_link()) is not None


@pytest.mark.rule("P8")
def test_a_newer_link_replaces_the_older_one_and_none_opens_anothers_account(
    agent: User, made: tuple[User, str]
) -> None:
    passwords.ask_recovery(agent.email)
    older = the_link()
    passwords.ask_recovery(agent.email)
    assert passwords.why_not_recover(agent, older) is not None
    assert passwords.why_not_recover(made[0], the_link()) is not None
    assert passwords.why_not_recover(None, the_link()) is not None
    assert passwords.why_not_recover(agent, the_link()) is None


@pytest.mark.rule("P8")
@pytest.mark.parametrize("email", ["lin.chen@lotus.example", "nobody@lotus.example", "", "%", "\0"])
def test_nothing_is_sent_to_whoever_has_no_password(email: str, agent: User) -> None:
    passwords.ask_recovery(email)
    assert letters("recovery") == []


def test_one_password_is_checked_at_a_time_and_nobody_waits_for_ever(
    made: tuple[User, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ida, temporary = made
    outcome: list[str] = []

    def knock() -> None:
        try:
            with passwords._our_turn():
                outcome.append("in")
        except Busy:
            outcome.append("busy")

    real = passwords._one_at_a_time.acquire
    monkeypatch.setattr(passwords._one_at_a_time, "acquire", lambda timeout: real(timeout=0.01))
    with passwords._our_turn():
        other = Thread(target=knock)
        other.start()
        other.join()
    assert outcome == ["busy"]
    assert passwords.matches(ida, temporary)
