"""A person at a browser: opens pages, reads headings and rows, fills in forms and presses buttons that are there."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextvars import Context
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from babel.dates import format_date
from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from shared.domain.users import User
from shared.extensions import db
from shared.world.calendar import day_of

Typed = str | Sequence[str] | None


class Visitor:
    """One browser. Pages answer with a `Page`; CSRF, cookies and redirects are real."""

    def __init__(self, app: Flask, room: str, user: User | None = None, headers: Mapping[str, str] = {}) -> None:
        self.client: FlaskClient = app.test_client()
        self.room = f"/w/{room}"
        self.headers = {"Accept-Language": "en", **headers}
        self.user_id = user and user.id
        self.side = "partner" if user and user.partner_id else "admin"
        if user:
            self.becomes(user)

    def becomes(self, user: User) -> None:
        """Signed in as if by one click in the lobby; drawing it and the portal takes longer than many a test."""
        form = {"person_id": str(user.id)}
        front = self.open("/")
        form |= front.fields(next(front.each("form")))
        answer = Context().run(self.client.post, f"{self.room}/enter", data=form, headers=self.headers)
        assert answer.status_code == 302

    def enter(self, user: User) -> "Page":
        """Become this person with one click in the lobby; land in their portal."""
        return self.open(f"{self.room}/").press_form(f"{self.room}/enter", person_id=str(user.id))

    def portal(self, path: str = "/", side: str = "", **query: str) -> "Page":
        """A page of this person's own portal (or of `side`: "partner", "admin"), by its path in the portal."""
        return self.open(f"{self.room}/{side or self.side}{path}", **query)

    def open(self, address: str, **query: str) -> "Page":
        """Type an address, and go through whatever it redirects to."""
        extra = {"query_string": query} if query else {}
        return Page(self, self._ask("GET", _inside(address), **extra))

    def follow(self, address: str, page: "Page") -> "Page":
        """Press a link on a page; browsers say which page that was, redirected or not."""
        return Page(self, self._ask("GET", _inside(address), {"Referer": page.response.request.url}))

    def send(self, address: str, data: Mapping[str, Any]) -> "Page":
        """Post as it is: for forms nobody drew, with whatever a stranger might send."""
        return Page(self, self._ask("POST", address, data=data))

    def _ask(self, method: str, address: str, said: Mapping[str, str] = {}, **more: Any) -> TestResponse:
        """One request and the redirects after it, each in a world of its own as on a real server.

        What the test arranged is committed first, and what it holds is read anew afterwards.
        """
        db.session.commit()
        headers = {**self.headers, **said}
        response = Context().run(self.client.open, address, method=method, headers=headers, **more)
        while response.status_code in (301, 302, 303, 307, 308):
            response = Context().run(self.client.get, response.headers["Location"], headers=headers)
        db.session.expire_all()
        return response


def _inside(address: str) -> str:
    parts = urlsplit(address)
    return parts.path + (f"?{parts.query}" if parts.query else "")


@dataclass
class Page:
    """What the visitor sees."""

    visitor: Visitor
    response: TestResponse

    def __post_init__(self) -> None:
        self.text = self.response.get_data(as_text=True)

    @cached_property
    def soup(self) -> BeautifulSoup:
        """The page taken apart, by the first who looks at it."""
        return BeautifulSoup(self.text, "html.parser")

    def each(self, name: str) -> Iterator[Tag]:
        """Every element of a name that never stands within itself, one by one: the rest of the page stays whole.

        To take a page apart is dearer than to draw it.
        """
        for found in re.finditer(rf"<{name}\b.*?</{name}>", self.text, re.DOTALL):
            yield BeautifulSoup(found[0], "html.parser").contents[0]  # type: ignore[misc]

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.response.status_code

    @property
    def path(self) -> str:
        """Where we ended up."""
        return self.response.request.path

    @property
    def heading(self) -> str:
        """The one h1."""
        [heading] = self.each("h1")
        return words(heading)

    @property
    def notices(self) -> list[str]:
        """The sentences that say what just happened or was refused."""
        return [words(notice) for notice in self.soup.select(".notice")]

    @property
    def errors(self) -> list[str]:
        """What is wrong at the fields."""
        return [words(error) for error in self.soup.select(".field-error")]

    @property
    def refusal(self) -> str | None:
        """The code of the refusal the page shows, if any."""
        notice = re.search(r'<[^<>]* data-refusal="(\w+)"', self.text)
        return notice and notice[1]

    @property
    def menu(self) -> list[str]:
        """The entries of the side navigation."""
        return [words(link) for link in self.soup.select(".side .side-nav a")]

    def rows(self, table: str = "table.table") -> list[list[str]]:
        """The cells of the first such table, without the rows that only unfold."""
        found = self.soup.select_one(table)
        lines = found.select("tbody > tr:not(.row-detail)") if found else []
        return [[words(cell) for cell in line.find_all(["th", "td"], recursive=False)] for line in lines]

    def link(self, text: str) -> str:
        """The address behind the link with this text."""
        return str(next(a for a in self.soup.find_all("a", href=True) if words(a) == text)["href"])

    def follow(self, text: str) -> "Page":
        """Press the link with this text."""
        return self.visitor.follow(self.link(text), self)

    def follow_first(self, selector: str) -> "Page":
        """Press the first of these links."""
        link = self.soup.select_one(selector)
        assert link is not None, f"there is no {selector}"
        return self.visitor.follow(str(link["href"]), self)

    def fields(self, form: Tag) -> dict[str, Any]:
        """What a browser would send of this form as it stands."""
        data: dict[str, Any] = {}
        for field in form.find_all(["input", "textarea", "select"]):
            name, kind = field.get("name"), field.get("type")
            if not name or field.has_attr("disabled"):
                continue
            if kind in ("checkbox", "radio"):
                if field.has_attr("checked"):
                    data.setdefault(name, []).append(field.get("value", "y"))
            elif field.name == "select":
                chosen = field.find("option", selected=True) or field.find("option")
                data[name] = chosen.get("value", "") if chosen else ""
            else:
                data[name] = field.text.removeprefix("\n") if field.name == "textarea" else field.get("value", "")
        return data

    def press(self, button: str, **typed: Typed) -> "Page":
        """Press the button with this text, after typing into or ticking these fields (None takes a field away)."""
        found = next(b for b in self.soup.find_all("button") if words(b) == button)
        assert found.get("type") == "submit", f"{button} is blocked"
        form = found.find_parent("form")
        assert form is not None
        data = self.fields(form) | ({found["name"]: found.get("value", "")} if found.get("name") else {})
        return self._submit(form, data, typed)

    def press_form(self, action: str, **typed: Typed) -> "Page":
        """Submit the first form that goes to this address."""
        form = next(form for form in self.each("form") if form.get("action") == action)
        return self._submit(form, self.fields(form), typed)

    def _submit(self, form: Tag, data: dict[str, Any], typed: Mapping[str, Typed]) -> "Page":
        data = {name: value for name, value in (data | dict(typed)).items() if value is not None}
        address = str(form.get("action") or self.response.request.full_path)
        return self.visitor.send(address, data)


def words(tag: Tag) -> str:
    """The text of a tag as people read it, spaces folded; a place to break a line at is none."""
    if places := tag.find_all("wbr"):
        for place in places:
            place.extract()
        tag.smooth()
    return " ".join(tag.get_text(" ").split())


def english(when: datetime) -> str:
    """The day of a moment, as a page in English writes it."""
    return format_date(day_of(when), locale="en")
