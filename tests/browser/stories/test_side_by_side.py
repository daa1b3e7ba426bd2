"""Several who work for one customer: two specialists, a chain of two, and somebody shut out between two clicks."""

import pytest

from tests.browser.trainee import REQUEST, Sits, Tab


def at_work(tab: Tab, page: str) -> None:
    """A page of Blue Kiln, from the customer list of whoever is signed in."""
    tab.open("/partner/customers")
    tab.press(tab.page.locator("table.table th a", has_text="Blue Kiln"))
    tab.press(tab.page.locator(".tab-row a", has_text=page))


def may_administer(tab: Tab) -> list[str]:
    """The services whose button works."""
    at_work(tab, "Service management")
    return tab.page.locator("main .card:has(button[type=submit]) h2").all_inner_texts()


@pytest.mark.rule("R7", "R8", "R41", "R45")
def test_two_specialists_work_side_by_side_for_a_customer_that_bought_elsewhere(tab: Tab) -> None:
    tab.becomes("Lin Chen")
    lotus = tab.finds_the_link()
    tab.becomes("Jonas Falk")
    jade = tab.finds_the_link()
    tab.becomes("Mei Zhou")
    tab.accepts(lotus, "exchange")
    tab.accepts(jade, "sharepoint")
    assert tab.who_administers() == {"Jade IT": ["no", "yes", "no"], "Lotus Cloud": ["yes", "no", "no"]}
    for name, service in (("Lin Chen", "Exchange Online"), ("Jonas Falk", "SharePoint Online")):
        tab.becomes(name)
        assert may_administer(tab) == [service]
        at_work(tab, "Who may do what")
        row = tab.page.locator("table.matrix tbody tr", has_text="Add licences")
        assert "R32" in row.inner_text()


@pytest.mark.rule("R68", "R70", "R71")
def test_the_provider_names_its_reseller_and_the_customer_decides_on_each(tab: Tab) -> None:
    tab.becomes("Hanna Ott")
    tab.open(REQUEST)
    tab.page.select_option("#reseller", label="Reed Services")
    tab.press("main form .ways-out button >> nth=0")
    link = tab.page.input_value("#link")
    tab.becomes("Mei Zhou")
    tab.open(link)
    tab.tick("exchange")
    tab.page.check("#agreed")
    tab.accepts()
    assert set(tab.who_administers()) == {"Harbor Distribution", "Reed Services"}
    tab.becomes("Ren Tao")
    assert may_administer(tab) == ["Exchange Online"]
    tab.becomes("Hanna Ott")
    tab.open("/partner/resellers")
    tab.press(tab.page.locator("table.table th a", has_text="Reed Services"))
    assert "Blue Kiln" in tab.page.locator("table.table").inner_text()


@pytest.mark.rule("R36", "R54")
def test_whoever_works_on_behalf_of_a_customer_is_shut_out_in_the_middle_of_a_click(sits: Sits) -> None:
    partner, customer = sits().tab(), sits().tab()
    partner.opens_a_room()
    customer.trainee.room = partner.trainee.room
    partner.becomes("Lin Chen")
    link = partner.finds_the_link()
    customer.becomes("Mei Zhou")
    customer.accepts(link, "exchange")
    at_work(partner, "Service management")
    partner.press("main form button[type=submit]")
    assert "on behalf of Blue Kiln" in partner.page.locator(".on-behalf").inner_text()
    partner.open("/admin/users")
    customer.removes("Lotus Cloud")
    partner.press(".side .side-nav a >> nth=0", status=403)
    assert partner.page.locator("[data-refusal]").get_attribute("data-refusal") == "SHUT_OUT"
    assert partner.page.locator(".on-behalf").count() == 0
    partner.press("[data-refusal] a.button")
    assert partner.path() == "/partner/customers"
