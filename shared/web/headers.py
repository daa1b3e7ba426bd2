"""The security headers, on every answer."""

from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
KEPT = list(HEADERS.items())
NOT_KEPT = [*KEPT, ("Cache-Control", "no-store")]  # no page of a room is kept by browsers or proxies
OVER_HTTPS = [
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Strict-Transport-Security", "max-age=31536000"),
]


def hang(app: Flask) -> None:
    """Nothing leaves without them."""
    app.wsgi_app = seal(app.wsgi_app)  # type: ignore[method-assign]


def seal(answer: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """The same site with the headers on every answer; over https, only over https."""

    def sealed(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        headers = KEPT if environ.get("PATH_INFO", "").startswith("/static/") else NOT_KEPT
        if environ["wsgi.url_scheme"] == "https":
            headers = headers + OVER_HTTPS

        def begin(status: str, given: list[tuple[str, str]], *more: Any) -> Any:
            return start(status, given + headers, *more)

        return answer(environ, begin)

    return sealed
