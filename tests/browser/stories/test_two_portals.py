"""Both portals at once in one browser: two tabs, two people, two sessions."""

import pytest

from tests.browser.trainee import Sits, Tab


@pytest.fixture
def two_tabs(tab: Tab) -> tuple[Tab, Tab]:
    """Lin in Partner Center, Mei in the admin center."""
    partner, customer = tab, tab.trainee.tab()
    partner.becomes("Lin Chen")
    partner.open("/partner/")
    customer.becomes("Mei Zhou")
    customer.open("/admin/")
    return partner, customer


@pytest.mark.rule("R1")
def test_both_people_stay_signed_in_side_by_side(two_tabs: tuple[Tab, Tab]) -> None:
    partner, customer = two_tabs
    for _ in range(2):
        partner.open("/partner/")
        customer.open("/admin/")
        assert (partner.who_is_here(), customer.who_is_here()) == ("Lin Chen", "Mei Zhou")


@pytest.mark.rule("R1")
@pytest.mark.parametrize("leaver", [0, 1], ids=["partner", "customer"])
def test_signing_out_of_one_portal_leaves_the_other_signed_in(two_tabs: tuple[Tab, Tab], leaver: int) -> None:
    sides = ("/partner/", "/admin/")
    leaving, staying = two_tabs[leaver], two_tabs[1 - leaver]
    stays = staying.who_is_here()
    leaving.signs_out()
    assert leaving.path().startswith(f"{sides[leaver]}sign-in")
    leaving.open(sides[leaver])
    assert leaving.path().startswith(f"{sides[leaver]}sign-in")
    staying.open(sides[1 - leaver])
    assert staying.who_is_here() == stays


@pytest.mark.rule("R1")
def test_changing_the_account_in_one_portal_does_not_touch_the_other(two_tabs: tuple[Tab, Tab]) -> None:
    partner, customer = two_tabs
    customer.open("/admin/sign-in")
    customer.picks("Dana Weiss")
    assert customer.who_is_here() == "Dana Weiss"
    partner.open("/partner/")
    assert partner.who_is_here() == "Lin Chen"


@pytest.mark.rule("R28", "R37", "R54")
def test_what_one_tab_does_the_other_sees_with_its_next_click(two_tabs: tuple[Tab, Tab]) -> None:
    partner, customer = two_tabs
    link = partner.finds_the_link()
    customer.accepts(link, "exchange")
    assert [kind for kind, _ in partner.customers()["Blue Kiln"]] == ["yes", "plain", "plain"]
    customer.removes("Lotus Cloud")
    assert [kind for kind, _ in partner.customers()["Blue Kiln"]] == ["waiting", "plain", "plain"]


def test_two_people_in_two_rooms_never_meet(sits: Sits) -> None:
    here, there = sits().tab(), sits().tab()
    for tab in (here, there):
        tab.trainee.is_given_a_room()
        tab.becomes("Lin Chen")
    link = here.finds_the_link()
    assert there.finds_the_link() != link
    there.becomes("Mei Zhou")
    there.open(link)
    assert "/admin/sign-in?next=" in there.page.url
