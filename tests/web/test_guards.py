"""A house is closed until its owner opens a door."""

from typing import Any

import pytest
from flask import Blueprint, Flask
from sqlalchemy import select

from shared.app import build_app
from shared.domain.history import Event, EventKind
from shared.domain.permissions import RULE_OF, Permission
from shared.domain.refusals import Code
from shared.extensions import db
from shared.web import guards, happenings
from shared.web.guards import open_to_everyone
from tests.test_isolation import fingerprint
from tests.visitor import Visitor, words


def test_every_route_says_who_may_enter(app: Flask) -> None:
    assert [name for name, view in app.view_functions.items() if guards.of(view) is None] == []
    guards.check_every_route(app)


def test_a_route_without_a_guard_stops_the_site_from_starting() -> None:
    careless = Blueprint("careless", __name__)
    careless.add_url_rule("/left-open", "left_open", lambda: "hello")
    with pytest.raises(LookupError, match=r"careless\.left_open"):
        build_app(careless, SECRET_KEY="x", DATABASE_URL="sqlite://")


def test_a_route_that_is_meant_to_be_open_may_be() -> None:
    welcoming = Blueprint("welcoming", __name__)
    welcoming.add_url_rule("/open", "open", open_to_everyone(lambda: "hello"))
    app = build_app(welcoming, SECRET_KEY="x", DATABASE_URL="sqlite://")
    assert app.test_client().get("/open").text == "hello"


def test_only_these_few_doors_are_open_to_everyone(app: Flask) -> None:
    unguarded = {name for name, view in app.view_functions.items() if not guards.of(view).signed_in}  # type: ignore[union-attr]
    assert {name for name in unguarded if not name.startswith("classroom.")} == {
        "static",
        "language",
        "theme",
        "partner_portal.recovery",
        "partner_portal.new_password",
        "admin_center.recovery",
        "admin_center.new_password",
        "partner_portal.sign_in",
        "partner_portal.sign_out",
        "admin_center.sign_in",
        "admin_center.sign_out",
    }


def test_every_permission_names_its_rule() -> None:
    assert set(RULE_OF) == set(Permission)


@pytest.mark.rule("P7")
def test_the_wrong_role_reads_the_missing_one_and_is_written_down_once(visit: Any) -> None:
    bea, before = visit("Bea Novak"), fingerprint(without=["event"])
    page = bea.portal("/customers")
    assert (page.status, page.refusal) == (403, "ROLE")
    assert "Helpdesk agent" in page.soup.select_one("[data-refusal]").text
    [event] = db.session.query(Event).filter(Event.refused.is_not(None))
    assert (event.kind, event.refused, event.by_id) == (EventKind.VIEW, Code.ROLE, bea.user_id)
    assert event.facts["rule"] == "P7"
    assert fingerprint(without=["event"]) == before


@pytest.mark.rule("P7", "R81")
def test_what_was_merely_opened_is_not_written_down_as_tried(visit: Any) -> None:
    hugo, add = visit("Hugo Park"), "/customers/add"
    page = hugo.portal(add)
    assert "What was tried Open a page: Add the customer" in words(page.soup.select_one(".key-values"))
    token = page.soup.select_one("input[name=csrf_token]")["value"]
    page = hugo.send(f"{hugo.room}/partner{add}", {"csrf_token": token})
    assert "What was tried Add the customer" in words(page.soup.select_one(".key-values"))
    opened, tried = db.session.scalars(select(Event).where(Event.refused == Code.ROLE).order_by(Event.id))
    assert (opened.kind, opened.facts["page"], tried.kind) == (EventKind.VIEW, "add_customer", EventKind.ADD_CUSTOMER)
    assert "page" not in tried.facts
    said = [happening.action for happening in happenings.in_words([opened, tried])]
    assert said == ["Open a page: Add the customer", "Add the customer"]


@pytest.mark.rule("P7")
def test_switching_to_somebody_who_may_leads_to_the_same_page(visit: Any, lin: Any) -> None:
    bea = visit("Bea Novak")
    page = bea.portal("/customers", q="blue")
    door = bea.open(str(page.soup.select_one("[data-refusal] a[href]")["href"]))
    page = door.press_form(f"{bea.room}/partner/sign-in", person_id=str(lin.id))
    assert page.path == f"{bea.room}/partner/customers"
    assert page.response.request.args["q"] == "blue"


def test_a_stranger_is_not_written_down(stranger: Visitor) -> None:
    before = fingerprint()
    assert stranger.portal("/customers", side="partner").path == f"{stranger.room}/partner/sign-in"
    assert fingerprint() == before
