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
from shared.domain.services import Service
from shared.domain.subscription_changes import SuspendReason
from shared.domain.subscriptions import LIVE, Status, Subscription
from shared.domain.users import User
from shared.extensions import db
from shared.world import clock, rooms
from shared.world.calendar import start_of, today
from shared.world.rooms import Room
from tests.builders import accepts
from tests.conftest import furnished_room, the

RIVALS = ("Lin Chen", "Jonas Falk")
STRANGER = st.sampled_from((False, False, False, True))
STOPS = ("suspend", "reactivate", "cancel", "suspend")
PEOPLE = ("Mei Zhou", "Bo Lindt", "Nora Quist", "Hal Brandt")
KINDS = tuple(due.KINDS.values())
SEATS = st.integers(0, 4)
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
        accepts(self.people["Mei Zhou"], the(Partner, "Lotus Cloud"))
        accepts(self.people["Mei Zhou"], the(Partner, "Jade IT"), Service.EXCHANGE)
        self.kiln: Customer = the(Customer, "Blue Kiln")
        for name, offer in zip(RIVALS, ("business_essentials", "business_premium"), strict=True):
            sold = orders.order(self.kiln, OFFERS[offer], 3, by=self.people[name])
            orders.order_add_on(sold, OFFERS["protection"], 2, by=self.people[name])
        db.session.commit()
        self.sellers = {one.id: one.seller_id for one in self._all()}

    def _all(self) -> list[Subscription]:
        mine = select(Subscription).where(Subscription.customer_id == self.kiln.id).order_by(Subscription.id)
        return list(db.session.scalars(mine))

    def _one(self, pick: int) -> Subscription:
        sold = [one for one in self._all() if one.seller_id]
        return sold[pick % len(sold)]

    def _person(self, one: Subscription, stranger: bool) -> User:
        """Somebody of whoever sold it, or of the rival."""
        return self.people[RIVALS[stranger == (one.seller_id == self.people[RIVALS[0]].partner_id)]]

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

    @rule(name=st.sampled_from(RIVALS), offer=st.sampled_from(sorted(OFFERS)), seats=SEATS)
    def somebody_sells(self, name: str, offer: str, seats: int) -> None:
        """A new subscription."""
        by = self.people[name]
        self._tries(lambda: orders.order(self.kiln, OFFERS[offer], seats, by=by), by)

    @rule(stranger=STRANGER, pick=PICK, seats=SEATS)
    def somebody_sells_an_add_on(self, stranger: bool, pick: int, seats: int) -> None:
        """On top of any other."""
        base = self._one(pick)
        by = self._person(base, stranger)
        for offer in add_ons_for(base.offer)[:1]:
            self._tries(lambda offer=offer: orders.order_add_on(base, offer, seats, by=by), by, base)  # type: ignore[misc]

    @rule(stranger=STRANGER, pick=PICK, seats=SEATS, renews=st.booleans())
    def somebody_changes(self, stranger: bool, pick: int, seats: int, renews: bool) -> None:
        """Seats and renewal."""
        one = self._one(pick)
        by = self._person(one, stranger)
        self._tries(lambda: subscription_changes.change(one, seats=seats, auto_renew=renews, by=by), by)

    @rule(stranger=STRANGER, pick=PICK, what=st.sampled_from(("suspend", "suspend", "reactivate", "cancel")))
    def somebody_stops_or_starts(self, stranger: bool, pick: int, what: str) -> None:
        """Its status."""
        one = self._one(pick)
        by = self._person(one, stranger)
        acts: dict[str, Callable[[], Any]] = {
            "suspend": lambda: subscription_changes.suspend(one, SuspendReason.FRAUD, by=by),
            "reactivate": lambda: subscription_changes.reactivate(one, by=by),
            "cancel": lambda: subscription_changes.cancel(one, by=by),
        }
        self._tries(acts[what], by, one)

    @rule(stranger=STRANGER, pick=PICK, seats=SEATS)
    def somebody_upgrades(self, stranger: bool, pick: int, seats: int) -> None:
        """To the first larger offer; whoever had a licence keeps one."""
        one = self._one(pick)
        by = self._person(one, stranger)
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

    @rule(days=st.sampled_from((1, 30, 61, 366)))
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
            used = db.session.query(licences.Licence).filter_by(subscription_id=one.id).count()
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
        mine = select(Subscription.id).where(Subscription.customer_id == self.kiln.id, LIVE)
        assert set(db.session.scalars(mine)) == {one.id for one in self._all() if one.is_live}


def _facts(one: Subscription) -> tuple[object, ...]:
    return one.seats, one.status, one.offer_key, one.nickname, one.auto_renew, one.ends_on, one.suspended_at


MODEST = settings(
    max_examples=15, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck), database=None
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
