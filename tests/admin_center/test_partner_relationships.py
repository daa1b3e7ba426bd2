"""Settings > Partner relationships: who holds delegated admin, and how to take it back."""

from typing import Any

import pytest
from sqlalchemy import select

from shared.domain import acceptance, privileges
from shared.domain.history import Event, EventKind
from shared.domain.invitations import Invitation
from shared.domain.organisations import Customer, Partner
from shared.domain.privileges import EndReason
from shared.domain.refusals import Code
from shared.domain.relationships import between
from shared.domain.services import Service
from shared.domain.subscriptions import Subscription
from shared.domain.users import User
from shared.extensions import db
from shared.world import clock
from shared.world.mailbox import Letter
from shared.world.rooms import Room
from tests.builders import accepts, buys
from tests.conftest import the
from tests.test_isolation import fingerprint, refusals
from tests.visitor import Page, words

LIST = "/settings/partner-relationships"


def names(page: Page) -> list[str]:
    """The partners listed, in order."""
    return [row[0] for row in page.rows()]


def ends(page: Page) -> list[str]:
    """What a confirmation says will end."""
    return [words(line) for line in page.soup.select(".ends li")]


def marks(page: Page) -> set[str]:
    """The rules a confirmation names."""
    return {words(number) for number in page.soup.select(".confirm details.rule summary span[aria-hidden]")}


def details(partner: Partner, act: str = "") -> str:
    """The address of one partner's page, or of an act on it."""
    return f"{LIST}/{partner.microsoft_id}{act}"


@pytest.mark.rule("R44")
def test_without_partners_the_page_says_so(visit: Any) -> None:
    page = visit("Mei Zhou").portal(LIST)
    assert page.heading == "Partner relationships"
    assert page.rows() == []
    assert page.soup.select_one(".empty-title").text == "There's nothing here"


@pytest.mark.rule("R44", "R45", "R46", "R47")
def test_every_partner_stands_there_with_what_it_is_holds_and_sold(
    visit: Any, lotus: Partner, jade: Partner, willow: Partner, mei: User
) -> None:
    accepts(mei, lotus)
    accepts(mei, jade, Service.EXCHANGE)
    accepts(mei, willow, Service.SKYPE)
    page = visit("Mei Zhou").portal(LIST)
    rows = {row[0]: row[1:] for row in page.rows()}
    assert list(rows) == ["Jade IT", "Lotus Cloud", "Willow Advisory"]
    assert rows["Jade IT"][:2] == ["Reseller & delegated administrator", "Yes Exchange Online"]
    assert rows["Lotus Cloud"][1] == "Yes SharePoint Online, Skype for Business Online"
    assert rows["Willow Advisory"][:2] == ["Advisor", "Yes Skype for Business Online"]
    assert {row[3] for row in rows.values()} == {"0"}
    picture = {line[0]: line[1:] for line in page.rows("table.matrix")}
    states = {name: [cell.split()[0] for cell in cells] for name, cells in picture.items()}
    assert states == {
        "Jade IT": ["yes", "no", "no"],
        "Lotus Cloud": ["ended", "yes", "yes"],
        "Willow Advisory": ["no", "no", "yes"],
    }


@pytest.mark.rule("R46")
def test_subscriptions_sold_are_counted_by_seller(visit: Any) -> None:
    [row] = visit("Dana Weiss").portal(LIST).rows()
    assert (row[0], row[4]) == ("Jade IT", "1")


@pytest.mark.rule("R55", "R47")
def test_a_reseller_without_delegated_admin_stays_with_one_line_why(visit: Any) -> None:
    dana = visit("Dana Weiss")
    dana.portal(f"{LIST}/remove-all").press("Remove from all partners")
    [row] = dana.portal(LIST).rows()
    assert row[0] == "Jade IT"
    assert row[1].startswith("Reseller")
    assert "1 subscription" in row[1]
    assert row[2] == "No"


