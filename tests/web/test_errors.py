"""Every no has a page that leads on, and every refusal is written down."""

from typing import Any

import pytest
from sqlalchemy import text

from shared.domain import acceptance, privileges
from shared.domain.history import Event
from shared.domain.invitations import Invitation
from shared.domain.organisations import Customer, Partner
from shared.domain.refusals import Code, Refusal
from shared.domain.services import Service
from shared.domain.subscriptions import Subscription
from shared.domain.users import User
from shared.extensions import db
from shared.web import happenings, refusal_words, unlocks
from shared.web.errors import STATUS
from shared.world import clock, database
from tests.test_isolation import fingerprint, refusals, token
from tests.visitor import Page, Visitor, words


def leads_on(page: Page) -> bool:
    """Whether there is a way on from here."""
    return bool(page.soup.select("main a[href]"))


def tried(page: Page) -> dict[str, str]:
    """What a refusal page says was tried, and by whom."""
    return {words(line.dt): words(line.dd) for line in page.soup.select("main .key-values > div")}


def test_not_found_wrong_method_and_too_much_say_so_and_lead_on(visit: Any) -> None:
    lin = visit("Lin Chen")
    much = {"csrf_token": token(lin.portal()), "first": "x" * 2_000_000}
    request = f"{lin.room}/partner/customers/request-a-reseller-relationship"
    for page, status in (
        (lin.portal("/nowhere"), 404),
        (lin.open(f"{lin.room}/mail/999999/"), 404),
        (lin.portal("/sign-out"), 405),
        (lin.send(f"{lin.room}/partner/customers", much | {"first": ""}), 405),
        (lin.send(request, much), 413),
    ):
        assert page.status == status
        assert page.heading
        assert leads_on(page)


def test_a_form_of_nobody_or_of_somebody_else_is_answered_with_400_and_changes_nothing(visit: Any) -> None:
    lin, mei, before = visit("Lin Chen"), visit("Mei Zhou"), None
    request = f"{lin.room}/partner/customers/request-a-reseller-relationship"
    before = fingerprint()
    for form in ({"csrf_token": "x"}, {"csrf_token": token(mei.portal())}):
        page = lin.send(request, form)
        assert (page.status, page.heading) == (400, "This form is no longer valid")
        assert page.follow("Open the page again").heading == "Request a reseller relationship"
    assert fingerprint() == before


def test_what_arrives_without_the_sign_of_our_forms_is_not_blamed_on_signing_in_or_out(visit: Any) -> None:
    lin = visit("Lin Chen")
    request, before = f"{lin.room}/partner/customers/request-a-reseller-relationship", fingerprint()
    broken = {"data": "--x", "content_type": "multipart/form-data; boundary=y"}
    for body in ({}, {"data": {"csrf_token": ""}}, broken, {"json": {"first": "x"}}):
        page = Page(lin, lin._ask("POST", request, **body))
        assert (page.status, page.heading) == (400, "Something went wrong")
        assert "signed in or out" not in page.text
        assert page.follow("Open the page again").status == 200
    assert fingerprint() == before


def test_a_stale_form_leads_to_the_page_it_stood_on_or_the_nearest_that_can_be_read(visit: Any) -> None:
    mei, lin = visit("Mei Zhou"), visit("Lin Chen")
    user = f"{mei.room}/admin/users/{mei.user_id}"
    page = mei.send(f"{user}/licences/11111111-2222-3333-4444-555555555555", {"csrf_token": "x"})
    assert page.link("Open the page again") == user
    page = lin.send(f"{lin.room}/partner/sign-out", {"csrf_token": "x"})
    assert page.link("Open the page again") == f"{lin.room}/partner/"


@pytest.mark.rule("R23")
def test_an_invitation_that_was_left_open_too_long_is_opened_again_by_its_whole_link(
    visit: Any, lotus: Partner
) -> None:
    mei = visit("Mei Zhou")
    page = mei.portal("/partner/partnersignup.aspx", **Invitation(lotus).query)
    page = mei.send(page.response.request.url, {"csrf_token": "of a session that has ended"})
    assert page.heading == "This form is no longer valid"
    assert page.follow("Open the page again").heading == "Lotus Cloud asks to be your reseller"


