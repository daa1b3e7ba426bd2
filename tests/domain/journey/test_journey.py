"""The journeys people take."""

from collections import Counter
from typing import ClassVar

import pytest
from flask import Flask
from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from shared.domain.history import EventKind
from shared.world import rooms
from shared.world.rooms import Room
from tests.databases import ON_POSTGRESQL
from tests.domain.conftest import fingerprint

from .handshake import Handshake
from .passing_time import PassingTime
from .trade import Trade
from .truths import Truths

# Of many journeys in one run most would be variations of the first few: runs of one each see more of the world.
# Each has a seed of its own, so that they differ, and are the same wherever the suite runs: told that it runs in CI,
# hypothesis would otherwise take the same journey every time.
# They are walked a few at a time, so that more than one processor can; PostgreSQL, where each step takes twice as long,
# sees half of them.
RUNS, AT_A_TIME = 8 if ON_POSTGRESQL else 16, 4
ONE = settings(
    max_examples=1, stateful_step_count=50, deadline=None, suppress_health_check=list(HealthCheck), database=None
)
EVERYTHING = {
    EventKind.SEND_INVITATION,
    EventKind.GRANT_DAP,
    EventKind.END_DAP,
    EventKind.END_RELATIONSHIP,
    EventKind.ORDER,
    EventKind.UPDATE_SUBSCRIPTION,
    EventKind.SUSPEND_SUBSCRIPTION,
    EventKind.REACTIVATE_SUBSCRIPTION,
    EventKind.CANCEL_SUBSCRIPTION,
    EventKind.UPGRADE_SUBSCRIPTION,
    EventKind.RENEW_SUBSCRIPTION,
    EventKind.LAPSE_SUBSCRIPTION,
    EventKind.DELETE_SUBSCRIPTION,
    EventKind.ASSIGN_LICENCE,
    EventKind.UNASSIGN_LICENCE,
}


@pytest.mark.rule(
    "R3", "R18", "R30", "R32", "R34", "R41", "R42", "R43", "R45", "R51", "R53", "R55", "R60", "R61", "R62"
)
@pytest.mark.rule("R64", "R65", "R66", "R70", "R71", "R76", "R81", "S2", "S3", "S4", "S5", "S7", "S8", "S9")
@pytest.mark.timeout(600)  # to make a journey that went wrong as short as can be takes its time
@pytest.mark.parametrize("first", range(0, RUNS, AT_A_TIME))
def test_whatever_people_do_the_rules_hold_after_every_step(app: Flask, room: Room, first: int) -> None:
    here = rooms.facts_of(room)

    class Journey(Handshake, Trade, PassingTime, Truths):
        elsewhere = here
        done: ClassVar[Counter[str]] = Counter()

    for run in range(3 * AT_A_TIME):
        if run < AT_A_TIME or not set(Journey.done) >= EVERYTHING:
            run_state_machine_as_test(seed(100 * first + run)(Journey), settings=ONE)
    rooms.enter(here)
    assert fingerprint(here)["Privilege"]
    assert set(Journey.done) >= EVERYTHING, "these journeys were too tame to prove anything"
