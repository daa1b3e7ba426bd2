"""Static files under an address that changes with their content."""

import hashlib
from pathlib import Path
from typing import Any

import pytest

from shared.web import assets
from tests.visitor import Visitor


def test_every_file_a_page_asks_for_is_there_and_unchanged(visit: Any, stranger: Visitor) -> None:
    wanted = set()
    for page in (stranger.open("/"), stranger.open("/components"), visit("Lin Chen").portal("/customers")):
        wanted |= {str(tag["href"]) for tag in page.soup.select("link[href]")}
        wanted |= {str(tag["src"]) for tag in page.soup.select("[src]")}
        wanted |= {str(tag["href"]).partition("#")[0] for tag in page.soup.select("use[href]")}
    assert any(address.startswith("/static/app.js?v=") for address in wanted)
    for address in wanted:
        path, _, version = address.partition("?v=")
        response = stranger.client.get(address, buffered=True)
        assert response.status_code == 200, address
        assert hashlib.sha256(response.data).hexdigest().startswith(version), path
        assert len(version) >= 8


def test_every_icon_a_page_draws_is_in_the_sprite(visit: Any, stranger: Visitor) -> None:
    sprite = (assets.FOLDER / "icons.svg").read_text()
    names = set()
    for page in (stranger.open("/components"), visit("Lin Chen").portal(), visit("Mei Zhou").portal()):
        names |= {str(tag["href"]).partition("#")[2] for tag in page.soup.select("use[href]")}
    assert names
    assert [name for name in names if f'id="{name}"' not in sprite] == []


@pytest.mark.parametrize("name", ["app.js", "base.css", "icons.svg", "favicon.svg"])
def test_a_file_is_served_as_what_it_is(stranger: Visitor, name: str) -> None:
    kinds = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
    response = stranger.client.get(f"/static/{name}", buffered=True)
    assert response.mimetype == kinds[Path(name).suffix]


@pytest.mark.parametrize(
    "name",
    ["nothing.css", "../settings.py", "..%2f..%2fsettings.py", "%2e%2e/sessions.py", "/etc/passwd", "", "a%00b", "."],
)
def test_nothing_else_is_served(stranger: Visitor, name: str) -> None:
    assert stranger.client.get(f"/static/{name}", buffered=True).status_code in (404, 308)


def test_an_asset_that_does_not_exist_is_found_out_at_once() -> None:
    with pytest.raises(FileNotFoundError):
        assets.asset("nothing.css")
