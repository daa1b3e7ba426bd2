"""A new customer, step by step and back again with the browser's own buttons."""

import pytest

from tests.browser.trainee import Sits, Tab

ACCOUNT = {"name": "Amber Mill", "domain": "amber.example", "contact_name": "Ada", "contact_email": "a@amber.example"}


def goes_back(tab: Tab, status: int = 200) -> None:
    """The browser's Back."""
    with tab.arriving(status):
        tab.page.go_back()


def orders(tab: Tab, seats: str, status: int = 200) -> None:
    """So many licences of E1, and on to the review."""
    tab.page.fill("#e1", seats)
    tab.press("button[value=review]", status)


@pytest.mark.rule("R4", "P4")
@pytest.mark.parametrize("scripts", [True, False])
def test_back_forward_and_reload_do_what_they_do_everywhere(sits: Sits, scripts: bool) -> None:
    tab = sits(java_script_enabled=scripts).tab()
    tab.trainee.is_given_a_room()
    tab.becomes("Lin Chen")
    tab.open("/partner/customers")
    tab.press('main a[href$="/customers/add"]')
    for field, typed in ACCOUNT.items():
        tab.page.fill(f"#{field}", typed)
    tab.press("button[value=subscriptions]")
    orders(tab, "many", 422)
    orders(tab, "5")
    assert tab.page.locator("#update-account").count() == 1
    goes_back(tab)
    assert tab.page.input_value("#e1") == "5"
    goes_back(tab)
    goes_back(tab)
    assert tab.page.input_value("#name") == "Amber Mill"
    with tab.arriving():
        tab.page.go_forward()
    orders(tab, "7")
    with tab.arriving():
        tab.page.reload()
    assert "7" in tab.page.locator("[aria-labelledby=orders] dd").all_inner_texts()
    tab.press("button[value=submit]")
    _email, temporary = tab.page.input_value("#temporary").split()
    with tab.arriving():
        tab.page.reload()
    assert len(tab.notices()) == 2  # it was shown once, and how to get in
    goes_back(tab)
    assert tab.page.input_value("#name") == ""
    assert len(tab.notices()) == 1
    assert temporary not in tab.page.content()
    assert [name for name in tab.customers() if name.startswith("Amber")] == ["Amber Mill"]
