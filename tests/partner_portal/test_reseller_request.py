"""Customers > Request a reseller relationship: the letter, its one link, and the ways out."""

import email
from email.message import EmailMessage
from email.policy import default
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from sqlalchemy import select

from shared.domain import privileges, relationships
from shared.domain.history import Event, EventKind
from shared.domain.organisations import Customer, Partner
from shared.domain.refusals import Code
from shared.domain.services import Service
from shared.domain.users import User
from shared.extensions import db
from shared.world.mailbox import Letter
from tests.conftest import the
from tests.test_isolation import fingerprint, refusals
from tests.visitor import Page, words

REQUEST = "/customers/request-a-reseller-relationship"


def link_on(page: Page) -> str:
    """The link as the page gives it out."""
    return str(page.soup.select_one("#link")["value"])


def letters() -> list[Letter]:
    """Every letter of this room, oldest first."""
    return list(db.session.scalars(select(Letter).order_by(Letter.id)))


@pytest.mark.rule("R11")
def test_the_way_leads_from_the_dashboard_over_customers(visit: Any) -> None:
    page = visit("Lin Chen").portal().follow("Customers").follow("Request a reseller relationship")
    assert page.heading == "Request a reseller relationship"


@pytest.mark.rule("R10")
@pytest.mark.parametrize("name", ["Lin Chen", "Sara Blom", "Gao Rui"])
def test_admin_agents_sales_agents_and_global_admins_get_the_letter(visit: Any, name: str) -> None:
    assert visit(name).portal(REQUEST).status == 200


@pytest.mark.rule("R10", "P7")
@pytest.mark.parametrize("name", ["Hugo Park", "Bea Novak", "Uma Iyer"])
def test_others_are_refused_once_with_the_roles_that_may(visit: Any, name: str) -> None:
    visitor, before = visit(name), fingerprint(without=["event"])
    page = visitor.portal(REQUEST)
    assert (page.status, page.refusal) == (403, "ROLE")
    assert "Sales agent" in page.soup.select_one("[data-refusal]").text
    assert refusals() == [Code.ROLE]
    assert db.session.scalars(select(Event).where(Event.refused == Code.ROLE)).one().kind is EventKind.ASK
    assert fingerprint(without=["event"]) == before


@pytest.mark.rule("R16")
def test_the_link_says_who_asks_and_nothing_of_any_customer(visit: Any, lotus: Partner) -> None:
    lin = visit("Lin Chen")
    link = link_on(lin.portal(REQUEST))
    assert urlsplit(link).path == f"{lin.room}/admin/partner/partnersignup.aspx"
    query = {"type": ["ResellerRelationship"], "id": [lotus.microsoft_id], "csp": ["1"], "msppid": ["0"]}
    assert parse_qs(urlsplit(link).query) == query
    for customer in db.session.scalars(select(Customer)):
        assert not any(trace in link for trace in (customer.microsoft_id, customer.name, customer.domain))


@pytest.mark.rule("R17")
def test_the_same_link_on_each_visit_for_each_colleague_and_after_sending(visit: Any, mei: User) -> None:
    lin = visit("Lin Chen")
    links = {link_on(lin.portal(REQUEST)) for _ in range(3)} | {link_on(visit("Sara Blom").portal(REQUEST))}
    lin.portal(REQUEST).press("Send", to=str(mei.id))
    links.add(link_on(lin.portal(REQUEST)))
    assert len(links) == 1
    assert link_on(visit("Jonas Falk").portal(REQUEST)) not in links


@pytest.mark.rule("R15", "R12")
def test_the_text_to_copy_is_two_paragraphs_then_the_link_then_who_is_needed(visit: Any) -> None:
    page = visit("Lin Chen").portal(REQUEST)
    text = page.soup.select_one("textarea[readonly]").text.removeprefix("\n")
    first, second, link, note = text.split("\n\n")
    assert (first, second) == (
        page.soup.select_one("#first").text.strip(),
        page.soup.select_one("#second").text.strip(),
    )
    assert "Lotus Cloud" in first
    assert link == link_on(page)
    assert "Global admin" in note


@pytest.mark.rule("R21")
def test_there_is_no_way_to_leave_delegated_admin_out(visit: Any) -> None:
    page = visit("Lin Chen").portal(REQUEST)
    assert page.soup.select("main input[type=checkbox]") == []
    assert "DAP" not in link_on(page)


