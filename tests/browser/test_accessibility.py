"""Nobody is shut out: every page in light and dark, on the narrowest screen, in every language."""

from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from flask import Flask
from playwright.sync_api import Browser, Page

from .pages import NO_PAGES, SIGHTS, Sight, Story, play
from .trainee import LANG, Tab, Trainee

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EVERYTHING = {"type": "tag", "values": TAGS}
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}  # of these tags, what asks for colours
# Without `preload` axe fetches no style sheet or sound again. Of these tags only the rule on sounds that play by
# themselves asks for that, and our pages may load no sound at all.
AXE = """async only => (await axe.run({runOnly: only, resultTypes: ["violations"], preload: false}))
  .violations.map(found => [found.id, found.nodes.map(node => node.target.join(" "))])"""
NARROW = {"width": 320, "height": 640}
WIDE = {"width": 1280, "height": 800}
# German has the longest words of all; Chinese breaks nearly anywhere, so its names alone can be too wide.
WIDER = {"de": (400, 640, 768, 1024, 1280), "zh": (768,)}

# What can be pressed and is smaller than 24 by 24 pixels; links in the midst of a sentence are as high as its line.
SMALL = """() => [...document.querySelectorAll("a[href], button, summary, [role=link]")].filter(target => {
  const box = target.getBoundingClientRect();
  if (!target.checkVisibility() || !box.width || target.closest(".visually-hidden, .skip-link")) return false;
  const text = node => node.textContent.trim().length;
  const inline = getComputedStyle(target).display === "inline" && text(target.parentElement) > text(target);
  return !inline && (box.width < 23.9 || box.height < 23.9);
}).map(target => target.outerHTML.slice(0, 120))"""

# What sticks out to the right of the window, outside of frames made for scrolling.
STICKING_OUT = """() => document.documentElement.scrollWidth <= innerWidth ? [] : [
  document.documentElement.scrollWidth,
  ...[...document.querySelectorAll("main *, header *, footer *")].filter(part =>
    !part.closest(".scroll-frame, .table-frame, .visually-hidden")
    && part.getBoundingClientRect().right > innerWidth + 0.5
  ).slice(0, 5).map(part => part.outerHTML.slice(0, 120)),
]"""

# Words on two lines in tables, lists of facts and of people. An address is no word, and a soft hyphen may part one.
PARTED = """() => [...document.querySelectorAll("main :is(table, dl, .services, .persona)")].flatMap(table => {
  const walk = document.createTreeWalker(table, NodeFilter.SHOW_TEXT), range = document.createRange(), found = [];
  while (walk.nextNode()) {
    const node = walk.currentNode, word = /(?<![@.\\u00ad\\p{Script=Latin}\\p{N}])[\\p{Script=Latin}\\p{N}]+/gu;
    if (getComputedStyle(node.parentElement.closest("thead, span, caption") || table).clipPath !== "none") continue;
    for (const {0: letters, index} of node.data.matchAll(word)) {
      range.setStart(node, index);
      range.setEnd(node, index + letters.length);
      const lines = new Set([...range.getClientRects()].filter(box => box.width > 1).map(box => Math.round(box.top)));
      if (lines.size > 1) found.push(letters);
    }
  }
  return found;
})"""

# Words of the bar that run under the buttons beside them.
OVERLAPPING = """() => {
  const words = document.querySelector(".product-name"), range = document.createRange();
  range.selectNodeContents(words);
  const right = Math.max(...[...range.getClientRects()].map(line => line.right));
  return [...document.querySelectorAll(".personal > *")].filter(one => one.getBoundingClientRect().left < right - 0.5)
    .map(one => [words.innerText, right, one.className, one.getBoundingClientRect().left]);
}"""

# Each question to the browser takes as long as a small page does, so they are asked together.
FITS = f"() => [({STICKING_OUT})(), ({PARTED})(), ({OVERLAPPING})(), ({SMALL})()]"
IN_ORDER = """() => ({
  headings: [...document.querySelectorAll("h1")].map(heading => heading.innerText),
  title: document.title,
  language: document.documentElement.lang,
})"""
AXE_IN_THE_DARK = f"async only => [getComputedStyle(document.body).backgroundColor, await ({AXE})(only)]"


