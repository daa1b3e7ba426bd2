"""The lobby of a room: be anyone with one click."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from shared.domain.organisations import Partner
from shared.domain.users import User
from shared.extensions import db
from shared.world.rooms import Room
from tests.builders import accepts
from tests.conftest import the
from tests.test_isolation import fingerprint
from tests.visitor import Visitor, words


def test_everybody_stands_there_in_their_house(stranger: Visitor) -> None:
    page = stranger.open(f"{stranger.room}/")
    for side in ("partner", "admin"):
        shown = {words(name) for name in page.soup.select(f".house[data-house={side}] .persona-name")}
        everyone = db.session.scalars(select(User))
        assert shown == {user.name for user in everyone if bool(user.partner_id) == (side == "partner")}


def test_every_partner_says_what_kind_it_is(stranger: Visitor) -> None:
    page = stranger.open(f"{stranger.room}/")
    named = [words(name) for name in page.soup.select(".house[data-house=partner] h3")]
    assert named[0] == "Lotus Cloud · Direct reseller"
    assert {name.partition(" · ")[2] for name in named} == {
        "Direct reseller",
        "Indirect provider",
        "Indirect reseller",
        "Advisor",
    }
    assert not [name for name in page.soup.select(".house[data-house=admin] h3") if "·" in words(name)]


@pytest.mark.rule("R1")
@pytest.mark.parametrize(("name", "side"), [("Lin Chen", "partner"), ("Mei Zhou", "admin")])
def test_one_click_leads_into_that_persons_own_portal(app: Flask, room: Room, name: str, side: str) -> None:
    visitor = Visitor(app, room.key)
    page = visitor.enter(the(User, name))
    assert (page.status, page.path) == (200, f"{visitor.room}/{side}/")
    assert words(page.soup.select_one(".person-name")) == name


def test_entering_needs_no_sign_in_but_a_form_of_this_browser(stranger: Visitor, lin: User) -> None:
    assert stranger.send(f"{stranger.room}/enter", {"person_id": str(lin.id)}).status == 400
    assert stranger.portal(side="partner").path == f"{stranger.room}/partner/sign-in"


@pytest.mark.parametrize("who", ["", "0", "999999", "-1", "٣", "1e3", "99999999999"])
def test_nobody_is_not_found(stranger: Visitor, who: str) -> None:
    lobby, before = stranger.open(f"{stranger.room}/"), fingerprint()
    assert lobby.press_form(f"{stranger.room}/enter", person_id=who).status == 404
    assert fingerprint() == before


def test_unread_letters_are_counted_at_each_person(visit: Any, stranger: Visitor, lotus: Partner, mei: User) -> None:
    accepts(mei, lotus)
    page = stranger.open(f"{stranger.room}/")
    counted = {
        words(card.select_one(".persona-name")): card.select_one(".count") for card in page.soup.select(".persona")
    }
    assert {name: words(count).split()[0] for name, count in counted.items() if count} == {"Lin Chen": "1"}


def test_what_happened_last_stands_there_newest_first(stranger: Visitor, lotus: Partner, mei: User) -> None:
    accepts(mei, lotus)
    page = stranger.open(f"{stranger.room}/")
    assert 1 <= len(page.soup.select(".timeline li")) <= 3
    assert "Blue Kiln" in words(page.soup.select(".timeline li")[0])
