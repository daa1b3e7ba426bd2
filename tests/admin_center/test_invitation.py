"""Where a partner's link leads."""

from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from sqlalchemy import select

from shared.domain import acceptance, privileges, revocation
from shared.domain.history import Event, EventKind
from shared.domain.invitations import Invitation
from shared.domain.organisations import Customer, Partner
from shared.domain.refusals import Code
from shared.domain.services import Service
from shared.domain.users import User
from shared.extensions import db
from shared.world.mailbox import Letter
from shared.world.rooms import DapConflict
from tests.builders import accepts
from tests.conftest import the
from tests.test_isolation import fingerprint, refusals, token
from tests.visitor import Page, Visitor, words

REQUEST = "/customers/request-a-reseller-relationship"


@pytest.fixture
def link(visit: Any) -> str:
    """Lotus's one link, as its request page shows it."""
    page = visit("Lin Chen").portal("/customers/request-a-reseller-relationship")
    return str(page.soup.select_one("#link")["value"])


@pytest.mark.rule("R28", "R29")
def test_accepting_takes_effect_at_once_and_shows_all_partners(visit: Any, link: str) -> None:
    page = visit("Mei Zhou").open(link)
    assert page.heading == "Lotus Cloud asks to be your reseller"
    page = page.press("Accept & Authorize", agreed="y")
    assert page.heading == "Partner relationships"
    assert page.rows()[0][:2] == ["Lotus Cloud", "Reseller & delegated administrator"]


@pytest.mark.rule("R42")
def test_privileges_move_to_the_partner_accepted_last(
    visit: Any, link: str, kiln: Customer, jade: Partner, lotus: Partner, mei: Any
) -> None:
    accepts(mei, jade, Service.EXCHANGE)

    db.session.commit()
    page = visit("Mei Zhou").open(link)
    assert "moves from Jade IT" in page.rows()[0][2]
    page.press("Accept & Authorize", agreed="y", services=[f"{lotus.microsoft_id}/exchange"])
    assert privileges.holders(kiln)[Service.EXCHANGE].name == "Lotus Cloud"


def ticks(page: Page) -> dict[str, bool]:
    """Each service offered, as "partner/service", and whether it is ticked."""
    return {str(box["value"]): box.has_attr("checked") for box in page.soup.select("input[name=services]")}


@pytest.mark.rule("R22", "R28", "R30")
def test_opening_the_link_changes_nothing(visit: Any, link: str) -> None:
    mei, before = visit("Mei Zhou"), fingerprint()
    assert mei.open(link).status == 200
    assert mei.client.head(link).status_code == 200
    assert fingerprint() == before


@pytest.mark.rule("R26")
def test_the_page_says_who_asks_for_what_and_of_whom(visit: Any, link: str, lotus: Partner, kiln: Customer) -> None:
    page = visit("Mei Zhou").open(link)
    facts = (kiln.name, kiln.domain, lotus.name, lotus.address, lotus.phone, lotus.email, lotus.mpn_id)
    assert all(fact in page.soup.select_one("main").text for fact in facts)
    assert not page.soup.select_one("input[name=agreed]").has_attr("checked")
    assert page.link("Cancel") == f"{page.visitor.room}/admin/"


@pytest.mark.rule("R26")
def test_without_the_confirmation_nothing_is_accepted(visit: Any, link: str) -> None:
    page, before = visit("Mei Zhou").open(link), fingerprint()
    answer = page.press("Accept & Authorize")
    assert answer.status == 422
    assert len(answer.errors) == 1
    assert ticks(answer) == ticks(page)
    assert fingerprint() == before


@pytest.mark.rule("R27")
def test_what_nobody_holds_is_ticked_and_what_another_holds_is_not(
    visit: Any, link: str, jade: Partner, lotus: Partner, mei: Any
) -> None:
    accepts(mei, jade, Service.EXCHANGE)
    page = visit("Mei Zhou").open(link)
    mine = lotus.microsoft_id
    assert ticks(page) == {f"{mine}/exchange": False, f"{mine}/sharepoint": True, f"{mine}/skype": True}