@pytest.mark.rule("R14")
def test_a_letter_without_its_link_is_refused_once_and_the_link_put_back(visit: Any, mei: User) -> None:
    lin, before = visit("Lin Chen"), fingerprint(without=["event"])
    page = lin.portal(REQUEST)
    link = link_on(page)
    for missing in ("", "   ", None):
        answer = page.press("Send", to=str(mei.id), link=missing, first="Dear Mei")
        assert answer.status == 422
        assert answer.errors
        assert link_on(answer) == link
        assert "Dear Mei" in answer.soup.select_one("#first").text
    assert refusals() == [Code.LINK_MISSING] * 3
    assert fingerprint(without=["event"]) == before


@pytest.mark.rule("R14")
@pytest.mark.parametrize(
    "change",
    [
        lambda link: link + "&customer=1",
        lambda link: link.replace("csp=1", "csp=0"),
        lambda link: link.removesuffix("0"),
        lambda link: link.replace("http://", "https://"),
        lambda link: link.upper(),
        lambda link: "https://evil.example/?" + link,
    ],
)
def test_a_letter_with_an_altered_link_is_refused_once_and_the_link_put_back(
    visit: Any, mei: User, change: Any
) -> None:
    lin, before = visit("Lin Chen"), fingerprint(without=["event"])
    page = lin.portal(REQUEST)
    answer = page.press("Send", to=str(mei.id), link=change(link_on(page)))
    assert answer.status == 422
    assert answer.errors
    assert link_on(answer) == link_on(page)
    assert refusals() == [Code.LINK_ALTERED]
    assert fingerprint(without=["event"]) == before


@pytest.mark.rule("R14")
@pytest.mark.parametrize("field", ["first", "second"])
def test_a_look_alike_link_inside_a_paragraph_is_refused(visit: Any, mei: User, jade: Partner, field: str) -> None:
    page = visit("Lin Chen").portal(REQUEST)
    for lookalike in (
        link_on(page).replace("csp=1", "csp=2"),
        "HTTPS://EVIL.EXAMPLE/PARTNER/PARTNERSIGNUP.ASPX?id=1",
        f"https://evil.example/Adminportal/Home?invType=ResellerRelationship&partnerId={jade.microsoft_id}",
    ):
        answer = page.press("Send", to=str(mei.id), **{field: f"Please use ({lookalike})."})
        assert answer.status == 422
        assert [mark["id"] for mark in answer.soup.select("[aria-invalid]")] == [field]
        assert [link["href"] for link in answer.soup.select(".error-summary a")] == [f"#{field}"]
        assert not answer.soup.select(".letter-locked.has-error")
        assert lookalike in answer.soup.select_one(f"#{field}").text
    assert refusals() == [Code.LINK_LOOKALIKE] * 3
    assert letters() == []


@pytest.mark.rule("R14")
def test_each_wrong_link_of_a_letter_is_marked_where_it_stands_and_written_down_as_one_refusal(
    visit: Any, mei: User
) -> None:
    page = visit("Lin Chen").portal(REQUEST)
    bad = "http://evil.example/partner/partnersignup.aspx?type=x"
    answer = page.press("Send", to=str(mei.id), first=bad, second=bad, link="")
    pointed = [link["href"] for link in answer.soup.select(".error-summary a")]
    assert pointed == ["#first", "#second", "#link"]
    assert refusals() == [Code.LINK_MISSING]


@pytest.mark.rule("R14")
def test_the_right_link_may_stand_in_a_paragraph_too(visit: Any, mei: User) -> None:
    page = visit("Lin Chen").portal(REQUEST)
    assert page.press("Send", to=str(mei.id), first=f"Follow <{link_on(page)}>.").status == 200
    assert len(letters()) == 1


@pytest.mark.rule("R13")
def test_both_paragraphs_may_be_deleted_and_the_rest_still_goes_out(visit: Any, mei: User) -> None:
    lin = visit("Lin Chen")
    page = lin.portal(REQUEST)
    assert page.press("Send", to=str(mei.id), first="", second="  \r\n ").status == 200
    [letter] = letters()
    assert letter.facts["paragraphs"] == ["", ""]
    shown = lin.open(f"{lin.room}/mail/{mei.id}/{letter.id}")
    assert link_on(page) in [link["href"] for link in shown.soup.select("article a")]
    assert "Global admin" in shown.soup.select_one("article").text


@pytest.mark.rule("R13", "R18")
def test_edited_paragraphs_arrive_as_typed_and_escaped(visit: Any, mei: User) -> None:
    lin = visit("Lin Chen")
    lin.portal(REQUEST).press("Send", to=str(mei.id), first="你好 <b>Mei</b>\r\nline two", second="Bitte prüfen 🌿")
    [letter] = letters()
    shown = lin.open(f"{lin.room}/mail/{mei.id}/{letter.id}")
    assert "你好 <b>Mei</b>" in shown.soup.select_one("article").text
    assert "<b>Mei" not in shown.text
    assert "Bitte prüfen 🌿" in shown.text


