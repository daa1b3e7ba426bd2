"""After an act: one sentence of what changed here, and further ones of what the others see now."""

from typing import Any, cast

from flask import Flask, flash, g, get_flashed_messages, session


def hang(app: Flask) -> None:
    """Every page asks what is to be told."""
    app.jinja_env.globals.update(told_before=told_before)


def told_before() -> list[Any]:
    """What the act before this page told, as pairs of kind and sentences: once, and mostly nothing."""
    if "_flashes" not in session:
        return []
    g.told = get_flashed_messages(with_categories=True)
    return cast(list[Any], g.told)


def keep() -> None:
    """What a page told that could not be drawn after all is for the next one."""
    if told := g.pop("told", None):
        session["_flashes"] = told


def tell(here: str, *there: str) -> None:
    """Something was done."""
    flash(cast(Any, [here, *there]), "success")


def mention(sentence: str, more: str = "") -> None:
    """Nothing had to be done."""
    flash(cast(Any, [sentence, more] if more else [sentence]), "info")
