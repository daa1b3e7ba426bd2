"""Where a list goes on, as an address carries it."""

from flask import request

from ..domain.search import writable
from ..world.pages import as_id


def after_key() -> list[str]:
    """The name and number of the last row of the page before; a mangled address begins at the beginning."""
    if "after" not in request.args:  # so it is with most pages, and cheaper to tell
        return []
    name, number = request.args.get("name"), after_id()
    return [name, str(number)] if name is not None and writable(name) and number is not None else []


def after_id() -> int | None:
    """The number of the last row of the page before, in a list in the order things came."""
    return as_id(request.args.get("after", ""))


def before_id() -> int | None:
    """The number of the last row of the page before, in a list with the newest first."""
    return as_id(request.args.get("before", ""))