@pytest.fixture(scope="session")  # a module's would be made again whenever a worker comes back to it
def readers(browser: Browser, address: str) -> Any:
    """Somebody in the same played room for each language, made when first asked for."""
    sitting: dict[str, Trainee] = {}
    tabs: dict[str, Tab] = {}
    first = Trainee(browser, address)
    story = play(first.tab())
    first_left = first.leave()

    def reader(language: str, **how: Any) -> tuple[Tab, Story]:
        name = f"{language} {how}"
        if name not in sitting:
            sitting[name] = Trainee(browser, address, language, **how)
            sitting[name].room = story.room
            tabs[name] = sitting[name].tab()
        return tabs[name], story

    yield reader
    assert [first_left, *(trainee.leave() for trainee in sitting.values())] == [[]] * (len(sitting) + 1)


def by_name(sight: Sight) -> str:
    """What a failing page is called."""
    return sight.name


every_page = pytest.mark.parametrize("sight", SIGHTS, ids=by_name)


def is_in_order(page: Page, language: str) -> None:
    """One h1, a title of its own, and the language it is written in."""
    found = page.evaluate(IN_ORDER)
    assert [bool(heading) for heading in found["headings"]] == [True]
    assert found["title"].removesuffix("| Counterpart").strip()
    assert found["language"] == LANG[language]


def test_every_page_of_the_product_is_looked_at(served_app: Flask) -> None:
    pages = {rule.endpoint for rule in served_app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert pages - NO_PAGES == {sight.endpoint for sight in SIGHTS} - {"nothing"}


def shuts_nobody_out(page: Page) -> None:
    """Nothing for axe to complain of, in light and dark; no language changes what it looks at."""
    page.emulate_media(color_scheme="light")
    page.evaluate(AXE_SCRIPT)
    assert page.evaluate(AXE, EVERYTHING) == []
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(AXE_IN_THE_DARK, COLOURS) == ["rgb(27, 27, 27)", []]  # dark changes colours and nothing else


@every_page
@pytest.mark.parametrize("language", ["de", "zh"])
def test_every_page_fits_every_screen_from_the_narrowest_on_parts_no_word_and_shuts_nobody_out(
    readers: Any, sight: Sight, language: str
) -> None:
    tab, story = readers(language, viewport=NARROW)
    tab.page.set_viewport_size(NARROW)
    sight.visit(tab, story)
    is_in_order(tab.page, language)
    for width in (NARROW["width"], *WIDER[language]):
        if width != NARROW["width"]:
            tab.page.set_viewport_size({**NARROW, "width": width})
        assert (width, tab.page.evaluate(FITS)) == (width, [[], [], [], []])
    if language == "de":
        shuts_nobody_out(tab.page)


@pytest.mark.parametrize("name", ["lobby", "request", "accept", "relationships", "remove", "customers, a row open"])
def test_with_forced_colours_every_state_can_still_be_told(readers: Any, name: str) -> None:
    tab, story = readers("en", forced_colors="active", color_scheme="dark")
    next(sight for sight in SIGHTS if sight.name == name).visit(tab, story)
    page = tab.page
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")
    bordered = """() => [...document.querySelectorAll(".button, .chip, .notice, .card, .field textarea")]
      .filter(part => part.checkVisibility() && getComputedStyle(part).borderTopStyle === "none")
      .map(part => part.outerHTML.slice(0, 120))"""
    assert page.evaluate(bordered) == []
    wordless = """() => [...document.querySelectorAll(".chip, table.matrix td, .button")]
      .filter(part => !part.textContent.trim()).map(part => part.outerHTML.slice(0, 120))"""
    assert page.evaluate(wordless) == []
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"


def test_the_page_of_components_opens_at_its_top(readers: Any) -> None:
    tab, story = readers("en", viewport=WIDE)
    next(sight for sight in SIGHTS if sight.name == "components").visit(tab, story)
    assert tab.page.evaluate("[scrollY, document.activeElement.tagName]") == [0, "BODY"]