@pytest.mark.rule("R46", "R55")
def test_the_count_is_of_what_is_live_and_says_so_and_never_that_nothing_was_sold(visit: Any) -> None:
    dana = visit("Dana Weiss")
    dana.portal(f"{LIST}/remove-all").press("Remove from all partners")
    for sold in db.session.scalars(select(Subscription).where(Subscription.customer == the(Customer, "Delta Foods"))):
        sold.cancelled_at = clock.now()
    db.session.commit()
    page = dana.portal(LIST)
    [row] = page.rows()
    assert row[1] == "Reseller Still your reseller: sells you no live subscription now."
    assert (row[4], words(page.soup.select("table.table th[scope=col]")[4])) == ("0", "Live subscriptions sold")
    page = page.follow("Jade IT")
    assert "sells you no live subscription now" in page.text
    assert "Live subscriptions sold" in page.text


@pytest.mark.rule("R53", "R61")
def test_who_may_take_a_partner_off_the_list_reads_so_and_others_read_who_may(
    visit: Any, willow: Partner, mei: User
) -> None:
    accepts(mei, willow, Service.SKYPE)
    ending = "[aria-labelledby=end] > p"
    said = "You have no reseller relationship with this partner, so"
    assert words(visit("Mei Zhou").portal(details(willow)).soup.select_one(ending)) == (
        f"{said} you can take it off your list yourself."
    )
    assert words(visit("Bo Lindt").portal(details(willow)).soup.select_one(ending)) == (
        f"{said} a Global admin can take it off your list."
    )


@pytest.mark.rule("R61", "R72")
def test_the_reseller_its_provider_names_may_be_taken_off_but_is_not_said_to_have_sold_nothing(
    visit: Any, mei: User, kiln: Customer
) -> None:
    harbor, reed = the(Partner, "Harbor Distribution"), the(Partner, "Reed Services")
    acceptance.accept(Invitation(harbor, reed), {harbor: (), reed: (Service.SKYPE,)}, by=mei)
    buys(kiln, "e3", harbor).partner_of_record = reed
    db.session.commit()
    said = words(visit("Mei Zhou").portal(details(reed)).soup.select_one("[aria-labelledby=end]"))
    assert "You have no reseller relationship with this partner" in said
    assert "Delete partner" in said


def test_search_and_filters_find_rows_and_say_when_there_is_none(
    visit: Any, lotus: Partner, jade: Partner, willow: Partner, mei: User
) -> None:
    for partner in (lotus, jade, willow):
        accepts(mei, partner, Service.EXCHANGE)
    visitor = visit("Mei Zhou")
    visitor.portal(details(willow, "/delete")).press("Delete partner")
    assert names(visitor.portal(LIST)) == ["Jade IT", "Lotus Cloud"]
    assert names(visitor.portal(LIST, show="admins")) == ["Jade IT"]
    assert names(visitor.portal(LIST, show="ended")) == ["Willow Advisory"]
    assert names(visitor.portal(LIST, show="nonsense")) == ["Jade IT", "Lotus Cloud"]
    assert names(visitor.portal(LIST, q="LOTUS")) == ["Lotus Cloud"]
    assert names(visitor.portal(LIST, q="%")) == []
    page = visitor.portal(LIST, q="lotus", show="admins")
    assert page.rows() == []
    assert page.soup.select_one(".empty a")["href"] == f"{visitor.room}/admin{LIST}"


def test_the_filter_in_use_is_marked_and_keeps_the_search(visit: Any, lotus: Partner, mei: User) -> None:
    accepts(mei, lotus)
    page = visit("Mei Zhou").portal(LIST, q="lotus", show="admins")
    [current] = page.soup.select(".filters a[aria-current]")
    assert "show=admins" in current["href"]
    assert all("q=lotus" in link["href"] for link in page.soup.select(".filters a"))
    assert page.soup.select_one("form[role=search] input[name=show]")["value"] == "admins"


@pytest.mark.rule("R48")
def test_a_row_opens_its_details(visit: Any, lotus: Partner, mei: User) -> None:
    accepts(mei, lotus)
    visitor = visit("Mei Zhou")
    page = visitor.open(str(visitor.portal(LIST).soup.select_one("table.table tbody a")["href"]))
    assert page.heading == "Lotus Cloud"
    assert all(fact in page.text for fact in (lotus.address, lotus.phone, lotus.email, lotus.mpn_id))
    assert page.link("Remove delegated admin") == f"{visitor.room}/admin{details(lotus, '/remove')}"
    way = [
        [words(crumb) for crumb in there.soup.select(".breadcrumb li")]
        for there in (page, page.follow("Remove delegated admin"))
    ]
    assert [crumbs[:3] for crumbs in way] == 2 * [["Home", "Settings", "Partner relationships"]]