def test_the_wrong_method_says_which_ones_are_right_and_leads_to_what_can_be_read(visit: Any) -> None:
    lin = visit("Lin Chen")
    page = lin.portal("/sign-out")
    assert page.response.headers["Allow"] == "OPTIONS, POST"
    assert "again" not in words(page.soup.main)  # no page was open at this address
    assert page.follow("Open the nearest page").heading == "Dashboard"


def test_when_something_breaks_the_page_says_nothing_was_changed_and_nothing_of_the_inside(visit: Any) -> None:
    lin = visit("Lin Chen")
    db.session.execute(text("ALTER TABLE event RENAME TO lost"))
    app = lin.client.application
    app.testing = False
    try:
        page = lin.portal()
    finally:
        app.testing = True
        db.session.execute(text("ALTER TABLE lost RENAME TO event"))
        db.session.commit()
    assert (page.status, page.heading) == (500, "Something went wrong")
    assert leads_on(page)
    assert "Traceback" not in page.text
    assert "event" not in page.soup.select_one("main").text


def test_when_the_database_goes_away_in_the_middle_of_an_act_there_is_a_page_and_nothing_was_changed(
    visit: Any, monkeypatch: pytest.MonkeyPatch, lotus: Partner, kiln: Customer
) -> None:
    mei, accept = visit("Mei Zhou"), acceptance.accept

    def cut_off(*what: Any, **how: Any) -> Any:
        connection = database.line().driver.dbapi_connection
        connection.rollback()  # as the server does when it loses one
        connection.close()
        return accept(*what, **how)

    monkeypatch.setattr(acceptance, "accept", cut_off)
    page = mei.portal("/partner/partnersignup.aspx", **Invitation(lotus).query)
    monkeypatch.setattr(mei.client.application, "testing", False)
    page = page.press("Accept & Authorize", agreed="y")
    assert (page.status, page.heading) == (500, "Something went wrong")
    assert page.response.headers["Content-Security-Policy"]
    assert privileges.held_by(lotus, kiln) == set()
    assert mei.portal("/settings/partner-relationships").status == 200


