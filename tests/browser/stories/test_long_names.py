"""The longest names people may type, of every script: no page grows sideways, no button breaks in two."""

import pytest

from tests.browser.pages import SUBMIT
from tests.browser.test_accessibility import STICKING_OUT
from tests.browser.trainee import Sits

LONGEST = "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwaren\U0001f3fa\u0645\u0647\u0627"
BROKEN = """() => [...document.querySelectorAll("main .button")].filter(one => one.getBoundingClientRect().height > 48)
  .map(one => one.textContent.trim())"""


@pytest.mark.parametrize("width", [1280, 768, 320])
def test_the_longest_names_fit_every_page_they_stand_on(sits: Sits, width: int) -> None:
    tab = sits(viewport={"width": width, "height": 800}).tab()
    tab.opens_a_room()
    tab.becomes("Lin Chen")
    link = tab.finds_the_link()
    tab.becomes("Mei Zhou")
    tab.accepts(link)
    tab.open("/admin/users/new")
    tab.page.fill("#name", LONGEST)
    tab.page.fill("#local", "w")
    tab.press(SUBMIT)
    tab.becomes("Lin Chen")
    tab.open("/partner/customers")
    tab.press("table.table tbody th a")
    subscriptions = tab.path()
    tab.open(f"{subscriptions}/add")
    tab.press('button[value="order"]')
    tab.page.fill("#nickname", LONGEST)
    tab.press("form:has(#nickname) button[type=submit]")
    pages = (
        "/",
        "/partner/activity",
        subscriptions,
        tab.path(),
        f"{subscriptions.rpartition('/')[0]}/who-may-do-what",
        "/clock",
        "/admin/sign-in",
        "/admin/users",
        "/admin/billing/licences",
    )
    for path in pages:
        if path == "/admin/users":
            tab.becomes("Mei Zhou")
        tab.open(path)
        assert tab.page.evaluate(STICKING_OUT) == [], path
        assert width < 1280 or tab.page.evaluate(BROKEN) == [], path
