"""What becomes of a subscription: through the gate to a larger offer, and from a suspension to the end of its data."""

from datetime import date, timedelta

import pytest

from tests.browser.trainee import REQUEST, Tab

SUBMIT = "main form[method=post] button[type=submit]"
CLOCK = "/clock"


def related(tab: Tab, who: str) -> None:
    """The partner this person works for is a reseller of Blue Kiln and administers it."""
    tab.becomes(who)
    link = tab.finds_the_link()
    tab.becomes("Mei Zhou")
    tab.accepts(link, "exchange")


def goes_to_subscriptions(tab: Tab, who: str) -> None:
    """Those of Blue Kiln, as this person's partner sees them."""
    tab.becomes(who)
    tab.open("/partner/customers")
    tab.press(tab.page.locator("table.table th a", has_text="Blue Kiln"))


def sells(tab: Tab, who: str, offer: str) -> str:
    """Where what this person has sold to Blue Kiln is."""
    goes_to_subscriptions(tab, who)
    tab.press('main a[href$="/subscriptions/add"]')
    tab.page.select_option("#offer", offer)
    tab.press('button[value="order"]')
    return tab.path()


def suspends(tab: Tab, sold: str) -> None:
    """For the first reason there is."""
    tab.open(f"{sold}/suspend")
    tab.page.check("#reason-0")
    tab.press(SUBMIT)


def in_the_way(tab: Tab, offer: str) -> list[str]:
    """The reasons why the subscription on the page cannot become this offer."""
    named = tab.page.locator("strong", has_text=offer)
    option = tab.page.locator("[aria-labelledby=upgrade] .stack-row", has=named)
    return option.locator("li").all_inner_texts()


@pytest.mark.rule("S11", "S12", "S7", "S8", "R34")
def test_one_condition_after_the_other_opens_the_gate_to_a_larger_offer(tab: Tab) -> None:
    related(tab, "Jonas Falk")
    theirs = sells(tab, "Jonas Falk", "e3")
    related(tab, "Lin Chen")
    sold = sells(tab, "Lin Chen", "business_essentials")
    suspends(tab, sold)
    tab.becomes("Mei Zhou")
    tab.removes("Lotus Cloud")

    tab.becomes("Lin Chen")
    tab.open(sold)
    assert len(in_the_way(tab, "E3")) == 3
    tab.press("#reactivate")
    tab.press(SUBMIT)
    needs_admin, held = in_the_way(tab, "E3")
    assert "delegated admin" in needs_admin
    assert tab.page.locator('[aria-labelledby=upgrade] a[href$="/upgrade"]').count() == 0
    tab.press(tab.page.locator(f'[aria-labelledby=upgrade] a[href*="{REQUEST}?customer="]').first)
    link = tab.page.input_value("#link")
    tab.becomes("Mei Zhou")
    tab.accepts(link, "exchange")

    tab.becomes("Lin Chen")
    tab.open(sold)
    assert in_the_way(tab, "E3") == [held]
    assert "already" in held
    tab.becomes("Jonas Falk")
    tab.open(f"{theirs}/cancel")
    tab.press(SUBMIT)

    tab.becomes("Lin Chen")
    tab.open(sold)
    assert in_the_way(tab, "E3") == []
    tab.press('main a[href$="/upgrade"]')
    tab.page.get_by_label("Office 365 Enterprise E3").check()
    tab.press(SUBMIT)
    assert tab.page.inner_text("h1") == "Office 365 Enterprise E3"
    assert tab.path() != sold


@pytest.mark.rule("S5", "S6", "S7", "S9")
def test_suspended_it_locks_its_people_out_and_on_day_61_all_is_gone(tab: Tab) -> None:
    related(tab, "Lin Chen")
    sold = sells(tab, "Lin Chen", "e3")
    tab.becomes("Mei Zhou")
    tab.open("/admin/users?q=nora")
    tab.press("main th a")
    nora = tab.path()
    tab.press(tab.page.locator("main form[action*='/licences/'] button").first)
    tab.press(tab.page.locator(f"main form[action$='{sold.rpartition('/')[2]}'] button"))
    tab.becomes("Lin Chen")
    suspends(tab, sold)
    assert tab.page.locator(".notice.warning", has_text="60").count() == 1

    tab.open("/")
    tab.press(tab.persona("Nora Quist").locator('form[action$="/enter"] button'), status=403)
    assert tab.page.locator("[data-refusal]").get_attribute("data-refusal") == "LOCKED_OUT"
    assert "Office 365 Enterprise E3" in tab.page.inner_text("main")
    tab.becomes("Mei Zhou")
    tab.open("/admin/billing/licences")
    assert tab.page.locator("main tr", has_text="Enterprise E3").count() == 1

    today = date.fromisoformat(tab.page.evaluate("new Date().toLocaleDateString('sv', {timeZone: 'Asia/Shanghai'})"))
    tab.press(".room-clock a")
    assert tab.path() == CLOCK
    tab.page.fill("#to", (today + timedelta(days=61)).isoformat())
    tab.press('button[value="date"]')
    tab.becomes("Lin Chen")
    tab.open(sold)
    assert tab.page.locator("main .key-values", has_text="Deleted").count() == 1
    assert tab.page.locator("[aria-labelledby=status] .blocked").count() == 2
    tab.becomes("Mei Zhou")
    tab.open("/admin/billing/licences")
    assert tab.page.locator("main tr", has_text="Enterprise E3").count() == 0
    tab.open(nora)
    assert tab.page.locator(f"main form[action*='{sold.rpartition('/')[2]}']").count() == 0
    tab.becomes("Nora Quist")


def gap(tab: Tab, upper: str, lower: str) -> float:
    """How far the second part stands below the first."""
    above, below = (tab.page.locator(part).bounding_box() for part in (upper, lower))
    assert above is not None
    assert below is not None
    return below["y"] - above["y"] - above["height"]


def test_what_stands_below_a_card_or_a_table_does_not_touch_it(tab: Tab) -> None:
    related(tab, "Lin Chen")
    sold = sells(tab, "Lin Chen", "business_essentials")
    tab.open(f"{sold}/upgrade")
    other = tab.trainee.tab()
    other.open(sold)
    other.page.fill("#nickname", "Front desk")
    other.press("form:has(#nickname) button[type=submit]")
    tab.page.get_by_label("Office 365 Enterprise E3").check()
    tab.press(SUBMIT, status=409)
    assert gap(tab, "[aria-labelledby=meanwhile]", "form:has(#seats)") >= 16
    tab.becomes("Mei Zhou")
    tab.open("/admin/users?q=nora")
    tab.press("main th a")
    assert gap(tab, "[aria-labelledby=licences] table", "[aria-labelledby=licences] .rule-marks") >= 8
