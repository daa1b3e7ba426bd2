"""Components that depend on nothing but the language and a few words are drawn once and kept.

A list draws the same chips and marks again and again; looking one up costs a hundredth of drawing it.
"""

from collections.abc import Hashable
from functools import lru_cache

from flask import Flask, current_app
from markupsafe import Markup

from . import language


def hang(app: Flask) -> None:
    """`kept("chip", ...)` in templates."""
    app.jinja_env.globals["kept"] = kept


def kept(component: str, *words: Hashable) -> Markup:
    """The component of this name drawn with these words, in the reader's language."""
    return _kept(language.now().tag, component, words)


@lru_cache(maxsize=8192)
def _kept(_language: str, component: str, words: tuple[Hashable, ...]) -> Markup:
    drawing = current_app.jinja_env.get_template(f"shared/components/{component}.html").module
    return Markup(getattr(drawing, component)(*words))  # noqa: S704 - a template has escaped it
