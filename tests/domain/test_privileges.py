"""Delegated admin, service by service."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Event, Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from shared.domain import acceptance, partner_list, privileges, relationships, revocation
from shared.domain.history import EventKind
from shared.domain.invitations import Invitation
from shared.domain.organisations import Customer, Partner, PartnerKind
from shared.domain.privileges import EndReason, Privilege
from shared.domain.services import Service
from shared.domain.users import User
from shared.extensions import db
from shared.world import clock, rooms
from shared.world.rooms import Room
from tests.builders import a_customer, accepts, customers_of, global_admin, room_with
from tests.conftest import the
from tests.domain.conftest import Elsewhere, events, readers, rival

EXCHANGE, SHAREPOINT, SKYPE = Service.EXCHANGE, Service.SHAREPOINT, Service.SKYPE


def held(partner: Partner, customer: Customer, service: Service = EXCHANGE, **more: Any) -> Privilege:
    """A row as nobody but a careless programmer would write it: past every verb."""
    transacting = partner.kind.transacting
    about = {"partner_id": partner.id, "customer_id": customer.id, "service": service, "transacting": transacting}
    return Privilege(**(about | more))


class TestTheDatabaseHoldsTheLimit:
    """One transacting holder per service, whatever the code above it forgets."""

    @pytest.mark.rule("R41")
    @pytest.mark.parametrize("second", ["Jade IT", "Harbor Distribution"])
    def test_a_second_transacting_holder_is_an_integrity_error(
        self, second: str, lotus: Partner, kiln: Customer
    ) -> None:
        db.session.add(held(lotus, kiln))
        db.session.flush()
        db.session.add(held(the(Partner, second), kiln))
        with pytest.raises(IntegrityError):
            db.session.flush()

    @pytest.mark.rule("R41")
    def test_another_service_another_customer_and_a_past_holder_are_no_conflict(
        self, lotus: Partner, jade: Partner, harbor: Partner, kiln: Customer
    ) -> None:
        pine = the(Customer, "Pine Logistics")
        ended = held(harbor, kiln, until=clock.now(), ended_by=EndReason.MOVED)
        db.session.add_all([held(lotus, kiln), held(jade, kiln, SKYPE), held(jade, pine), ended])
        db.session.flush()
        assert privileges.holders(kiln) == {EXCHANGE: lotus, SKYPE: jade}

    @pytest.mark.rule("R41", "R71")
    def test_advisors_and_indirect_resellers_do_not_count(
        self, lotus: Partner, willow: Partner, reed: Partner, kiln: Customer
    ) -> None:
        db.session.add_all([held(lotus, kiln), held(willow, kiln), held(reed, kiln)])
        db.session.flush()
        assert privileges.holders(kiln) == {EXCHANGE: lotus}

    @pytest.mark.rule("R41")
    def test_taking_an_ended_row_up_again_meets_the_same_limit(
        self, lotus: Partner, jade: Partner, delta: Customer, dana: User
    ) -> None:
        accepts(dana, lotus, EXCHANGE)
        privileges.of_pair(jade, delta)[EXCHANGE].until = None
        with pytest.raises(IntegrityError):
            db.session.flush()

    @pytest.mark.rule("R41")
    def test_granting_without_ending_the_holder_first_fails(self, lotus: Partner, delta: Customer, dana: User) -> None:
        with pytest.raises(Exception, match=r"(?i)unique"):  # the driver's own
            privileges.grant(lotus, delta, EXCHANGE, by=dana)


@pytest.mark.rule("R41")
def test_direct_resellers_and_providers_transact_and_the_others_do_not() -> None:
    assert {kind for kind in PartnerKind if kind.transacting} == {PartnerKind.DIRECT, PartnerKind.PROVIDER}


@pytest.mark.rule("R6")
def test_a_privilege_says_who_what_since_when_until_when_and_why(
    lotus: Partner, kiln: Customer, mei: User, elsewhere: Elsewhere
) -> None:
    accepts(mei, lotus, EXCHANGE)
    begun = clock.now()
    db.session.commit()
    clock.advance(timedelta(days=30))
    privileges.end(lotus, kiln, EXCHANGE, reason=EndReason.REMOVED, by=mei)
    privilege = privileges.of_pair(lotus, kiln)[EXCHANGE]
    assert abs(privilege.since - begun) <= timedelta(seconds=2)
    assert privilege.until is not None
    assert privilege.until - privilege.since >= timedelta(days=29, hours=23)
    assert (privilege.ended_by, privilege.in_force) == (EndReason.REMOVED, False)


@pytest.mark.rule("R6", "R30")
def test_granting_what_is_held_changes_nothing(lotus: Partner, kiln: Customer, mei: User) -> None:
    assert privileges.grant(lotus, kiln, EXCHANGE, by=mei)
    assert not privileges.grant(lotus, kiln, EXCHANGE, by=mei)
    assert len(events(EventKind.GRANT_DAP, kiln)) == 1


@pytest.mark.rule("R54")
def test_ending_what_is_not_held_changes_nothing(lotus: Partner, kiln: Customer, mei: User) -> None:
    assert not privileges.end(lotus, kiln, EXCHANGE, reason=EndReason.REMOVED, by=mei)
    assert events(EventKind.END_DAP) == []


@pytest.mark.rule("R62")
def test_a_restored_privilege_is_the_old_row_with_a_new_beginning(lotus: Partner, kiln: Customer, mei: User) -> None:
    privileges.grant(lotus, kiln, EXCHANGE, by=mei)
    row = privileges.of_pair(lotus, kiln)[EXCHANGE]
    privileges.end(lotus, kiln, EXCHANGE, reason=EndReason.REMOVED, by=mei)
    clock.advance(timedelta(days=1))
    privileges.grant(lotus, kiln, EXCHANGE, by=mei)
    assert privileges.of_pair(lotus, kiln)[EXCHANGE] is row
    assert (row.until, row.ended_by) == (None, None)
    assert row.since > clock.now() - timedelta(hours=1)


class TestTwoPeopleAtOnce:
    """Each in a thread and an app context of their own, as two requests are."""

    @pytest.mark.rule("R41", "R42")
    def test_two_partners_accepted_at_once_leave_exactly_one_holder(
        self, app: Flask, room: Room, lotus: Partner, jade: Partner
    ) -> None:
        customers = [a_customer(f"Race {number}") for number in range(6)]
        db.session.commit()
        for customer in customers:
            start = Barrier(2)

            def accept(name: str, customer_id: int = customer.id, start: Barrier = start) -> None:
                start.wait()
                partner, there = the(Partner, name), db.session.get_one(Customer, customer_id)
                acceptance.accept(Invitation(partner), {partner: list(Service)}, by=global_admin(there))

            assert together(app, room, lambda: accept("Lotus Cloud"), lambda: accept("Jade IT")) == []
            db.session.expire_all()
            in_force = [p for p in privileges.privileges_on(customer) if p.in_force]
            assert len(in_force) == 3
            assert len({p.partner_id for p in in_force}) == 1
            assert len(events(EventKind.GRANT_DAP, customer)) == len(events(EventKind.END_DAP, customer)) + 3

    @pytest.mark.rule("R41")
    def test_whoever_comes_second_waits_until_the_first_is_done(self, app: Flask, room: Room, kiln: Customer) -> None:
        customer_id, locked, order = kiln.id, Event(), list[str]()
        db.session.commit()

        def first() -> None:
            privileges.lock(db.session.get_one(Customer, customer_id))
            locked.set()
            Event().wait(0.4)
            order.append("first")

        def second() -> None:
            locked.wait(5)
            privileges.lock(db.session.get_one(Customer, customer_id))
            order.append("second")

        assert together(app, room, first, second) == []
        assert order == ["first", "second"]

    @pytest.mark.rule("R54", "R60")
    def test_two_people_taking_back_the_same_service_end_it_once(
        self, app: Flask, room: Room, jade: Partner, delta: Customer, dana: User
    ) -> None:
        delta_id, jade_id = delta.id, jade.microsoft_id
        seen, done = Event(), Event()
        db.session.commit()

        def slow() -> None:
            customer = db.session.get_one(Customer, delta_id)
            row = partner_list.row_of(customer, jade_id)
            seen.set()
            done.wait(0.5)
            assert row is not None
            revocation.revoke(row.partner, [EXCHANGE], by=global_admin(customer))

        def quick() -> None:
            seen.wait(5)
            revocation.revoke(the(Partner, "Jade IT"), [EXCHANGE], by=the(User, "Dana Weiss"))
            db.session.commit()
            done.set()

        assert together(app, room, slow, quick) == []
        assert len(events(EventKind.END_DAP, delta)) == 1
        assert readers("removed") == sorted([the(User, "Jonas Falk").id, dana.id])

    @pytest.mark.rule("R53")
    def test_removing_from_all_partners_includes_one_accepted_a_moment_ago(
        self, app: Flask, room: Room, delta: Customer
    ) -> None:
        accepted, delta_id = Event(), delta.id
        db.session.commit()

        def accept() -> None:
            accepts(the(User, "Dana Weiss"), the(Partner, "Lotus Cloud"), EXCHANGE)
            db.session.flush()
            accepted.set()
            Event().wait(0.5)

        def remove() -> None:
            accepted.wait(5)
            revocation.revoke_everywhere(by=the(User, "Dana Weiss"))

        assert together(app, room, accept, remove) == []
        db.session.expire_all()
        assert not any(p.in_force for p in privileges.privileges_on(db.session.get_one(Customer, delta_id)))
        assert len(events(EventKind.END_DAP, delta)) == 4  # Jade's three, one of them by moving, and the one of Lotus


def together(app: Flask, room: Room, *acts: Callable[[], None]) -> list[BaseException]:
    """Let these happen at once, each in this room with its own session; what went wrong, if anything."""
    room_key, wrong = room.key, list[BaseException]()
    db.session.commit()  # we hold no lock while they work

    def run(act: Callable[[], None]) -> None:
        with app.app_context():
            try:
                rooms.enter(room_with(room_key))
                db.session.commit()
                act()
                db.session.commit()
            except BaseException as error:
                wrong.append(error)
            finally:
                db.session.rollback()

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return wrong


@pytest.mark.rule("R41")
def test_what_is_held_in_another_room_does_not_count_here(
    lotus: Partner, kiln: Customer, mei: User, room: Room
) -> None:
    other = Elsewhere()
    with rooms.inside(other.room):
        accepts(the(User, "Mei Zhou"), the(Partner, "Jade IT"))
        db.session.flush()
    assert accepts(mei, lotus) == list(Service)
    assert privileges.holders(kiln) == dict.fromkeys(Service, lotus)


@pytest.mark.rule("R6")
def test_what_one_partner_holds_is_asked_for_that_pair_alone(jade: Partner, lotus: Partner, delta: Customer) -> None:
    [mine] = customers_of(lotus, 1, (SKYPE,))
    second = rival()
    assert privileges.held_by(lotus, mine) == {SKYPE}
    assert privileges.held_by(lotus, delta) == privileges.held_by(second, mine) == set()
    assert set(privileges.of_pair(jade, delta)) == set(Service)


def test_what_a_tie_shows_is_written_in_its_own_room_alone(
    lotus: Partner, kiln: Customer, mei: User, room: Room, elsewhere: Elsewhere
) -> None:
    accepts(mei, lotus)
    tie = relationships.between(lotus, kiln)
    assert tie
    tie.held = None
    db.session.flush()
    for where, shows in ((elsewhere.room, False), (room, True)):
        with rooms.inside(where):
            privileges.SHOWING.give({"partner": lotus.id, "customer": kiln.id})
        db.session.refresh(tie)
        assert (tie.held is not None) is shows
