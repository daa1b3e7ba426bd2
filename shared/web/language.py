"""Which language this person reads: the one they chose, else the browser's, else English."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, lru_cache

from babel import Locale
from babel.support import NullTranslations, Translations
from flask import Flask, current_app, has_request_context, request
from flask_babel import Domain, force_locale
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header
from wtforms.i18n import messages_path

from ..extensions import babel

LANGUAGES = {"en": "English", "de": "Deutsch", "zh": "中文"}
LOCALES = {"en": "en", "de": "de", "zh": "zh_Hans_CN"}
COOKIE = "language"


@dataclass(frozen=True)
class Reading:
    """A language people read: its tag, Babel's locale, and its catalogue."""

    tag: str
    locale: Locale
    catalogue: NullTranslations


_reading: ContextVar[Reading | None] = ContextVar("reading", default=None)


def hang(app: Flask) -> None:
    """Everything translates through the language worked out once a request: Flask-Babel asks anew for every word."""
    babel.domain_instance = Words()
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda text: now().catalogue.ugettext(text),
        ngettext=lambda one, many, number: now().catalogue.ungettext(one, many, number),
        newstyle=True,
    )
    app.jinja_env.globals["_"] = app.jinja_env.globals["gettext"]  # the same without a detour


class Words(Domain):
    """What Flask-Babel looks words up in."""

    def get_translations(self) -> NullTranslations:
        """The catalogue of whoever reads this."""
        return now().catalogue


def forget() -> None:
    """Another request, perhaps another reader."""
    _reading.set(None)


def now() -> Reading:
    """The language of whoever reads this."""
    if (reading := _reading.get()) is None:
        reading = reading_of(_asked() if has_request_context() else "en")
        _reading.set(reading)
    return reading


@contextmanager
def speaking(tag: str) -> Iterator[None]:
    """Write in this language for a while, whoever reads: a letter keeps the language it was written in."""
    before = _reading.set(reading_of(tag))
    try:
        with force_locale(LOCALES[tag]):
            yield
    finally:
        _reading.reset(before)


def chosen() -> str:
    """The locale Flask-Babel works with."""
    return LOCALES[now().tag]


@cache
def reading_of(tag: str) -> Reading:
    """The language with this tag: "en", "de" or "zh"."""
    folder = current_app.config["BABEL_TRANSLATION_DIRECTORIES"]
    return Reading(tag, Locale.parse(LOCALES[tag]), Translations.load(folder, [LOCALES[tag]]))


@cache
def of_forms(tag: str) -> NullTranslations:
    """What WTForms itself says in this language."""
    return Translations.load(messages_path(), [LOCALES[tag]], domain="wtforms")


def _asked() -> str:
    cookies = request.cookies
    if COOKIE in cookies and cookies[COOKIE] in LOCALES:
        return cookies[COOKIE]
    return _preferred(request.headers.get("Accept-Language", ""))


@lru_cache(maxsize=1024)
def _preferred(header: str) -> str:
    """Babel knows no bare or regional Chinese: whatever Chinese is asked for, we have Simplified."""
    for asked in parse_accept_header(header, LanguageAccept).values():
        if (short := asked.partition("-")[0].lower()) in LOCALES:
            return short
    return "en"
