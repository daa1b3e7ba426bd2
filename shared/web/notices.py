"""After an act: one sentence of what changed here, and a second of what the other side sees now."""

from typing import Any, cast

from flask import flash


def tell(here: str, there: str = "") -> None:
    """Something was done."""
    flash(cast(Any, [here, there] if there else [here]), "success")


def mention(sentence: str, more: str = "") -> None:
    """Nothing had to be done."""
    flash(cast(Any, [sentence, more] if more else [sentence]), "info")