@pytest.mark.rule("R27", "R42")
def test_what_this_partner_sold_is_ticked_though_another_holds_it(visit: Any, jade: Partner, lotus: Partner) -> None:
    accepts(the(User, "Dana Weiss"), lotus)
    jades = str(visit("Jonas Falk").portal(REQUEST).soup.select_one("#link")["value"])
    page = visit("Dana Weiss").open(jades)
    assert all(ticks(page).values())
    assert all("Lotus Cloud" in row[1] for row in page.rows())


@pytest.mark.rule("R27", "R21")
def test_ticking_nothing_is_refused_once_at_the_field(visit: Any, link: str) -> None:
    page, before = visit("Mei Zhou").open(link), fingerprint(without=["event"])
    answer = page.press("Accept & Authorize", agreed="y", services=None)
    assert (answer.status, len(answer.errors)) == (409, 1)
    assert refusals() == [Code.NO_SERVICE]
    assert fingerprint(without=["event"]) == before


@pytest.mark.rule("R30")
def test_accepting_twice_is_harmless_and_later_ticks_are_added(
    visit: Any, link: str, lotus: Partner, kiln: Customer
) -> None:
    mei = visit("Mei Zhou")
    page = mei.open(link)
    page.press("Accept & Authorize", agreed="y", services=[f"{lotus.microsoft_id}/skype"])
    before = fingerprint()
    again = page.press("Accept & Authorize", agreed="y", services=[f"{lotus.microsoft_id}/skype"])
    assert (again.status, again.heading) == (200, "Partner relationships")
    assert fingerprint() == before
    mei.open(link).press("Accept & Authorize", agreed="y", services=[f"{lotus.microsoft_id}/exchange"])
    assert privileges.held_by(lotus, kiln) == {Service.SKYPE, Service.EXCHANGE}
    assert len(mei.portal("/settings/partner-relationships").rows()) == 1


@pytest.mark.rule("R30", "R42")
def test_the_partner_learns_the_answer_and_the_loser_the_loss(
    visit: Any, link: str, lin: User, jade: Partner, lotus: Partner, mei: User
) -> None:
    accepts(mei, jade, Service.EXCHANGE)
    visit("Mei Zhou").open(link).press(
        "Accept & Authorize", agreed="y", services=[f"{lotus.microsoft_id}/{service}" for service in Service]
    )
    letters = db.session.scalars(select(Letter).order_by(Letter.id)).all()
    jonas = the(User, "Jonas Falk")
    assert [(letter.kind, letter.to_id) for letter in letters] == [
        ("accepted", jonas.id),
        ("accepted", lin.id),
        ("moved", jonas.id),
    ]
    assert letters[-1].facts["services"] == ["exchange"]


@pytest.mark.rule("R24", "R25")
@pytest.mark.parametrize("name", ["Bo Lindt", "Ulla Maas", "Hal Brandt", "Nora Quist"])
def test_whoever_is_no_global_admin_reads_whom_to_ask_and_changes_nothing(visit: Any, link: str, name: str) -> None:
    visitor, before = visit(name), fingerprint(without=["event"])
    page = visitor.open(link)
    assert (page.status, page.refusal) == (403, "NEEDS_GLOBAL_ADMIN")
    assert refusals() == [Code.NEEDS_GLOBAL_ADMIN]
    event = db.session.scalars(select(Event).where(Event.refused.is_not(None))).one()
    assert (event.kind, event.by_id) == (EventKind.OPEN_LINK, visitor.user_id)
    user = the(User, name)
    told = page.soup.select_one("main").text
    assert all(fact in told for fact in (user.name, user.email, "Blue Kiln", "bluekiln.example"))
    assert link in page.soup.select_one("#forward").text
    assert page.soup.select("main form") == []
    assert fingerprint(without=["event"]) == before


@pytest.mark.rule("R24", "R62")
def test_the_words_to_forward_say_what_the_link_asks_for(visit: Any, link: str, mei: User, lotus: Partner) -> None:
    nora = visit("Nora Quist")
    assert nora.open(link).soup.select_one("#forward").text.strip().startswith("Lotus Cloud asks to be your reseller. ")
    accepts(mei, lotus, Service.EXCHANGE)
    db.session.commit()
    assert nora.open(link).soup.select_one("#forward").text.strip().startswith("Lotus Cloud asks for delegated admin. ")


