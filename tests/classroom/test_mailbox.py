"""Everybody's mailbox: the room's own post."""

from contextvars import Context
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from shared.domain import revocation
from shared.domain.organisations import Partner
from shared.domain.services import Service
from shared.domain.users import SignIn, User
from shared.extensions import db
from shared.world import clock, mailbox
from shared.world.mailbox import Letter
from tests.builders import accepts, the_chain_ends
from tests.conftest import the
from tests.test_isolation import fingerprint
from tests.visitor import Visitor, words

REQUEST = "/customers/request-a-reseller-relationship"


def newest(user: User) -> Letter:
    """The last letter this person got."""
    return db.session.scalars(select(Letter).where(Letter.to_id == user.id).order_by(Letter.id.desc())).first()  # type: ignore[return-value]


@pytest.mark.rule("R18")
def test_an_empty_mailbox_says_so(stranger: Visitor, mei: User) -> None:
    page = stranger.open(f"{stranger.room}/mail/{mei.id}/")
    assert (page.status, page.soup.select(".mail-list li")) == (200, [])
    assert page.soup.select_one(".empty a")["href"] == f"{stranger.room}/"


@pytest.mark.rule("R18", "R23")
def test_the_link_in_the_letter_leads_to_the_invitation(visit: Any, mei: User) -> None:
    visit("Lin Chen").portal(REQUEST).press("Send", to=str(mei.id))
    reader = visit("Mei Zhou")
    box = reader.open(f"{reader.room}/mail/{mei.id}/")
    assert "Lin Chen" in box.soup.select_one(".mail-list").text
    page = box.follow_first(".mail-list a").follow_first("article a").press_form(door_of(reader), person_id=str(mei.id))
    assert page.heading == "Lotus Cloud asks to be your reseller"


def door_of(reader: Visitor) -> str:
    """Where the admin center asks as whom one comes in."""
    return f"{reader.room}/admin/sign-in"


@pytest.mark.rule("R16", "R23", "R40")
@pytest.mark.parametrize(("to", "then"), [("Mei Zhou", None), ("Nora Quist", "NEEDS_GLOBAL_ADMIN"), ("Lin Chen", None)])
@pytest.mark.parametrize("signed_in", [None, "Dana Weiss", "Mei Zhou"])
def test_a_link_pressed_in_a_letter_asks_as_whom_and_proposes_its_reader(
    visit: Any, stranger: Visitor, to: str, then: str | None, signed_in: str | None
) -> None:
    addressee = the(User, to)
    page = visit("Jonas Falk").portal(REQUEST)
    page.press("Send", to=str(addressee.id))
    link = str(page.soup.select_one("#link")["value"])
    reader = visit(signed_in) if signed_in else stranger
    letter = reader.open(f"{reader.room}/mail/{addressee.id}/").follow_first(".mail-list a")
    pressed = letter.soup.select_one("article a")
    assert (pressed["href"], words(pressed)) == (link, link)
    door = letter.follow_first("article a")
    assert door.path == door_of(reader)
    offered = door.soup.select("button[name=person_id]")
    assert [b["value"] for b in offered if b.has_attr("autofocus")] == [offered[0]["value"]] == [str(addressee.id)]
    assert len({b["value"] for b in offered}) == len(offered) == len(db.session.scalars(select(User)).all())
    page = door.press_form(door_of(reader), person_id=str(addressee.id))
    assert page.refusal == (then or ("CSP_TENANT" if addressee.partner else None))
    if page.refusal is None:
        assert page.heading == "Jade IT asks to be your reseller"
        assert "You are signed in as Mei Zhou" in words(page.soup.select_one("main"))
        assert page.follow("Switch account").path == door_of(reader)


@pytest.mark.rule("R23")
def test_a_letter_to_an_account_with_a_password_proposes_its_sign_in_name(
    visit: Any, stranger: Visitor, mei: User
) -> None:
    visit("Lin Chen").portal(REQUEST).press("Send", to=str(mei.id))
    mei.sign_in = SignIn.PASSWORD
    box = stranger.open(f"{stranger.room}/mail/{mei.id}/")
    door = box.follow_first(".mail-list a").follow_first("article a")
    assert door.soup.select_one("#email")["value"] == mei.email
    assert door.soup.select_one("#password").has_attr("autofocus")
    assert door.soup.select("button[autofocus]") == []


def test_opening_a_letter_marks_it_as_read_once(visit: Any, mei: User, lotus: Partner, lin: User) -> None:
    accepts(mei, lotus)
    reader = visit("Lin Chen")
    letter, inbox = newest(lin), f"{reader.room}/mail/{lin.id}/"
    assert reader.open(inbox).soup.select("a.unread")
    assert letter.read_at is None
    reader.open(f"{inbox}{letter.id}")
    first = letter.read_at
    assert first is not None
    clock.advance(timedelta(days=1))
    reader.open(f"{inbox}{letter.id}")
    assert letter.read_at == first
    assert reader.open(inbox).soup.select("a.unread") == []


