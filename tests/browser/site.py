"""The site on a real port, and a real Chromium that can reach nothing else."""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from playwright.sync_api import Browser, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.databases import MIGRATIONS
from wsgi import create_app

PLAIN_HOST = "counterpart.test"  # to a browser no loopback name: over http its pages are no secure context
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--no-first-run",
    "--no-pings",
    "--disable-sync",
    "--disable-features=MediaRouter,OptimizationHints,Translate,AutofillServerCommunication",
    f"--host-resolver-rules=MAP {PLAIN_HOST} 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
    "--proxy-server=direct://",
    "--proxy-bypass-list=*",
)


class Quiet(WSGIRequestHandler):
    """A server that does not talk, and keeps its connections: a page is ten requests."""

    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: object) -> None:
        """Say nothing."""


def migrated_app(folder: Path) -> Flask:
    """The site with a database of its own in `folder`."""
    app = create_app(instance=folder, DATABASE_URL=f"sqlite:///{folder / 'site.sqlite3'}")
    with app.app_context():
        upgrade(MIGRATIONS)
    return app


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The address of `app` on a free loopback port."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, headless; a missing one is an error, never a skip."""
    found = [os.environ.get("CHROMIUM"), *map(shutil.which, ("chromium-headless-shell", "chromium"))]
    executable = next((path for path in found if path), None)
    if executable is None:
        raise RuntimeError("no Chromium: python3 dev.py test installs one, or apt-get install chromium-headless-shell")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()