@pytest.mark.rule("R24", "R25")
def test_switching_to_a_global_admin_there_leads_back_to_the_invitation(visit: Any, link: str, mei: User) -> None:
    page = visit("Nora Quist").open(link)
    door = page.visitor.open(str(page.soup.select_one("[data-refusal] a[href]")["href"]))
    page = door.press_form(f"{page.visitor.room}/admin/sign-in", person_id=str(mei.id))
    assert page.heading == "Lotus Cloud asks to be your reseller"


@pytest.mark.rule("R24")
@pytest.mark.parametrize("name", ["Bo Lindt", "Nora Quist"])
def test_posting_the_acceptance_without_the_role_is_refused_too(visit: Any, link: str, name: str) -> None:
    visitor, before = visit(name), fingerprint(without=["event"])
    page = visitor.send(link, {"csrf_token": token(visitor.portal()), "agreed": "y", "services": "exchange"})
    assert (page.status, page.refusal) == (403, "NEEDS_GLOBAL_ADMIN")
    assert refusals() == [Code.NEEDS_GLOBAL_ADMIN]
    assert fingerprint(without=["event"]) == before


def altered(link: str, **changes: str | None) -> str:
    """The link with parts of its query changed, or (None) taken away."""
    parts = urlsplit(link)
    query = {**dict(parse_qsl(parts.query)), **changes}
    return f"{parts.path}?{urlencode({key: value for key, value in query.items() if value is not None})}"


@pytest.mark.rule("R40", "R14")
@pytest.mark.parametrize(
    "changes",
    [
        {"id": "11111111-2222-3333-4444-555555555555"},
        {"id": ""},
        {"id": None},
        {"type": "Other"},
        {"type": None},
        {"csp": "0"},
        {"msppid": "1"},
        {"customer": "1"},
        {"indirectResellerId": "11111111-2222-3333-4444-555555555555"},
    ],
)
def test_a_link_that_was_never_given_out_is_unknown(visit: Any, link: str, changes: Any) -> None:
    mei, before = visit("Mei Zhou"), fingerprint(without=["event"])
    page = mei.open(altered(link, **changes))
    assert (page.status, page.refusal) == (404, "LINK_UNKNOWN")
    form = {"csrf_token": token(mei.portal()), "agreed": "y", "services": "x"}
    assert mei.send(altered(link, **changes), form).refusal == "LINK_UNKNOWN"
    assert refusals() == [Code.LINK_UNKNOWN] * 2
    assert fingerprint(without=["event"]) == before


@pytest.mark.rule("R40", "R14")
@pytest.mark.parametrize("twice", ["csp=7", "csp=1", "type=Advisor", "id=0"])
def test_a_link_that_says_anything_twice_is_no_link_of_ours(visit: Any, link: str, twice: str) -> None:
    mei = visit("Mei Zhou")
    form = {"csrf_token": token(mei.open(link)), "agreed": "y"}
    assert mei.open(f"{link}&{twice}").refusal == "LINK_UNKNOWN"
    assert mei.send(f"{link}&{twice}", form).refusal == "LINK_UNKNOWN"


@pytest.mark.rule("R40", "R71")
def test_a_reseller_of_another_provider_cannot_be_slipped_into_the_link(
    visit: Any, link: str, reed: Partner, jade: Partner
) -> None:
    mei = visit("Mei Zhou")
    for slipped in (reed, jade):
        assert mei.open(altered(link, indirectResellerId=slipped.microsoft_id)).refusal == "LINK_UNKNOWN"


@pytest.mark.rule("R22")
def test_the_later_form_of_the_link_leads_to_the_same_page(visit: Any, link: str, lotus: Partner) -> None:
    mei = visit("Mei Zhou")
    query = {"invType": "ResellerRelationship", "partnerId": lotus.microsoft_id, "msppId": "0", "DAP": "true"}
    assert mei.portal("/Adminportal/Home", **query).heading == mei.open(link).heading
    assert mei.portal("/Adminportal/Home", **query | {"DAP": "false"}).refusal == "LINK_UNKNOWN"


@pytest.mark.rule("R40")
@pytest.mark.parametrize(("name", "code"), [("Lin Chen", "OWN_TENANT"), ("Jonas Falk", "CSP_TENANT")])
def test_a_partners_tenant_cannot_become_a_customer(
    visit: Any, stranger: Visitor, link: str, name: str, code: str
) -> None:
    door = stranger.open(link)
    page = door.press_form(f"{stranger.room}/admin/sign-in", person_id=str(the(User, name).id))
    assert (page.status, page.refusal) == (403, code)
    assert refusals() == [Code(code)]


