"""Somebody new: from the page that shows a password once to a first sign-in and back in after forgetting it."""

import pytest

from tests.browser.trainee import Sits

STAFF = "/partner/account-settings/users"
SUBMIT = "main form[method=post] [type=submit]"
DOOR = "form:has(#email) [type=submit]"


@pytest.mark.rule("P4", "P8")
def test_a_new_user_changes_the_temporary_password_and_is_in_and_gets_back_in_with_a_link(sits: Sits) -> None:
    admin = sits().tab()
    admin.trainee.is_given_a_room()
    admin.becomes("Gao Rui")
    admin.open(f"{STAFF}/new")
    admin.page.fill("#name", "Kai Moss")
    admin.page.fill("#local", "kai")
    admin.page.select_option("#agent", value="helpdesk_agent")
    admin.press(SUBMIT)
    email, temporary = admin.page.input_value("#temporary").split()

    kai = sits().tab()
    kai.trainee.room = admin.trainee.room
    kai.open("/partner/sign-in")
    kai.picks("Kai Moss")
    assert kai.page.input_value("#email") == email
    kai.page.fill("#password", temporary)
    kai.press(DOOR)
    kai.open("/partner/customers")
    assert kai.path().startswith("/partner/password")
    for field, typed in {"current": temporary, "new": "made up here 7", "again": "made up here 7"}.items():
        kai.page.fill(f"#{field}", typed)
    kai.press(SUBMIT)
    assert kai.path() == "/partner/customers"
    assert kai.who_is_here() == "Kai Moss"

    kai.signs_out()
    kai.press('main a[href$="/sign-in/recovery"]')
    kai.page.fill("#email", email)
    kai.press(SUBMIT)
    kai.opens_the_newest_letter_of("Kai Moss")
    kai.press('.letter-body a[href*="new-password"]')
    for field in ("new", "again"):
        kai.page.fill(f"#{field}", "another one 8")
    kai.press(SUBMIT)
    kai.page.fill("#password", "another one 8")
    kai.press(DOOR)
    assert kai.who_is_here() == "Kai Moss"
