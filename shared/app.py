"""Builds the application: settings, extensions, the room at the door, and the portals it is handed."""

from collections.abc import Callable, MutableMapping
from pathlib import Path
from typing import Any

import flask.templating
from flask import Blueprint, Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from . import settings
from .classroom import classroom
from .extensions import babel, csrf, db, migrate
from .web import (
    assets,
    doors,
    drawings,
    due_time,
    errors,
    frame,
    guards,
    headers,
    language,
    notices,
    preferences,
    sessions,
    words,
)


class Environment(flask.templating.Environment):
    """Jinja's, without laying our many globals over nothing anew for every page."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The environment's own, where a template has none besides."""
        return super().make_globals(d) if d else self.globals


class Site(Flask):
    """Flask, with nothing asynchronous to look out for at every step of a request."""

    jinja_environment = Environment
    request_class = sessions.CookieReader

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """All of ours are plain functions."""
        return func

    def update_template_context(self, context: dict[str, Any]) -> None:
        """Every page has its frame; whatever else Flask would lay on top is at hand as a global already."""
        context.setdefault("frame", frame.of_request())


def build_app(*portals: Blueprint, instance: Path | None = None, **overrides: Any) -> Flask:
    """The site with these portals; `instance` is the folder of its data, `overrides` are settings by name."""
    folder = str(instance or settings.ROOT / "instance")
    app = Site("shared", instance_path=folder, template_folder="web/templates", static_folder=None)
    app.config.from_mapping(settings.read(Path(app.instance_path), overrides))
    app.session_interface = sessions.ScopedSessions()
    db.init_app(app)
    migrate.init_app(app, db)
    doors.hang(app)
    due_time.hang(app)
    csrf.init_app(app)
    babel.init_app(app, locale_selector=language.chosen)
    for part in (guards, sessions, language, assets, preferences, headers, errors, words, notices, drawings):
        part.hang(app)
    for blueprint in (classroom, *portals):
        app.register_blueprint(blueprint)
    guards.check_every_route(app)
    if proxies := app.config["TRUSTED_PROXIES"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)  # type: ignore[method-assign]
    return app
