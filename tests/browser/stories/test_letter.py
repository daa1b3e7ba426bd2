"""The letter in the partner's hands: written live, copied with the clipboard or without, opened in a mail program."""

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Dialog, Download, Page, expect

from tests.browser.site import PLAIN_HOST
from tests.browser.trainee import Sits, Tab

STATUS = "[data-copy-status]"
COPY = "[data-copy-button]"


def mail_body(page: Page) -> str:
    """The text a mail program would get."""
    href = page.get_attribute("a[data-letter-mailto]", "href") or ""
    return parse_qs(urlsplit(href).query, keep_blank_values=True)["body"][0].replace("\r\n", "\n")


@pytest.fixture
def letter(tab: Tab) -> Tab:
    """Lin at the request page."""
    tab.becomes("Lin Chen")
    tab.finds_the_link()
    return tab


@pytest.mark.rule("R12", "R13", "R14")
def test_what_is_typed_stands_in_the_copy_and_in_the_mail_at_once_and_the_link_stays(letter: Tab) -> None:
    page = letter.page
    link, after = page.input_value("#link"), page.input_value("#letter-text").rpartition("\n\n")[2]
    page.fill("#first", "")
    page.locator("#first").press_sequentially("Dear Mei & all: 100 % äöü 你好?")
    page.fill("#second", "Line one\nline two")
    whole = f"Dear Mei & all: 100 % äöü 你好?\n\nLine one\nline two\n\n{link}\n\n{after}"
    assert page.input_value("#letter-text") == whole
    assert mail_body(page) == whole
    page.fill("#first", "  ")
    page.fill("#second", "")
    assert page.input_value("#letter-text") == f"{link}\n\n{after}"
    assert mail_body(page) == f"{link}\n\n{after}"
    assert page.input_value("#link") == link


@pytest.mark.rule("R14")
def test_the_link_and_the_whole_letter_cannot_be_typed_into(letter: Tab) -> None:
    page = letter.page
    for field in ("#link", "#letter-text"):
        before = page.input_value(field)
        page.focus(field)
        page.keyboard.type("x")
        assert page.input_value(field) == before


@pytest.mark.rule("R12", "R13")
def test_the_server_sends_what_the_page_showed(letter: Tab) -> None:
    letter.page.fill("#first", "Good morning, Mei.")
    shown = letter.page.input_value("#letter-text")
    letter.sends_the_letter_to("Mei Zhou")
    letter.opens_the_newest_letter_of("Mei Zhou")
    assert "\n\n".join(letter.page.locator(".letter-text").all_inner_texts()) == shown


@pytest.mark.rule("R12")
def test_the_draft_downloads_with_the_link_in_it(letter: Tab) -> None:
    link = letter.page.input_value("#link")
    with letter.page.expect_download() as coming:
        letter.page.click('button[name=act][value="download"]')
    assert coming.value.suggested_filename.endswith(".eml")
    text = coming.value.path().read_text().replace("=\n", "").replace("=3D", "=")
    assert link in text
    assert letter.page.input_value("#link") == link


def test_whoever_takes_the_draft_and_sends_the_letter_at_once_does_both_once(letter: Tab) -> None:
    downloads: list[Download] = []
    letter.page.on("download", lambda download: downloads.append(download))
    with letter.page.expect_download():
        for _ in range(2):
            letter.page.click('button[name=act][value="download"]', force=True)
    letter.sends_the_letter_to("Mei Zhou")
    assert (len(downloads), letter.page.locator("[aria-labelledby=sent] li").count()) == (1, 1)


@pytest.fixture
def asked(tab: Tab) -> list[str]:
    """What the browser asked before it left a page; the answer is always to stay."""
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    tab.page.on("dialog", stay)
    return asked


def changes_the_language(page: Page, to: str) -> None:
    """In the ribbon, whether or not the browser goes through with it."""
    page.locator(f".languages a[lang={to}]").click(no_wait_after=True)
    page.wait_for_timeout(300)


def test_nobody_loses_typed_words_to_another_language_unasked(letter: Tab, asked: list[str]) -> None:
    page = letter.page
    changes_the_language(page, "de")
    assert (asked, page.get_attribute("html", "lang")) == ([], "de")
    page.click("#first")
    page.fill("#first", "My own words")
    for number in (1, 2):
        changes_the_language(page, "en")
        assert (asked, page.input_value("#first")) == (["beforeunload"] * number, "My own words")
        if number == 1:
            letter.press(".ways-out button:not([name])")  # what the server shows again is still typed
            page.click("#second")


