"""Where a list goes on, as an address carries it."""

from flask import request


def after_key() -> list[str]:
    """The name and number of the last row of the page before; a mangled address begins at the beginning."""
    name, number = request.args.get("name"), request.args.get("after", "")
    if name is None or not name.isprintable() or not (number.isascii() and number.isdecimal() and len(number) < 19):
        return []
    return [name, number]


def before_key() -> int | None:
    """The number of the last row of the page before in a list that goes by time."""
    number = request.args.get("before", "")
    return int(number) if number.isascii() and number.isdecimal() and len(number) < 19 else None
