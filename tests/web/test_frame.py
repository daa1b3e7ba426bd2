"""The menu beside every page: it marks where one is."""

from typing import Any

import pytest
from flask import Flask

from shared.domain.organisations import Partner
from shared.domain.services import Service
from shared.domain.users import User
from shared.web.frame import HOUSES
from shared.world.rooms import Room
from tests.builders import accepts
from tests.conftest import the
from tests.test_permissions import MAY_ENTER, addresses, posted_to
from tests.visitor import Page

NO_PAGES = {"partner_portal.customers_csv", "admin_center.later_invitation"}
BESIDE_THE_MENU = {"partner_portal.password", "admin_center.password", "admin_center.invitation"}


def marked(page: Page) -> list[str]:
    """Where the entries of the menu lead that say one is there."""
    return [str(link["href"]) for link in page.soup.select(".side .side-nav a[aria-current=page]")]


def entry_above(page: Page) -> list[str]:
    """The entry a page lies below by its address: the nearest one; below the first page lies nothing but itself."""
    first, *others = [str(link["href"]) for link in page.soup.select(".side .side-nav a")]
    above = [entry for entry in others if page.path == entry or page.path.startswith(f"{entry}/")]
    return [max(above, key=len)] if above else [first] * (page.path == first)


@pytest.mark.parametrize("name", ["Gao Rui", "Hanna Ott", "Mei Zhou"])
def test_every_page_marks_the_one_entry_it_lies_below(
    app: Flask, room: Room, visit: Any, lotus: Partner, harbor: Partner, reed: Partner, willow: Partner, name: str
) -> None:
    for partner in (willow, lotus, harbor):
        accepts(the(User, "Mei Zhou"), partner, Service.SKYPE)
    visitor, places = visit(name), addresses(app, room, lotus, willow)
    house = next(name for name, house in HOUSES.items() if house.side == visitor.side)
    entered = {page for page, people in MAY_ENTER.items() if name in people and page.startswith(house)}
    asked = {page: places[page] for page in entered - posted_to(app) - NO_PAGES}
    if name == "Hanna Ott":
        asked["partner_portal.resellers_customers"] = places["partner_portal.resellers_customers"].replace(
            willow.microsoft_id, reed.microsoft_id
        )
    seen = {endpoint: visitor.open(place) for endpoint, place in asked.items()}
    assert {endpoint: marked(page) for endpoint, page in seen.items()} == {
        endpoint: entry_above(page) for endpoint, page in seen.items()
    }
    unmarked = {endpoint for endpoint, page in seen.items() if not marked(page) and not page.refusal}
    assert unmarked <= BESIDE_THE_MENU
    assert {entry for page in seen.values() for entry in marked(page)} == {
        link["href"] for link in visitor.portal().soup.select(".side .side-nav a")
    }
