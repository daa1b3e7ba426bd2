"""The indirect chain in Partner Center: a provider, its reseller, and who may do what for the customer."""

from typing import Any

import pytest

from shared.domain.organisations import Customer, Partner
from shared.domain.services import Service
from shared.domain.subscriptions import Subscription
from shared.domain.users import User
from shared.extensions import db
from tests.builders import accepts, global_admin
from tests.conftest import the
from tests.visitor import words


@pytest.fixture
def chain(kiln: Customer, harbor: Partner, reed: Partner, mei: User) -> Subscription:
    """Harbor sold to Blue Kiln with Reed as partner of record; both administer there."""
    accepts(mei, harbor, Service.EXCHANGE)
    accepts(mei, reed, Service.EXCHANGE, Service.SKYPE)
    sold = Subscription(customer=kiln, seller=harbor, partner_of_record=reed, offer_key="e1", seats=5)
    db.session.add(sold)
    db.session.flush()
    return sold


@pytest.mark.rule("R68", "R70", "R72")
@pytest.mark.usefixtures("chain")
def test_the_provider_sees_which_customers_are_whose(visit: Any) -> None:
    page = visit("Hanna Ott").portal().follow("Indirect resellers")
    assert page.rows() == [["Reed Services", "4390004", "1", "1"]]
    page = page.follow("Reed Services")
    assert page.rows() == [["Blue Kiln", "Exchange Online, Skype for Business Online", "1"]]
    assert words(page.follow("Blue Kiln").soup.select_one(".customer-name")) == "Blue Kiln"


@pytest.mark.rule("R68")
@pytest.mark.parametrize("name", ["Lin Chen", "Ren Tao", "Wilma Kern"])
def test_nobody_else_has_resellers(visit: Any, reed: Partner, name: str) -> None:
    visitor = visit(name)
    assert visitor.portal("/resellers").refusal == "NO_RESELLERS"
    assert visitor.portal(f"/resellers/{reed.microsoft_id}").status == 404


@pytest.mark.rule("R70", "R71", "R67")
def test_the_reseller_administers_and_is_sent_to_its_provider_for_the_rest(
    visit: Any, kiln: Customer, chain: Subscription
) -> None:
    ren = visit("Ren Tao")
    account = ren.portal(f"/customers/{kiln.microsoft_id}/account")
    assert "Edit the billing" in ren.portal(f"/customers/{kiln.microsoft_id}/account/billing").heading
    ren_may_not = [words(reason) for reason in account.soup.select(".reason")]
    assert any("Harbor Distribution" in reason for reason in ren_may_not)  # R67, whatever the role
    inside = ren.portal(f"/customers/{kiln.microsoft_id}/services").press("Administer")
    assert "as Global admin, for Exchange Online, Skype for Business Online" in inside.text
    assert ren.portal("/customers/add").refusal == "PROVIDER_ACTS"


@pytest.mark.rule("R70", "P7")
def test_a_reseller_who_adds_a_customer_reads_that_this_is_its_providers(visit: Any) -> None:
    ren, said = visit("Ren Tao"), "An indirect reseller cannot add customers. Its provider does."
    blocked, refused = ren.portal("/customers"), ren.portal("/customers/add")
    assert said in words(blocked.soup.select_one("#why-add"))
    assert (refused.status, refused.refusal) == (409, "PROVIDER_ACTS")
    assert said in refused.notices[0]
    for page in (blocked, refused):
        assert "order or change subscriptions" not in page.text


@pytest.mark.rule("R69", "R71")
def test_a_reseller_without_customers_reads_how_one_of_its_providers_becomes_its_own(visit: Any) -> None:
    ren = visit("Ren Tao")
    for page in ("/", "/customers"):
        empty = words(ren.portal(page).soup.select_one(".empty"))
        assert "A customer of your provider appears here as soon as it gives you delegated admin." in empty
        assert "accepts" not in empty


@pytest.mark.rule("R70", "R71")
@pytest.mark.parametrize(("name", "sells"), [("Ren Tao", False), ("Wilma Kern", False), ("Lin Chen", True)])
def test_where_nothing_was_sold_only_who_sells_reads_that_it_may_be_its_own(visit: Any, name: str, sells: bool) -> None:
    cedar, someone = the(Customer, "Cedar Clinic"), visit(name)
    accepts(global_admin(cedar), the(User, name).partner, Service.SKYPE)  # type: ignore[arg-type]
    page = someone.portal(f"/customers/{cedar.microsoft_id}/subscriptions")
    assert ("What you sold" in page.text) is sells
    assert ("What you sell" in words(page.soup.select_one(".empty"))) is sells
