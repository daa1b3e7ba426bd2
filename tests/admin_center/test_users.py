"""The admin center's Users."""

from contextvars import Context
from typing import Any

import pytest

from shared.domain import passwords, staff
from shared.domain.organisations import Customer
from shared.domain.permissions import Role
from shared.domain.users import User
from shared.extensions import db
from shared.world.rooms import Room
from tests.builders import adds
from tests.conftest import the
from tests.partner_portal.test_users import handed_over
from tests.test_isolation import fingerprint, refusals, token
from tests.visitor import Page, Visitor


def of(visitor: Visitor, name: str) -> Page:
    """The page of this person."""
    return visitor.portal(f"/users/{the(User, name).id}")


@pytest.fixture
def ida(kiln: Customer, mei: User) -> User:
    """A plain user made by Mei."""
    user, _temporary = adds(kiln, "Ida Rust", "ida@bluekiln.example", admin=None, by=mei)
    db.session.commit()
    return user


def test_the_list_names_the_tenants_own_people_only(visit: Any) -> None:
    rows = visit("Hal Brandt").portal("/users").rows()
    assert [row[0] for row in rows] == ["Bo Lindt", "Hal Brandt", "Mei Zhou", "Nora Quist", "Ulla Maas"]
    assert rows[2][1:] == ["mei.zhou@bluekiln.example", "Global admin", "One click, no password"]
    assert [row[0] for row in visit("Mei Zhou").portal("/users", q="qui").rows()] == ["Nora Quist"]
    assert "Nobody found" in visit("Mei Zhou").portal("/users", q="zzz").text


@pytest.mark.rule("P4")
def test_a_new_user_signs_in_under_the_tenants_domain(visit: Any, stranger: Visitor) -> None:
    page = visit("Ulla Maas").portal("/users/new").press("Add", name="Ida Rust", local="ida")
    email, password = handed_over(page)
    assert email == "ida@bluekiln.example"
    page = stranger.portal("/sign-in", "admin").press("Sign in", email=email, password=password)
    page = page.press("Change password", current=password, new="made up here 7", again="made up here 7")
    assert page.heading == "Blue Kiln"


@pytest.mark.rule("P4")
def test_add_pressed_twice_adds_once_and_leads_to_where_the_password_is_reset(visit: Any) -> None:
    page = visit("Ulla Maas").portal("/users/new")
    first, again = (page.press("Add", name="Ida Rust", local="ida") for _press in range(2))
    assert first.heading == "Ida Rust can sign in now"
    assert (again.status, again.heading) == (200, "Ida Rust was added a moment ago by you")
    assert again.follow("Show Ida Rust").press("Reset password").heading == "The password of Ida Rust is reset"


@pytest.mark.rule("P4")
def test_opening_the_page_of_a_reset_again_resets_nothing_and_says_where_to(visit: Any, ida: User) -> None:
    page = of(visit("Ulla Maas"), "Ida Rust").press("Reset password")
    password, before = page.soup.select_one("#temporary").text.split()[1], fingerprint()  # type: ignore[union-attr]
    again = page.visitor.open(page.path)
    assert (again.status, again.heading, password in again.text) == (200, "Ida Rust", False)
    assert "Nobody saw the password? Then reset it on the page of Ida Rust." in again.notices[0]
    assert fingerprint() == before
    assert passwords.matches(the(User, "Ida Rust"), password)


@pytest.mark.rule("P4")
def test_a_password_replaced_meanwhile_is_not_shown_any_more(visit: Any, ida: User, mei: User, room: Room) -> None:
    ulla = visit("Ulla Maas")
    where = f"/w/{room.key}/admin/users/{ida.id}/password"
    sent = {"csrf_token": token(of(ulla, "Ida Rust"))}
    db.session.commit()
    Context().run(ulla.client.post, where, data=sent)  # the browser goes no further
    passwords.reset(the(User, "Ida Rust"), passwords.temporary(), by=mei)
    assert ulla.open(where).soup.select_one("#temporary") is None


@pytest.mark.rule("P3")
def test_only_a_global_admin_gives_a_role(visit: Any, ida: User) -> None:
    ulla = of(visit("Ulla Maas"), "Ida Rust")
    assert ulla.soup.select_one("#admin[aria-disabled=true]") is not None
    assert ulla.press("Save", admin="service_admin").refusal == "ROLE"
    page = of(visit("Mei Zhou"), "Ida Rust").press("Save", name="Ida Moss", admin="service_admin")
    assert page.heading == "Ida Moss"
    assert the(User, "Ida Moss").admin == "service_admin"


