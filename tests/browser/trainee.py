"""Somebody at a real browser who plays both sides of a room: opens tabs, presses buttons, reads what is there.

Everything is found by name, id, address or data attribute, never by a word of the product, so that each story can be
told in every language. People, partners and customers are called the same everywhere.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request, Response, WebError

LOCALES = {"en": "en-GB", "de": "de-DE", "zh": "zh-CN"}
LANG = {"en": "en", "de": "de", "zh": "zh-Hans-CN"}
OURS = ("data:", "blob:", "about:")
REQUEST = "/partner/customers/request-a-reseller-relationship"
RELATIONSHIPS = "/admin/settings/partner-relationships"


class Trainee:
    """One browser with its cookies. Whatever goes wrong in any of its tabs is remembered and told at the end."""

    def __init__(self, browser: Browser, address: str, language: str = "en", **how: Any) -> None:
        self.address = address
        self.language = language
        self.room = ""
        self.wrong: list[str] = []
        self.refused: list[tuple[str, int]] = []
        how = {"reduced_motion": "reduce", "viewport": {"width": 1280, "height": 800}, **how}
        self.context: BrowserContext = browser.new_context(base_url=address, locale=LOCALES[language], **how)
        self.context.set_default_timeout(15_000)
        self.context.on("request", self._asked)
        self.context.on("response", self._answered)
        self.context.on("console", self._heard)
        self.context.on("weberror", self._failed)

    def tab(self) -> "Tab":
        """Another tab of the same browser."""
        return Tab(self, self.context.new_page())

    def is_given_a_room(self) -> None:
        """As if opened from the front page."""
        front = BeautifulSoup(self.fetches("/"), "html.parser")
        self.room = urlsplit(self.sends(front.select_one('form[action="/rooms"]'))).path.rstrip("/")

    def fetches(self, address: str) -> str:
        """A page as the server sends it, in no tab."""
        answer = self.context.request.get(address)
        assert answer.ok, (address, answer.status)
        return answer.text()

    def sends(self, form: Tag | None) -> str:
        """A form as it stands, in no tab; where it leads."""
        assert form
        fields = {str(field["name"]): str(field["value"]) for field in form.select("input[name]")}
        answer = self.context.request.post(str(form["action"]), form=fields, max_redirects=0)  # type: ignore[arg-type]
        assert answer.status in (302, 303), (form["action"], answer.status)
        return answer.headers["location"]

    def leave(self) -> list[object]:
        """Close the browser; what went wrong meanwhile, which should be nothing."""
        for page in self.context.pages:
            page.wait_for_timeout(0)  # lets the last events arrive
        self.context.close()
        return [*self.wrong, *self.refused]

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((f"{self.address}/", *OURS)):
            self.wrong.append(f"asked for {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.refused.append((response.url, response.status))

    def _heard(self, message: ConsoleMessage) -> None:
        # An answer of 400 or more stands in `refused`; that the console repeats it is no news.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.wrong.append(f"console: {message.text}")

    def _failed(self, error: WebError) -> None:
        self.wrong.append(f"script: {error.error}")


class Tab:
    """One tab: where the trainee is, what can be pressed there, what can be read there."""

    def __init__(self, trainee: Trainee, page: Page) -> None:
        self.trainee = trainee
        self.page = page
        self.signed_in: dict[bool, str] = {}  # kept by whoever visits many pages

    # Going places.

    def open(self, address: str, status: int = 200) -> None:
        """Type an address; one that begins with a slash lies in the room, if there is one."""
        room = "" if address.startswith("http") else self.trainee.room
        self._expect(self.page.goto(f"{room}{address}"), status)

    def press(self, what: str | Locator, status: int = 200) -> None:
        """Press something that leads to another page."""
        with self.arriving(status):
            (self.page.locator(what) if isinstance(what, str) else what).click()

    @contextmanager
    def arriving(self, status: int = 200) -> Iterator[None]:
        """Whatever is done meanwhile leads to another page, which answers with this status."""
        with self.page.expect_navigation() as going:
            yield
        self._expect(going.value, status)

    def _expect(self, response: Response | None, status: int) -> None:
        assert response is not None
        assert response.status == status, (response.url, response.status)
        if status >= 400:
            self.trainee.refused.remove((response.url, status))

    # Acts, each as long as a person would call it one.

    def opens_a_room(self) -> None:
        """From the front page into a room of one's own."""
        self.open("/")
        self.press('form[action="/rooms"] button')
        found = re.search(r"/w/[\w-]+", self.page.url)
        assert found
        self.trainee.room = found[0]

    def enters_as(self, name: str) -> None:
        """One click in the lobby."""
        self.open("/")
        self.press(self.persona(name).locator('form[action$="/enter"] button'))

    def becomes(self, name: str) -> None:
        """Signed in as if by that click; what the tab shows stays as it is, for drawing two pages takes its time."""
        lobby = BeautifulSoup(self.trainee.fetches(f"{self.trainee.room}/"), "html.parser")
        card = next(card for card in lobby.select(".persona") if self.called(name) in card.select_one("p").contents)
        self.trainee.sends(card.select_one('form[action$="/enter"]'))

    def picks(self, name: str) -> None:
        """Choose an account at the door of a portal."""
        self.press(self.page.locator("button[name=person_id]", has_text=name))

    def signs_out(self) -> None:
        """By the menu behind one's own name."""
        self.page.click(".person-menu summary")
        self.press('form[action$="/sign-out"] button')

    def finds_the_link(self) -> str:
        """The partner's one link, as its request page shows it."""
        self.open(REQUEST)
        return self.page.input_value("#link")

    def sends_the_letter_to(self, name: str) -> None:
        """From the request page to a mailbox of this room."""
        self.page.select_option("#to", value=self.option("#to", name))
        self.press('button[name=act][value="send"]')

    def opens_the_newest_letter_of(self, name: str) -> None:
        """Lobby, mailbox, first letter."""
        self.open(self.mailbox(name))
        self.press(self.page.locator(".mail-list a").first)

    def follows_the_link_in_the_letter(self) -> None:
        """To the door of the admin center, which asks as whom."""
        self.press('.letter-body a[href*="partnersignup.aspx"]')

    def accepts(self, link: str = "", *services: str) -> None:
        """Follow the link if not there already, tick these services if any are named, and the agreement, and accept."""
        if link:
            self.open(link)
        self.tick(*services)
        self.page.check("#agreed")
        self.press(self.accept_button)

    def removes(self, partner: str, *services: str) -> None:
        """Take delegated admin on these services back from this partner."""
        self.open(RELATIONSHIPS)
        self.press(self.page.locator("table.table th a", has_text=partner))
        self.press('main a[href$="/remove"]')
        self.tick(*services)
        self.press("main form[method=post] button[type=submit]")

    def tick(self, *services: str) -> None:
        """Tick these services and no others; all stay as they are when none is named."""
        for box in self.page.locator("input[name=services]").all() if services else ():
            box.set_checked(any((box.get_attribute("value") or "").endswith(service) for service in services))

    # What there is to see.

    def called(self, name: str) -> str:
        """What the room calls this person."""
        return name

    def persona(self, name: str) -> Locator:
        """The card of this person in the lobby."""
        return self.page.locator(".persona", has=self.page.get_by_text(self.called(name), exact=True))

    def mailbox(self, name: str) -> str:
        """Where this person's card in the lobby says their mailbox is."""
        self.open("/")
        address = self.persona(name).locator('a[href*="/mail/"]').get_attribute("href")
        assert address
        return address.removeprefix(self.trainee.room)

    @property
    def accept_button(self) -> Locator:
        """Accept & Authorize."""
        return self.page.locator("form:has(#agreed) button[type=submit]")

    def option(self, select: str, text: str) -> str:
        """The value of the first choice that names this."""
        value = self.page.locator(f"{select} option", has_text=text).first.get_attribute("value")
        assert value
        return value

    def path(self) -> str:
        """Where the tab is, in the room."""
        return self.page.url.removeprefix(self.trainee.address).removeprefix(self.trainee.room)

    def proposed(self) -> str:
        """Whose account has the focus at the door."""
        return self.page.locator("button[name=person_id]:focus strong").inner_text()

    def asker(self) -> str:
        """Who asks, on the accept page."""
        return self.page.locator(".asker h2").first.inner_text()

    def who_is_here(self) -> str | None:
        """Who is signed in to the portal of this tab."""
        card = self.page.locator(".person-menu summary .person-name")
        return card.text_content() if card.count() else None

    def ticked(self) -> list[str]:
        """The services ticked on the page."""
        boxes = self.page.locator("input[name=services]:checked")
        return boxes.evaluate_all("all => all.map(box => box.value.split('/').pop())")  # type: ignore[no-any-return]

    def notices(self) -> list[str]:
        """The sentences that say what just happened."""
        return self.page.locator(".notice p").all_inner_texts()

    def who_administers(self) -> dict[str, list[str]]:
        """The picture of partners and services: each cell is "yes", "no" or "ended"."""
        self.open(RELATIONSHIPS)
        return self.page.locator("table.matrix tbody tr").evaluate_all(  # type: ignore[no-any-return]
            "rows => Object.fromEntries(rows.map(row => "
            "[row.querySelector('th').innerText, [...row.querySelectorAll('td')].map(cell => cell.className)]))"
        )

    def customers(self) -> dict[str, list[tuple[str, str]]]:
        """The partner's list: each customer with the kind and the words of its services."""
        self.open("/partner/customers")
        rows = self.page.locator("tr.row-detail").evaluate_all(
            "rows => rows.map(row => [row.previousElementSibling.querySelector('th').innerText, "
            "[...row.querySelectorAll('.services .chip')].map(chip => [chip.classList[1], chip.textContent.trim()])])"
        )
        return {name: [tuple(chip) for chip in chips] for name, chips in rows}

    def room_time(self) -> str:
        """The clock of the room, as a machine reads it."""
        return self.page.get_attribute(".room-clock time", "datetime") or ""


Sits = Callable[..., Trainee]
