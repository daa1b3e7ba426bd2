"""Which language this person reads: the one they chose, else the browser's, else English."""

from flask import request

LANGUAGES = {"en": "English", "de": "Deutsch", "zh": "中文"}
LOCALES = {"en": "en", "de": "de", "zh": "zh_Hans_CN"}
COOKIE = "language"


def tag() -> str:
    """The chosen language as "en", "de" or "zh"."""
    chosen_tag = request.cookies.get(COOKIE)
    if chosen_tag in LOCALES:
        return chosen_tag
    # Babel knows no bare or regional Chinese: whatever Chinese is asked for, we have Simplified.
    for asked in request.accept_languages.values():
        if (short := asked.partition("-")[0].lower()) in LOCALES:
            return short
    return "en"


def chosen() -> str:
    """The locale Flask-Babel works with."""
    return LOCALES[tag()]
