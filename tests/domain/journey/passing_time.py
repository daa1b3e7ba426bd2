"""The room's clock jumps, in one go or in many: what is due happens, once, each at its own time (S2, S7, S8)."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import accumulate

from hypothesis import strategies as st
from sqlalchemy import select

from shared.domain import due
from shared.domain.history import Event, EventKind
from shared.domain.subscriptions import Subscription
from shared.extensions import db
from shared.world import clock
from shared.world.calendar import day_of, months_after, start_of
from tests.domain.conftest import fingerprint

from .stage import Stage, act

Happening = tuple[datetime, int, EventKind]
DAY = timedelta(days=1)
STEPS = st.lists(st.sampled_from((1, 5, 30, 61, 366)), min_size=1, max_size=3)


class PassingTime(Stage):
    """A clock that only goes forward."""

    @act(steps=STEPS)
    def time_goes_on(self, steps: list[int]) -> None:
        """Days or years, in as many jumps: the same happens as in one."""
        last, stops = self.now["Event"][-1][0], [clock.now() + days * DAY for days in accumulate(steps)]
        expected = sorted(each for one in self.subscriptions() for each in to_come(one, stops[-1]))
        for stop in stops:
            due.move_clock(stop)
            db.session.commit()
        happened = select(Event).where(Event.id > last, Event.kind.in_(due.KINDS.values())).order_by(Event.id)
        found = [(event.at, event.subscription_id, event.kind) for event in db.session.scalars(happened)]
        assert found == expected
        self.done.update(kind for _at, _one, kind in found)
        self.now = fingerprint(self.room)


def to_come(one: Subscription, end: datetime) -> Iterator[Happening]:
    """What will become of it until then if nobody does anything, worked out from the rules alone."""
    over, stopped = one.ends_on, one.cancelled_at or one.suspended_at
    kept_from: date | None = day_of(one.suspended_at or stopped) if stopped else None
    ended = one.cancelled_at is not None
    while one.deleted_at is None:
        gone = start_of(kept_from + 61 * DAY) if kept_from else None
        if gone and (ended or gone <= start_of(over)):
            if gone <= end:
                yield gone, one.id, EventKind.DELETE_SUBSCRIPTION
            return
        if start_of(over) > end:
            return
        if one.auto_renew:
            yield start_of(over), one.id, EventKind.RENEW_SUBSCRIPTION
            over = months_after(over, 12)
        else:
            yield start_of(over), one.id, EventKind.LAPSE_SUBSCRIPTION
            kept_from, ended = kept_from or over, True
