"""The site: both portals on the shared app."""

from typing import Any

from flask import Flask

from admin_center import admin_center
from partner_portal import partner_portal
from shared.app import build_app


def create_app(**settings: Any) -> Flask:
    """Counterpart, with `settings` by name over the defaults of `shared.settings`."""
    return build_app(partner_portal, admin_center, **settings)


def __getattr__(name: str) -> Any:
    """`wsgi:app` is built when a server asks for it, not when a test imports `create_app`."""
    if name == "app":
        globals()["app"] = create_app()
        return globals()["app"]
    raise AttributeError(name)