@pytest.mark.rule("R13", "R18")
def test_after_sending_the_edited_paragraphs_stand_there_for_the_next_reader(visit: Any, mei: User) -> None:
    lin = visit("Lin Chen")
    page = lin.portal(REQUEST).press("Send", to=str(mei.id), first="Dear customer", second="Sign in & accept 你好")
    assert [page.soup.select_one(part).text.strip() for part in ("#first", "#second")] == [
        "Dear customer",
        "Sign in & accept 你好",
    ]
    page.press("Send", to=str(the(User, "Dana Weiss").id), first="", second="")
    assert [letter.facts["paragraphs"] for letter in letters()][1] == ["", ""]
    opening = lin.portal(REQUEST).soup.select_one("#first").text
    for like in ("", "x", "0", "999999", str(the(User, "Cai Yun").id)):
        assert lin.portal(REQUEST, like=like).soup.select_one("#first").text == opening
    assert lin.portal(REQUEST, like=str(the(User, "Dana Weiss").id)).soup.select_one("#first").text.strip() == ""
    others = visit("Sara Blom").portal(REQUEST, like=str(mei.id))
    assert "Dear customer" not in others.text


@pytest.mark.rule("R13")
def test_a_paragraph_that_was_deleted_stays_empty_and_the_other_keeps_its_place(visit: Any, mei: User) -> None:
    lin = visit("Lin Chen")
    page = lin.portal(REQUEST).press("Send", to=str(mei.id), first=" ", second="Only this")
    [letter] = letters()
    shown = lin.open(f"{lin.room}/mail/{mei.id}/{letter.id}")
    assert [words(p) for p in shown.soup.select(".letter-text")][:2] == ["Only this", link_on(page)]
    for stored, first, second in ((None, "", "Only this"), (["Only this"], "Only this", "")):  # as letters were kept
        letter.facts = letter.facts | ({"paragraphs": stored} if stored else {})
        page = lin.portal(REQUEST, like=str(mei.id))
        assert [page.soup.select_one(box).text.strip() for box in ("#first", "#second")] == [first, second]


def test_updating_the_letter_shows_it_and_changes_nothing(visit: Any) -> None:
    lin, before = visit("Lin Chen"), fingerprint()
    page = lin.portal(REQUEST).press("Update the e-mail", first="Another opening", second="")
    assert page.status == 200
    assert page.soup.select_one("textarea[readonly]").text.strip().startswith("Another opening\n\nhttp")
    assert "Another%20opening" in page.soup.select_one("a[href^='mailto:']")["href"]
    assert fingerprint() == before


@pytest.mark.rule("R18", "R19")
def test_sending_puts_the_letter_into_that_mailbox_and_into_the_sent_log(visit: Any, mei: User, lin: User) -> None:
    sender = visit("Lin Chen")
    page = sender.portal(REQUEST).press("Send", to=str(mei.id))
    assert (page.status, page.path) == (200, f"{sender.room}/partner{REQUEST}")
    [letter] = letters()
    assert (letter.to_id, letter.from_id, letter.kind) == (mei.id, lin.id, "invitation")
    entries = [words(entry) for entry in page.soup.select("[aria-labelledby=sent] li")]
    assert len(entries) == 1
    assert "Blue Kiln" in entries[0]
    assert "Lin Chen" in entries[0]
    assert visit("Sara Blom").portal(REQUEST).soup.select("[aria-labelledby=sent] li")
    assert not visit("Jonas Falk").portal(REQUEST).soup.select("[aria-labelledby=sent] li")


@pytest.mark.rule("R19", "R81")
def test_the_sent_log_and_the_activity_log_say_to_whom(visit: Any, mei: User) -> None:
    lin = visit("Lin Chen")
    for name in ("Mei Zhou", "Nora Quist", "Ren Tao"):
        page = lin.portal(REQUEST).press("Send", to=str(the(User, name).id))
    told = [
        "Send the invitation · Lotus Cloud · Ren Tao, Reed Services",
        "Send the invitation · Lotus Cloud – Blue Kiln · Nora Quist",
        "Send the invitation · Lotus Cloud – Blue Kiln · Mei Zhou",
    ]
    assert [words(line) for line in page.soup.select("[aria-labelledby=sent] li p:first-child")] == told
    assert [words(line) for line in lin.portal().soup.select(".timeline li p:first-child")][:3] == told
    assert [row[3] for row in lin.portal("/activity").rows()] == ["Ren Tao, Reed Services", "Nora Quist", "Mei Zhou"]


