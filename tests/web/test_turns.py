"""Between the press of a button and one's turn to write, others go on: what was read before is looked at again."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime

import pytest
from sqlalchemy import create_engine, text

from shared.domain import due, privileges
from shared.domain.organisations import Customer, Partner
from shared.domain.users import User
from shared.extensions import db
from shared.world import database
from tests.builders import accepts
from tests.databases import ON_POSTGRESQL

pytestmark = pytest.mark.skipif(ON_POSTGRESQL, reason="PostgreSQL's writers wait at the row, not at the door")


@pytest.fixture
def meanwhile(monkeypatch):
    """Somebody else's statement, done and committed after the visitor arrived and before the visitor's turn."""

    def happens(statement: str) -> list[str]:
        left, is_past = [statement], due.is_past

        def quicker(moment: datetime | None) -> bool:
            if left:
                other = create_engine(db.engine.url)
                with other.begin() as connection:
                    connection.execute(text(left.pop()))
                other.dispose()
            return is_past(moment)

        monkeypatch.setattr(due, "is_past", quicker)
        return left

    return happens


@contextmanager
def somebody_writes_on(monkeypatch) -> Iterator[None]:
    """And nobody waits for long."""
    db.session.commit()
    with (
        closing(sqlite3.connect(str(db.engine.url.database), isolation_level=None)) as other,
        monkeypatch.context() as m,
    ):
        m.setattr(database, "PATIENCE", 0)
        other.execute("BEGIN IMMEDIATE")
        yield


def accept(visit, lotus: Partner, person: str):
    page = visit(person).portal(
        "/partner/partnersignup.aspx", type="ResellerRelationship", id=lotus.microsoft_id, csp="1", msppid="0"
    )
    return lambda: page.press("Accept & Authorize", agreed="y")


@pytest.mark.rule("R24")
def test_who_lost_the_role_while_waiting_accepts_nothing(visit, meanwhile, lotus: Partner, kiln: Customer) -> None:
    press = accept(visit, lotus, "Mei Zhou")
    left = meanwhile("UPDATE user SET admin = NULL WHERE name = 'Mei Zhou'")
    answer = press()
    assert (answer.status, answer.refusal, left) == (403, "NEEDS_GLOBAL_ADMIN", [])
    assert privileges.held_by(lotus, kiln) == set()


def test_who_was_signed_out_while_waiting_has_to_sign_in_again(
    visit, meanwhile, lotus: Partner, kiln: Customer
) -> None:
    press = accept(visit, lotus, "Mei Zhou")
    meanwhile("UPDATE user SET session_version = session_version + 1 WHERE name = 'Mei Zhou'")
    assert press().heading == "Pick an account"
    assert privileges.held_by(lotus, kiln) == set()


def test_a_letter_that_came_while_waiting_is_no_reason_to_begin_again(
    visit, meanwhile, lotus: Partner, kiln: Customer
) -> None:
    press = accept(visit, lotus, "Mei Zhou")
    left = meanwhile(
        "INSERT INTO letter (room_id, to_id, kind, facts, sent_at)"
        " SELECT room_id, id, 'accepted', '{}', '2026-01-01 00:00:00.000000' FROM user WHERE name = 'Mei Zhou'"
    )
    assert press().path.endswith("/settings/partner-relationships")
    assert left == []
    assert privileges.held_by(lotus, kiln)


def test_whose_turn_does_not_come_is_asked_to_try_again_and_can(
    visit, monkeypatch, lotus: Partner, kiln: Customer
) -> None:
    press = accept(visit, lotus, "Mei Zhou")
    with somebody_writes_on(monkeypatch):
        answer = press()
    assert (answer.status, answer.heading) == (503, "One moment, please")
    assert answer.response.headers["Retry-After"] == "3"
    assert "Mei Zhou" in answer.text
    assert answer.follow("Open the page again").heading == "Lotus Cloud asks to be your reseller"
    assert privileges.held_by(lotus, kiln) == set()
    assert press().path.endswith("/settings/partner-relationships")
    assert privileges.held_by(lotus, kiln)


@pytest.mark.parametrize("page", ["{}/remove", "remove-all"])
def test_what_was_done_is_told_without_waiting_for_another_turn(
    visit, monkeypatch, lotus: Partner, mei: User, page: str
) -> None:
    accepts(mei, lotus)
    page = visit("Mei Zhou").portal(f"/settings/partner-relationships/{page.format(lotus.microsoft_id)}")
    turns, take = [], database._begin_to_write
    monkeypatch.setattr(database, "_begin_to_write", lambda plain: (turns.append(plain), take(plain)))
    told = page.soup.select_one("main form[method=post] button[type=submit]").text.strip()
    assert page.press(told).notices
    assert len(turns) == 1


def test_a_refusal_that_cannot_be_written_down_now_is_no_error_of_ours(visit, monkeypatch) -> None:
    hugo = visit("Hugo Park")
    monkeypatch.setattr(hugo.client.application, "testing", False)
    with somebody_writes_on(monkeypatch):
        page = hugo.portal("/customers/request-a-reseller-relationship")
        assert hugo.portal("/customers").status == 200
    assert (page.status, page.heading) == (503, "One moment, please")
