"""Any life at all of a customer's subscriptions: people do whatever comes to their minds, and the rules hold."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from shared.domain import due, licences, orders, subscription_changes, upgrades
from shared.domain.history import Event
from shared.domain.offers import OFFERS, add_ons_for
from shared.domain.organisations import Customer, Partner
from shared.domain.refusals import Refusal
from shared.domain.subscription_changes import SuspendReason
from shared.domain.subscriptions import Status, Subscription, live
from shared.domain.users import User
from shared.extensions import db
from shared.world import clock, rooms
from shared.world.calendar import start_of, today
from shared.world.rooms import Room
from tests.builders import accepts
from tests.conftest import furnished_room, the

SELLERS = ("Lin Chen", "Sara Blom", "Jonas Falk")
STOPS = ("suspend", "reactivate", "cancel", "suspend")
PEOPLE = ("Mei Zhou", "Bo Lindt", "Nora Quist", "Hal Brandt")
KINDS = tuple(due.KINDS.values())
SEATS = st.integers(0, 6)
PICK = st.integers(0, 30)
DAY = timedelta(days=1)


class Lives(RuleBasedStateMachine):
    """Two rival sellers, one customer, four people, and a clock."""

    @initialize()
    def open_a_room(self) -> None:
        """A fresh room for each life."""
        rooms.enter(None)
        db.session.rollback()
        db.session.expunge_all()
        rooms.enter(rooms.facts_of(furnished_room()))
        self.people = {user.name: user for user in db.session.scalars(select(User))}
        for partner in ("Lotus Cloud", "Jade IT"):
            accepts(self.people["Mei Zhou"], the(Partner, partner))
        self.kiln: Customer = the(Customer, "Blue Kiln")
        db.session.commit()
        self.sellers = {one.id: one.seller_id for one in self._all()}

    def _all(self) -> list[Subscription]:
        mine = select(Subscription).where(Subscription.customer_id == self.kiln.id).order_by(Subscription.id)
        return list(db.session.scalars(mine))

    def _one(self, pick: int) -> Subscription:
        everything = self._all()
        return everything[pick % len(everything)]

    def _tries(self, act: Callable[[], Any], by: User, touches: Subscription | None = None) -> None:
        """Done, or refused and nothing is different; what others sold is not touched in either case."""
        due.catch_up()
        db.session.commit()
        others = [one for one in self._all() if one.seller_id != by.partner_id]
        before = {one.id: _facts(one) for one in others}
        try:
            act()
            db.session.commit()
            assert touches is None or touches.seller_id == by.partner_id
        except Refusal:
            db.session.rollback()
        if by.partner_id:
            assert {one.id: _facts(one) for one in others} == before

    # What people do.

    @rule(name=st.sampled_from(SELLERS), offer=st.sampled_from(sorted(OFFERS)), seats=SEATS)
    def somebody_sells(self, name: str, offer: str, seats: int) -> None:
        """A new subscription."""
        by = self.people[name]
        self._tries(lambda: orders.order(self.kiln, OFFERS[offer], seats, by=by), by)

    @rule(name=st.sampled_from(SELLERS), pick=PICK, seats=SEATS)
    def somebody_sells_an_add_on(self, name: str, pick: int, seats: int) -> None:
        """On top of any other."""
        by, base = self.people[name], self._one(pick)
        for offer in add_ons_for(base.offer)[:1]:
            self._tries(lambda offer=offer: orders.order_add_on(base, offer, seats, by=by), by, base)  # type: ignore[misc]

    @rule(name=st.sampled_from(SELLERS), pick=PICK, seats=SEATS, renews=st.booleans())
    def somebody_changes(self, name: str, pick: int, seats: int, renews: bool) -> None:
        """Seats and renewal."""
        by, one = self.people[name], self._one(pick)
        self._tries(lambda: subscription_changes.change(one, seats=seats, auto_renew=renews, by=by), by)

    @rule(
        name=st.sampled_from(SELLERS), pick=PICK, what=st.sampled_from(("suspend", "reactivate", "cancel", "suspend"))
    )
    def somebody_stops_or_starts(self, name: str, pick: int, what: str) -> None:
        """Its status."""
        by, one = self.people[name], self._one(pick)
        acts: dict[str, Callable[[], Any]] = {
            "suspend": lambda: subscription_changes.suspend(one, SuspendReason.FRAUD, by=by),
            "reactivate": lambda: subscription_changes.reactivate(one, by=by),
            "cancel": lambda: subscription_changes.cancel(one, by=by),
        }
        self._tries(acts[what], by, one)

    @rule(name=st.sampled_from(SELLERS), pick=PICK, seats=SEATS)
    def somebody_upgrades(self, name: str, pick: int, seats: int) -> None:
        """To the first larger offer; whoever had a licence keeps one."""
        by, one = self.people[name], self._one(pick)
        had, paths = licences.assigned(one), upgrades.paths(one)
        if paths:
            self._tries(lambda: upgrades.upgrade(one, paths[0], seats, by=by), by, one)
            if one.status is Status.DELETED and had:
                assert licences.assigned(self._all()[-1]) == had

    @rule(name=st.sampled_from(PEOPLE), pick=PICK, gives=st.booleans())
    def somebody_gives_or_takes_a_licence(self, name: str, pick: int, gives: bool) -> None:
        """The customer's own business."""
        by, user, one = self.people["Mei Zhou"], self.people[name], self._one(pick)
        act = licences.assign if gives else licences.unassign
        self._tries(lambda: act(user, one, by=by), by)

    @rule(days=st.sampled_from((1, 30, 59, 61, 200, 366)))
    def time_goes_on(self, days: int) -> None:
        """A day, or a year."""
        due.move_clock(clock.now() + days * DAY)
        db.session.commit()

    # What is true after every step.

    @invariant()
    @precondition(lambda self: hasattr(self, "kiln"))
    def no_more_licences_than_seats_and_none_of_what_has_ended(self) -> None:
        """S3, S5, S7, S8."""
        for one in self._all():
            used = len(
                list(db.session.scalars(select(licences.Licence).where(licences.Licence.subscription_id == one.id)))
            )
            assert used <= (one.seats if one.is_live else 0), one.status

    @invariant()
    @precondition(lambda self: hasattr(self, "kiln"))
    def the_original_reseller_never_changes(self) -> None:
        """R3."""
        for one in self._all():
            assert self.sellers.setdefault(one.id, one.seller_id) == one.seller_id

    @invariant()
    @precondition(lambda self: hasattr(self, "kiln"))
    def an_add_on_lives_no_longer_than_its_base_and_as_it_does(self) -> None:
        """S4."""
        for one in self._all():
            if one.base and one.is_live:
                assert (one.status, one.ends_on, one.auto_renew) == (
                    one.base.status,
                    one.base.ends_on,
                    one.base.auto_renew,
                )

    @invariant()
    @precondition(lambda self: hasattr(self, "kiln"))
    def the_database_and_the_page_agree_on_what_is_live(self) -> None:
        """S9."""
        mine = select(Subscription.id).where(Subscription.customer_id == self.kiln.id, live())
        assert set(db.session.scalars(mine)) == {one.id for one in self._all() if one.is_live}


