"""The security headers are on every answer."""

from typing import Any

import pytest
from flask import Flask

from shared.web.headers import HEADERS
from tests.test_isolation import token
from tests.visitor import Page, Visitor


def answers(visit: Any, stranger: Visitor, app: Flask) -> dict[str, Page]:
    """One answer of each kind."""
    lin, hugo = visit("Lin Chen"), visit("Hugo Park")
    request = "/customers/request-a-reseller-relationship"
    return {
        "welcome": stranger.open("/"),
        "page": lin.portal("/customers"),
        "door": stranger.portal(),
        "refused": hugo.portal(request),
        "not found": lin.portal("/nowhere"),
        "no room": stranger.open("/w/nothing/"),
        "wrong method": stranger.open("/rooms"),
        "stale form": stranger.send("/rooms", {}),
        "invalid": lin.portal(request).press("Send"),
        "too much": stranger.send("/rooms", {"csrf_token": token(stranger.open("/")), "x": "x" * 2_000_000}),
        "file": lin.portal(request).press("Download as .eml"),
        "static": static(stranger, "app.js"),
        "no static": static(stranger, "nothing.js"),
    }


def static(visitor: Visitor, name: str) -> Page:
    """A static file, closed when read."""
    return Page(visitor, visitor.client.get(f"/static/{name}", buffered=True))


def test_they_are_on_every_kind_of_answer_once(app: Flask, visit: Any, stranger: Visitor) -> None:
    for kind, page in answers(visit, stranger, app).items():
        for name, value in HEADERS.items():
            assert page.response.headers.getlist(name) == [value], (kind, name)


def test_redirects_carry_them_too(stranger: Visitor) -> None:
    for path in (f"{stranger.room}/partner/", "/language/de"):
        response = stranger.client.get(path)
        assert response.status_code == 302
        assert all(response.headers[name] == value for name, value in HEADERS.items())


def test_the_content_policy_lets_nothing_in_from_elsewhere_and_nothing_inline() -> None:
    policy = HEADERS["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


def test_pages_need_nothing_the_policy_forbids(app: Flask, visit: Any, stranger: Visitor) -> None:
    for kind, page in answers(visit, stranger, app).items():
        if page.response.mimetype == "text/html":
            assert page.soup.select("[style], style, script:not([src])") == [], kind
            handlers = [name for tag in page.soup.find_all(True) for name in tag.attrs if name.startswith("on")]
            assert handlers == [], kind
            sources = [str(tag["src"]) for tag in page.soup.select("[src]")]
            assert all(source.startswith("/static/") for source in sources), kind


def test_pages_of_a_room_are_kept_by_nobody_and_static_files_for_long(visit: Any, stranger: Visitor) -> None:
    assert visit("Lin Chen").portal().response.headers["Cache-Control"] == "no-store"
    assert "max-age=31536000" in static(stranger, "app.js").response.headers["Cache-Control"]


@pytest.mark.parametrize(("scheme", "expected"), [("http", None), ("https", "max-age=31536000")])
def test_over_https_browsers_are_told_to_stay_there(app: Flask, scheme: str, expected: str | None) -> None:
    response = app.test_client().get("/", base_url=f"{scheme}://localhost")
    assert response.headers.get("Strict-Transport-Security") == expected


def test_a_page_says_not_to_be_indexed(stranger: Visitor) -> None:
    assert stranger.open("/").soup.select_one("meta[name=robots]")["content"] == "noindex"
