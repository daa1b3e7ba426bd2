"""One session cookie per side and room, so that one browser can be both sides at once."""

import errno
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import Cookie

from shared import settings
from shared.domain.organisations import Customer, Partner
from shared.domain.users import User
from shared.extensions import db
from shared.world.rooms import Room
from tests.builders import accepts
from tests.conftest import furnished_room, the
from tests.databases import Template
from tests.test_isolation import token, works_on_behalf
from tests.visitor import Visitor
from wsgi import create_app

PORTALS = ("partner", "admin")
SIDES = (*PORTALS, "behalf")


def cookie(visitor: Visitor, side: str) -> Cookie | None:
    """This browser's cookie of one portal."""
    return visitor.client.get_cookie(f"counterpart_{side}", path=f"{visitor.room}/{side}")


@pytest.fixture
def both(visit: Any, mei: User) -> Visitor:
    """One browser, signed in to both portals."""
    visitor: Visitor = visit("Lin Chen")
    visitor.enter(mei)
    return visitor


@pytest.mark.rule("R1")
def test_both_portals_are_signed_in_side_by_side(both: Visitor) -> None:
    assert "Lin Chen" in both.portal(side="partner").soup.select_one(".personal").text
    assert "Mei Zhou" in both.portal(side="admin").soup.select_one(".personal").text
    partner, admin = cookie(both, "partner"), cookie(both, "admin")
    assert partner is not None
    assert admin is not None
    assert partner.value != admin.value


@pytest.mark.parametrize(("leaving", "staying"), [PORTALS, PORTALS[::-1]])
def test_signing_out_of_one_leaves_the_other(both: Visitor, leaving: str, staying: str) -> None:
    both.portal(side=leaving).press_form(f"{both.room}/{leaving}/sign-out")
    assert both.portal(side=leaving).path == f"{both.room}/{leaving}/sign-in"
    assert both.portal(side=staying).path == f"{both.room}/{staying}/"


def test_one_browser_may_be_in_two_rooms_at_once(app: Flask, both: Visitor) -> None:
    other = furnished_room()
    elsewhere = Visitor(app, other.key)
    elsewhere.client = both.client
    assert elsewhere.portal(side="partner").path == f"/w/{other.key}/partner/sign-in"
    door = elsewhere.portal(side="partner")
    chosen = door.soup.select_one("button[name=person_id]")["value"]
    door.press_form(f"/w/{other.key}/partner/sign-in", person_id=str(chosen))
    assert elsewhere.portal(side="partner").path == f"/w/{other.key}/partner/"
    assert "Lin Chen" in both.portal(side="partner").soup.select_one(".personal").text


def carried(visitor: Visitor, value: str, side: str, room_key: str) -> str:
    """Where this value, put into the cookie of that portal and room, leads to; "" when it opens the portal."""
    thief = Visitor(visitor.client.application, room_key)
    thief.client.set_cookie(f"counterpart_{side}", value, path=f"/w/{room_key}/{side}")
    page = thief.portal(side=side)
    return page.path.removeprefix(f"/w/{room_key}/{side}/")


def test_a_cookie_opens_nothing_but_its_own_portal_and_room(app: Flask, both: Visitor, room: Room) -> None:
    other = furnished_room().key
    for side, wrong in (PORTALS, PORTALS[::-1]):
        found = cookie(both, side)
        assert found is not None
        assert carried(both, found.value, side, room.key) == ""
        assert carried(both, found.value, wrong, room.key) == "sign-in"
        assert carried(both, found.value, side, other) == "sign-in"


@pytest.mark.rule("R36")
def test_a_cookie_of_work_on_behalf_opens_no_portal_and_no_portals_opens_it(
    app: Flask, both: Visitor, room: Room, lotus: Partner, kiln: Customer, mei: User
) -> None:
    accepts(mei, lotus)
    assert works_on_behalf(both, kiln).path == f"{both.room}/behalf/"
    values = {side: found.value for side in SIDES if (found := cookie(both, side))}
    assert len(values) == len(SIDES)
    for side in PORTALS:
        assert carried(both, values["behalf"], side, room.key) == "sign-in"
    for value in (values["partner"], values["admin"], values["behalf"][:-2], "", "x"):
        thief = Visitor(app, room.key)
        thief.client.set_cookie("counterpart_behalf", value, path=f"{thief.room}/behalf")
        assert thief.portal("/users", "behalf").status == 403
    thief.client.set_cookie("counterpart_behalf", values["behalf"], path=f"{thief.room}/behalf")
    assert thief.portal("/users", "behalf").status == 200
    elsewhere = Visitor(app, furnished_room().key)
    elsewhere.client.set_cookie("counterpart_behalf", values["behalf"], path=f"{elsewhere.room}/behalf")
    assert elsewhere.portal("/users", "behalf").status == 403
    assert both.portal("/users", "admin").heading == "Users"


@pytest.mark.parametrize("forge", ["", "x", "eyJfdXNlcl9pZCI6IjEifQ.abc.def", "\x7f", "a" * 4000])
def test_a_forged_cookie_opens_nothing(both: Visitor, room: Room, forge: str) -> None:
    for side in PORTALS:
        assert carried(both, forge, side, room.key) == "sign-in"


