"""The journey by keyboard alone: Tab, Enter, Space and typing; one always sees where one is."""

from typing import Any

import pytest

from tests.browser.trainee import REQUEST, Tab, Trainee

ACCEPT = "form:has(#agreed) button[type=submit]"
WHERE = """selector => {
  const here = document.activeElement, style = getComputedStyle(here), box = here.getBoundingClientRect();
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  return {
    there: here.matches(selector), ring, body: here === document.body, seen: box.width > 0 && box.height > 0,
    on_screen: box.bottom > 0 && box.top < innerHeight, what: here.outerHTML.slice(0, 160),
  };
}"""


class Keyboard:
    """Ten fingers and no mouse."""

    def __init__(self, tab: Tab) -> None:
        self.tab = tab
        self.keys = tab.page.keyboard

    def reach(self, selector: str, by: str = "Tab", at_most: int = 150) -> None:
        """Press Tab until the focus is there; each stop on the way must be visible."""
        for _ in range(at_most):
            self.keys.press(by)
            here: dict[str, Any] = self.tab.page.evaluate(WHERE, selector)
            assert here["body"] or (here["ring"] and here["seen"] and here["on_screen"]), here
            if here["there"]:
                return
        raise AssertionError(f"{selector} cannot be reached on {self.tab.path()}")

    def go(self, selector: str, key: str = "Enter", status: int = 200, by: str = "Tab") -> None:
        """Reach something that leads elsewhere, and press it."""
        self.reach(selector, by)
        with self.tab.arriving(status):
            self.keys.press(key)

    def at(self) -> str:
        """The id of what has the focus."""
        return str(self.tab.page.evaluate("document.activeElement.id"))


@pytest.fixture
def keyboard(trainee: Trainee) -> Keyboard:
    """A fresh tab, hands on the keys."""
    return Keyboard(trainee.tab())


@pytest.mark.rule("R23", "R28", "R51")
def test_request_accept_and_remove_by_keyboard_alone(keyboard: Keyboard) -> None:
    tab, keys = keyboard.tab, keyboard.keys
    tab.open("/")
    keyboard.go('form[action="/rooms"] button')
    lin, mei = (tab.persona(name).locator("[name=person_id]").input_value() for name in ("Lin Chen", "Mei Zhou"))

    keyboard.go(f'form:has([name=person_id][value="{lin}"]) button')
    keyboard.go(f'main a[href$="{REQUEST}"]')
    keyboard.reach("#to")
    keys.type("Mei Zhou")
    keyboard.go('button[value="send"]')
    assert tab.page.locator(".notice.success").count() == 1

    keyboard.go("a.ribbon-room")
    keyboard.go(f'a[href$="/mail/{mei}/"]')
    keyboard.go(".mail-list a")
    keyboard.go('.letter-body a[href*="partnersignup"]')
    assert tab.page.locator("button[name=person_id]:focus").get_attribute("value") == mei
    with tab.arriving():
        keys.press("Enter")
    assert tab.asker() == "Lotus Cloud"

    keyboard.reach(ACCEPT)  # blocked, not gone
    keys.press("Enter")
    assert keyboard.at() == "agreed"
    keys.press("Space")
    assert tab.page.is_checked("#agreed")
    keyboard.go(ACCEPT)
    assert tab.page.locator("table.matrix td.yes").count() == 3

    keyboard.go("table.table th a")
    keyboard.go('main a[href$="/remove"]')
    keyboard.reach("#services-exchange")
    keys.press("Space")
    keyboard.go("main form[method=post] button[type=submit]", key="Space")
    assert tab.page.locator("table.matrix td.yes").count() == 1


@pytest.mark.rule("R26")
def test_the_button_waits_for_its_tick_and_says_so(tab: Tab) -> None:
    tab.becomes("Lin Chen")
    link = tab.finds_the_link()
    tab.becomes("Mei Zhou")
    tab.open(link)
    button, why, there = tab.accept_button, tab.page.locator("#agreed-first"), tab.page.url

    def blocked() -> tuple[str | None, str | None, bool]:
        aria = (button.get_attribute("aria-disabled"), button.get_attribute("aria-describedby"))
        return (*aria, why.is_visible())

    waiting, free = ("true", "agreed-first", True), (None, None, False)
    assert blocked() == waiting
    button.click(force=True)  # what is said to be disabled can be pressed all the same
    assert Keyboard(tab).at() == "agreed"
    assert (tab.page.url, tab.page.locator(".error-summary").count()) == (there, 0)
    for state in (free, waiting, free):
        tab.page.keyboard.press("Space")
        assert blocked() == state
    tab.press(button)
    assert tab.path() == "/admin/settings/partner-relationships"


def test_the_first_stop_skips_to_the_page(tab: Tab) -> None:
    keyboard = Keyboard(tab)
    tab.becomes("Lin Chen")
    tab.open("/partner/")
    keyboard.reach(".skip-link", at_most=1)
    box = tab.page.locator(".skip-link").bounding_box()
    assert box
    assert box["y"] >= 0
    keyboard.keys.press("Enter")
    assert keyboard.at() == "main"
    keyboard.keys.press("Tab")
    assert tab.page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_the_first_mistake_of_a_form_has_the_focus_and_leads_to_its_field(tab: Tab) -> None:
    keyboard = Keyboard(tab)
    tab.becomes("Lin Chen")
    tab.open(REQUEST)
    tab.press('button[value="send"]', status=422)
    assert tab.page.evaluate("document.activeElement.matches('.error-summary')")
    keyboard.reach('a[href="#to"]', at_most=3)
    keyboard.keys.press("Enter")
    assert keyboard.at() == "to"


def test_menus_and_rules_open_with_enter_and_close_with_escape(tab: Tab) -> None:
    keyboard = Keyboard(tab)
    tab.becomes("Lin Chen")
    tab.open("/partner/customers")
    for menu in (".person-menu", "details.rule"):
        keyboard.reach(f"{menu} > summary")
        keyboard.keys.press("Enter")
        assert tab.page.locator(f"{menu}[open]").count() == 1
        keyboard.keys.press("Tab")
        keyboard.keys.press("Escape")
        assert tab.page.locator(f"{menu}[open]").count() == 0


def test_a_blocked_button_can_be_reached_and_names_its_reason(tab: Tab) -> None:
    keyboard = Keyboard(tab)
    tab.becomes("Hugo Park")
    tab.open("/partner/")
    keyboard.reach("main [aria-disabled=true]")
    why = tab.page.evaluate(
        "document.getElementById(document.activeElement.getAttribute('aria-describedby')).innerText"
    )
    assert why
    before = tab.page.url
    keyboard.keys.press("Enter")
    assert tab.page.url == before


def test_nobody_is_trapped_anywhere(tab: Tab) -> None:
    tab.becomes("Lin Chen")
    for path in ("/", "/partner/customers", REQUEST):
        tab.open(path)
        keyboard = Keyboard(tab)
        keyboard.reach(".skip-link", at_most=1)
        keyboard.reach("body", at_most=150)
