"""Which language this person reads: the one they chose, else the browser's, else English."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from babel import Locale
from babel.support import NullTranslations, Translations
from flask import Flask, current_app, has_request_context, request
from flask_babel import Domain, force_locale
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header
from wtforms.i18n import messages_path

from ..extensions import babel

LANGUAGES = {"en": "English", "de": "Deutsch", "zh": "中文"}
LOCALES = {"en": "en", "de": "de", "zh": "zh_Hans_CN"}
IN_PAGES = {tag: locale.replace("_", "-") for tag, locale in LOCALES.items()}  # as browsers call it
COOKIE = "language"
RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001eeff]")
SET_APART = re.compile("[\u2068\u2069]")


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
    app.jinja_env.globals.update(_=gettext, gettext=gettext, ngettext=ngettext)  # Jinja's own go a detour


class Words(Domain):
    """What Flask-Babel looks words up in."""

    def get_translations(self) -> NullTranslations:
        """The catalogue of whoever reads this."""
        return now().catalogue

    def gettext(self, string: str, **values: Any) -> str:
        """A sentence, and the values in it."""
        return str(super().gettext(string, **set_apart(values)))

    def ngettext(self, singular: str, plural: str, num: int, **values: Any) -> str:
        """The same for one or for several."""
        return str(super().ngettext(singular, plural, num, **set_apart(values)))


@pass_context
def gettext(context: Context, text: str, /, **values: Any) -> str:
    """A template's sentence in the reader's language, the values in it escaped and set apart."""
    return _filled(context, now().catalogue.ugettext(text), values)


@pass_context
def ngettext(context: Context, one: str, many: str, number: int, /, **values: Any) -> str:
    """The same for one or for several; `num` is how many."""
    return _filled(context, now().catalogue.ungettext(one, many, number), {"num": number} | values)


def _filled(context: Context, sentence: str, values: dict[str, Any]) -> str:
    safe = Markup(sentence) if context.eval_ctx.autoescape else sentence  # noqa: S704 - a translator wrote it
    return safe % set_apart(values) if values or "%" in sentence else safe


def set_apart(values: dict[str, Any]) -> dict[str, Any]:
    """The values of a sentence, so that none that is written from right to left turns what stands around it."""
    return {name: value if isinstance(value, int) else apart(value) for name, value in values.items()}


def apart(value: Any) -> Any:
    """A value as it stands among words: between U+2068 and U+2069 where it is written from right to left."""
    text = value if isinstance(value, str) else str(value)
    turns = not text.isascii() and RIGHT_TO_LEFT.search(text)
    return "\u2068" + text + "\u2069" if turns else value


def together(separator: str, values: Iterable[str]) -> str:
    """Several values in one line, each in its own direction."""
    return separator.join(map(apart, values))


def plain(sentence: str) -> str:
    """A sentence without the marks that set values apart, for whatever is no text to read."""
    return SET_APART.sub("", sentence)


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