@pytest.mark.rule("R49", "R53")
def test_a_billing_admin_sees_everything_and_may_remove_nothing(visit: Any, lotus: Partner, mei: User) -> None:
    accepts(mei, lotus)
    bo = visit("Bo Lindt")
    for page in (bo.portal(LIST), bo.portal(details(lotus))):
        assert page.status == 200
        assert not [link for link in page.soup.select("main a[href]") if "/remove" in str(link["href"])]
        blocked = page.soup.select_one("[aria-disabled=true]")
        assert "Global admin" in page.soup.find(id=blocked["aria-describedby"]).text
    assert bo.portal(details(lotus, "/remove")).refusal == "ROLE"


@pytest.mark.rule("R49")
@pytest.mark.parametrize("name", ["Ulla Maas", "Hal Brandt", "Nora Quist"])
def test_everybody_else_sees_nothing_of_it(visit: Any, lotus: Partner, mei: User, name: str) -> None:
    accepts(mei, lotus)
    visitor = visit(name)
    for path in (LIST, details(lotus), details(lotus, "/remove"), f"{LIST}/remove-all"):
        page = visitor.portal(path)
        assert (page.status, page.refusal) == (403, "ROLE")
        assert "Lotus Cloud" not in page.text


def test_a_partner_one_does_not_work_with_is_not_found(visit: Any, lotus: Partner, jade: Partner, mei: User) -> None:
    accepts(mei, lotus)
    for act in ("", "/remove", "/delete"):
        assert visit("Mei Zhou").portal(details(jade, act)).status == 404
        assert visit("Dana Weiss").portal(details(lotus, act)).status == 404


@pytest.mark.rule("R52", "R55", "R56", "R57")
def test_the_confirmation_names_what_ends_and_what_stays_and_opening_it_changes_nothing(
    visit: Any, lotus: Partner, mei: User
) -> None:
    accepts(mei, lotus)
    visitor = visit("Mei Zhou")
    before = fingerprint()
    page = visitor.portal(details(lotus, "/remove"))
    assert "Lotus Cloud" in page.soup.select_one(".ends").text
    assert len(page.soup.select(".stays li")) >= 3
    assert {box["value"] for box in page.soup.select("input[name=services]:checked")} == set(Service)
    assert page.link("Cancel") == f"{visitor.room}/admin{details(lotus)}"
    assert fingerprint() == before


@pytest.mark.rule("R47", "R61")
def test_who_loses_a_partner_with_its_last_service_reads_so_before(
    visit: Any, lotus: Partner, willow: Partner, mei: User
) -> None:
    accepts(mei, lotus, Service.EXCHANGE)
    accepts(mei, willow, Service.SKYPE)
    gone = "With its last service Willow Advisory leaves your list, and you leave its customer list"
    visitor = visit("Mei Zhou")
    page = visitor.portal(details(willow, "/remove"))
    assert ends(page) == [
        "Delegated admin of Willow Advisory for what you tick: at once, open sessions included",
        gone,
    ]
    assert {"R54", "R60", "R61"} == marks(page)
    assert len(ends(visitor.portal(details(lotus, "/remove")))) == 1
    both = visitor.portal(f"{LIST}/remove-all")
    assert ends(both) == ["Lotus Cloud: Exchange Online", "Willow Advisory: Skype for Business Online", gone]
    assert {"R55", "R61"} < marks(both)


@pytest.mark.rule("R55", "R61", "R69")
def test_where_nobody_resells_removing_from_all_keeps_no_reseller_relationship(
    visit: Any, willow: Partner, mei: User
) -> None:
    accepts(mei, willow, Service.SKYPE)
    page = visit("Mei Zhou").portal(f"{LIST}/remove-all")
    assert [words(line) for line in page.soup.select(".stays li")] == ["The partner can ask again with the same link"]
    assert "R55" not in marks(page)


@pytest.mark.rule("R61")
def test_deleting_a_partner_names_its_rights_and_no_rule_of_a_reseller(visit: Any, willow: Partner, mei: User) -> None:
    accepts(mei, willow, Service.SKYPE)
    page = visit("Mei Zhou").portal(details(willow, "/delete"))
    assert "Delegated admin of Willow Advisory: at once, open sessions included" in ends(page)
    assert marks(page) == {"R54", "R60", "R61"}


