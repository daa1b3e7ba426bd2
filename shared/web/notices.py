"""After an act: one sentence of what changed here, and further ones of what the others see now."""

from typing import Any, cast

from flask import flash


def tell(here: str, *there: str) -> None:
    """Something was done."""
    flash(cast(Any, [here, *there]), "success")


def mention(sentence: str, more: str = "") -> None:
    """Nothing had to be done."""
    flash(cast(Any, [sentence, more] if more else [sentence]), "info")
