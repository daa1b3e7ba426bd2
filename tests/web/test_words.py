"""The few words and times every template may ask for."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from jinja2 import UndefinedError

from shared.domain import staff
from shared.domain.organisations import Partner
from shared.domain.permissions import Role
from shared.domain.rules import RULES
from shared.domain.users import User
from shared.extensions import db
from shared.web import rule_words
from shared.world import clock
from tests.conftest import the
from tests.visitor import words
from tests.web.test_errors import tried

LATE = datetime(2026, 3, 31, 17, 30, tzinfo=UTC)  # already the next day in China


@pytest.mark.parametrize(
    ("language", "expected"), [("en", "Apr 1, 2026"), ("de", "01.04.2026"), ("zh", "2026年4月1日")]
)
def test_a_day_is_the_day_in_china_in_the_readers_language(app: Flask, language: str, expected: str) -> None:
    with app.test_request_context(headers={"Accept-Language": language}):
        app.preprocess_request()
        assert app.jinja_env.filters["day"](LATE) == expected
        assert app.jinja_env.filters["moment"](LATE).startswith(expected)
        assert app.jinja_env.filters["iso"](LATE) == "2026-03-31T17:30:00+00:00"


@pytest.mark.parametrize(
    ("language", "actor", "people"),
    [("en", "Mei Zhou, Blue Kiln", "Mei Zhou, Bo Lindt"), ("zh", "Mei Zhou，Blue Kiln", "Mei Zhou、Bo Lindt")],
)
def test_what_stands_beside_a_name_is_no_second_name(app: Flask, language: str, actor: str, people: str) -> None:
    with app.test_request_context(headers={"Accept-Language": language}):
        app.preprocess_request()
        assert app.jinja_env.filters["beside"](["Mei Zhou", "Blue Kiln"]) == actor
        assert app.jinja_env.filters["listing"](["Mei Zhou", "Bo Lindt"]) == people


def test_every_rule_that_is_shown_is_known_and_says_something(app: Flask) -> None:
    with app.test_request_context():
        for number in rule_words.SAYS:
            assert number in RULES
            shown = rule_words.rule(number)
            assert shown.says
            assert shown.title
            assert shown.origin_label


def test_a_misspelt_name_in_a_template_is_an_error(app: Flask) -> None:
    with app.test_request_context(), pytest.raises(UndefinedError):
        app.jinja_env.from_string("{{ no_such_name }}").render()


@pytest.mark.rule("P1")
def test_two_settings_are_named_together_and_without_any_only_a_customers_person_is_a_user(visit: Any) -> None:
    gao = the(User, "Gao Rui")
    gao.agent = Role.ADMIN_AGENT
    db.session.commit()
    card = words(visit("Gao Rui").portal().soup.select_one(".person-card"))
    assert "Admin agent, Global admin" in card
    assert "User" in words(visit("Nora Quist").portal().soup.select_one(".person-card"))
    gao.agent = gao.admin = None
    page = visit("Gao Rui").portal("/customers")
    assert tried(page)["Your role"] == "None / No admin"
    assert words(page.soup.select_one(".person-card")) == "Gao Rui None / No admin Lotus Cloud"


@pytest.mark.rule("P1", "R81")
def test_the_log_too_calls_nobody_at_a_partner_a_user(visit: Any, lotus: Partner) -> None:
    gao, sara = the(User, "Gao Rui"), the(User, "Sara Blom")
    seen = staff.facts_of(sara)
    staff.change(sara, sara.name, agent=None, admin=None, by=gao, seen=seen)
    assert "Sales agent → None / No admin" in visit("Lin Chen").portal("/activity").rows()[0]


def test_the_rooms_clock_is_shown_and_obeyed(visit: Any) -> None:
    lin = visit("Lin Chen")
    clock.advance(timedelta(days=40))
    shown = str(lin.portal().soup.select_one(".room-clock time")["datetime"])
    assert abs(datetime.fromisoformat(shown) - clock.now()) < timedelta(minutes=2)