@pytest.mark.rule("R40")
def test_a_tenant_of_another_cloud_cannot_accept(visit: Any, link: str, kiln: Customer) -> None:
    mei = visit("Mei Zhou")
    page = mei.open(link)
    kiln.market = "US"
    before = fingerprint(without=["event"])
    for answer in (mei.open(link), page.press("Accept & Authorize", agreed="y")):
        assert (answer.status, answer.refusal) == (403, "OTHER_MARKET")
    assert refusals() == [Code.OTHER_MARKET] * 2
    assert fingerprint(without=["event"]) == before


@pytest.mark.rule("R76")
def test_a_suspended_partners_link_waits_and_works_again_afterwards(
    visit: Any, link: str, lotus: Partner, kiln: Customer
) -> None:
    mei = visit("Mei Zhou")
    page = mei.open(link)
    page.press("Accept & Authorize", agreed="y", services=[f"{lotus.microsoft_id}/skype"])
    lotus.suspended = True
    for answer in (mei.open(link), page.press("Accept & Authorize", agreed="y")):
        assert (answer.status, answer.refusal) == (409, "CANNOT_ACCEPT_NOW")
        assert answer.soup.select_one("[data-refusal] a[href]")["href"] == f"{mei.room}/settings"
    assert privileges.held_by(lotus, kiln) == {Service.SKYPE}
    assert refusals() == [Code.CANNOT_ACCEPT_NOW] * 2
    lotus.suspended = False
    assert mei.open(link).press("Accept & Authorize", agreed="y").heading == "Partner relationships"
    assert privileges.held_by(lotus, kiln) == set(Service)


@pytest.mark.rule("R43")
def test_where_the_room_refuses_to_replace_the_tick_is_blocked_with_its_way_out(
    visit: Any, link: str, room: Any, lotus: Partner, jade: Partner, kiln: Customer, mei: User
) -> None:
    accepts(mei, jade, Service.EXCHANGE)
    room.dap_conflict = DapConflict.REFUSE
    visitor = visit("Mei Zhou")
    page = visitor.open(link)
    blocked = page.soup.select_one("input[name=services][aria-disabled=true]")
    assert blocked["value"] == f"{lotus.microsoft_id}/exchange"
    assert not blocked.has_attr("checked")
    way_out = page.soup.find(id=blocked["aria-describedby"]).select_one("a[href]")
    before = fingerprint(without=["event"])
    answer = page.press("Accept & Authorize", agreed="y", services=[str(blocked["value"])])
    assert (answer.status, len(answer.errors)) == (409, 1)
    assert refusals() == [Code.DAP_HELD]
    assert fingerprint(without=["event"]) == before
    confirmation = visitor.open(str(way_out["href"]))
    assert visitor.open(confirmation.link("Cancel")).heading == "Lotus Cloud asks to be your reseller"
    page = confirmation.press("Remove")
    assert page.heading == "Lotus Cloud asks to be your reseller"
    assert page.notices[0].startswith("Jade IT no longer administers Exchange Online.")
    assert ticks(page)[f"{lotus.microsoft_id}/exchange"]
    page.press("Accept & Authorize", agreed="y")
    assert privileges.holders(kiln)[Service.EXCHANGE] is lotus


@pytest.mark.rule("R41", "R42")
def test_an_advisor_stands_beside_the_holder_and_takes_nothing(
    visit: Any, willow: Partner, lotus: Partner, kiln: Customer, mei: User
) -> None:
    accepts(mei, lotus)
    willows = str(visit("Wilma Kern").portal(REQUEST).soup.select_one("#link")["value"])
    page = visit("Mei Zhou").open(willows)
    assert page.status == 200
    page.press("Accept & Authorize", agreed="y", services=[f"{willow.microsoft_id}/exchange"])
    assert privileges.held_by(lotus, kiln) == set(Service)
    assert privileges.held_by(willow, kiln) == {Service.EXCHANGE}


