"""Which language a person reads."""

from typing import Any

import pytest
from flask import Flask

from shared.web.language import reading_of
from shared.world.rooms import Room
from tests.visitor import Page, Visitor


def reads(app: Flask, room: Room, wanted: str) -> Page:
    """The lobby as a browser with this Accept-Language gets it."""
    return Visitor(app, room.key, headers={"Accept-Language": wanted}).open(f"/w/{room.key}/")


@pytest.mark.parametrize(
    ("wanted", "tag"),
    [
        ("en", "en"),
        ("de", "de"),
        ("de-AT", "de"),
        ("DE-at", "de"),
        ("zh", "zh-Hans-CN"),
        ("zh-TW", "zh-Hans-CN"),
        ("zh-Hant-HK,en;q=0.5", "zh-Hans-CN"),
        ("fr-FR,de;q=0.7,en;q=0.3", "de"),
        ("en;q=0.2,zh;q=0.9", "zh-Hans-CN"),
        ("fr", "en"),
        ("", "en"),
        ("*", "en"),
        ("junk;;;q=x,,\u00e4", "en"),
        ("x" * 5000, "en"),
        ("deutsch", "en"),
    ],
)
def test_the_browsers_wish_decides(app: Flask, room: Room, wanted: str, tag: str) -> None:
    page = reads(app, room, wanted)
    assert page.status == 200
    assert page.soup.html["lang"] == tag


@pytest.mark.parametrize(("choice", "tag"), [("de", "de"), ("zh", "zh-Hans-CN"), ("en", "en")])
def test_a_language_chosen_by_its_link_is_remembered_everywhere(visit: Any, choice: str, tag: str) -> None:
    lin = visit("Lin Chen")
    lin.open(f"/language/{choice}")
    for page in (lin.portal(), lin.portal("/customers"), lin.open("/"), lin.open("/w/nowhere/")):
        assert page.soup.html["lang"] == tag
        [current] = page.soup.select(".languages a[aria-current]")
        assert current["href"] == f"/language/{choice}"


def test_every_page_offers_every_language(visit: Any) -> None:
    links = {str(link["href"]) for link in visit("Lin Chen").portal().soup.select(".languages a")}
    assert links == {"/language/en", "/language/de", "/language/zh"}


def test_a_cookie_with_an_unknown_language_counts_for_nothing(app: Flask, room: Room) -> None:
    visitor = Visitor(app, room.key, headers={"Accept-Language": "de"})
    for value in ("tlh", "", "../de", "de_DE"):
        visitor.client.set_cookie("language", value)
        assert visitor.open("/").soup.html["lang"] == "de"


def test_one_readers_language_is_not_the_next_readers(app: Flask, room: Room) -> None:
    for wanted, tag in (("de", "de"), ("en", "en"), ("zh", "zh-Hans-CN"), ("en", "en")):
        assert reads(app, room, wanted).soup.html["lang"] == tag


def test_no_sentence_of_a_page_stays_in_the_language_of_an_earlier_reader(app: Flask, room: Room, visit: Any) -> None:
    german = reading_of("de").catalogue
    for page in ("/customers", "/reseller-request"):
        english, said = visit("Lin Chen").portal(page), visit("Lin Chen")
        said.open("/language/de")
        texts = set(said.portal(page).soup.stripped_strings)
        left = {text for text in english.soup.stripped_strings if german.ugettext(text) != text} & texts
        assert not left
