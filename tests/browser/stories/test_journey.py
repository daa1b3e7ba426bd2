"""From the request to the revocation and back, in every language."""

from datetime import datetime

import pytest
from flask import Flask

from shared.domain.privileges import EndReason
from shared.web import language as languages
from shared.web.labels import label
from shared.web.words import day
from tests.browser.trainee import LANG, REQUEST, Sits, Tab

HELD = ["yes", "yes", "yes"]


def the_end(app: Flask, language: str, when: str, reason: EndReason) -> tuple[str, str]:
    """How this language writes the day and the reason of an end."""
    with app.app_context(), languages.speaking(language):
        return day(datetime.fromisoformat(when)), label(reason)


@pytest.mark.rule("R12", "R16", "R17", "R22", "R23", "R28", "R29", "R37", "R51", "R53", "R55", "R59", "R62", "R30")
def test_a_customer_accepts_takes_one_service_back_and_restores_it_with_the_same_link(
    served_app: Flask, sits: Sits, language: str
) -> None:
    partner = sits(language).tab()
    partner.opens_a_room()
    assert partner.page.get_attribute("html", "lang") == LANG[language]

    partner.enters_as("Lin Chen")
    assert partner.who_is_here() == "Lin Chen"
    assert partner.customers() == {}
    link = partner.finds_the_link()
    assert link in partner.page.input_value("#letter-text")
    partner.sends_the_letter_to("Mei Zhou")
    assert partner.page.locator(".notice.success").count() == 1
    assert partner.customers() == {}

    customer = partner.trainee.tab()
    customer.opens_the_newest_letter_of("Mei Zhou")
    assert customer.page.locator(".letter-body a").get_attribute("href") == link
    customer.follows_the_link_in_the_letter()
    assert customer.path().startswith("/admin/sign-in?next=")
    assert customer.proposed() == "Mei Zhou"
    customer.picks("Mei Zhou")
    assert customer.page.url == link
    assert customer.asker() == "Lotus Cloud"
    customer.accepts()
    assert customer.path() == "/admin/settings/partner-relationships"
    assert customer.who_administers() == {"Lotus Cloud": HELD}
    assert [kind for kind, _ in partner.customers()["Blue Kiln"]] == HELD

    customer.removes("Lotus Cloud", "sharepoint")
    assert customer.who_administers() == {"Lotus Cloud": ["yes", "ended", "yes"]}
    ended = partner.customers()["Blue Kiln"]
    assert [kind for kind, _ in ended] == ["yes", "waiting", "yes"]
    for words in the_end(served_app, language, partner.room_time(), EndReason.REMOVED):
        assert words in ended[1][1]

    partner.page.click("tr.row-detail summary")
    partner.press(f'tr.row-detail a[href*="{REQUEST}?customer="]')
    assert partner.page.input_value("#link") == link
    assert "Mei Zhou" in partner.page.locator("#to option:checked").inner_text()
    customer.accepts(link)
    assert customer.who_administers() == {"Lotus Cloud": HELD}
    assert [kind for kind, _ in partner.customers()["Blue Kiln"]] == HELD

    customer.open(link)
    assert customer.page.locator("#agreed").count() == 0  # nothing is left to accept
    customer.press(".page-head-action a")
    assert customer.path() == "/admin/settings/partner-relationships"


@pytest.mark.rule("R2", "R41", "R42", "R59")
def test_a_second_partner_takes_over_and_the_first_one_keeps_its_customer(
    served_app: Flask, sits: Sits, language: str
) -> None:
    tab = sits(language).tab()
    tab.trainee.is_given_a_room()
    tab.becomes("Lin Chen")
    link = tab.finds_the_link()

    tab.becomes("Dana Weiss")
    assert tab.who_administers() == {"Jade IT": HELD}
    tab.accepts(link, "exchange", "sharepoint")
    assert tab.who_administers() == {"Jade IT": ["moved", "moved", "yes"], "Lotus Cloud": ["yes", "yes", "no"]}

    tab.becomes("Jonas Falk")
    left = tab.customers()["Delta Foods"]
    assert [kind for kind, _ in left] == ["waiting", "waiting", "yes"]
    for words in the_end(served_app, language, tab.room_time(), EndReason.MOVED):
        assert words in left[0][1]
    tab.opens_the_newest_letter_of("Jonas Falk")
    assert "Delta Foods" in tab.page.inner_text("h1")


@pytest.mark.rule("R24", "R25")
def test_somebody_who_may_not_accept_gets_words_to_forward(tab: Tab) -> None:
    tab.becomes("Lin Chen")
    link = tab.finds_the_link()
    tab.becomes("Nora Quist")
    tab.open(link, status=403)
    assert tab.page.get_attribute("[data-refusal]", "data-refusal") == "NEEDS_GLOBAL_ADMIN"
    assert link in tab.page.input_value("#forward")


@pytest.mark.rule("R51", "R53")
def test_a_customer_takes_everything_back_from_everybody(tab: Tab) -> None:
    tab.becomes("Dana Weiss")
    tab.open("/admin/settings/partner-relationships")
    tab.press('main a[href$="/remove-all"]')
    tab.press("main form[method=post] button[type=submit]")
    assert tab.who_administers() == {"Jade IT": ["ended", "ended", "ended"]}


@pytest.mark.rule("R43", "R73", "R76")
def test_a_trainer_sets_the_stage_and_the_customer_meets_each_refusal(tab: Tab) -> None:
    tab.becomes("Lin Chen")
    link = tab.finds_the_link()
    tab.becomes("Dana Weiss")

    tab.open("/settings")
    tab.page.check('input[name=dap_conflict][value="refuse"]')
    tab.press("main form[method=post] button[type=submit]")
    tab.open(link)
    assert tab.page.locator("input[name=services][aria-disabled=true]").count() == 3

    tab.open("/settings")
    tab.page.locator(".tick", has_text="Lotus Cloud").locator("input").check()
    tab.press("main form[method=post] button[type=submit]")
    tab.open(link, status=409)
    assert tab.page.get_attribute("[data-refusal]", "data-refusal") == "CANNOT_ACCEPT_NOW"


def test_whoever_changes_the_language_reads_on_where_they_were(tab: Tab) -> None:
    tab.becomes("Lin Chen")
    tab.open("/partner/customers?q=kiln")
    for tag in ("de", "zh", "en"):
        tab.press(f'a[href="/language/{tag}"]')
        assert tab.path() == "/partner/customers?q=kiln"
        assert tab.page.get_attribute("html", "lang") == LANG[tag]
        assert tab.page.get_attribute(".languages [aria-current]", "hreflang") == LANG[tag]


def test_whoever_changes_the_colours_keeps_them(tab: Tab) -> None:
    colours = {}
    tab.open("/")
    for theme in ("dark", "light"):
        tab.press(f'a[href="/theme/{theme}"]')
        assert tab.page.get_attribute("html", "data-theme") == theme
        colours[theme] = tab.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert colours["dark"] != colours["light"]