@pytest.mark.rule("R71", "R70", "R41")
def test_provider_and_reseller_are_ticked_separately_on_one_page(
    visit: Any, harbor: Partner, reed: Partner, kiln: Customer, mei: User
) -> None:
    letter = visit("Hanna Ott").portal(REQUEST).press("Update the e-mail", reseller=reed.microsoft_id)
    page = visit("Mei Zhou").open(str(letter.soup.select_one("#link")["value"]))
    assert len(page.soup.select("table.table")) == 2
    assert set(ticks(page)) == {f"{p.microsoft_id}/{service}" for p in (harbor, reed) for service in Service}
    chosen = [f"{harbor.microsoft_id}/exchange", f"{reed.microsoft_id}/exchange", f"{reed.microsoft_id}/skype"]
    page = page.press("Accept & Authorize", agreed="y", services=chosen)
    assert privileges.held_by(harbor, kiln) == {Service.EXCHANGE}
    assert privileges.held_by(reed, kiln) == {Service.EXCHANGE, Service.SKYPE}
    assert {row[0]: row[1] for row in page.rows()} == {
        "Harbor Distribution": "Reseller & delegated administrator",
        "Reed Services": "Delegated administrator",
    }
    assert [row[0] for row in visit("Ren Tao").portal("/customers").rows()] == ["Blue Kiln"]


@pytest.mark.rule("R70", "R71", "R38")
def test_the_agreement_says_of_each_what_it_may_and_that_only_who_transacts_orders(
    visit: Any, harbor: Partner, reed: Partner, willow: Partner
) -> None:
    def clauses(*asking: Partner) -> list[str]:
        page = visit("Mei Zhou").portal("/partner/partnersignup.aspx", **Invitation(*asking).query)
        return [words(clause) for clause in page.soup.select("#clauses li")][1:-2]

    assert clauses(harbor, reed) == [
        "Harbor Distribution may order for you.",
        "Harbor Distribution may act for you in the services you tick for it.",
        "Reed Services may act for you in the services you tick for it.",
    ]
    assert clauses(willow) == ["Willow Advisory may act for you in the services you tick for it."]


@pytest.mark.rule("R70", "R71", "R29")
def test_the_answer_says_who_of_the_two_was_given_what(
    visit: Any, harbor: Partner, reed: Partner, kiln: Customer, mei: User
) -> None:
    exchange, skype = f"{reed.microsoft_id}/exchange", f"{reed.microsoft_id}/skype"
    customer, address = visit("Mei Zhou"), Invitation(harbor, reed).query
    page = customer.portal("/partner/partnersignup.aspx", **address)
    assert page.press("Accept & Authorize", agreed="y", services=exchange).notices == [
        "Harbor Distribution is one of your partners. "
        "Reed Services now sees Blue Kiln in its customer list and administers Exchange Online."
    ]
    page = customer.portal("/partner/partnersignup.aspx", **address)
    both = [exchange, skype, f"{harbor.microsoft_id}/sharepoint"]
    assert page.press("Accept & Authorize", agreed="y", services=both).notices == [
        "Harbor Distribution is one of your partners. "
        "Harbor Distribution now administers SharePoint Online. "
        "Reed Services now administers Skype for Business Online."
    ]
    [again] = page.press("Accept & Authorize", agreed="y", services=both).notices
    assert again.endswith("What you ticked was given before, so nothing changed.")


@pytest.mark.rule("R42", "R29")
def test_the_answer_says_who_lost_what(visit: Any, link: str, jade: Partner, lotus: Partner, mei: User) -> None:
    accepts(mei, jade, Service.EXCHANGE)
    every = [f"{lotus.microsoft_id}/{service}" for service in Service]
    [said] = visit("Mei Zhou").open(link).press("Accept & Authorize", agreed="y", services=every).notices
    assert said.endswith("Jade IT no longer administers Exchange Online.")


@pytest.mark.rule("R36", "R71")
def test_what_is_given_is_said_for_each_partner_that_asks(visit: Any, harbor: Partner, reed: Partner) -> None:
    customer = visit("Mei Zhou")
    for asked in (Invitation(harbor), Invitation(harbor, reed)):
        page = customer.portal("/partner/partnersignup.aspx", **asked.query)
        given = words(page.soup.select_one("[aria-labelledby=granted]"))
        assert [p.name for p in (harbor, reed) if f"Admin agents of {p.name} work" in given] == [
            p.name for p in asked.partners
        ]
    kept_back = words(page.soup.select_one("[aria-labelledby=not-granted]"))
    assert "neither Harbor Distribution nor Reed Services is billed" in kept_back
    tick = words(page.soup.select_one("label[for=agreed]"))
    assert tick == "I have read the agreement and authorize Harbor Distribution and Reed Services"


