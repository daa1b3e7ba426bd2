"""The admin center, seen by a partner's user who works on behalf of the customer."""

from typing import Any
from urllib.parse import urlsplit

import pytest

from shared.domain import revocation
from shared.domain.organisations import Customer, Partner
from shared.domain.services import Service
from shared.domain.users import User
from tests.builders import accepts
from tests.conftest import the
from tests.test_isolation import fingerprint, token, works_on_behalf
from tests.visitor import Page, Visitor, words

SIDES = ("admin", "behalf")


def banner(page: Page) -> str:
    """Who works on whose behalf, if anybody does."""
    found = page.soup.select_one(".on-behalf p")
    return words(found) if found else ""


def ended(page: Page) -> bool:
    """Whether the page says that work on behalf of a customer is over, and leads nowhere but to Partner Center."""
    ways = [words(way) for way in page.soup.select("main a, main button, main form, .personal")]
    said = (page.status, page.heading) == (403, "Working on behalf of a customer has ended")
    return said and ways[-1:] == ["Back to Partner Center"] and not page.soup.select("form[method=post]")


def ways(page: Page) -> set[str]:
    """The pages of the admin center this one leads to, below the address of its side."""
    found = {str(link["href"]) for link in page.soup.select("a[href]")}
    return {href.partition(f"/{side}")[2] for href in found for side in SIDES if f"/{side}/" in href}


def enters(visit: Any, name: str, customer: Customer) -> Page:
    """Press Administer in Partner Center."""
    return works_on_behalf(visit(name), customer)


@pytest.mark.rule("R36", "R54", "R6")
def test_administer_opens_the_customers_admin_center_under_a_banner(
    visit: Any, kiln: Customer, lotus: Partner, mei: User
) -> None:
    accepts(mei, lotus, Service.EXCHANGE)
    page = enters(visit, "Lin Chen", kiln)
    assert page.heading == "Blue Kiln"
    assert banner(page) == "Lin Chen of Lotus Cloud works on behalf of Blue Kiln as Global admin, for Exchange Online."
    assert page.menu == ["Home", "Users", "Licences", "Activity log", "Partner relationships"]
    back = page.press("Back to Partner Center")
    assert back.heading == "Service management"
    assert ended(page.visitor.portal("/", "behalf"))


@pytest.mark.rule("R54")
@pytest.mark.parametrize("leaves", ["signs out", "becomes somebody else", "enters from the lobby"])
def test_whoever_leaves_partner_center_works_on_nobodys_behalf(
    visit: Any, kiln: Customer, lotus: Partner, mei: User, leaves: str
) -> None:
    accepts(mei, lotus, Service.EXCHANGE)
    lin, sara = enters(visit, "Lin Chen", kiln).visitor, the(User, "Sara Blom")
    door = f"{lin.room}/partner/sign-in"
    if leaves == "signs out":
        lin.portal("/", "partner").press_form(f"{lin.room}/partner/sign-out")
    elif leaves == "becomes somebody else":
        lin.send(door, {"person_id": str(sara.id), "csrf_token": token(lin.open(door))})
    else:
        lin.enter(sara)
    assert ended(lin.portal("/", "behalf"))


@pytest.mark.rule("R58", "R36")
def test_what_is_not_held_says_why_and_stays_shut(visit: Any, kiln: Customer, lotus: Partner, mei: User) -> None:
    accepts(mei, lotus, Service.EXCHANGE)
    lin = visit("Lin Chen")
    page = lin.portal(f"/customers/{kiln.microsoft_id}/services")
    assert "holds no delegated admin" in words(page.soup.find(id="why-administer-skype"))
    form = page.fields(page.soup.select_one("main form"))
    there = f"{lin.room}/partner/customers/{kiln.microsoft_id}/services/administer"
    assert lin.send(there, form | {"service": "skype"}).refusal == "NO_DAP"
    assert lin.send(there, form | {"service": "teapot"}).status == 404
    sales = visit("Sara Blom").portal(f"/customers/{kiln.microsoft_id}/services")
    assert "Your role does not allow this" in words(sales.soup.find(id="why-administer-exchange"))


