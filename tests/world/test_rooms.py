"""What happens in one room, no other sees."""

from collections.abc import Iterator

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import joinedload

from shared.domain import passwords
from shared.domain.history import Event, EventKind, record
from shared.domain.licences import Licence
from shared.domain.organisations import Customer, Partner
from shared.domain.passwords import Password
from shared.domain.privileges import Privilege
from shared.domain.relationships import Relationship, SearchTerm
from shared.domain.subscriptions import Subscription
from shared.domain.users import User
from shared.extensions import Model, db
from shared.world import mailbox, rooms
from shared.world.mailbox import Letter
from shared.world.rooms import DapConflict, InRoom, NoRoom, Room
from tests.conftest import furnished_room, the
from tests.domain.conftest import fingerprint

KINDS = (Customer, Event, Letter, Licence, Partner, Password, Privilege, Relationship, SearchTerm, Subscription, User)


@pytest.fixture
def other(room: Room, mei: User) -> Iterator[Room]:
    """A second room with one row of every kind; whatever is done here, it stays as it was."""
    mailbox.post("accepted", to=mei.id)
    record(EventKind.VIEW, by=mei)
    passwords.give_temporary(mei, passwords.temporary())
    made = furnished_room()
    with rooms.inside(made):
        mailbox.post("accepted", to=the(User, "Mei Zhou").id)
        record(EventKind.VIEW, by=None)
        passwords.give_temporary(the(User, "Mei Zhou"), passwords.temporary())
        db.session.commit()
    before = fingerprint(made)
    yield made
    db.session.rollback()
    assert fingerprint(made) == before


def ids_in(room: Room, kind: type[InRoom]) -> set[object]:
    """What the database holds for one room, asked past every rule."""
    table = kind.__table__  # type: ignore[attr-defined]
    return set(db.session.connection().scalars(select(*table.primary_key).where(table.c.room_id == room.id)))


def test_every_kind_of_row_but_the_room_itself_belongs_to_a_room() -> None:
    mapped = {mapper.class_ for mapper in Model.registry.mappers}
    assert mapped - set(KINDS) == {Room}
    assert all(issubclass(kind, InRoom) for kind in KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_query_sees_this_room_alone(kind: type[InRoom], room: Room, other: Room) -> None:
    seen = db.session.scalars(select(kind)).all()
    assert seen
    assert {row.room_id for row in seen} == {room.id}
    with rooms.inside(other):
        assert {row.room_id for row in db.session.scalars(select(kind))} == {other.id}


@pytest.mark.parametrize("kind", KINDS)
def test_a_query_outside_every_room_fails(kind: type[InRoom], room: Room) -> None:
    rooms.enter(None)
    for query in (select(kind), select(func.count()).select_from(kind), delete(kind)):
        with pytest.raises((NoRoom, StatementError)) as failed:
            db.session.execute(query)
        assert isinstance(getattr(failed.value, "orig", failed.value), NoRoom)
    rooms.enter(rooms.facts_of(room))


def test_joins_columns_counts_and_subqueries_see_this_room_alone(room: Room, other: Room) -> None:
    assert db.session.scalar(select(func.count()).select_from(Customer)) == 4
    assert len(db.session.execute(select(User.name, Customer.name).join(Customer)).all()) == 9
    names = select(Partner.id).where(Partner.name == "Jade IT")
    assert len(db.session.scalars(select(User).where(User.partner_id.in_(names))).all()) == 1
    assert db.session.query(User).options(joinedload(User.customer)).count() == 19


@pytest.mark.parametrize("kind", [Customer, Partner, User, Subscription, Privilege, Relationship, Letter, Event])
def test_getting_a_row_of_another_room_by_its_id_finds_nothing(kind: type[InRoom], room: Room, other: Room) -> None:
    mine, theirs = ids_in(room, kind), ids_in(other, kind)
    db.session.expunge_all()
    assert theirs
    assert [db.session.get(kind, id_) for id_ in theirs] == [None] * len(theirs)
    assert all(db.session.get(kind, id_) for id_ in mine)


def test_update_and_delete_statements_reach_this_room_alone(room: Room, other: Room) -> None:
    db.session.execute(update(Customer).values(market="US"))
    db.session.execute(delete(Letter))
    db.session.execute(delete(Event).where(Event.id > 0))
    assert ids_in(room, Letter) == set()
    assert {customer.market for customer in db.session.scalars(select(Customer))} == {"US"}


def test_a_row_of_another_room_is_not_changed_from_here(room: Room, other: Room) -> None:
    with rooms.inside(other):
        theirs = the(Customer, "Blue Kiln")
    theirs.name = "Taken over"
    with pytest.raises(NoRoom):
        db.session.flush()


def test_a_row_of_another_room_is_not_deleted_from_here(room: Room, other: Room) -> None:
    with rooms.inside(other):
        theirs = db.session.scalars(select(Letter)).one()
    db.session.delete(theirs)
    with pytest.raises(NoRoom):
        db.session.flush()


def test_a_row_is_not_made_in_another_room_from_here_nor_outside_every_room(room: Room, other: Room) -> None:
    db.session.add(Customer(name="Smuggled", domain="smuggled.example", room_id=other.id))
    with pytest.raises(NoRoom):
        db.session.flush()
    db.session.rollback()
    db.session.add(Customer(name="Nowhere", domain="nowhere.example"))
    rooms.enter(None)
    with pytest.raises(NoRoom):
        db.session.flush()
    db.session.rollback()
    rooms.enter(rooms.facts_of(room))


def test_a_new_row_belongs_to_the_room_it_was_made_in(room: Room, other: Room) -> None:
    customer = Customer(name="Ours", domain="ours.example")
    db.session.add(customer)
    db.session.flush()
    assert customer.room_id == room.id


def test_two_rooms_may_hold_the_same_companies(room: Room, other: Room) -> None:
    ours = the(Partner, "Lotus Cloud").microsoft_id
    with rooms.inside(other):
        assert the(Partner, "Lotus Cloud").microsoft_id != ours


def test_a_rooms_key_is_long_and_random(room: Room, other: Room) -> None:
    keys = {rooms.open_room().key for _ in range(20)} | {room.key, other.key}
    assert len(keys) == 22
    assert all(len(key) >= 22 for key in keys)


def test_stepping_inside_another_room_for_a_while_leads_back(room: Room, other: Room) -> None:
    with rooms.inside(other):
        assert rooms.here_id() == other.id
        with pytest.raises(ZeroDivisionError), rooms.inside(room):
            1 / 0  # noqa: B018 - whatever goes wrong inside
        assert rooms.here_id() == other.id
    assert rooms.here_id() == room.id


def test_outside_every_room_there_is_no_here(room: Room) -> None:
    rooms.enter(None)
    with pytest.raises(NoRoom):
        rooms.here()
    rooms.enter(rooms.facts_of(room))
    assert rooms.here_id() == room.id


def test_a_rooms_settings_hold_at_once_here_and_nowhere_else(room: Room, other: Room) -> None:
    rooms.change(dap_conflict=DapConflict.REFUSE)
    assert rooms.here().dap_conflict is DapConflict.REFUSE
    assert room.dap_conflict is DapConflict.REFUSE
    with rooms.inside(other):
        assert rooms.here().dap_conflict is DapConflict.REPLACE