@pytest.mark.rule("R51", "R52", "R53", "R54", "R55", "R60")
def test_removing_ends_every_service_at_once_and_tells_both_sides(
    visit: Any, lotus: Partner, kiln: Customer, mei: User, lin: User
) -> None:
    accepts(mei, lotus)
    page = visit("Mei Zhou").portal(details(lotus, "/remove")).press("Remove")
    assert page.heading == "Partner relationships"
    assert page.rows()[0][2] == "No"
    assert privileges.held_by(lotus, kiln) == set()
    assert {held.ended_by for held in privileges.of_pair(lotus, kiln).values()} == {EndReason.REMOVED}
    tie = between(lotus, kiln)
    assert tie is not None
    assert tie.active
    told = {letter.to_id for letter in db.session.scalars(select(Letter).where(Letter.kind == "removed"))}
    assert told == {mei.id, lin.id}
    ended = db.session.scalars(select(Event).where(Event.kind == EventKind.END_DAP)).all()
    assert {(event.service, event.by_id) for event in ended} == {(service, mei.id) for service in Service}


@pytest.mark.rule("R55", "R61")
def test_after_removing_one_reads_whose_customer_list_one_is_still_in(
    visit: Any, lotus: Partner, jade: Partner, willow: Partner, mei: User
) -> None:
    accepts(mei, lotus, Service.EXCHANGE)
    accepts(mei, jade, Service.SKYPE)
    accepts(mei, willow, Service.EXCHANGE, Service.SKYPE)
    visitor = visit("Mei Zhou")
    said = words(visitor.portal(details(willow, "/remove")).press("Remove", services=["skype"]).soup)
    assert "You stay in the customer list of Willow Advisory, with the end date." in said
    said = words(visitor.portal(details(willow, "/remove")).press("Remove").soup)
    assert "You and Willow Advisory are off each other's lists." in said
    assert "customer list of" not in said
    accepts(mei, willow, Service.SKYPE)
    said = words(visitor.portal(f"{LIST}/remove-all").press("Remove from all partners").soup)
    assert "You stay in the customer list of Lotus Cloud, Jade IT, with the end date." in said
    assert "You and Willow Advisory are off each other's lists." in said


@pytest.mark.rule("R53")
def test_one_service_may_go_and_the_others_stay(visit: Any, lotus: Partner, kiln: Customer, mei: User) -> None:
    accepts(mei, lotus)
    visit("Mei Zhou").portal(details(lotus, "/remove")).press("Remove", services=["skype"])
    assert privileges.held_by(lotus, kiln) == {Service.EXCHANGE, Service.SHAREPOINT}


@pytest.mark.rule("R53")
def test_removing_nothing_is_answered_at_the_field(visit: Any, lotus: Partner, mei: User) -> None:
    accepts(mei, lotus)
    visitor = visit("Mei Zhou")
    before = fingerprint()
    page = visitor.portal(details(lotus, "/remove")).press("Remove", services=None)
    assert page.status == 422
    assert page.errors
    assert fingerprint() == before


@pytest.mark.rule("R51", "R53")
def test_removing_from_everyone_leaves_nobody(
    visit: Any, lotus: Partner, jade: Partner, willow: Partner, kiln: Customer, mei: User
) -> None:
    accepts(mei, lotus, Service.EXCHANGE)
    accepts(mei, jade, Service.SKYPE)
    accepts(mei, willow, Service.SKYPE)
    page = visit("Mei Zhou").portal(f"{LIST}/remove-all")
    ends = page.soup.select_one(".ends").text
    assert all(partner.name in ends for partner in (lotus, jade, willow))
    page = page.press("Remove from all partners")
    assert [held for held in privileges.privileges_on(kiln) if held.in_force] == []
    assert [row[0] for row in page.rows() if row[2] == "No"] == ["Jade IT", "Lotus Cloud"]