@pytest.mark.rule("R54")
def test_whoever_is_shut_out_reads_it_at_the_next_click(visit: Any, kiln: Customer, lotus: Partner, mei: User) -> None:
    accepts(mei, lotus)
    lin = enters(visit, "Lin Chen", kiln).visitor
    users = lin.portal("/users", "behalf")
    assert users.heading == "Users"
    revocation.revoke(lotus, [Service.EXCHANGE], by=mei)
    assert "SharePoint Online, Skype for Business Online." in banner(lin.portal("/users", "behalf"))
    revocation.revoke(lotus, list(Service), by=mei)
    page = lin.portal("/users", "behalf")
    assert (page.status, page.refusal, banner(page)) == (403, "SHUT_OUT", "")
    assert "Nora Quist" not in page.text
    assert page.follow("Back to Partner Center").heading == "Customers"
    assert ended(lin.portal("/users", "behalf"))


@pytest.mark.rule("R24", "R53")
def test_no_invitation_is_accepted_and_no_privilege_removed(
    app: Any, visit: Any, kiln: Customer, lotus: Partner, jade: Partner, mei: User
) -> None:
    accepts(mei, lotus)
    lin = enters(visit, "Lin Chen", kiln).visitor
    relationships = "/settings/partner-relationships"
    page = lin.portal(relationships, "behalf")
    assert page.status == 200
    for path in (f"{relationships}/{lotus.microsoft_id}/remove", f"{relationships}/remove-all"):
        assert lin.portal(path, "behalf").refusal == "NOT_ON_BEHALF"
    link = {"type": "ResellerRelationship", "id": jade.microsoft_id, "csp": "1", "msppid": "0"}
    assert lin.portal("/partner/partnersignup.aspx", "behalf", **link).refusal == "NOT_ON_BEHALF"


@pytest.mark.rule("P3")
def test_roles_stay_with_the_tenants_own_global_admins_and_the_page_says_so(
    visit: Any, kiln: Customer, lotus: Partner, mei: User
) -> None:
    accepts(mei, lotus)
    page = enters(visit, "Lin Chen", kiln).visitor.portal(f"/users/{the(User, 'Bo Lindt').id}", "behalf")
    for control in ("why-admin", "why-remove", "why-reset"):
        said = words(page.soup.find(id=control))
        assert "Nobody who works on behalf of Blue Kiln can do this" in said, control


@pytest.mark.rule("R36")
def test_the_customers_people_see_it_in_the_log_and_not_among_their_users(
    visit: Any, kiln: Customer, lotus: Partner, mei: User
) -> None:
    accepts(mei, lotus)
    enters(visit, "Lin Chen", kiln)
    page = visit("Mei Zhou")
    assert "Lin Chen" not in page.portal("/users").text
    assert "Lin Chen, Lotus Cloud" in page.portal("/activity").text


@pytest.mark.rule("R36", "R54")
def test_the_customers_own_admin_in_the_same_browser_is_somebody_else(
    visit: Any, kiln: Customer, lotus: Partner, mei: User
) -> None:
    accepts(mei, lotus)
    browser: Visitor = enters(visit, "Lin Chen", kiln).visitor
    browser.enter(mei)
    assert banner(browser.portal("/users", "behalf")).startswith("Lin Chen of Lotus Cloud")
    assert "Mei Zhou" in browser.portal("/users", "admin").soup.select_one(".personal").text
    removal = browser.portal(f"/settings/partner-relationships/{lotus.microsoft_id}/remove", "admin")
    assert removal.press("Remove").status == 200
    page = browser.portal("/users", "behalf")
    assert (page.status, page.refusal) == (403, "SHUT_OUT")
    assert "Mei Zhou" not in page.text
    assert ended(browser.portal("/users", "behalf"))
    assert browser.portal("/users", "admin").heading == "Users"


