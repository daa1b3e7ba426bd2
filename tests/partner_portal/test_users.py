"""Account settings > User management."""

from contextvars import Context
from typing import Any

import pytest

from shared.domain.history import EventKind
from shared.domain.organisations import Partner
from shared.domain.refusals import Code
from shared.domain.users import User
from shared.extensions import db
from tests.conftest import the
from tests.domain.conftest import events
from tests.test_isolation import fingerprint, refusals, token
from tests.visitor import Page, Visitor, words

USERS = "/account-settings/users"
NEW = {"name": "Kai Moss", "local": "Kai.Moss", "agent": "helpdesk_agent"}


def adds(visitor: Visitor, **typed: str | None) -> Page:
    """Fill in the form and press Add."""
    return visitor.portal(f"{USERS}/new").press("Add", **(NEW | typed))


def of(visitor: Visitor, name: str) -> Page:
    """The page of this person."""
    return visitor.portal(f"{USERS}/{the(User, name).id}")


def handed_over(page: Page) -> tuple[str, str]:
    """Sign-in name and temporary password, as the one page shows them."""
    name, password = page.soup.select_one("#temporary").text.split()  # type: ignore[union-attr]
    return name, password


@pytest.mark.rule("P1", "P3")
def test_the_list_names_everybody_with_both_settings(visit: Any) -> None:
    assert visit("Uma Iyer").portal(USERS).rows() == [
        ["Bea Novak", "bea.novak@lotus.example", "None", "Billing admin", "One click, no password"],
        ["Gao Rui", "gao.rui@lotus.example", "None", "Global admin", "One click, no password"],
        ["Hugo Park", "hugo.park@lotus.example", "Helpdesk agent", "No admin", "One click, no password"],
        ["Lin Chen", "lin.chen@lotus.example", "Admin agent", "No admin", "One click, no password"],
        ["Sara Blom", "sara.blom@lotus.example", "Sales agent", "No admin", "One click, no password"],
        ["Uma Iyer", "uma.iyer@lotus.example", "None", "User management admin", "One click, no password"],
    ]


@pytest.mark.rule("P2", "P4")
def test_adding_says_in_plain_words_what_both_settings_together_allow(visit: Any) -> None:
    page = adds(visit("Gao Rui"), admin="partner_billing_admin")
    said = {words(line) for line in page.soup.select("[aria-labelledby=may] li")}
    assert {"Administer services on behalf of a customer", "View invoices"} <= said
    assert "Remove reseller relationships" not in said
    plain = adds(visit("Gao Rui"), local="no.one", agent="", admin="")
    assert "no agent and no admin setting" in words(plain.soup.select_one("[aria-labelledby=may]"))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("王　小明", "王 小明"), ("\u200bKai\u00a0Moss", "Kai Moss"), ("نیم\u200cفاصله", "نیم\u200cفاصله")],
)
def test_a_name_is_taken_as_any_keyboard_writes_it(visit: Any, typed: str, kept: str) -> None:
    assert adds(visit("Gao Rui"), name=typed).status == 200
    assert the(User, kept)


def test_a_sign_in_name_of_full_width_is_the_ordinary_one_and_the_name_stays_as_typed(visit: Any) -> None:
    assert (
        handed_over(adds(visit("Gao Rui"), name="Ｋai　Ｍoss", local="ｋａｉ。ｍｏｓｓ７"))[0]
        == "kai.moss7@lotus.example"
    )
    assert the(User, "Ｋai Ｍoss")


@pytest.mark.parametrize("typed", ["　", "\u200b", "\u00a0 \ufeff"])
def test_a_name_of_nothing_but_spaces_is_none(visit: Any, typed: str) -> None:
    assert adds(visit("Gao Rui"), name=typed).errors == ["Type a name."]


@pytest.mark.rule("P4")
def test_adding_shows_settings_sign_in_name_and_temporary_password_once(visit: Any, stranger: Visitor) -> None:
    gao = visit("Gao Rui")
    page = adds(gao, admin="partner_billing_admin")
    assert page.heading == "Kai Moss can sign in now"
    email, password = handed_over(page)
    assert email == "kai.moss@lotus.example"
    assert "Helpdesk agent" in page.text
    assert "Billing admin" in page.text
    assert all(password not in gao.portal(path).text for path in (USERS, f"{USERS}/{the(User, 'Kai Moss').id}", ""))
    inside = stranger.portal("/sign-in", "partner").press("Sign in", email=email, password=password)
    assert inside.heading == "Change your password"