def test_what_the_browser_fills_in_again_on_the_way_back_is_not_lost_unasked_and_what_was_taken_back_is_nothing(
    letter: Tab, asked: list[str]
) -> None:
    page = letter.page
    first = page.input_value("#first")
    page.click("#first")
    page.fill("#first", "My own words")
    letter.press('.ways-out a[href$="/customers"]')
    with letter.arriving():
        page.go_back()
    assert page.input_value("#first") == "My own words"
    page.click("#second")
    changes_the_language(page, "de")
    assert asked == ["beforeunload"]
    page.fill("#first", first)
    changes_the_language(page, "de")
    assert (asked, page.get_attribute("html", "lang")) == (["beforeunload"], "de")


def test_nobody_loses_what_was_ticked_on_an_invitation_to_another_language_unasked(
    letter: Tab, asked: list[str]
) -> None:
    page, link = letter.page, letter.page.input_value("#link")
    letter.becomes("Mei Zhou")
    letter.open(link)
    letter.tick("exchange")
    page.check("#agreed")
    changes_the_language(page, "de")
    assert (asked, page.is_checked("#agreed")) == (["beforeunload"], True)
    letter.press(letter.accept_button)
    assert letter.who_administers() == {"Lotus Cloud": ["yes", "no", "no"]}
    assert asked == ["beforeunload"]


def test_the_letters_own_buttons_are_not_questioned(letter: Tab, asked: list[str]) -> None:
    letter.page.click("#first")
    letter.page.fill("#first", "My own words")
    letter.sends_the_letter_to("Mei Zhou")
    letter.page.click("#first")
    letter.page.fill("#first", "Other words")
    letter.press('.ways-out a[href$="/customers"]')
    assert asked == []


@pytest.mark.rule("R12")
def test_the_clipboard_holds_the_letter_where_the_browser_allows_it(sits: Sits) -> None:
    tab = sits(permissions=["clipboard-read", "clipboard-write"]).tab()
    tab.trainee.is_given_a_room()
    tab.becomes("Lin Chen")
    tab.finds_the_link()
    tab.page.click(COPY)
    expect(tab.page.locator(STATUS)).to_have_text(said(tab.page, "copied"))
    assert tab.page.evaluate("navigator.clipboard.readText()") == tab.page.input_value("#letter-text")


def said(page: Page, what: str) -> str:
    """The sentence the page has ready for this ending, in the reader's language."""
    words = page.get_attribute(STATUS, f"data-{what}")
    assert words
    return words


class TestOverPlainHttp:
    """In a classroom the site is reached over the network without TLS: there is no clipboard API at all."""

    @pytest.fixture
    def letter(self, sits: Sits, address: str, language: str) -> Tab:
        """Lin at the request page, by a name that is not loopback, with nothing granted."""
        tab = sits(language, address=address.replace("127.0.0.1", PLAIN_HOST)).tab()
        tab.opens_a_room()
        tab.enters_as("Lin Chen")
        tab.finds_the_link()
        assert tab.page.evaluate("[isSecureContext, 'clipboard' in navigator]") == [False, False]
        return tab

    @pytest.mark.rule("R12")
    def test_the_old_command_copies_and_the_page_says_so(self, letter: Tab) -> None:
        page = letter.page
        letter_text = page.input_value("#letter-text")
        at_first = page.inner_text(STATUS)
        page.click(COPY)
        expect(page.locator(STATUS)).to_have_text(said(page, "copied"))
        assert page.inner_text(STATUS) != at_first
        page.fill("#first", "")
        page.focus("#first")
        page.keyboard.press("Control+V")
        assert page.input_value("#first") == letter_text

    @pytest.mark.rule("R12")
    def test_when_copying_fails_the_page_says_so_and_selects_the_text(self, letter: Tab) -> None:
        page = letter.page
        at_first = page.inner_text(STATUS)
        page.evaluate("document.execCommand = () => false")
        page.click(COPY)
        expect(page.locator(STATUS)).to_have_text(said(page, "not-copied"))
        assert said(page, "not-copied") not in (at_first, said(page, "copied"))
        selected = "const box = document.activeElement; [box.id, box.value.slice(box.selectionStart, box.selectionEnd)]"
        assert page.evaluate(selected) == ["letter-text", page.input_value("#letter-text")]


@pytest.mark.rule("R16", "R23")
def test_the_link_leads_back_by_the_name_the_partner_used(sits: Sits, address: str) -> None:
    tab = sits(address=address.replace("127.0.0.1", PLAIN_HOST)).tab()
    tab.opens_a_room()
    tab.enters_as("Lin Chen")
    link = tab.finds_the_link()
    assert urlsplit(link).hostname == PLAIN_HOST
    tab.enters_as("Mei Zhou")
    tab.accepts(link)
    assert tab.who_administers() == {"Lotus Cloud": ["yes", "yes", "yes"]}
