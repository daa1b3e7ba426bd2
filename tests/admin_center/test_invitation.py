"""Where a partner's link leads."""

from typing import Any

import pytest

from shared.domain import privileges
from shared.domain.organisations import Customer, Partner
from shared.domain.services import Service
from shared.extensions import db
from tests.builders import accepts


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