@pytest.mark.rule("P4", "P8")
def test_opening_the_password_page_again_shows_no_password_and_says_how_to_get_in(visit: Any) -> None:
    gao = visit("Gao Rui")
    page = adds(gao)
    before, (_email, password) = fingerprint(), handed_over(page)
    again = gao.open(page.path)
    assert (again.status, again.heading, password in again.text) == (200, "Kai Moss", False)
    assert again.notices[0].startswith("The temporary password was shown once and cannot be shown again.")
    assert "only Kai Moss can get a new one" in again.notices[0]
    assert fingerprint() == before
    assert gao.portal(f"{USERS}/{the(User, 'Sara Blom').id}/password").notices == []  # who never had one


@pytest.mark.rule("P4")
def test_whoever_uses_the_browser_next_does_not_read_a_password_nobody_saw(visit: Any) -> None:
    gao = visit("Gao Rui")
    sent = {"csrf_token": token(gao.portal(f"{USERS}/new")), **NEW, "admin": ""}
    db.session.commit()
    answer = Context().run(gao.client.post, f"{gao.room}/partner{USERS}/new", data=sent)  # the browser goes no further
    where = answer.headers["Location"]
    for name, sees in (("Uma Iyer", False), ("Gao Rui", True)):
        gao.portal("/sign-in").press_form(f"{gao.room}/partner/sign-in", person_id=str(the(User, name).id), email=None)
        assert (gao.open(where).soup.select_one("#temporary") is not None) is sees


@pytest.mark.rule("P4")
@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"name": " "}, "Type a name."),
        ({"name": "x" * 101}, "At most 100 characters."),
        ({"local": ""}, "Type a sign-in name."),
        ({"local": "  "}, "Use letters from a to z, digits, dots and hyphens."),
        ({"local": "kai@elsewhere.example"}, "Use letters from a to z, digits, dots and hyphens."),
        *(
            ({"local": name}, "Begin and end with a letter or a digit, and never put two dots together.")
            for name in ("a..b", ".a", "a. ", " -a", "_", "a。。b")
        ),
        ({"local": "LIN.chen"}, "Somebody signs in as lin.chen@lotus.example already."),
    ],
)
def test_what_is_missing_or_taken_is_said_at_the_field_and_the_rest_is_kept(
    visit: Any, typed: dict[str, str], error: str
) -> None:
    gao = visit("Gao Rui")
    before = fingerprint(without=("event",))
    page = adds(gao, **typed)
    assert page.status == 422
    assert page.errors[0].startswith(error)
    assert page.soup.select_one("#agent option[selected]")["value"] == "helpdesk_agent"  # type: ignore[index]
    assert fingerprint(without=("event",)) == before


@pytest.mark.rule("P4", "P8")
def test_add_pressed_twice_adds_once_and_says_whom(visit: Any) -> None:
    gao = visit("Gao Rui")
    assert adds(gao).heading == "Kai Moss can sign in now"
    before = fingerprint()
    again = adds(gao)
    assert (again.status, again.heading) == (200, "Kai Moss was added a moment ago by you")
    assert again.soup.find(id="temporary") is None
    assert "“Can't access your account?”" in words(again.soup.main)
    assert fingerprint() == before
    assert again.follow("Show Kai Moss").heading == "Kai Moss"
    other = adds(gao, name="Kai Berg")
    assert (other.status, other.errors[0][:14]) == (422, "Somebody signs")


@pytest.mark.rule("P3")
def test_a_user_management_admin_sees_the_admin_setting_blocked_and_why(visit: Any) -> None:
    uma = visit("Uma Iyer")
    page = uma.portal(f"{USERS}/new")
    blocked = page.soup.select_one("#admin[aria-disabled=true]")
    assert blocked is not None
    assert "Who may: Global admin." in page.soup.select_one("#why-admin").text  # type: ignore[union-attr]
    assert adds(uma).heading == "Kai Moss can sign in now"
    forged = adds(uma, local="other", admin="partner_global_admin")
    assert (forged.status, forged.refusal) == (403, "ROLE")
    assert refusals() == [Code.ROLE]


@pytest.mark.rule("P1", "P3")
def test_settings_are_changed_and_hold_from_the_next_click(visit: Any) -> None:
    hugo, gao = visit("Hugo Park"), visit("Gao Rui")
    assert hugo.portal("/customers/request-a-reseller-relationship").refusal == "ROLE"
    page = of(gao, "Hugo Park").press("Save", name="Hugo  Park", agent="sales_agent")
    assert page.notices[0].startswith("Saved.")
    assert hugo.portal("/customers/request-a-reseller-relationship").status == 200
    assert of(gao, "Hugo Park").press("Save").notices == ["Nothing was different, so nothing was changed."]
    assert len(events(EventKind.CHANGE_PARTNER_USER)) == 1


