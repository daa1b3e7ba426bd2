"""Stepping into a room and out of it."""

from contextvars import Context
from typing import Any

import pytest
from flask import Flask

from shared.extensions import db
from shared.world import rooms
from shared.world.rooms import NoRoom, Room
from tests.conftest import furnished_room
from tests.test_isolation import fingerprint
from tests.test_queries import PLACES, crowd, everybody
from tests.visitor import Visitor


def test_an_unknown_room_is_not_found_and_leads_back_to_the_start(stranger: Visitor) -> None:
    page = stranger.open("/w/nobody-opened-this/")
    assert page.status == 404
    assert page.heading == "There is nothing at this address"
    assert page.soup.select_one("main a[href]")["href"] == "/"


def test_outside_every_room_there_is_nobody(app: Flask, stranger: Visitor) -> None:
    page = stranger.open("/")
    assert page.status == 200
    assert "Lin Chen" not in page.text
    with app.test_request_context("/"):
        app.preprocess_request()
        with pytest.raises(NoRoom):
            rooms.here()


def test_every_address_made_inside_a_room_stays_inside_it(visit: Any, room: Room) -> None:
    outside = ("/language/", "/theme/", "/static/", "#", "mailto:", "http://localhost/w/")
    for visitor, paths in (
        (visit("Lin Chen"), ("/", "/customers", "/activity", "/customers/request-a-reseller-relationship")),
        (visit("Dana Weiss"), ("/", "/activity", "/settings/partner-relationships")),
    ):
        for path in paths:
            page = visitor.portal(path)
            found = [tag.get("href") or tag.get("action") for tag in page.soup.select("a[href], form[action]")]
            assert found
            assert [to for to in found if not str(to).startswith((f"/w/{room.key}/", *outside))] == []


def test_a_room_without_its_last_slash_is_the_lobby(stranger: Visitor) -> None:
    assert stranger.open(stranger.room).path == f"{stranger.room}/"


def test_a_mistyped_address_is_not_found_signed_in_or_not(visit: Any, stranger: Visitor) -> None:
    for visitor in (stranger, visit("Lin Chen"), visit("Mei Zhou")):
        for side in ("partner", "admin"):
            page = visitor.portal("/no-such-page", side=side)
            assert (page.status, page.heading) == (404, "There is nothing at this address")


def test_a_room_that_is_gone_is_not_found_though_the_cookie_is_still_there(app: Flask, stranger: Visitor) -> None:
    other = furnished_room()
    guest = Visitor(app, other.key)
    door = guest.portal("/sign-in", side="partner")
    person = str(door.soup.select_one("button[name=person_id]")["value"])
    door.press_form(f"{guest.room}/partner/sign-in", person_id=person)
    assert guest.portal(side="partner").path == f"{guest.room}/partner/"
    other.key = "gone" + other.key
    assert guest.portal(side="partner").status == 404


def test_opening_pages_never_changes_anything(visit: Any, room: Room) -> None:
    visitors = [visit("Lin Chen"), visit("Mei Zhou")]
    before = fingerprint()
    for path in ("/", "/activity", "/sign-in"):
        for visitor in visitors:
            assert visitor.portal(path).status == 200
    assert visitors[0].open(f"/w/{room.key}/").status == 200
    assert visitors[0].open(f"/w/{room.key}/settings").status == 200
    assert fingerprint() == before


def test_head_and_options_change_nothing_either(visit: Any) -> None:
    mei, before = visit("Mei Zhou"), fingerprint()
    for path in ("/", "/settings/partner-relationships", "/settings/partner-relationships/remove-all"):
        assert mei.client.head(f"{mei.room}/admin{path}").status_code == 200
        assert mei.client.options(f"{mei.room}/admin{path}").status_code == 200
    assert fingerprint() == before


def test_a_mistyped_address_below_a_room_keeps_the_room(stranger: Visitor) -> None:
    page = stranger.open(f"{stranger.room}/partner/no-such-page")
    assert page.status == 404
    assert page.soup.select_one(".ribbon-room") is not None


def test_asking_only_for_the_head_of_a_page_takes_nothing_from_whoever_opens_it_then(visit: Any) -> None:
    gao = visit("Gao Rui")
    page = gao.portal("/account-settings/users/new")
    form = page.fields(page.soup.select_one("main form")) | {"name": "New Person", "local": "new"}
    added = gao.client.post(page.path, data=form, headers=gao.headers)
    for _ in range(2):
        assert gao.client.head(added.location).status_code == 200
    assert gao.open(added.location).soup.select_one("#temporary")
    page = gao.open(f"{gao.room}/settings")
    saved = gao.client.post(page.path, data=page.fields(page.soup.select_one("main form")), headers=gao.headers)
    assert gao.client.head(saved.location).status_code == 200
    assert "Settings saved." in " ".join(gao.open(saved.location).notices)


def test_asking_only_for_the_head_of_a_page_answers_as_the_page_and_does_nothing(app: Flask, room: Room) -> None:
    crowd(2)
    visitors, before = everybody(app, room), fingerprint(without=("event", "letter"))
    for place in (place for places in PLACES.values() for place in places):
        address, client = place.address(room), visitors[place.who].client
        db.session.commit()
        head, page = (Context().run(client.open, address, method=method, buffered=True) for method in ("HEAD", "GET"))
        assert (head.status_code, head.data) == (page.status_code, b""), address
    assert [told for visitor in visitors.values() for told in visitor.portal().soup.select("[role=status]")] == []
    assert fingerprint(without=("event", "letter")) == before
