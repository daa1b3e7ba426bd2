"""After an act: one sentence of what changed here, and further ones of what the others see now."""

from typing import Any, cast

from flask import Flask, flash, get_flashed_messages, session


def hang(app: Flask) -> None:
    """Every page asks what is to be told."""
    app.jinja_env.globals.update(told_before=told_before)


def told_before() -> list[Any]:
    """What the act before this page told, as pairs of kind and sentences: once, and mostly nothing."""
    return get_flashed_messages(with_categories=True) if "_flashes" in session else []


def tell(here: str, *there: str) -> None:
    """Something was done."""
    flash(cast(Any, [here, *there]), "success")


def mention(sentence: str, more: str = "") -> None:
    """Nothing had to be done."""
    flash(cast(Any, [sentence, more] if more else [sentence]), "info")