@pytest.mark.rule("R19")
def test_a_sent_letter_is_no_status_in_the_customers_log(visit: Any, mei: User) -> None:
    visit("Lin Chen").portal(REQUEST).press("Send", to=str(mei.id))
    assert visit("Mei Zhou").portal("/activity").rows() == []


def test_sending_needs_an_addressee_of_this_room(visit: Any, mei: User) -> None:
    page = visit("Lin Chen").portal(REQUEST)
    for nobody in ("", "0", "999999", "x"):
        answer = page.press("Send", to=nobody)
        assert answer.status == 422
        assert answer.errors
    assert letters() == []


def test_one_press_of_the_button_sends_one_letter(visit: Any, mei: User) -> None:
    page = visit("Lin Chen").portal(REQUEST)
    for _ in range(3):
        assert page.press("Send", to=str(mei.id)).status == 200
    assert len(letters()) == 1
    assert len(db.session.scalars(select(Event).where(Event.kind == EventKind.SEND_INVITATION)).all()) == 1


def test_a_second_letter_to_the_same_person_is_another_press(visit: Any, mei: User) -> None:
    lin = visit("Lin Chen")
    for _ in range(2):
        lin.portal(REQUEST).press("Send", to=str(mei.id))
    assert len(letters()) == 2


def opened(page: Page) -> EmailMessage:
    """The downloaded file as a mail program reads it."""
    assert page.response.mimetype == "message/rfc822"
    assert page.response.headers["Content-Disposition"].startswith("attachment")
    message = email.message_from_bytes(page.response.get_data(), policy=default)
    assert isinstance(message, EmailMessage)
    assert message.defects == []
    return message


@pytest.mark.rule("R12", "R14", "R17")
@pytest.mark.parametrize("language", ["en", "de", "zh"])
def test_the_eml_opens_as_an_unsent_draft_with_text_and_html(visit: Any, language: str) -> None:
    lin = visit("Lin Chen", **{"Accept-Language": language})
    page = lin.portal(REQUEST)
    button = page.soup.select_one("button[name=act][value=download]")
    message = opened(page.press(words(button), first="Grüße & 你好 <i>x</i>", second="Zeile 1\r\nZeile 2"))
    assert message["X-Unsent"] == "1"
    assert "Lotus Cloud" in message["Subject"]
    assert [message[name] for name in ("From", "To", "Date", "Message-ID")] == [None] * 4
    assert message.get_content_type() == "multipart/alternative"
    text, html = message.iter_parts()
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert {part.get_content_charset() for part in (text, html)} == {"utf-8"}
    link = link_on(page)
    assert text.get_content().splitlines()[:6] == ["Grüße & 你好 <i>x</i>", "", "Zeile 1", "Zeile 2", "", link]
    assert f'href="{link.replace("&", "&amp;")}"' in html.get_content()
    assert "&lt;i&gt;x" in html.get_content()
    assert letters() == []


def test_the_drafts_headers_are_plain_ascii_on_the_wire(visit: Any, lotus: Partner) -> None:
    lotus.name = "莲花云 GmbH"
    page = visit("Lin Chen").portal(REQUEST)
    raw = page.press("Download as .eml").response.get_data()
    head = raw.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    assert head.isascii()
    assert "莲花云 GmbH" in email.message_from_bytes(raw, policy=default)["Subject"]


@pytest.mark.rule("R12")
def test_open_in_email_carries_the_whole_letter_with_line_ends_mail_programs_want(visit: Any) -> None:
    page = visit("Lin Chen").portal(REQUEST)
    address = str(page.soup.select_one("a[href^='mailto:']")["href"])
    scheme, _, query = address.partition("?")
    assert scheme == "mailto:"
    assert "+" not in query
    parts = dict(part.split("=", 1) for part in query.split("&"))
    body = unquote(parts["body"])
    assert body.replace("\r\n", "\n") == page.soup.select_one("textarea[readonly]").text.removeprefix("\n")
    assert "\n" not in body.replace("\r\n", "")
    assert link_on(page) in body
    assert "Lotus Cloud" in unquote(parts["subject"])