@pytest.mark.rule("R51", "R53")
def test_where_nobody_holds_anything_removing_from_all_is_blocked_and_its_page_says_so(visit: Any) -> None:
    cai, said = visit("Cai Yun"), "No partner holds delegated admin."
    blocked = cai.portal(LIST).soup.select_one("main [aria-disabled=true]")
    assert words(blocked) == "Remove from all partners"
    assert said in blocked.parent.text
    page = cai.portal(f"{LIST}/remove-all")
    assert page.status == 200
    assert said in words(page.soup.select_one(".notice"))
    assert not page.soup.select("main .danger, main form")


@pytest.mark.rule("R51")
def test_a_partner_without_rights_has_a_page_that_says_so_and_no_button_to_remove_them(
    visit: Any, lotus: Partner, jade: Partner, mei: User
) -> None:
    accepts(mei, lotus, Service.SKYPE)
    accepts(mei, jade, Service.EXCHANGE)
    mei_there = visit("Mei Zhou")
    mei_there.portal(details(lotus, "/remove")).press("Remove")
    page = mei_there.portal(details(lotus, "/remove"))
    assert "Lotus Cloud holds no delegated admin." in words(page.soup.select_one(".notice"))
    assert not page.soup.select("main .danger, main form")
    assert page.link("Back") == f"{mei_there.room}/admin{details(lotus)}"
    assert mei_there.portal(LIST).link("Remove from all partners")  # Jade IT holds something still


@pytest.mark.rule("R51", "R53", "R61")
def test_that_rights_can_be_taken_back_reads_only_who_can_take_some_back(visit: Any, lotus: Partner, mei: User) -> None:
    accepts(mei, lotus)
    said = "take delegated admin back"
    page = visit("Mei Zhou").portal(details(lotus))
    assert said in words(page.soup.select_one("[aria-labelledby=end]"))
    assert said not in words(visit("Bo Lindt").portal(details(lotus)).soup)
    visit("Mei Zhou").portal(details(lotus, "/remove")).press("Remove")
    assert said not in words(visit("Mei Zhou").portal(details(lotus)).soup)


@pytest.mark.rule("R56", "R3")
def test_subscriptions_are_the_same_after_as_before(visit: Any, delta: Customer, jade: Partner) -> None:
    before = fingerprint()["subscription"]
    visit("Dana Weiss").portal(details(jade, "/remove")).press("Remove")
    assert fingerprint()["subscription"] == before
    assert (
        db.session.scalars(select(Subscription).where(Subscription.customer_id == delta.id)).one().seller_id == jade.id
    )


@pytest.mark.rule("R54", "R59")
def test_the_partner_sees_the_end_at_its_next_click(visit: Any, lotus: Partner, mei: User) -> None:
    accepts(mei, lotus)
    lin = visit("Lin Chen")
    assert "3 of 3" in lin.portal("/customers").rows()[0][3]
    visit("Mei Zhou").portal(details(lotus, "/remove")).press("Remove")
    page = lin.portal("/customers")
    assert "No delegated admin" in page.rows()[0][3]
    assert page.soup.select_one("tr.row-detail").text.count("removed by the customer") == 3


def test_pressing_remove_twice_is_harmless(visit: Any, lotus: Partner, mei: User) -> None:
    accepts(mei, lotus)
    page = visit("Mei Zhou").portal(details(lotus, "/remove"))
    page.press("Remove")
    before = fingerprint()
    again = page.press("Remove")
    assert (again.status, again.heading) == (200, "Partner relationships")
    assert fingerprint() == before
    assert refusals() == []


@pytest.mark.rule("R61")
def test_a_reseller_cannot_be_deleted_and_its_contact_is_given(visit: Any, lotus: Partner, mei: User) -> None:
    accepts(mei, lotus)
    visitor = visit("Mei Zhou")
    page = visitor.portal(details(lotus))
    assert f"{visitor.room}/admin{details(lotus, '/delete')}" not in page.text
    assert lotus.phone in page.soup.select_one("[aria-labelledby=end]").text
    before = fingerprint(without=["event"])
    page = visitor.portal(details(lotus, "/delete"))
    assert (page.status, page.refusal) == (409, "STILL_RESELLER")
    assert refusals() == [Code.STILL_RESELLER]
    assert fingerprint(without=["event"]) == before