@pytest.mark.rule("R30", "R42", "R60")
def test_what_the_service_writes_names_customer_partner_and_services(
    visit: Any, lotus: Partner, jade: Partner, mei: User, lin: User
) -> None:
    accepts(mei, jade, Service.EXCHANGE, Service.SKYPE)
    accepts(mei, lotus, Service.EXCHANGE)
    revocation.revoke(lotus, [Service.EXCHANGE], by=mei)
    reader, jonas = visit("Lin Chen"), the(User, "Jonas Falk")
    expected = {
        (jonas.id, "accepted"): ("Blue Kiln", "Exchange Online, Skype for Business Online"),
        (lin.id, "accepted"): ("Blue Kiln", "Exchange Online"),
        (jonas.id, "moved"): ("Blue Kiln", "Exchange Online"),
        (lin.id, "removed"): ("Lotus Cloud", "Blue Kiln", "Exchange Online"),
        (mei.id, "removed"): ("Lotus Cloud", "Blue Kiln", "Exchange Online"),
    }
    letters = db.session.scalars(select(Letter)).all()
    assert {(letter.to_id, letter.kind) for letter in letters} == set(expected)
    for letter in letters:
        page = reader.open(f"{reader.room}/mail/{letter.to_id}/{letter.id}")
        assert page.status == 200
        said = page.soup.select_one("main").text
        assert all(fact in said for fact in expected[letter.to_id, letter.kind])


@pytest.mark.rule("R60", "R61", "R69")
def test_whoever_only_administered_reads_what_it_lost_and_no_word_of_sales(
    visit: Any, willow: Partner, harbor: Partner, reed: Partner, mei: User
) -> None:
    reader, wilma, ren = visit("Mei Zhou"), the(User, "Wilma Kern"), the(User, "Ren Tao")

    def said(to: User) -> str:
        return words(reader.open(f"{reader.room}/mail/{to.id}/{newest(to).id}").soup.select_one("article"))

    accepts(mei, willow, Service.EXCHANGE, Service.SKYPE)
    revocation.revoke(willow, [Service.SKYPE], by=mei)
    assert "no longer a partner" not in said(wilma)
    assert said(wilma).endswith("No subscription changes. The same invitation can restore it.")
    accepts(mei, harbor)
    accepts(mei, reed)
    revocation.delete_partner(reed, by=mei)
    for reads in (said(ren), said(mei)):
        assert "Reed Services is no longer a partner of Blue Kiln." in reads
        assert "bills" not in reads
        assert reads.endswith("A link of its indirect provider that names it can restore it.")


@pytest.mark.rule("R66", "R70")
def test_a_reseller_reads_that_its_provider_ended_the_relationship_and_can_begin_it_again(
    visit: Any, harbor: Partner, reed: Partner, mei: User
) -> None:
    the_chain_ends(mei, harbor, reed)
    reader, ren = visit("Ren Tao"), the(User, "Ren Tao")
    said = reader.open(f"{reader.room}/mail/{ren.id}/{newest(ren).id}").text
    assert "Reed Services is no longer a partner of Blue Kiln" in said
    assert "Harbor Distribution ended its reseller relationship with Blue Kiln." in said
    assert "A new request from Harbor Distribution, accepted as usual, begins it again." in said
    assert "Reed Services ended" not in said


def test_asking_for_the_head_of_a_letter_leaves_it_unread(visit: Any, lotus: Partner, mei: User, lin: User) -> None:
    accepts(mei, lotus)
    db.session.commit()
    reader, letter = visit("Lin Chen"), newest(lin)
    where = f"{reader.room}/mail/{lin.id}/{letter.id}"
    assert Context().run(reader.client.head, where).status_code == 200
    db.session.refresh(letter)
    assert letter.read_at is None
    reader.open(where)
    db.session.refresh(letter)
    assert letter.read_at is not None


def test_a_letter_is_found_only_in_its_own_mailbox(visit: Any, lotus: Partner, mei: User, lin: User) -> None:
    accepts(mei, lotus)
    reader, number = visit("Lin Chen"), newest(lin).id
    before = fingerprint()
    assert reader.open(f"{reader.room}/mail/{mei.id}/{number}").status == 404
    assert reader.open(f"{reader.room}/mail/{lin.id}/{number + 1}").status == 404
    assert reader.open(f"{reader.room}/mail/999999/{number}").status == 404
    assert fingerprint() == before


def test_a_letter_keeps_the_language_it_was_written_in_and_says_which_it_is(visit: Any, mei: User) -> None:
    visit("Lin Chen").portal(REQUEST).press("Send", to=str(mei.id))
    reader = visit("Lin Chen", **{"Accept-Language": "zh"})
    box = reader.open(f"{reader.room}/mail/{mei.id}/")
    letter = box.follow_first(".mail-list a")
    for page, subject, body in ((box, ".subject [lang]", ".preview"), (letter, "h1 [lang]", ".letter-body")):
        assert page.soup.html["lang"] == "zh-Hans-CN"
        assert "requests a reseller relationship" in page.soup.select_one(subject).text
        assert [page.soup.select_one(part)["lang"] for part in (subject, body)] == ["en", "en"]


def test_a_full_mailbox_goes_on_where_the_page_ended(stranger: Visitor, lotus: Partner, mei: User) -> None:
    assert mei.customer
    for _ in range(60):
        mailbox.post("removed", to=mei.id, partner=lotus.id, customer=mei.customer.id, services=["skype"])
    page, seen = stranger.open(f"{stranger.room}/mail/{mei.id}/"), []
    while True:
        seen += [link["href"] for link in page.soup.select(".mail-list a")]
        further = page.soup.select_one("nav.pager a[rel=next]")
        if further is None:
            break
        page = stranger.open(str(further["href"]))
    assert len(seen) == len(set(seen)) == 60