@pytest.mark.rule("R35", "R51")
@pytest.mark.parametrize("language", ["en", "de", "zh-CN"])
def test_what_is_not_given_names_the_partner_and_holds_nothing_one_can_do(visit: Any, link: str, language: str) -> None:
    page = visit("Mei Zhou", **{"Accept-Language": language}).open(link)
    kept_back = [words(line) for line in page.soup.select("[aria-labelledby=not-granted] .bullets li")]
    assert len(kept_back) == 2
    assert "Lotus Cloud" in kept_back[1]
    take_back = {"en": "take delegated admin back", "de": "zurücknehmen", "zh-CN": "随时收回"}[language]
    assert take_back in words(page.soup.select_one("[aria-labelledby=granted]"))


@pytest.mark.rule("R43")
def test_where_every_tick_is_blocked_so_is_the_button_with_its_way_out(
    visit: Any, link: str, room: Any, jade: Partner, lotus: Partner, kiln: Customer, mei: User
) -> None:
    accepts(mei, jade)
    room.dap_conflict = DapConflict.REFUSE
    visitor = visit("Mei Zhou")
    page = visitor.open(link)
    button = next(b for b in page.soup.find_all("button") if words(b) == "Accept & Authorize")
    assert (button["type"], button["aria-disabled"], button.has_attr("disabled")) == ("button", "true", False)
    why = page.soup.find(id=button["aria-describedby"])
    assert "Other partners hold every service" in words(why)
    assert visitor.open(str(why.select_one("a[href]")["href"])).heading == "Partner relationships"
    answer = visitor.send(link, {"csrf_token": token(page), "agreed": "y"})
    assert (answer.status, len(answer.errors)) == (409, 1)
    assert "Other partners hold every service" in answer.errors[0]
    assert refusals() == [Code.ALL_HELD]


@pytest.mark.rule("R43", "R53")
def test_what_stands_in_the_way_of_one_service_is_removed_for_that_one(
    visit: Any, link: str, room: Any, kiln: Customer, jade: Partner, mei: User
) -> None:
    accepts(mei, jade)
    room.dap_conflict = DapConflict.REFUSE
    page = visit("Mei Zhou").open(link).follow("First remove delegated admin of Jade IT for Exchange Online")
    back = page.press("Remove")
    assert back.heading == "Lotus Cloud asks to be your reseller"
    assert privileges.held_by(jade, kiln) == {Service.SHAREPOINT, Service.SKYPE}


@pytest.mark.rule("R43")
def test_from_removing_what_stands_in_the_way_of_everything_one_comes_back_to_the_invitation(
    visit: Any, link: str, room: Any, jade: Partner, mei: User
) -> None:
    accepts(mei, jade)
    room.dap_conflict = DapConflict.REFUSE
    there = visit("Mei Zhou").open(link).follow("First remove delegated admin: Partner relationships")
    assert there.follow("Back to the invitation").heading == "Lotus Cloud asks to be your reseller"
    assert there.soup.select_one("form[role=search] input[name=next]")["value"] == there.link("Back to the invitation")
    assert there.follow("Remove from all partners").follow("Cancel").heading == "Lotus Cloud asks to be your reseller"
    narrowed = there.follow_first(".filters a[href*='show=admins']")
    back = narrowed.follow("Jade IT").follow("Remove delegated admin").press("Remove", services=["skype"])
    assert back.heading == "Lotus Cloud asks to be your reseller"
    assert back.press("Accept & Authorize", agreed="y", services=list(ticks(back))[-1:]).status == 200


