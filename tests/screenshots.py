"""Photographs the pages for the README: `python -m tests.screenshots` rewrites docs/screenshots/*.png."""

import tempfile
from pathlib import Path

from playwright.sync_api import ViewportSize

from tests.browser.site import chromium, migrated_app, served
from tests.browser.trainee import RELATIONSHIPS, REQUEST, Tab, Trainee

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
LARGEST = 250_000
PHONE: ViewportSize = {"width": 400, "height": 860}


def photograph(tab: Tab, name: str) -> None:
    """Take a picture of the top of the page as it is; the README should not weigh on anybody."""
    tab.page.mouse.move(0, 0)
    tab.page.evaluate("scrollTo(0, 0)")
    picture = tab.page.screenshot(path=PICTURES / f"{name}.png")
    assert len(picture) <= LARGEST, f"{name} has {len(picture)} bytes"
    print(f"{name}.png  {len(picture) // 1000} kB")


def play(tab: Tab) -> None:
    """The whole story by the real buttons, with a picture wherever the README stops to look."""
    tab.open("/")
    photograph(tab, "welcome")
    tab.opens_a_room()

    tab.becomes("Jonas Falk")
    jades = tab.finds_the_link()
    tab.sends_the_letter_to("Mei Zhou")
    tab.becomes("Mei Zhou")
    tab.accepts(jades, "sharepoint", "skype")

    tab.becomes("Lin Chen")
    link = tab.finds_the_link()
    photograph(tab, "request")
    for customer in ("Cai Yun", "Dana Weiss", "Mei Zhou"):
        tab.open(REQUEST)
        tab.sends_the_letter_to(customer)
    tab.becomes("Cai Yun")
    tab.accepts(link)
    tab.becomes("Dana Weiss")
    tab.accepts(link, "exchange")
    tab.removes("Lotus Cloud")

    tab.becomes("Mei Zhou")
    tab.open(link)
    tab.tick("exchange", "sharepoint")
    tab.page.check("#agreed")
    photograph(tab, "accept")
    tab.accepts()
    photograph(tab, "relationships")
    tab.press(tab.page.locator("table.table th a", has_text="Lotus Cloud"))
    tab.press('main a[href$="/remove"]')
    tab.tick("exchange")
    photograph(tab, "remove")
    tab.press("main form[method=post] button[type=submit]")

    tab.open("/partner/customers")
    tab.page.locator("tr.row-detail summary").first.click()
    photograph(tab, "customers")
    tab.becomes("Lin Chen")
    tab.open("/partner/customers")
    tab.press(tab.page.locator("table.table th a", has_text="Blue Kiln"))
    subscriptions = tab.page.url
    tab.press('main a[href$="/add"]')
    tab.page.select_option("#offer", "business_essentials")
    tab.page.fill("#seats", "20")
    tab.press('button[value="order"]')
    photograph(tab, "subscription")
    tab.page.goto(f"{subscriptions.rpartition('/')[0]}/who-may-do-what")
    photograph(tab, "abilities")
    tab.page.goto(f"{subscriptions.rpartition('/')[0]}/services")
    tab.press("main form button[type=submit] >> nth=0")
    photograph(tab, "on-behalf")

    tab.becomes("Nora Quist")
    tab.open(link, status=403)
    photograph(tab, "refused")
    tab.open(tab.mailbox("Mei Zhou"))
    photograph(tab, "mailbox")
    tab.open("/")
    photograph(tab, "lobby")

    tab.becomes("Mei Zhou")
    tab.page.emulate_media(color_scheme="dark")
    tab.open(RELATIONSHIPS)
    photograph(tab, "dark")
    tab.page.emulate_media(color_scheme="light")
    tab.page.set_viewport_size(PHONE)
    tab.open(link)
    photograph(tab, "phone")


def main() -> None:
    """A site and a room of our own, gone afterwards."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, chromium() as browser, served(migrated_app(Path(folder))) as address:
        trainee = Trainee(browser, address, color_scheme="light")
        play(trainee.tab())
        if wrong := trainee.leave():
            raise SystemExit(f"not in order: {wrong}")


if __name__ == "__main__":
    main()
