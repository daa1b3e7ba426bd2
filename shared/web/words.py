"""The few words and times that every template may ask for."""

from datetime import datetime
from functools import lru_cache
from typing import Protocol

from babel.dates import format_date, format_time
from flask import Flask
from flask_babel import get_locale, get_timezone
from flask_babel import gettext as _
from jinja2 import StrictUndefined

from ..domain.privileges import EndReason
from ..domain.users import User
from .labels import label
from .refusal_words import refusal_text, refusal_unlock
from .rule_words import rule, rules


class Span(Protocol):
    """Delegated admin on one service, from a list or a row of its own."""

    @property
    def until(self) -> datetime | None:
        """When it ended, if it did."""

    @property
    def ended_by(self) -> EndReason | None:
        """Why it ended."""


def hang(app: Flask) -> None:
    """Templates are strict about names: a misspelt one is an error, never an empty place."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(day=day, moment=moment, label=label, iso=iso, ending=ending)
    globals_ = {f.__name__: f for f in (refusal_text, refusal_unlock, role_names, rule, rules)}
    app.jinja_env.globals.update(globals_)


def role_names(user: User) -> str:
    """What this person is, in words; whoever has no role is a plain user."""
    return ", ".join(sorted(label(role) for role in user.roles)) or _("User")


def day(when: datetime) -> str:
    """A date in the reader's language, as it is in China."""
    return _day(str(get_locale()), when.astimezone(get_timezone()).date().isoformat())


@lru_cache(maxsize=4096)
def _day(locale: str, iso_day: str) -> str:
    return format_date(datetime.fromisoformat(iso_day), format="medium", locale=locale)


def moment(when: datetime) -> str:
    """A date and time in the reader's language, China Standard Time."""
    return _moment(str(get_locale()), when.astimezone(get_timezone()).replace(second=0))


@lru_cache(maxsize=4096)
def _moment(locale: str, local: datetime) -> str:
    return f"{format_date(local, 'medium', locale)} {format_time(local.time(), 'short', locale=locale)}"


def ending(held: Span) -> str:
    """When delegated admin ended, and why (R59)."""
    return f"{day(held.until)}, {label(held.ended_by)}" if held.until and held.ended_by else ""


def iso(when: datetime) -> str:
    """A time for machines."""
    return when.isoformat()
