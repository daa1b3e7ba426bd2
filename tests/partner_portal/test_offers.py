"""What tells one offer from another wherever offers are described: everything it brings (section 5, S11)."""

from typing import Any

import pytest

from shared.domain.offers import OFFERS
from shared.domain.organisations import Customer, Partner
from shared.domain.users import User
from tests.builders import accepts, buys
from tests.partner_portal.test_customer_add import ACCOUNT
from tests.visitor import words

THREE = "Exchange Online, SharePoint Online, Skype for Business Online"
PREMIUM = f"{THREE}, Office desktop apps"
E3 = f"{PREMIUM}, Archiving"


@pytest.mark.rule("S4", "S11")
def test_the_list_of_offers_says_of_each_everything_it_brings(visit: Any, room: object) -> None:
    brings = {row[0]: row[1] for row in visit("Bea Novak").portal("/pricing-and-offers").rows()}
    assert brings["Office 365 Enterprise E1"] == THREE
    assert brings["Office 365 Enterprise E3"] == E3
    assert brings["Office 365 ProPlus"] == "SharePoint Online (OneDrive only), Office desktop apps"
    assert brings["Exchange Online Archiving add-on"] == "Archiving"
    same = {offer.name for offer in OFFERS.values() if offer.parts == OFFERS["e1"].parts}
    assert same == {"Office 365 Business Essentials", "Office 365 Enterprise E1"}  # the one is capped


@pytest.mark.rule("S1")
def test_whoever_orders_or_adds_a_customer_reads_what_each_offer_brings(
    visit: Any, kiln: Customer, lotus: Partner, mei: User
) -> None:
    accepts(mei, lotus)
    lin = visit("Lin Chen")
    page = lin.portal(f"/customers/{kiln.microsoft_id}/subscriptions/add")
    assert [f"Office 365 Enterprise E3 {E3}", "CN¥132.00"] in page.rows()
    page = lin.portal("/customers/add").press("Next: Subscriptions", **ACCOUNT)
    assert words(page.soup.select_one("#e3-hint")) == E3


@pytest.mark.rule("S11", "S12")
def test_an_upgrade_says_what_it_brings_and_a_refused_one_what_the_customer_has_already(
    visit: Any, kiln: Customer, lotus: Partner, mei: User
) -> None:
    accepts(mei, lotus)
    sold = buys(kiln, "business_essentials", lotus)
    buys(kiln, "proplus")
    page = visit("Lin Chen").portal(f"/customers/{kiln.microsoft_id}/subscriptions/{sold.microsoft_id}")
    options = words(page.soup.select_one("[aria-labelledby=upgrade]"))
    assert f"Office 365 Business Premium not now {PREMIUM}" in options
    assert "Office 365 ProPlus, which contains what Office 365 Business Premium would add: Office desktop apps." in (
        options
    )
    assert THREE in page.text


def test_the_customer_reads_it_too(visit: Any, kiln: Customer, lotus: Partner) -> None:
    e3, mei = buys(kiln, "e3", lotus), visit("Mei Zhou")
    page = mei.portal("/billing/licences")
    assert [row[1] for row in page.rows()] == [THREE, E3]
    assert E3 in page.follow(e3.offer.name).text