@pytest.mark.rule("R73")
def test_a_suspended_partner_gets_no_letter(visit: Any, lotus: Partner, mei: User) -> None:
    lin = visit("Lin Chen")
    page = lin.portal(REQUEST)
    lotus.suspended = True
    for answer in (lin.portal(REQUEST), page.press("Send", to=str(mei.id))):
        assert (answer.status, answer.refusal) == (409, "PARTNER_SUSPENDED")
    assert refusals() == [Code.PARTNER_SUSPENDED] * 2
    assert [row[1] for row in lin.portal("/activity").rows()] == [
        "Send the invitation refused",
        "Request a reseller relationship refused",  # only opened
    ]
    assert letters() == []
    lotus.suspended = False
    assert lin.portal(REQUEST).status == 200


@pytest.mark.rule("R69", "R68", "R70")
def test_an_indirect_reseller_passes_on_its_providers_letter_unchanged(
    visit: Any, harbor: Partner, reed: Partner, mei: User
) -> None:
    ren = visit("Ren Tao")
    page = ren.portal(REQUEST)
    assert page.refusal == "INDIRECT_RESELLER"
    assert page.soup.select("#first, #second, #reseller") == []
    assert link_on(page) == link_on(visit("Hanna Ott").portal(REQUEST))
    assert harbor.microsoft_id in link_on(page)
    assert reed.microsoft_id not in page.text
    assert "Update the e-mail" not in [words(button) for button in page.soup.find_all("button")]
    page.press("Send", to=str(mei.id), first="My own words", second="My own words")
    [letter] = letters()
    assert letter.facts["partner"] == harbor.id
    assert "My own words" not in str(letter.facts["paragraphs"])
    assert refusals() == []


@pytest.mark.rule("R68", "R69", "R71")
def test_a_reseller_passes_on_the_link_in_which_its_provider_names_it(
    visit: Any, harbor: Partner, reed: Partner, kiln: Customer, mei: User
) -> None:
    hanna, ren = visit("Hanna Ott"), visit("Ren Tao")
    hanna.portal(REQUEST).press("Send", to=str(mei.id), reseller=reed.microsoft_id)
    assert reed.microsoft_id not in link_on(ren.portal(REQUEST))  # it was not sent to Reed
    hanna.portal(REQUEST).press("Send", to=str(the(User, "Ren Tao").id), reseller=reed.microsoft_id)
    page = ren.portal(REQUEST)
    assert parse_qs(urlsplit(link_on(page)).query)["indirectResellerId"] == [reed.microsoft_id]
    assert page.soup.select("#reseller") == []
    assert "named you in this link" in page.text
    assert page.press("Send", to=str(mei.id)).status == 200
    assert (letters()[-1].facts["partner"], letters()[-1].facts["reseller"]) == (harbor.id, reed.id)
    customer = visit("Mei Zhou").open(link_on(page))
    chosen = [f"{reed.microsoft_id}/exchange"]
    assert customer.press("Accept & Authorize", agreed="y", services=chosen).heading == "Partner relationships"
    assert relationships.between(harbor, kiln) is not None
    assert privileges.held_by(reed, kiln) == {Service.EXCHANGE}
    hanna.portal(REQUEST).press("Send", to=str(the(User, "Ren Tao").id))
    assert reed.microsoft_id not in link_on(ren.portal(REQUEST))
    assert refusals() == []


@pytest.mark.rule("R71")
def test_a_provider_may_name_one_of_its_own_resellers_in_the_link(
    visit: Any, harbor: Partner, reed: Partner, lotus: Partner, mei: User
) -> None:
    page = visit("Hanna Ott").portal(REQUEST)
    offered = {option["value"] for option in page.soup.select("#reseller option")}
    assert offered == {"", reed.microsoft_id}
    shown = page.press("Update the e-mail", reseller=reed.microsoft_id)
    assert parse_qs(urlsplit(link_on(shown)).query)["indirectResellerId"] == [reed.microsoft_id]
    assert shown.press("Send", to=str(mei.id)).status == 200
    assert letters()[-1].facts["reseller"] == reed.id
    assert page.press("Send", to=str(mei.id), reseller=lotus.microsoft_id).status == 422


@pytest.mark.rule("R71")
def test_others_have_no_reseller_to_name(visit: Any) -> None:
    assert visit("Lin Chen").portal(REQUEST).soup.select("#reseller") == []


def test_everybody_else_of_the_room_can_be_written_to(visit: Any, lin: User) -> None:
    offered = {option["value"] for option in visit("Lin Chen").portal(REQUEST).soup.select("#to option")} - {""}
    everyone = {str(user.id) for user in db.session.scalars(select(User))}
    assert offered == everyone - {str(lin.id)}
    assert str(the(User, "Cai Yun").id) in offered