def test_a_helpdesk_admin_resets_a_non_admins_password_and_nothing_else(
    visit: Any, ida: User, stranger: Visitor
) -> None:
    hal = visit("Hal Brandt")
    page = of(hal, "Ida Rust")
    assert page.soup.select_one("#save[aria-disabled=true]") is not None
    assert page.soup.select_one("[aria-disabled=true][aria-describedby=why-remove]") is not None
    page = page.press("Reset password")
    assert page.heading == "The password of Ida Rust is reset"
    email, password = handed_over(page)
    page = stranger.portal("/sign-in", "admin").press("Sign in", email=email, password=password)
    assert page.heading == "Change your password"
    assert hal.portal("/users/new").refusal == "ROLE"
    staff.change(ida, "Ida Rust", admin=the(User, "Bo Lindt").admin, by=the(User, "Mei Zhou"))
    page = of(hal, "Ida Rust")
    assert page.soup.select_one("#reset[aria-disabled=true]") is not None
    assert "Who may: Global admin." in page.soup.select_one("#why-admin").text  # type: ignore[union-attr]


@pytest.mark.rule("P3")
def test_the_slower_of_two_admins_reads_what_changed_and_keeps_what_was_typed(visit: Any, ida: User) -> None:
    slow = of(visit("Mei Zhou"), "Ida Rust")
    of(visit("Ulla Maas"), "Ida Rust").press("Save", name="Ida Moss")
    page = slow.press("Save", name="Ida Berg")
    assert page.status == 409
    assert "Full name: was “Ida Rust”, is now “Ida Moss”" in page.notices[0]
    assert "Ulla Maas" in page.notices[0]
    assert page.soup.select_one("#name")["value"] == "Ida Berg"  # type: ignore[index]
    assert page.press("Save").heading == "Ida Berg"


@pytest.mark.parametrize("seen", ["", "nonsense", "[" * 9000, '{"name": []}', None])
def test_a_form_that_does_not_say_what_it_showed_is_asked_again(visit: Any, ida: User, seen: str | None) -> None:
    page = of(visit("Mei Zhou"), "Ida Rust").press("Save", name="Ida Berg", seen=seen)
    assert (page.status, page.soup.select_one("#name")["value"]) == (409, "Ida Berg")  # type: ignore[index]
    assert page.press("Save").heading == "Ida Berg"


@pytest.mark.rule("S5")
def test_a_licence_for_somebody_removed_meanwhile_is_refused_in_words(visit: Any, ida: User) -> None:
    mei, ulla = visit("Mei Zhou"), visit("Ulla Maas")
    slow = of(ulla, "Ida Rust")
    of(mei, "Ida Rust").follow("Remove user").press("Remove user")
    give = next(form["action"] for form in slow.soup.select("form[action*='/licences/']"))
    assert slow.press_form(str(give)).refusal == "PERSON_REMOVED"


def test_removing_ends_the_account_and_is_in_the_log(visit: Any, ida: User) -> None:
    mei = visit("Mei Zhou")
    page = of(mei, "Ida Rust").follow("Remove user").press("Remove user")
    assert "Ida Rust" not in [row[0] for row in page.rows()]
    assert mei.portal("/activity").rows()[0][1:5] == ["Remove a user", "Blue Kiln", "Ida Rust", "User → –"]


def test_another_tenants_people_and_a_partners_are_not_found(visit: Any) -> None:
    mei = visit("Mei Zhou")
    for name in ("Dana Weiss", "Pia Lund", "Lin Chen"):
        assert [of(mei, name).status, mei.portal(f"/users/{the(User, name).id}/remove").status] == [404, 404]


@pytest.mark.rule("P7")
@pytest.mark.parametrize(("name", "sees"), [("Hal Brandt", True), ("Bo Lindt", False), ("Nora Quist", False)])
def test_the_menu_shows_it_to_those_who_may(visit: Any, name: str, sees: bool) -> None:
    assert ("Users" in visit(name).portal().menu) is sees


@pytest.mark.rule("P4")
def test_ones_own_password_is_changed_and_not_reset(stranger: Visitor, kiln: Customer, mei: User) -> None:
    ada, temporary = adds(kiln, "Ada Own", "ada@bluekiln.example", admin=Role.GLOBAL_ADMIN, by=mei)
    passwords.change(ada, passwords.tried(ada, temporary), passwords.hashed("made up here 7"))
    db.session.commit()
    stranger.portal("/sign-in", "admin").press("Sign in", email=ada.email, password="made up here 7")
    page = stranger.portal(f"/users/{ada.id}", "admin")
    assert page.soup.select_one("#reset[aria-disabled=true]") is not None
    answer = page.visitor.send(f"{page.path}/password", {"csrf_token": token(page)})
    assert (answer.status, answer.refusal) == (409, "OWN_PASSWORD")
    assert answer.follow("Change your password").status == 200
    assert passwords.matches(ada, "made up here 7")


@pytest.mark.rule("P7")
def test_whoever_gives_up_their_own_role_is_led_to_what_they_may_still_read(
    visit: Any, kiln: Customer, mei: User
) -> None:
    adds(kiln, "Ada Own", "ada@bluekiln.example", admin=Role.GLOBAL_ADMIN, by=mei)
    page = of(visit("Mei Zhou"), "Mei Zhou").press("Save", admin="")
    assert (page.status, page.refusal, refusals()) == (200, None, [])
    assert "Saved." in page.notices[0]