@pytest.mark.rule("R36")
def test_administer_throws_nobody_out_of_the_admin_center(
    visit: Any, kiln: Customer, lotus: Partner, mei: User
) -> None:
    accepts(mei, lotus)
    browser: Visitor = visit("Lin Chen")
    browser.enter(mei)
    page = browser.portal(f"/customers/{kiln.microsoft_id}/services").press("Administer")
    assert page.path == f"{browser.room}/behalf/"
    assert "Mei Zhou" in browser.portal("/users", "admin").soup.select_one(".personal").text
    assert page.press("Back to Partner Center").heading == "Service management"
    assert browser.portal("/users", "admin").heading == "Users"


@pytest.mark.rule("R36", "R54")
@pytest.mark.parametrize("path", ["/", "/users", "/sign-in", "/sign-in/recovery", "/partner/partnersignup.aspx"])
def test_without_such_a_session_every_address_says_that_it_has_ended(stranger: Visitor, visit: Any, path: str) -> None:
    before = fingerprint()
    assert ended(stranger.portal(path, "behalf"))
    assert ended(visit("Lin Chen").portal(path, "behalf"))
    assert ended(visit("Mei Zhou").portal(path, "behalf"))
    assert fingerprint() == before


@pytest.mark.rule("R36")
def test_nobody_signs_in_on_behalf_of_a_customer(visit: Any, kiln: Customer, lotus: Partner, mei: User) -> None:
    accepts(mei, lotus)
    page = enters(visit, "Lin Chen", kiln)
    lin, form = page.visitor, {"csrf_token": token(page), "person_id": str(mei.id)}
    assert lin.portal("/sign-in", "behalf").status == 404
    assert [lin.send(f"{lin.room}/behalf/{door}", form).status for door in ("sign-in", "sign-out")] == [404, 404]
    assert banner(lin.portal("/", "behalf"))
    hugo = lin.portal("/sign-in", "admin").press_form(
        f"{lin.room}/admin/sign-in", person_id=str(the(User, "Hugo Park").id)
    )
    assert hugo.refusal == "PARTNER_ACCOUNT"
    assert banner(lin.portal("/", "behalf")).startswith("Lin Chen")


@pytest.mark.rule("R36")
def test_whose_role_is_too_small_there_switches_the_account_where_it_began(
    visit: Any, kiln: Customer, lotus: Partner, mei: User
) -> None:
    accepts(mei, lotus)
    hugo = enters(visit, "Hugo Park", kiln).visitor
    page = hugo.portal("/users/new", "behalf")
    assert page.refusal == "ROLE"
    assert page.link("Switch account") == f"{hugo.room}/partner/sign-in"


@pytest.mark.rule("R36")
def test_every_way_on_stays_on_its_side_whoever_looked_first(
    visit: Any, kiln: Customer, lotus: Partner, mei: User
) -> None:
    accepts(mei, lotus)
    browser: Visitor = enters(visit, "Lin Chen", kiln).visitor
    browser.enter(mei)
    paths = {*ways(browser.portal("/", "admin")), *ways(browser.portal("/", "behalf"))}
    paths |= {way for path in paths for side in SIDES for way in ways(browser.portal(path, side))}
    assert {
        "/users",
        "/settings/partner-relationships",
        f"/settings/partner-relationships/{lotus.microsoft_id}",
    } <= paths
    for path in sorted(paths):
        for side, other in (SIDES, SIDES[::-1], SIDES):
            page = browser.portal(path, side)
            assert f"{browser.room}/{other}/" not in page.text, path


@pytest.mark.rule("R17", "R24")
def test_an_invitation_leads_to_the_customers_own_side(
    visit: Any, kiln: Customer, lotus: Partner, jade: Partner, mei: User
) -> None:
    accepts(mei, lotus)
    lin = enters(visit, "Lin Chen", kiln).visitor
    link = str(
        visit("Jonas Falk").portal("/customers/request-a-reseller-relationship").soup.select_one("#link")["value"]
    )
    assert urlsplit(link).path.startswith(f"{lin.room}/admin/")
    assert lin.open(link).path == f"{lin.room}/admin/sign-in"
