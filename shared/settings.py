"""Every setting with its default."""

import os
import secrets
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url

ROOT = Path(__file__).resolve().parent.parent

DEFAULTS: Mapping[str, Any] = {
    "DATABASE_URL": "",  # empty: a SQLite file in the instance folder
    "TRUSTED_PROXIES": 0,  # how many proxies in front set X-Forwarded-*
    "MAX_CONTENT_LENGTH": 1024 * 1024,
    "WTF_CSRF_CHECK_DEFAULT": False,  # `guards` asks, of forms alone
    "WTF_CSRF_TIME_LIMIT": None,  # a form stays good as long as its session
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "SESSION_REFRESH_EACH_REQUEST": False,
    "SEND_FILE_MAX_AGE_DEFAULT": 31536000,  # the address of a static file changes with its content
    "BABEL_TRANSLATION_DIRECTORIES": str(ROOT / "shared" / "translations"),
}


def read(instance: Path, overrides: Mapping[str, Any]) -> dict[str, Any]:
    """Defaults, then the environment (names as above), then `overrides`; a secret key is made once and kept."""
    asked = {name: type(default)(os.environ[name]) for name, default in DEFAULTS.items() if name in os.environ}
    settings = {**DEFAULTS, **asked, **overrides}
    settings.setdefault("SECRET_KEY", os.environ.get("SECRET_KEY") or kept_secret(instance / "secret_key"))
    settings["SQLALCHEMY_DATABASE_URI"] = database_address(settings["DATABASE_URL"], instance)
    # A server that was started anew meanwhile is noticed before anything is written.
    settings.setdefault("SQLALCHEMY_ENGINE_OPTIONS", {"pool_pre_ping": True})
    return settings


def kept_secret(file: Path) -> str:
    """The key that signs cookies: made on the first run, so that a restart signs nobody out.

    Refuses with RuntimeError a file in which there is none, as a full disk may leave it: anybody could sign with that.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        number, whole = tempfile.mkstemp(dir=file.parent)
        try:
            with os.fdopen(number, "w") as new:
                new.write(secrets.token_hex(32))
            _put_in_place(whole, file)
        finally:
            os.unlink(whole)
    if key := file.read_text().strip():
        return key
    raise RuntimeError(f"There is no key in {file}. Delete it, and a new one is made.")


def _put_in_place(whole: str, file: Path) -> None:
    """All of it at once, unless somebody else was quicker: then theirs holds."""
    try:
        os.link(whole, file)
    except FileExistsError:
        pass
    except OSError:  # a file system without links
        shutil.copyfile(whole, file)
        file.chmod(0o600)


# A row looked up costs hardly more than one read in passing: the disks PostgreSQL guesses at had to move their arm.
POSTGRESQL_OPTIONS = "-c timezone=UTC -c random_page_cost=1.1"


def database_address(address: str, instance: Path) -> str:
    """What SQLAlchemy wants to hear, from what people write."""
    if not address:
        return f"sqlite:///{instance / 'counterpart.sqlite3'}"
    scheme, _, rest = address.partition("://")
    if scheme not in ("postgres", "postgresql", "postgresql+psycopg"):
        return address
    url = make_url(f"postgresql+psycopg://{rest}")
    options = f"{url.query.get('options', '')} {POSTGRESQL_OPTIONS}".strip()
    return url.update_query_dict({"options": options}).render_as_string(hide_password=False)