def test_a_page_is_whole_though_the_database_goes_away_before_it_is_given_back(
    visit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    lin = visit("Lin Chen")
    request, in_words = lin.portal("/customers/request-a-reseller-relationship"), happenings.in_words

    def cut_off(events: list[Event]) -> Any:
        told = in_words(events)
        database.line().driver.dbapi_connection.close()
        return told

    with monkeypatch.context() as broken:
        broken.setattr(happenings, "in_words", cut_off)
        assert request.press("Send", first="", second="").status == 422
    assert lin.portal().status == 200


@pytest.mark.parametrize("broken", ["partner_list.partners_of", "_cells"])  # before it is drawn, and meanwhile
def test_what_went_well_is_not_told_on_the_page_of_an_error_but_on_the_next_whole_one(
    visit: Any, monkeypatch: pytest.MonkeyPatch, lotus: Partner, broken: str
) -> None:
    mei = visit("Mei Zhou")
    page = mei.portal("/partner/partnersignup.aspx", **Invitation(lotus).query)
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(f"admin_center.routes.partner_relationships.{broken}", lambda *_what, **_how: 1 / 0)
        meanwhile.setattr(mei.client.application, "testing", False)
        page = page.press("Accept & Authorize", agreed="y")
    assert (page.status, page.heading, page.notices) == (500, "Something went wrong", [])
    assert "Nothing was changed" not in page.text
    assert any("Lotus Cloud" in told for told in mei.portal().notices)


@pytest.mark.parametrize("answer", [ZeroDivisionError, database.NoTurn])
def test_what_was_done_before_its_answer_broke_is_not_called_undone(
    visit: Any, monkeypatch: pytest.MonkeyPatch, lotus: Partner, kiln: Customer, answer: type[Exception]
) -> None:
    def broken(*_what: Any) -> None:
        raise answer

    mei = visit("Mei Zhou")
    page = mei.portal("/partner/partnersignup.aspx", **Invitation(lotus).query)
    monkeypatch.setattr("admin_center.routes.invitation._say", broken)
    monkeypatch.setattr(mei.client.application, "testing", False)
    page = page.press("Accept & Authorize", agreed="y")
    assert (page.status, page.heading) == (500, "Something went wrong")
    assert "It may have been done all the same." in page.text
    assert "Nothing was changed" not in page.text
    assert privileges.held_by(lotus, kiln) == set(Service)


def test_a_cookie_of_somebody_else_may_hold_anything(stranger: Visitor) -> None:
    browser = stranger.client.application.test_client(use_cookies=False)
    page = browser.get(f"{stranger.room}/", headers={"Cookie": "a=\xff; language=de"})
    assert '<html lang="de"' in page.text


@pytest.mark.rule("P7")
def test_a_refusal_is_shown_in_the_visitors_own_portal(visit: Any) -> None:
    bo = visit("Bo Lindt")
    page = bo.portal("/settings/partner-relationships/remove-all")
    assert page.soup.body["data-house"] == "admin"
    assert "Bo Lindt" in page.soup.select_one(".personal").text
    assert leads_on(page)


@pytest.mark.rule("P7")
def test_a_refusal_says_what_was_tried_by_whom_and_leads_to_pages_that_can_be_read(visit: Any) -> None:
    hugo = visit("Hugo Park")
    page = hugo.portal("/customers/request-a-reseller-relationship")
    assert tried(page) == {"What was tried": "Request a reseller relationship", "Your role": "Helpdesk agent"}
    assert "Who may: Admin agent, Global admin, Sales agent." in page.text
    assert page.follow("Back").heading == "Customers"
    page = visit("Bea Novak").portal("/customers/request-a-reseller-relationship")
    assert page.refusal == "ROLE"
    assert not page.soup.find("a", string="Back")  # customers she may not see either
    assert page.follow("Back to the start").status == 200


@pytest.mark.rule("R1")
def test_a_partners_account_in_the_admin_center_is_led_out_of_it(visit: Any, stranger: Visitor, lin: User) -> None:
    door = stranger.portal("/sign-in", side="admin")
    inside = door.press_form(f"{stranger.room}/admin/sign-in", person_id=str(lin.id))
    for page in (inside, stranger.portal("/users", side="admin")):
        assert page.status == 403
        assert tried(page)["Your role"] == "Admin agent"
        assert page.follow("Back to the start").path == f"{stranger.room}/"


@pytest.mark.rule("S6")
def test_whoever_is_locked_out_is_led_out_too(visit: Any) -> None:
    nora = visit("Nora Quist")
    db.session.query(Subscription).filter_by(offer_key="e1").one().suspended_at = clock.now()
    page = nora.portal("/password")
    assert page.refusal == "LOCKED_OUT"
    assert page.follow("Back to the start").path == f"{nora.room}/"


def test_each_refusal_is_written_down_once_however_the_page_is_drawn(visit: Any) -> None:
    hugo, before = visit("Hugo Park"), fingerprint(without=["event"])
    for number in range(1, 4):
        hugo.portal("/customers/request-a-reseller-relationship")
        assert refusals() == [Code.ROLE] * number
    assert fingerprint(without=["event"]) == before


def test_every_refusal_has_its_words_and_a_status_of_the_four_hundreds() -> None:
    assert set(refusal_words.SENTENCES) == set(Code)
    assert set(unlocks.UNLOCKS) <= set(Code)
    assert set(STATUS.values()) <= {403, 404}
    assert all(Refusal(code).rule for code in Code)


def test_a_strangers_error_pages_name_nobody(stranger: Visitor) -> None:
    page = stranger.portal("/nowhere", side="partner")
    assert page.soup.select(".personal") == []
