"""The same journey with JavaScript switched off: forms and links carry everything."""

import pytest

from tests.browser.trainee import Sits, Tab


@pytest.fixture
def tab(sits: Sits) -> Tab:
    """A room in a browser that runs no scripts."""
    tab = sits(java_script_enabled=False).tab()
    tab.opens_a_room()
    return tab


@pytest.mark.rule("R23", "R28", "R37", "R51", "R62")
def test_request_accept_remove_and_restore_work_without_javascript(tab: Tab) -> None:
    tab.enters_as("Lin Chen")
    link = tab.finds_the_link()
    tab.sends_the_letter_to("Mei Zhou")
    tab.opens_the_newest_letter_of("Mei Zhou")
    tab.follows_the_link_in_the_letter()
    tab.picks("Mei Zhou")
    tab.accepts()
    assert tab.who_administers() == {"Lotus Cloud": ["yes", "yes", "yes"]}
    tab.removes("Lotus Cloud", "exchange")
    assert tab.who_administers() == {"Lotus Cloud": ["ended", "yes", "yes"]}
    assert [kind for kind, _ in tab.customers()["Blue Kiln"]] == ["waiting", "yes", "yes"]
    tab.accepts(link)
    assert tab.who_administers() == {"Lotus Cloud": ["yes", "yes", "yes"]}
    tab.signs_out()
    assert tab.who_is_here() is None


@pytest.mark.rule("R12", "R13", "R14")
def test_the_server_rebuilds_the_letter_for_whoever_runs_no_scripts(tab: Tab) -> None:
    tab.becomes("Lin Chen")
    link = tab.finds_the_link()
    assert tab.page.locator("[data-copy-button]").is_hidden()
    assert tab.page.inner_text("[data-copy-status]")
    tab.page.fill("#first", "Good morning, Mei.")
    tab.page.fill("#second", "")
    tab.press("form[data-letter] .ways-out button:not([name])")
    whole = tab.page.input_value("#letter-text")
    assert whole.startswith(f"Good morning, Mei.\n\n{link}\n\n")
    assert "Good%20morning" in (tab.page.get_attribute("a[data-letter-mailto]", "href") or "")


def test_a_form_with_a_mistake_comes_back_with_links_to_it(tab: Tab) -> None:
    tab.becomes("Lin Chen")
    link = tab.finds_the_link()
    tab.becomes("Mei Zhou")
    tab.open(link)
    tab.press(tab.accept_button, status=422)
    assert tab.page.locator('.error-summary a[href="#agreed"]').count() == 1
    tab.accepts()
    assert tab.who_administers() == {"Lotus Cloud": ["yes", "yes", "yes"]}
