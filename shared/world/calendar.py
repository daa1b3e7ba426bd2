"""Days as people count them: the operator's own, in China, on both sides and all year (RULING)."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache

from . import clock

CHINA = timezone(timedelta(hours=8), "CST")


def day_of(moment: datetime) -> date:
    """The day a moment falls on."""
    return moment.astimezone(CHINA).date()


def today() -> date:
    """The day it is in this room."""
    return day_of(clock.now())


@lru_cache(maxsize=1024)
def start_of(day: date) -> datetime:
    """The moment a day begins."""
    return datetime.combine(day, time(), CHINA).astimezone(UTC)


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last day of a month that is too short."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
