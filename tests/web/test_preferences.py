"""Language and colours are remembered by plain links that lead back."""

from typing import Any

import pytest

from tests.test_isolation import fingerprint
from tests.visitor import Visitor


def chosen(visitor: Visitor, path: str, came_from: str | None) -> str:
    """Where the link leads to, pressed on the page `came_from`."""
    headers = {} if came_from is None else {"Referer": came_from}
    return str(visitor.client.get(path, headers=headers).headers["Location"])


@pytest.mark.parametrize("path", ["/language/de", "/theme/dark"])
def test_the_link_leads_back_to_the_page_it_stood_on(stranger: Visitor, path: str) -> None:
    here = f"{stranger.room}/partner/customers?q=a&name=%E5%8C%97"
    assert chosen(stranger, path, f"http://localhost{here}") == here


@pytest.mark.parametrize(
    ("shown", "back"),
    [
        ("/admin/users/7/licences/11111111-2222-3333-4444-555555555555?x=y", "/admin/users/7"),
        ("/partner/customers/1/services/administer", "/partner/customers/1/services"),
        ("/partner/sign-out", "/partner/"),
        ("/enter", "/"),
    ],
)
def test_from_the_answer_to_a_form_it_leads_to_the_nearest_page_that_can_be_read(
    stranger: Visitor, shown: str, back: str
) -> None:
    came_from = f"http://localhost{stranger.room}{shown}"
    assert chosen(stranger, "/language/de", came_from) == f"{stranger.room}{back}"
    assert chosen(stranger, "/language/de", "http://localhost/rooms") == "/"


@pytest.mark.parametrize("path", ["/language/de", "/theme/dark"])
@pytest.mark.parametrize(
    "came_from",
    [
        None,
        "",
        "http://evil.example/w/x/",
        "http://localhost.evil.example/w/x/",
        "http://localhost@evil.example/",
        "//evil.example",
        "javascript:alert(1)",
        "http://localhost//evil.example",
        "http://localhost/\\evil.example",
        "http://[",
        "http://localhost:99999999/",
        "\u00e4",
    ],
)
def test_it_never_leads_to_another_site(stranger: Visitor, path: str, came_from: str | None) -> None:
    target = chosen(stranger, path, came_from)
    assert target.startswith("/")
    assert not target.startswith(("//", "/\\"))


@pytest.mark.parametrize("path", ["/language/tlh", "/theme/pink", "/language/EN", "/language/..", "/theme/%00"])
def test_what_is_not_offered_is_not_found(stranger: Visitor, path: str) -> None:
    response = stranger.client.get(path)
    assert response.status_code == 404
    assert "Set-Cookie" not in response.headers


def test_colours_are_remembered(visit: Any) -> None:
    lin = visit("Lin Chen")
    assert lin.portal().soup.html["data-theme"] == "auto"
    for theme in ("dark", "light", "auto"):
        lin.open(f"/theme/{theme}")
        page = lin.portal()
        assert page.soup.html["data-theme"] == theme
        assert page.soup.select_one(".themes a[aria-current]")["href"] == f"/theme/{theme}"
    lin.client.set_cookie("theme", "pink")
    assert lin.portal().soup.html["data-theme"] == "auto"


def test_choosing_changes_nothing_but_ones_own_cookie(stranger: Visitor) -> None:
    before = fingerprint()
    for path in ("/language/zh", "/theme/dark"):
        stranger.open(path)
    assert fingerprint() == before


def test_both_are_kept_for_a_year(stranger: Visitor) -> None:
    for path in ("/language/zh", "/theme/dark"):
        assert "Max-Age=31536000" in stranger.client.get(path).headers["Set-Cookie"]
