"""What ends soonest, found without reading everything."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from sqlalchemy import event

from shared.domain import keeping
from shared.domain.organisations import Customer, Partner
from shared.domain.subscriptions import Subscription
from shared.extensions import db
from shared.world import clock
from shared.world.calendar import today
from tests.builders import a_customer, buys

DAY = timedelta(days=1)


@pytest.fixture
def mill(lotus: Partner) -> Customer:
    """A customer with subscriptions in every state, bought in no order of their ends."""
    customer = a_customer()
    for days, (renews, stopped) in product(
        (70, 5, 40, 20), product((True, False), ("", "suspended_at", "cancelled_at"))
    ):
        one = buys(customer, "e3", lotus)
        one.auto_renew, one.ends_on = renews, today() + (days - 30) * DAY
        if stopped:
            setattr(one, stopped, clock.now() - days * DAY)
    buys(a_customer("Another"), "e3", lotus).cancelled_at = clock.now() - 60 * DAY
    db.session.flush()
    return customer


@contextmanager
def read() -> Iterator[list[Subscription]]:
    """Every subscription that is read meanwhile."""
    found: list[Subscription] = []

    def note(one: Subscription, *_rest: Any) -> None:
        found.append(one)

    event.listen(Subscription, "load", note)
    yield found
    event.remove(Subscription, "load", note)


@pytest.mark.rule("S7", "S8", "S13")
@pytest.mark.parametrize("most", [1, 3, 7, 50])
def test_what_ends_soonest_comes_first_as_if_everything_had_been_sorted(mill: Customer, most: int) -> None:
    everything = sorted(keeping.kept_of(mill), key=lambda one: keeping.ends_on(one) or date.max)
    assert len({keeping.ends_on(one) for one in everything}) > 7
    found, more = keeping.soonest(mill, most)
    assert (found, more) == (everything[:most], max(len(everything) - most, 0))


def test_of_many_only_the_first_of_each_way_to_end_are_read(mill: Customer, lotus: Partner) -> None:
    for _number in range(30):
        buys(mill, "e3", lotus)
    db.session.commit()
    db.session.expunge_all()
    with read() as some:
        assert len(keeping.soonest(mill, 2)[0]) == 2
    assert 2 <= len(some) <= 8
