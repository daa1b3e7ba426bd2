"""Who steps into which room: asked for in one go, at every click."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import BindParameter, Integer, and_, bindparam, null, select

from ..extensions import Model
from ..world import database, mailbox
from ..world.questions import Prepared, Question, Row, apart, arriving, columns_of, taken_up
from ..world.rooms import FACTS, Here, Room, could_be_key
from . import due
from .organisations import Customer, Partner
from .users import User

Values = dict[str, Any]
Organisation = type[Partner] | type[Customer]


@dataclass(frozen=True)
class Arrival:
    """A room, and nobody in particular or a person with so many unread letters.

    `next_due` is when something next happens there by itself, for whoever came to write. `row` is all that was read, in
    answer to `asked`.
    """

    room: Here
    asked: Question
    row: Row
    next_due: datetime | None = None
    user: User | None = None
    unread: int = 0


NUMBER: BindParameter[int] = bindparam("number", type_=Integer)
FRESH = slice(len(FACTS), len(FACTS) + 2)  # what may change at any time: letters, and what is due


@cache
def _arriving(organisation: Organisation | None, *, writing: bool) -> Question:
    """A room, and with it somebody of such an organisation: no table is asked for nobody."""
    next_due = due.soonest(Room.id) if writing else null()
    if organisation is None:
        return Question(select(*FACTS, null(), next_due).where(Room.key == bindparam("wanted")))
    works_for = User.partner_id if organisation is Partner else User.customer_id
    people = (User, organisation)
    return Question(
        select(*FACTS, mailbox.unread_by(NUMBER, Room.id), next_due, *columns_of(*people))
        .select_from(Room)
        .outerjoin(User, and_(User.id == NUMBER, User.room_id == Room.id))
        .outerjoin(organisation, and_(organisation.id == works_for, organisation.room_id == Room.id))
        .where(Room.key == bindparam("wanted"))
    )


def arrive(room_key: str, user_id: int, organisation: Organisation, *, writing: bool = False) -> Arrival | None:
    """The room with this key, if there is one, and the person of that room with this id; 0 is nobody.

    `organisation` is what people work for who come in by this door; somebody of another one is found as well.
    """
    if not could_be_key(room_key):
        return None
    asked = _arriving(organisation if user_id else None, writing=writing)
    prepared, rows = asked.ask_plainly(wanted=room_key, number=user_id)
    if not rows:
        return None
    room, unread, next_due, person, theirs = _understood(prepared, organisation, row := tuple(rows[0]))
    user = _person(person, organisation, theirs) if person else None
    return Arrival(room, asked, row, next_due, user, unread)


def _person(person: Values, organisation: Organisation, theirs: Values) -> User:
    """Whoever will be asked for more has a session to ask: a stranger at this door, a provider's reseller."""
    if not theirs:
        return taken_up(User, person)
    if organisation is Customer:
        return arriving(User, person, partner=None, customer=arriving(Customer, theirs))
    partner = taken_up(Partner, theirs) if theirs["provider_id"] else arriving(Partner, theirs, provider=None)
    return arriving(User, person, partner=partner, customer=None)


def still_so(arrival: Arrival, line: database.Line) -> bool:
    """Whether room, person and organisation are as upon arrival; letters may have come, and other things be due."""
    number = arrival.user.id if arrival.user else 0
    _prepared, rows = arrival.asked.ask_on(line, {"wanted": arrival.room.key, "number": number})
    return bool(rows) and _lasting(tuple(rows[0])) == _lasting(arrival.row)


def _lasting(row: Row) -> Row:
    return row[: FRESH.start] + row[FRESH.stop :]


@lru_cache(maxsize=1024)
def _understood(
    prepared: Prepared, organisation: Organisation, row: Row
) -> tuple[Here, int, datetime | None, Values, Values]:
    """The same row is read once: people open many pages one after another."""
    read = prepared.read(row)
    unread, next_due = read[FRESH]
    people: tuple[type[Model], ...] = (User, organisation)
    person, theirs = apart(read[FRESH.stop :], *people) if len(read) > FRESH.stop else ({}, {})
    return Here(*read[: FRESH.start]), unread or 0, next_due, person, theirs
