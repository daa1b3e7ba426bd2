"""Which language a person reads."""

import email
from email.policy import default
from typing import Any

import pytest
from flask import Flask, render_template_string
from flask_babel import gettext, lazy_gettext, ngettext
from markupsafe import Markup

from shared.domain.invitations import Invitation
from shared.domain.organisations import Customer, Partner
from shared.domain.refusals import Code, Refusal
from shared.domain.users import User
from shared.extensions import db
from shared.web import letters
from shared.web.language import reading_of
from shared.web.refusal_words import refusal_text
from shared.world.rooms import Room
from tests.builders import accepts
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


ARABIC, HEBREW = "شركة 21 (الصين)", "קדרות"
APART = f"\u2068{ARABIC}\u2069"


def test_a_name_that_is_written_from_right_to_left_stands_apart_in_every_kind_of_sentence(app: Flask) -> None:
    with app.test_request_context("/"):
        assert gettext("%(n)s, rule %(rule)s", n=ARABIC, rule=12) == f"{APART}, rule 12"
        assert str(lazy_gettext("Ask %(n)s!", n=HEBREW)) == f"Ask \u2068{HEBREW}\u2069!"
        assert ngettext("%(num)s of %(n)s", "%(num)s of %(n)s.", 2, n=ARABIC) == f"2 of {APART}."
        drawn = render_template_string(
            "{{ _('<%(n)s>', n=n) }}{{ _('%(n)s', n=m) }}", n=f"{ARABIC}<b>", m=Markup("<i>ש</i>")
        )
    assert drawn == f"<\u2068{ARABIC}&lt;b&gt;\u2069>\u2068<i>ש</i>\u2069"


@pytest.mark.parametrize("name", ["Lotus", "Grüße & 你好", "Ωμέγα", "🌿", "", 7, None])
def test_every_other_value_stands_as_it_is(app: Flask, name: Any) -> None:
    with app.test_request_context("/"):
        assert gettext("%(n)s.", n=name) == f"{name}."


def test_a_partner_called_in_arabic_turns_nothing_around_it_and_no_field_and_no_header_is_touched(
    visit: Any, app: Flask, room: Room, lotus: Partner, kiln: Customer, mei: User
) -> None:
    lotus.name = ARABIC
    db.session.flush()
    accepts(mei, lotus)
    lin, link = visit("Lin Chen"), f"\u2068{ARABIC}\u2069"
    page = lin.portal("/customers/request-a-reseller-relationship")
    assert ARABIC in page.soup.find("textarea").text
    assert not {"\u2068", "\u2069"} & set(
        "".join(area.text for area in page.soup.find_all("textarea", attrs={"name": True}))
    )
    assert link in page.soup.select_one(".letter-locked .letter-text").text
    assert f"{link} –" in visit("Mei Zhou").portal("/activity").soup.select_one("table").text
    with app.test_request_context(f"/w/{room.key}/partner/"):
        app.preprocess_request()
        mail = letters.invitation_mail(Invitation(lotus), ["x"], "en")
        refusal = refusal_text(Refusal(Code.NO_RELATIONSHIP, partner=lotus, customer=kiln))
        assert refusal == f"{link} has no reseller relationship with Blue Kiln."
        assert link in mail.subject
        assert link in mail.text
        assert "%E2%81%A8" not in letters.mailto(mail).partition("&body=")[0]
        header = email.message_from_bytes(letters.draft(mail), policy=default)["Subject"]
        assert header == f"{ARABIC} requests a reseller relationship"