def _facts(one: Subscription) -> tuple[object, ...]:
    return one.seats, one.status, one.offer_key, one.nickname, one.auto_renew, one.ends_on, one.suspended_at


MODEST = settings(
    max_examples=12, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck), database=None
)


@pytest.mark.rule("R3", "R32", "R34", "S3", "S4", "S5", "S7", "S8", "S9")
def test_whatever_people_do_the_rules_hold(app: Flask) -> None:
    with app.app_context():
        try:
            run_state_machine_as_test(Lives, settings=MODEST)
        finally:
            rooms.enter(None)
            db.session.rollback()


def busy_room() -> Room:
    """Something that renews, something that lapses, something suspended, something cancelled."""
    made = furnished_room()
    with rooms.inside(made):
        lin, kiln = the(User, "Lin Chen"), the(Customer, "Blue Kiln")
        accepts(the(User, "Mei Zhou"), the(Partner, "Lotus Cloud"))
        sold = [orders.order(kiln, OFFERS[key], 3, by=lin) for key in ("e3", "proplus", "business", "project_premium")]
        subscription_changes.set_renewal(sold[1], False, by=lin)
        subscription_changes.suspend(sold[2], SuspendReason.FRAUD, by=lin)
        subscription_changes.cancel(sold[3], by=lin)
        db.session.commit()
    return made


def fired(steps: list[datetime]) -> list[tuple[datetime, object, str]]:
    """What happens in a busy room when its clock is moved in these steps."""
    room = busy_room()
    with rooms.inside(room):
        for moment in steps:
            due.move_clock(moment)
            db.session.commit()
        happened = db.session.scalars(select(Event).where(Event.kind.in_(KINDS)).order_by(Event.id))
        return [
            (event.at, event.kind, event.subscription.offer_key if event.subscription else "") for event in happened
        ]


@pytest.mark.rule("S2", "S7", "S8")
def test_the_same_span_in_any_number_of_steps_lets_the_same_happen_once(app: Flask, room: Room) -> None:
    end = start_of(today()) + 1000 * DAY
    at_once = fired([end])
    assert len(at_once) > 8
    assert len(set(at_once)) == len(at_once)

    @settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(stops=st.lists(st.integers(1, 999), max_size=6))
    def in_steps(stops: list[int]) -> None:
        assert fired([start_of(today()) + day * DAY for day in sorted(stops)] + [end]) == at_once

    in_steps()
