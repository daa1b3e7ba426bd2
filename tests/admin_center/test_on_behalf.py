"""The admin center, seen by a partner's user who works on behalf of the customer."""

from typing import Any

import pytest

from shared.domain import revocation
from shared.domain.organisations import Customer, Partner
from shared.domain.services import Service
from shared.domain.users import User
from tests.builders import accepts
from tests.conftest import the
from tests.visitor import Page, words


def banner(page: Page) -> str:
    """Who works on whose behalf, if anybody does."""
    found = page.soup.select_one(".on-behalf p")
    return words(found) if found else ""


def enters(visit: Any, name: str, customer: Customer) -> Page:
    """Press Administer in Partner Center."""
    page = visit(name).portal(f"/customers/{customer.microsoft_id}/services")
    return page.press("Administer")  # type: ignore[no-any-return]


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
    assert page.visitor.portal("/", "admin").path.endswith("/admin/sign-in")


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
    users = lin.portal("/users", "admin")
    assert users.heading == "Users"
    revocation.revoke(lotus, [Service.EXCHANGE], by=mei)
    assert "SharePoint Online, Skype for Business Online." in banner(lin.portal("/users", "admin"))
    revocation.revoke(lotus, list(Service), by=mei)
    page = lin.portal("/users", "admin")
    assert (page.status, page.refusal, banner(page)) == (403, "SHUT_OUT", "")
    assert "Nora Quist" not in page.text
    assert page.follow("Back to Partner Center").heading == "Customers"
    assert lin.portal("/users", "admin").refusal in ("PARTNER_ACCOUNT", "ROLE")


@pytest.mark.rule("R24", "R53")
def test_no_invitation_is_accepted_and_no_privilege_removed(
    app: Any, visit: Any, kiln: Customer, lotus: Partner, jade: Partner, mei: User
) -> None:
    accepts(mei, lotus)
    lin = enters(visit, "Lin Chen", kiln).visitor
    relationships = "/settings/partner-relationships"
    page = lin.portal(relationships, "admin")
    assert page.status == 200
    for path in (f"{relationships}/{lotus.microsoft_id}/remove", f"{relationships}/remove-all"):
        assert lin.portal(path, "admin").refusal == "NOT_ON_BEHALF"
    link = {"type": "ResellerRelationship", "id": jade.microsoft_id, "csp": "1", "msppid": "0"}
    assert lin.portal("/partner/partnersignup.aspx", "admin", **link).refusal == "NOT_ON_BEHALF"


@pytest.mark.rule("P3")
def test_roles_stay_with_the_tenants_own_global_admins_and_the_page_says_so(
    visit: Any, kiln: Customer, lotus: Partner, mei: User
) -> None:
    accepts(mei, lotus)
    page = enters(visit, "Lin Chen", kiln).visitor.portal(f"/users/{the(User, 'Bo Lindt').id}", "admin")
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


@pytest.mark.rule("R36")
def test_signing_in_at_the_door_forgets_the_customer(visit: Any, kiln: Customer, lotus: Partner, mei: User) -> None:
    accepts(mei, lotus)
    lin = enters(visit, "Lin Chen", kiln).visitor
    door = lin.portal("/sign-in", "admin")
    page = door.press_form(f"{lin.room}/admin/sign-in", person_id=str(the(User, "Hugo Park").id))
    assert page.refusal == "PARTNER_ACCOUNT"