@pytest.mark.rule("R42")
@pytest.mark.parametrize(
    ("language", "held", "free"),
    [
        ("en", "Jade IT now administers Exchange Online, Skype for", "nobody administers SharePoint Online now"),
        ("de", "Jade IT verwaltet jetzt Exchange Online, Skype for", "niemand verwaltet jetzt SharePoint Online"),
        ("zh-CN", "Jade IT 现在管理 Exchange Online、Skype for", "SharePoint Online 现在无人管理"),
    ],
)
def test_a_stale_answer_names_everything_that_moved_by_who_has_it_now(
    visit: Any, link: str, jade: Partner, lotus: Partner, mei: User, language: str, held: str, free: str
) -> None:
    accepts(mei, jade, Service.SHAREPOINT)
    page = visit("Mei Zhou", **{"Accept-Language": language}).open(link)
    revocation.revoke(jade, [Service.SHAREPOINT], by=mei)
    accepts(mei, jade, Service.EXCHANGE, Service.SKYPE)
    every = [f"{lotus.microsoft_id}/{service}" for service in Service]
    button = words(page.soup.select_one("main form button[type=submit]"))
    [said] = page.press(button, agreed="y", services=every).errors
    assert held in said
    assert free in said
    assert said.count("Jade IT") == 1


@pytest.mark.rule("R28", "R30")
def test_a_link_with_nothing_left_to_give_says_so_and_since_when(
    visit: Any, link: str, jade: Partner, lotus: Partner, harbor: Partner, reed: Partner, mei: User
) -> None:
    customer = visit("Mei Zhou")
    accepts(mei, lotus, Service.EXCHANGE, Service.SKYPE)
    assert customer.open(link).heading == "Lotus Cloud asks for delegated admin"
    stale = customer.open(link)
    accepts(mei, lotus)
    page, before = customer.open(link), fingerprint()
    assert page.heading == "Nothing left to accept from Lotus Cloud"
    assert len([line for line in page.soup.select(".services li") if "since" in words(line)]) == len(Service)
    assert page.soup.select("main form") == []
    assert page.follow("Partner relationships").heading == "Partner relationships"
    assert stale.press("Accept & Authorize", agreed="y").heading == "Partner relationships"
    assert fingerprint() == before
    accepts(mei, harbor)
    both = Invitation(harbor, reed)
    page = customer.portal("/partner/partnersignup.aspx", **both.query)
    assert page.heading == "Harbor Distribution asks for delegated admin"
    acceptance.accept(both, {reed: list(Service)}, by=mei)
    page = customer.portal("/partner/partnersignup.aspx", **both.query)
    assert "Delegated admin for Reed Services" in page.soup.select_one("main").text
    assert page.heading == "Nothing left to accept from Harbor Distribution"


@pytest.mark.rule("R62", "R63")
def test_restoring_takes_delegated_admin_back_from_who_got_it_meanwhile(
    visit: Any, link: str, lotus: Partner, jade: Partner, kiln: Customer, mei: User
) -> None:
    accepts(mei, lotus)
    accepts(mei, jade)
    page = visit("Mei Zhou").open(link)
    assert all("Jade IT" in row[1] for row in page.rows())
    assert not any(ticks(page).values())
    page.press("Accept & Authorize", agreed="y", services=list(ticks(page)))
    assert set(privileges.holders(kiln).values()) == {lotus}
    assert len(visit("Mei Zhou").portal("/settings/partner-relationships").rows()) == 2


@pytest.mark.rule("R62", "R30")
def test_who_never_left_the_list_is_given_delegated_admin_and_no_relationship_anew(
    visit: Any, link: str, lotus: Partner, mei: User, lin: User
) -> None:
    customer = visit("Mei Zhou")
    accepts(mei, lotus, Service.EXCHANGE)
    revocation.revoke(lotus, [Service.EXCHANGE], by=mei)
    for service, name in (("exchange", "Exchange Online"), ("skype", "Skype for Business Online")):  # back; one more
        page = customer.open(link)
        assert page.heading == "Lotus Cloud asks for delegated admin"
        assert "may sell to you" not in words(page.soup.select_one("[aria-labelledby=granted]"))
        page = page.press("Accept & Authorize", agreed="y", services=f"{lotus.microsoft_id}/{service}")
        assert page.notices == [f"Lotus Cloud is one of your partners. Lotus Cloud now administers {name}."]
        box = customer.open(f"{customer.room}/mail/{lin.id}/")
        letter = words(box.follow_first(".mail-list a").soup.select_one(".letter-body"))
        assert letter == f"Blue Kiln stays in your customer list. It gave delegated admin for: {name}."


@pytest.mark.rule("R31", "R35", "R3")
def test_accepting_changes_no_subscription(visit: Any, link: str) -> None:
    before = fingerprint()["subscription"]
    visit("Mei Zhou").open(link).press("Accept & Authorize", agreed="y")
    assert fingerprint()["subscription"] == before