def test_a_cookie_changed_in_any_part_opens_nothing(both: Visitor, room: Room) -> None:
    found = cookie(both, "partner")
    assert found is not None
    for place in (0, len(found.value) // 2, len(found.value) - 2):
        letter = "A" if found.value[place] != "A" else "B"
        assert carried(both, found.value[:place] + letter + found.value[place + 1 :], "partner", room.key) == "sign-in"


def test_somebody_whose_account_is_gone_is_at_the_door(visit: Any) -> None:
    nora = visit("Nora Quist")
    db.session.delete(the(User, "Nora Quist"))
    assert nora.portal().path == f"{nora.room}/admin/sign-in"


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_every_cookie_is_closed_to_scripts_and_other_sites_and_secure_over_https(
    app: Flask, room: Room, lotus: Partner, kiln: Customer, lin: User, mei: User, scheme: str
) -> None:
    accepts(mei, lotus)
    browser = app.test_client()
    db.session.commit()
    key, more = room.key, {"base_url": f"{scheme}://localhost"}
    people = {"partner": str(lin.id), "admin": str(mei.id)}
    db.session.commit()
    visitor = Visitor(app, key)
    visitor.client = browser
    given = [*browser.get(f"/w/{key}/", **more).headers.getlist("Set-Cookie")]
    form = {"csrf_token": _token(browser.get(f"/w/{key}/", **more).text)}
    for side in PORTALS:
        referer = {"headers": {"Referer": f"{scheme}://localhost/"}}
        entered = browser.post(f"/w/{key}/enter", data=form | {"person_id": people[side]}, **more, **referer)
        given += entered.headers.getlist("Set-Cookie")
        given += browser.get(f"/w/{key}/{side}/", **more).headers.getlist("Set-Cookie")
    administer = f"/w/{key}/partner/customers/{kiln.microsoft_id}/services/administer"
    form = {"csrf_token": _token(browser.get(f"/w/{key}/partner/", **more).text)}
    given += browser.post(administer, data=form, **more, **referer).headers.getlist("Set-Cookie")
    given += browser.get(f"/w/{key}/behalf/", **more).headers.getlist("Set-Cookie")
    given += browser.get("/language/de", **more).headers.getlist("Set-Cookie")
    given += browser.get("/theme/dark", **more).headers.getlist("Set-Cookie")
    names = {line.partition("=")[0] for line in given}
    assert names == {"counterpart", *(f"counterpart_{side}" for side in SIDES), "language", "theme"}
    for line in given:
        parts = {part.strip() for part in line.split(";")}
        assert {"HttpOnly", "SameSite=Lax"} <= parts, line
        assert ("Secure" in parts) == (scheme == "https"), line
        name = line.partition("=")[0]
        side = name.removeprefix("counterpart_")
        assert (f"Path=/w/{key}/{side}" if side in SIDES else "Path=/") in parts, line
        assert not any(part.startswith("Domain") for part in parts)


def _token(text: str) -> str:
    return text.partition('name="csrf_token" value="')[2].partition('"')[0]


def test_a_restart_signs_nobody_out(tmp_path: Path, database: Template) -> None:
    with database.copy() as address:
        before = create_app(instance=tmp_path, DATABASE_URL=address)
        with before.app_context():
            key = furnished_room().key
            visitor = Visitor(before, key)
            chosen = str(visitor.portal(side="partner").soup.select_one("button[name=person_id]")["value"])
            visitor.portal(side="partner").press_form(f"/w/{key}/partner/sign-in", person_id=chosen)
            form = visitor.portal(side="partner")
            db.engine.dispose()
        after = create_app(instance=tmp_path, DATABASE_URL=address)
        assert after.secret_key == before.secret_key
        with after.app_context():
            visitor.client.application = after
            assert visitor.portal(side="partner").path == f"/w/{key}/partner/"
            form.visitor = visitor
            assert form.press_form(f"/w/{key}/partner/sign-out").status == 200
            db.session.remove()
            db.engine.dispose()


def test_the_kept_secret_is_long_and_for_its_owner_alone(tmp_path: Path) -> None:
    secret = create_app(instance=tmp_path / "new", DATABASE_URL="sqlite://").secret_key
    kept = tmp_path / "new" / "secret_key"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert kept.read_text() == secret
    assert len(str(secret)) >= 64
    assert create_app(instance=tmp_path / "other", DATABASE_URL="sqlite://").secret_key != secret


def test_a_secret_is_there_as_a_whole_or_not_at_all_and_all_who_start_at_once_share_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "secret_key"

    def full(*_: Any) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    with ThreadPoolExecutor(8) as many:
        assert len(set(many.map(settings.kept_secret, 8 * [tmp_path / "of_many"]))) == 1
    assert [kept.name for kept in tmp_path.iterdir()] == ["of_many"]
    with monkeypatch.context() as disk:
        disk.setattr(settings.secrets, "token_hex", full)
        with pytest.raises(OSError, match="No space left"):
            settings.kept_secret(file)
    assert [kept.name for kept in tmp_path.iterdir()] == ["of_many"]
    file.touch()
    with pytest.raises(RuntimeError, match="Delete it"):
        settings.kept_secret(file)


def test_a_person_who_signed_in_keeps_the_forms_opened_before(visit: Any) -> None:
    lin = visit("Lin Chen")
    page = lin.portal("/customers/request-a-reseller-relationship")
    lin.enter(the(User, "Mei Zhou"))
    assert page.press("Update the e-mail").status == 200
    assert token(lin.portal(side="partner"))
