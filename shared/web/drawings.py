"""Components that depend on nothing but the language and a few words are drawn once and kept.

A list draws the same chips and marks again and again; looking one up costs a hundredth of drawing it.
"""

from collections.abc import Callable, Hashable
from functools import lru_cache
from pathlib import Path
from typing import cast

from flask import Flask, current_app
from jinja2.runtime import Macro
from markupsafe import Markup

from . import language


def hang(app: Flask) -> None:
    """Every component is at hand in every page without an import, and `kept("chip", ...)` with it."""
    app.jinja_env.globals["kept"] = kept
    for file in sorted((Path(__file__).parent / "templates/shared/components").glob("*.html")):
        drawing = app.jinja_env.get_template(f"shared/components/{file.name}").module
        macros = {name: part for name, part in vars(drawing).items() if isinstance(part, Macro)}
        app.jinja_env.globals.update(macros)


def kept(component: str, *words: Hashable) -> Markup:
    """The component of this name drawn with these words, in the reader's language."""
    return _kept(language.now().tag, component, words)


@lru_cache(maxsize=8192)
def _kept(_language: str, component: str, words: tuple[Hashable, ...]) -> Markup:
    draw = cast(Callable[..., str], current_app.jinja_env.globals[component])
    return Markup(draw(*words))  # noqa: S704 - a template has escaped it
