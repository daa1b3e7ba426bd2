"""The longest names people may type, of every script: no page grows sideways, no button breaks in two."""

from tests.browser.pages import SUBMIT
from tests.browser.test_accessibility import STICKING_OUT
from tests.browser.trainee import Sits

LONGEST = "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwaren\U0001f3fa\u0645\u0647\u0627"
WIDTHS = (320, 768, 1280)
BROKEN = """() => [...document.querySelectorAll("main .button")].filter(one => one.getBoundingClientRect().height > 48)
  .map(one => one.textContent.trim())"""


def test_the_longest_names_fit_every_page_they_stand_on_at_every_width(sits: Sits) -> None:
    tab = sits(viewport={"width": WIDTHS[-1], "height": 800}).tab()
    tab.trainee.is_given_a_room()
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
        for width in WIDTHS:
            tab.page.set_viewport_size({"width": width, "height": 800})
            assert (path, width, tab.page.evaluate(STICKING_OUT)) == (path, width, [])
        assert tab.page.evaluate(BROKEN) == [], path


ARABIC = "\u0634\u0631\u0643\u0629 21 (\u0627\u0644\u0635\u064a\u0646)."
LEFT = """() => [...document.querySelectorAll("table.table tr > :first-child")].map(cell => {
  const words = document.createRange(); words.selectNodeContents(cell)
  return Math.round(words.getBoundingClientRect().left)
})"""
FULL_STOP = """() => { const name = [...document.querySelectorAll("table.table tbody th a")].at(-1).firstChild
  const at = (from, to) => { const r = document.createRange(); r.setStart(name, from); r.setEnd(name, to)
    return r.getBoundingClientRect().left }
  return at(name.length - 1, name.length) < at(0, 1) }"""


def test_a_name_from_right_to_left_reads_in_its_own_direction_and_stands_where_names_stand(sits: Sits) -> None:
    tab = sits().tab()
    tab.trainee.is_given_a_room()
    tab.becomes("Mei Zhou")
    tab.open("/admin/users/new")
    tab.page.fill("#name", ARABIC)
    tab.page.fill("#local", "x")
    tab.press(SUBMIT)
    tab.open("/admin/users")
    assert len(set(tab.page.evaluate(LEFT))) == 1
    assert tab.page.evaluate(FULL_STOP)
