"""Several who work for one customer: two specialists, a chain of two, and somebody shut out between two clicks."""

import pytest

from tests.browser.trainee import REQUEST, Tab


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
def test_whoever_works_on_behalf_of_a_customer_is_shut_out_in_the_next_tab_of_the_same_browser(tab: Tab) -> None:
    partner, customer = tab, tab.trainee.tab()
    partner.becomes("Lin Chen")
    link = partner.finds_the_link()
    customer.becomes("Mei Zhou")
    customer.accepts(link, "exchange")
    at_work(partner, "Service management")
    partner.press("main form button[type=submit]")
    assert "on behalf of Blue Kiln" in partner.page.locator(".on-behalf").inner_text()
    assert partner.path() == "/behalf/"
    partner.press(".side a[href$='/users']")
    customer.removes("Lotus Cloud")
    partner.press(".side .side-nav a >> nth=0", status=403)
    assert partner.page.locator("[data-refusal]").get_attribute("data-refusal") == "SHUT_OUT"
    assert "Blue Kiln is over" in partner.page.locator("[data-refusal]").inner_text()
    assert (partner.page.locator(".on-behalf").count(), partner.who_is_here()) == (0, None)
    partner.open("/behalf/users", status=403)
    assert "has ended" in partner.page.inner_text("h1")
    assert partner.page.locator("main form").count() == 0
    partner.press("main .section a.button")
    assert (partner.path(), partner.who_is_here()) == ("/partner/customers", "Lin Chen")
    customer.press(".side .side-nav a >> nth=0")
    assert (customer.path(), customer.who_is_here()) == ("/admin/", "Mei Zhou")


@pytest.mark.rule("R36")
def test_going_to_work_throws_nobody_out_of_the_admin_center(tab: Tab) -> None:
    partner, customer = tab, tab.trainee.tab()
    partner.becomes("Lin Chen")
    link = partner.finds_the_link()
    customer.becomes("Mei Zhou")
    customer.accepts(link, "exchange")
    customer.open("/admin/users/new")
    customer.page.fill("#name", "Ida Rust")
    customer.page.fill("#local", "ida")
    at_work(partner, "Service management")
    partner.press("main form button[type=submit]")
    customer.press("main form[method=post] button[type=submit]")
    assert (customer.page.locator(".on-behalf").count(), customer.who_is_here()) == (0, "Mei Zhou")
    partner.press(".on-behalf form button")
    assert partner.path().startswith("/partner/customers/")
    customer.open("/admin/users")
    assert (customer.path(), customer.who_is_here()) == ("/admin/users", "Mei Zhou")
