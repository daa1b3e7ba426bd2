"""The room's clock. It is asked, never assumed."""

from datetime import UTC, datetime, timedelta

from . import rooms
from .rooms import here


def now() -> datetime:
    """What time it is in this room, in UTC, to the second."""
    return (datetime.now(UTC) + here().clock_ahead).replace(microsecond=0)


def advance(span: timedelta) -> None:
    """Move this room's clock forward; it never goes back.

    Refuses with ValueError when `span` is negative.
    """
    if span < timedelta():
        raise ValueError("the clock does not go back")
    rooms.change(clock_ahead=here().clock_ahead + span)