@pytest.mark.rule("P3", "P5")
def test_the_last_global_admin_is_blocked_on_the_page_and_refused_when_forced(visit: Any) -> None:
    gao = visit("Gao Rui")
    page = of(gao, "Gao Rui")
    assert "last Global admin of Lotus Cloud" in page.soup.select_one("#why-admin").text  # type: ignore[union-attr]
    assert "last Global admin" in page.soup.select_one("#why-remove").text  # type: ignore[union-attr]
    forced = page.press("Save", admin="")
    assert (forced.status, len(forced.errors)) == (422, 1)
    assert of(gao, "Gao Rui").visitor.portal(f"{USERS}/{gao.user_id}/remove").refusal == "LAST_GLOBAL_ADMIN"
    assert the(User, "Gao Rui").admin == "partner_global_admin"


@pytest.mark.rule("P3", "R81")
def test_whoever_is_removed_leaves_the_list_and_stays_in_the_log(visit: Any) -> None:
    gao = visit("Gao Rui")
    page = of(gao, "Sara Blom").follow("Remove user")
    assert page.heading == "Remove Sara Blom"
    page = page.press("Remove user")
    assert "Sara Blom" not in [row[0] for row in page.rows()]
    assert gao.portal("/activity").rows()[0][1:] == [
        "Remove a partner user", "Lotus Cloud", "Sara Blom", "Sales agent → –", "Gao Rui, Lotus Cloud",
    ]  # fmt: skip
    assert gao.portal(f"{USERS}/{the(User, 'Sara Blom').id}").refusal == "PERSON_REMOVED"


@pytest.mark.rule("P3")
def test_the_slower_of_two_admins_reads_what_changed_and_who_did_it_and_keeps_what_was_typed(visit: Any) -> None:
    gao = visit("Gao Rui")
    slow = of(gao, "Hugo Park")
    of(visit("Uma Iyer"), "Hugo Park").press("Save", name="Hugo Berg", agent="")
    page = slow.press("Save", admin="partner_billing_admin")
    assert page.status == 409
    assert "Full name: was “Hugo Park”, is now “Hugo Berg”" in page.notices[0]
    assert "Agent setting: was “Helpdesk agent”, is now “None”" in page.notices[0]
    assert "Uma Iyer" in page.notices[0]
    assert page.soup.select_one("#admin option[selected]")["value"] == "partner_billing_admin"  # type: ignore[index]
    assert page.soup.select_one("#name")["value"] == "Hugo Berg"  # type: ignore[index]
    hugo = the(User, "Hugo Berg")
    assert (hugo.agent, hugo.admin) == (None, None)
    assert page.press("Save").notices[0].startswith("Saved.")
    hugo = the(User, "Hugo Berg")  # nobody took that back
    assert (hugo.agent, hugo.admin) == (None, "partner_billing_admin")


@pytest.mark.rule("P3", "R81")
def test_whoever_was_removed_meanwhile_is_changed_no_more(visit: Any) -> None:
    gao = visit("Gao Rui")
    slow, removing = of(gao, "Sara Blom"), of(gao, "Sara Blom").follow("Remove user")
    removing.press("Remove user")
    for page in (slow.press("Save", name="Sara Berg"), removing.press("Remove user")):
        assert (page.status, page.refusal) == (409, "PERSON_REMOVED")
        assert "Sara Blom was removed" in page.notices[0]
    assert the(User, "Sara Blom").until is not None


@pytest.mark.rule("P8")
def test_nobody_resets_a_partner_users_password(visit: Any) -> None:
    gao = visit("Gao Rui")
    adds(gao)
    page = of(gao, "Kai Moss")
    assert "nobody resets the password" in page.soup.select_one("#why-reset").text  # type: ignore[union-attr]
    forced = page.press_form(f"{gao.room}/partner{USERS}/{the(User, 'Kai Moss').id}/password")
    assert (forced.status, forced.refusal) == (409, "OWNER_RECOVERS")


@pytest.mark.rule("P3")
def test_another_partners_people_and_a_customers_are_not_found(visit: Any, jade: Partner) -> None:
    gao = visit("Gao Rui")
    token = gao.portal(f"{USERS}/new").soup.select_one("input[name=csrf_token]")["value"]  # type: ignore[index]
    for name in ("Jonas Falk", "Mei Zhou"):
        where = f"{USERS}/{the(User, name).id}"
        assert [gao.portal(where + path).status for path in ("", "/remove")] == [404, 404]
        for path in ("", "/remove", "/password"):
            assert gao.send(f"{gao.room}/partner{where}{path}", {"csrf_token": token, "name": "x"}).status == 404


@pytest.mark.rule("P7")
def test_the_menu_shows_it_to_those_who_may(visit: Any) -> None:
    assert "User management" in visit("Uma Iyer").portal().menu
    assert "User management" not in visit("Lin Chen").portal().menu
    assert visit("Lin Chen").portal(USERS).refusal == "ROLE"