@pytest.mark.rule("R47", "R61")
def test_an_advisor_can_be_deleted_with_its_rights_and_twice_is_harmless(
    visit: Any, willow: Partner, kiln: Customer, mei: User
) -> None:
    accepts(mei, willow, Service.SKYPE)
    visitor = visit("Mei Zhou")
    page = visitor.portal(details(willow)).follow("Delete partner")
    assert ends(page) == [
        "Your place in the partner's customer list",
        "Delegated admin of Willow Advisory: at once, open sessions included",
    ]
    done = page.press("Delete partner")
    assert (done.status, done.rows()) == (200, [])
    assert privileges.held_by(willow, kiln) == set()
    before = fingerprint()
    again = page.press("Delete partner")
    assert (again.status, again.notices[0]) == (200, "Willow Advisory is off your list already; nothing changed.")
    assert fingerprint() == before
    assert names(visitor.portal(LIST, show="ended")) == ["Willow Advisory"]


@pytest.mark.rule("R51", "R61")
def test_who_is_off_the_list_already_cannot_be_deleted_from_it_and_the_page_says_so(
    visit: Any, willow: Partner, mei: User
) -> None:
    accepts(mei, willow, Service.SKYPE)
    visitor = visit("Mei Zhou")
    visitor.portal(details(willow, "/remove")).press("Remove")
    page = visitor.portal(details(willow, "/delete"))
    assert page.status == 200
    assert words(page.soup.select_one(".notice-title")) == "Willow Advisory is off your list already"
    assert "Willow Advisory holds no delegated admin." in words(page.soup.select_one(".notice"))
    assert not page.soup.select("main .danger, main form")


@pytest.mark.rule("R47", "R61", "R70", "R71")
def test_a_providers_reseller_is_a_delegated_administrator_and_can_be_deleted(
    visit: Any, harbor: Partner, reed: Partner, mei: User
) -> None:
    accepts(mei, harbor, Service.EXCHANGE)
    accepts(mei, reed, Service.EXCHANGE)
    visitor = visit("Mei Zhou")
    rows = {row[0]: row[1] for row in visitor.portal(LIST).rows()}
    assert rows["Reed Services"] == "Delegated administrator"
    page = visitor.portal(details(reed, "/delete"))
    assert "Harbor Distribution can ask again with a link that names this partner" in page.text
    assert "with the same link" not in page.text
    assert not any("relationship" in line for line in ends(page))  # which is its provider's
    page.press("Delete partner")
    assert names(visitor.portal(LIST)) == ["Harbor Distribution"]


@pytest.mark.rule("R50")
def test_a_long_list_goes_on_where_the_page_ended(visit: Any, mei: User, willow: Partner) -> None:
    facts = {"kind": willow.kind, "address": "x", "phone": "x", "email": "x@x.example", "mpn_id": "1"}
    for number in range(30):
        partner = Partner(name=f"Advisor {number:02}", domain=f"a{number}.example", **facts)
        db.session.add(partner)
        db.session.flush()
        accepts(the(User, "Mei Zhou"), partner, Service.SKYPE)
    visitor = visit("Mei Zhou")
    first = visitor.portal(LIST)
    second = visitor.open(str(first.soup.select_one("nav.pager a[rel=next]")["href"]))
    assert len(names(first)) == 25
    assert names(first) + names(second) == [f"Advisor {number:02}" for number in range(30)]
    assert second.soup.select_one("nav.pager a[rel=next]") is None


@pytest.mark.parametrize(
    "elsewhere", ["//evil.example/", "https://evil.example/", "/w/another/admin/", "/partner/customers"]
)
def test_no_way_back_is_offered_to_where_nobody_can_have_come_from(visit: Any, elsewhere: str) -> None:
    page = visit("Mei Zhou").portal("/settings/partner-relationships", next=elsewhere)
    assert "Back to the invitation" not in page.text


@pytest.mark.rule("R50")
@pytest.mark.parametrize(("name", "told"), [("Mei Zhou", True), ("Bo Lindt", False)])
def test_who_may_not_remove_anything_is_led_back_without_being_told_to(
    visit: Any, room: Room, mei: User, lotus: Partner, name: str, told: bool
) -> None:
    accepts(mei, lotus, Service.EXCHANGE)
    page = visit(name).portal(LIST, next=f"/w/{room.key}/admin/partner/partnersignup.aspx?csp=1")
    assert "Back to the invitation" in page.text
    assert ("Remove here what stands in the way" in page.text) is told
