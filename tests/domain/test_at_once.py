"""Two people at once, each with a connection of their own: the second one waits, and then counts what the first did."""

from collections.abc import Callable
from threading import Barrier, Event, Thread
from typing import Any

import pytest
from flask import Flask

from shared.domain import ending, licences, orders, passwords, relationships, staff, subscription_changes, users
from shared.domain.edits import EditedMeanwhile
from shared.domain.history import EventKind
from shared.domain.offers import OFFERS
from shared.domain.organisations import Customer, Partner
from shared.domain.permissions import Role
from shared.domain.refusals import Code, Refusal
from shared.domain.subscription_changes import SuspendReason
from shared.domain.subscriptions import Subscription
from shared.domain.users import User
from shared.extensions import db
from shared.world import rooms
from shared.world.rooms import Room
from tests.builders import adds, buys
from tests.conftest import the
from tests.databases import ON_POSTGRESQL
from tests.domain.conftest import events

Verb = Callable[[], Any]
Click = Callable[[], Verb]
DONE = "done"


class AtOnce:
    """Two clicks at once: what came of the one that is first and of the other.

    A click loads what its page is about and gives the verb. On PostgreSQL both have loaded before either acts; SQLite
    lets the second in when the first has ended. The second acts before the first commits.
    """

    def __init__(self, app: Flask, turned: bool) -> None:
        self.app, self.turned, self.here = app, turned, rooms.here()
        self.loaded, self.acted, self.came = Barrier(2), Event(), ["", ""]

    def __call__(self, *clicks: Click) -> list[str]:
        """In this order, or turned round."""
        db.session.commit()  # we hold no lock while they work
        threads = [Thread(target=self._click, args=pair) for pair in enumerate(clicks[::-1] if self.turned else clicks)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        db.session.expire_all()
        return self.came

    def _click(self, place: int, click: Click) -> None:
        with self.app.app_context(), rooms.inside(self.here):
            try:
                self._act(place, click)
                self.came[place] = DONE
            except Refusal as refusal:
                self.came[place] = refusal.code.value
            except EditedMeanwhile:
                self.came[place] = "EDITED_MEANWHILE"
            finally:
                self.acted.set()
                db.session.rollback()

    def _act(self, place: int, click: Click) -> None:
        verb = click() if ON_POSTGRESQL else None
        if verb:
            self.loaded.wait(5)
        if place == 1:
            self.acted.wait(5)
        (verb or click())()
        self.acted.set()
        if place == 0:
            Event().wait(0.1)
        db.session.commit()


@pytest.fixture(params=[False, True], ids=["one first", "the other first"])
def at_once(app: Flask, room: Room, request: pytest.FixtureRequest) -> AtOnce:
    """Whichever of two is first."""
    return AtOnce(app, request.param)


def loaded(kind: type[Any], *ids: int) -> list[Any]:
    """What a request has at hand when it begins, everything it belongs to included."""
    found = [db.session.get_one(kind, number) for number in ids]
    for each in found:
        if isinstance(each, User):
            str(each.organisation)
    return found


@pytest.fixture
def related(lotus: Partner, kiln: Customer) -> Customer:
    """Blue Kiln, whose reseller Lotus is."""
    relationships.begin(lotus, kiln)
    return kiln


def ends(customer: Customer) -> Click:
    """The Global admin of Lotus ends the relationship."""
    customer_id, by_id = customer.id, the(User, "Gao Rui").id

    def click() -> Verb:
        [there], [by] = loaded(Customer, customer_id), loaded(User, by_id)
        tie = relationships.between(by.partner, there)
        return lambda: (tie, ending.remove(there, by=by))

    return click


def buying(customer: Customer, by: User, offer: str = "e1", once: str | None = None) -> Click:
    """Order an offer for this customer."""
    customer_id, by_id = customer.id, by.id

    def click() -> Verb:
        [there], [buyer] = loaded(Customer, customer_id), loaded(User, by_id)
        tie = relationships.between(buyer.partner, there)
        return lambda: (tie, orders.order(there, OFFERS[offer], 3, by=buyer, once=once))

    return click


def sold(lotus: Partner, customer: Customer) -> list[Subscription]:
    """What Lotus sold to this customer that stands."""
    return list(db.session.query(Subscription).filter_by(customer_id=customer.id, seller_id=lotus.id))


@pytest.mark.rule("R65", "R66")
def test_nothing_is_bought_from_whoever_is_no_reseller_any_more(
    at_once: AtOnce, lotus: Partner, related: Customer, lin: User
) -> None:
    end, buy = ends(related), buying(related, lin)
    came = at_once(end, buy)
    tie = relationships.between(lotus, related)
    assert tie is not None
    if tie.active:
        assert came == [DONE, Code.STILL_ACTIVE]
        assert len(sold(lotus, related)) == 1
    else:
        assert came == [DONE, Code.NO_RELATIONSHIP]
        assert sold(lotus, related) == []


@pytest.mark.rule("R66")
def test_of_two_who_end_it_at_once_the_second_reads_that_it_is_over(at_once: AtOnce, related: Customer) -> None:
    assert at_once(ends(related), ends(related)) == [DONE, Code.NO_RELATIONSHIP]
    assert len(events(EventKind.END_RELATIONSHIP, related)) == 1


@pytest.mark.rule("R65", "R67")
def test_nothing_is_reactivated_by_whoever_is_no_reseller_any_more(
    at_once: AtOnce, lotus: Partner, related: Customer, lin: User
) -> None:
    bought = orders.order(related, OFFERS["e1"], 3, by=lin)
    subscription_changes.suspend(bought, SuspendReason.CUSTOMER_REQUEST, by=lin)
    bought_id, by_id = bought.id, lin.id

    def reactivate() -> Verb:
        [one], [by] = loaded(Subscription, bought_id), loaded(User, by_id)
        tie = relationships.between(by.partner, one.customer)
        return lambda: (tie, subscription_changes.reactivate(one, by=by))

    came = at_once(ends(related), reactivate)
    tie = relationships.between(lotus, related)
    assert tie is not None
    assert came == [DONE, Code.STILL_ACTIVE if tie.active else Code.NO_RELATIONSHIP]
    assert (bought.suspended_at is None) is tie.active


@pytest.mark.rule("R65", "S4")
def test_no_add_on_stays_active_where_its_base_was_suspended_for_the_end(
    at_once: AtOnce, related: Customer, lin: User
) -> None:
    base = orders.order(related, OFFERS["e1"], 3, by=lin)
    base_id, by_id = base.id, lin.id

    def suspend() -> Verb:
        [one], [by] = loaded(Subscription, base_id), loaded(User, by_id)
        return lambda: subscription_changes.suspend(one, SuspendReason.NON_PAYMENT, by=by)

    def add() -> Verb:
        [one], [by] = loaded(Subscription, base_id), loaded(User, by_id)
        return lambda: orders.order_add_on(one, OFFERS["protection"], 1, by=by)

    came = at_once(suspend, add)
    assert came in ([DONE, DONE], [DONE, Code.NOT_ACTIVE])
    assert all(one.suspended_at for one in db.session.query(Subscription).filter_by(seller_id=base.seller_id))


@pytest.mark.rule("S1")
@pytest.mark.parametrize("add_on", [False, True])
def test_a_button_pressed_twice_sells_once(
    at_once: AtOnce, lotus: Partner, related: Customer, lin: User, add_on: bool
) -> None:
    base = orders.order(related, OFFERS["e1"], 3, by=lin)
    base_id, by_id = base.id, lin.id

    def click() -> Verb:
        [one], [by] = loaded(Subscription, base_id), loaded(User, by_id)
        return lambda: orders.order_add_on(one, OFFERS["protection"], 1, by=by, once="pressed")

    first = click if add_on else buying(related, lin, once="pressed")
    second = (lambda: click()) if add_on else buying(related, lin, once="pressed")
    assert at_once(first, second) == [DONE, DONE]
    assert len(sold(lotus, related)) == 2
    assert len(events(EventKind.ORDER, related)) == 2


@pytest.mark.rule("P4")
def test_add_pressed_twice_at_once_adds_one_and_the_second_press_learns_whom(at_once: AtOnce, kiln: Customer) -> None:
    kiln_id, by_id, found = kiln.id, the(User, "Ulla Maas").id, list[str]()
    facts: dict[str, Any] = {"name": "Ida Rust", "email": "ida@bluekiln.example", "admin": None}

    def click() -> Verb:
        [there], [by] = loaded(Customer, kiln_id), loaded(User, by_id)

        def press() -> None:
            try:
                staff.add(there, **facts, temporary=passwords.temporary(), by=by)
            except Refusal:
                twin = staff.just_added(there, **facts, by=by)
                found.append(twin.name if twin else "")
                raise

        return press

    assert at_once(click, click) == [DONE, Code.EMAIL_TAKEN]
    assert found == ["Ida Rust"]


@pytest.mark.rule("S1", "S3")
def test_of_two_who_change_the_same_version_one_is_told(at_once: AtOnce, related: Customer, lin: User) -> None:
    bought = orders.order(related, OFFERS["e1"], 3, by=lin)
    bought_id, by_id, seen = bought.id, lin.id, bought.version

    def changing(seats: int) -> Click:
        def click() -> Verb:
            [one], [by] = loaded(Subscription, bought_id), loaded(User, by_id)
            return lambda: subscription_changes.change_seats(one, seats, by=by, seen=seen)

        return click

    assert at_once(changing(8), changing(9)) == [DONE, Code.SUBSCRIPTION_CHANGED]
    assert bought.seats in (8, 9)


@pytest.mark.rule("S1")
def test_a_tenants_limit_holds_for_two_orders_together(
    at_once: AtOnce, lotus: Partner, related: Customer, lin: User
) -> None:
    orders.order(related, OFFERS["business"], 295, by=lin)
    assert at_once(buying(related, lin, "business"), buying(related, lin, "business")) == [DONE, Code.OVER_CAP]
    assert sum(one.seats for one in sold(lotus, related)) == 298


def giving(name: str, bought: Subscription, verb: Callable[..., Any] = licences.assign) -> Click:
    """A licence given to, or taken from, this person by the User management admin of Blue Kiln."""
    ids, bought_id = (the(User, name).id, the(User, "Ulla Maas").id), bought.id

    def click() -> Verb:
        (user, by), [one] = loaded(User, *ids), loaded(Subscription, bought_id)
        return lambda: verb(user, one, by=by)

    return click


def removing(name: str, by: str) -> Click:
    """One person removed by another."""
    ids = (the(User, name).id, the(User, by).id)

    def click() -> Verb:
        user, admin = loaded(User, *ids)
        return lambda: staff.remove(user, by=admin)

    return click


@pytest.mark.rule("S5")
def test_two_who_reach_for_the_last_licence_get_one(at_once: AtOnce, kiln: Customer) -> None:
    bought = buys(kiln, "e3", seats=1)
    came = at_once(giving("Nora Quist", bought), giving("Mei Zhou", bought))
    assert came == [DONE, Code.NO_FREE_SEAT]
    assert licences.assigned(bought) == 1


@pytest.mark.rule("S5", "R81")
def test_no_licence_stays_with_somebody_who_is_removed(at_once: AtOnce, kiln: Customer) -> None:
    bought = buys(kiln, "e3", seats=1)
    came = at_once(giving("Nora Quist", bought), removing("Nora Quist", "Mei Zhou"))
    assert came in ([DONE, DONE], [DONE, Code.OTHER_TENANT])
    assert licences.assigned(bought) == 0


@pytest.mark.rule("S5", "R81")
def test_a_licence_taken_back_from_somebody_who_is_removed_is_free_once(at_once: AtOnce, kiln: Customer) -> None:
    bought, nora = buys(kiln, "e3", seats=1), the(User, "Nora Quist")
    licences.assign(nora, bought, by=the(User, "Ulla Maas"))
    came = at_once(giving("Nora Quist", bought, licences.unassign), removing("Nora Quist", "Mei Zhou"))
    assert came == [DONE, DONE]
    assert licences.assigned(bought) == 0


@pytest.mark.rule("P3")
@pytest.mark.parametrize("act", ["remove", "demote"])
def test_of_the_last_two_global_admins_who_remove_each_other_one_stays(
    at_once: AtOnce, lotus: Partner, act: str
) -> None:
    gao = the(User, "Gao Rui")
    other, _temporary = adds(lotus, "Kai Moss", "kai@lotus.example", admin=Role.PARTNER_GLOBAL_ADMIN, by=gao)
    ids = (gao.id, other.id)

    def strike(*whom: int) -> Click:
        def click() -> Verb:
            user, by = loaded(User, *whom)
            if act == "remove":
                return lambda: staff.remove(user, by=by)
            return lambda: staff.change(user, user.name, admin=None, by=by)

        return click

    assert at_once(strike(*ids), strike(*ids[::-1])) == [DONE, Code.ROLE]
    assert len(users.global_admins(lotus)) == 1


@pytest.mark.rule("P3")
def test_of_two_who_edit_the_same_person_one_is_told(at_once: AtOnce, lotus: Partner) -> None:
    sara, by_id = the(User, "Sara Blom"), the(User, "Gao Rui").id
    sara_id, seen = sara.id, staff.facts_of(sara)

    def renaming(name: str) -> Click:
        def click() -> Verb:
            user, by = loaded(User, sara_id, by_id)
            return lambda: staff.change(user, name, agent=user.agent, admin=user.admin, by=by, seen=seen)

        return click

    assert at_once(renaming("Sara Berg"), renaming("Sara Moss")) == [DONE, "EDITED_MEANWHILE"]
    assert len(events(EventKind.CHANGE_PARTNER_USER)) == 1


@pytest.mark.rule("P4")
def test_of_two_who_change_one_password_one_comes_too_late(at_once: AtOnce, kiln: Customer, mei: User) -> None:
    ida, temporary = adds(kiln, "Ida Rust", "ida@bluekiln.example", admin=None, by=mei)
    ida_id, current = ida.id, passwords.tried(ida, temporary)

    def changing(text: str) -> Click:
        def click() -> Verb:
            [user] = loaded(User, ida_id)
            db.session.get_one(passwords.Password, ida_id)
            return lambda: passwords.change(user, current, passwords.hashed(text))

        return click

    assert at_once(changing("a better one 1"), changing("another one 2")) == [DONE, Code.PASSWORD_WRONG]
    assert len(events(EventKind.CHANGE_PASSWORD)) == 1


@pytest.mark.rule("P8", "R81")
def test_whoever_is_removed_gets_no_new_password(at_once: AtOnce, kiln: Customer, mei: User) -> None:
    ida, _temporary = adds(kiln, "Ida Rust", "ida@bluekiln.example", admin=None, by=mei)
    ids = (ida.id, the(User, "Ulla Maas").id)

    def reset() -> Verb:
        user, by = loaded(User, *ids)
        return lambda: passwords.reset(user, passwords.temporary(), by=by)

    came = at_once(reset, removing("Ida Rust", "Mei Zhou"))
    assert came in ([DONE, DONE], [DONE, Code.PERSON_REMOVED])
    assert len(events(EventKind.RESET_PASSWORD)) == came.count(DONE) - 1
