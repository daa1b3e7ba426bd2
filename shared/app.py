"""Builds the application: settings, extensions, the room at the door, and the portals it is handed."""

from pathlib import Path
from typing import Any

from flask import Blueprint, Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from . import settings
from .classroom import classroom
from .extensions import babel, csrf, db, login_manager, migrate
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
    preferences,
    sessions,
    words,
)


def build_app(*portals: Blueprint, instance: Path | None = None, **overrides: Any) -> Flask:
    """The site with these portals; `instance` is the folder of its data, `overrides` are settings by name."""
    folder = str(instance or settings.ROOT / "instance")
    app = Flask("shared", instance_path=folder, template_folder="web/templates", static_folder=None)
    app.config.from_mapping(settings.read(Path(app.instance_path), overrides))
    if app.config["SQLALCHEMY_DATABASE_URI"].startswith("postgresql"):
        # A plan made once for all search words is a bad plan for most of them.
        app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {
            "connect_args": {"options": "-c plan_cache_mode=force_custom_plan -c timezone=UTC"},
            "pool_size": 4,
        }
    if proxies := app.config["TRUSTED_PROXIES"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)  # type: ignore[method-assign]

    app.session_interface = sessions.ScopedSessions()
    for extension in (db, login_manager):
        extension.init_app(app)
    migrate.init_app(app, db)
    doors.hang(app)
    due_time.hang(app)
    csrf.init_app(app)
    babel.init_app(app, locale_selector=language.chosen)
    for part in (guards, sessions, language, assets, preferences, headers, errors, frame, words, drawings):
        part.hang(app)
    for blueprint in (classroom, *portals):
        app.register_blueprint(blueprint)
    guards.check_every_route(app)
    return app
