"""Who steps into which room: asked for in one go, at every click."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, Integer, and_, bindparam, select

from ..world import database, mailbox
from ..world.questions import Prepared, Question, Row, apart, arriving, columns_of, taken_up
from ..world.rooms import FACTS, Here, Room, could_be_key
from .organisations import Customer, Partner
from .users import User

Values = dict[str, Any]


@dataclass(frozen=True)
class Arrival:
    """A room, and nobody in particular or a person with so many unread letters; `row` is all that was read."""

    room: Here
    row: Row
    user: User | None = None
    unread: int = 0


NUMBER: BindParameter[int] = bindparam("number", type_=Integer)
ARRIVING = Question(
    select(*FACTS, mailbox.unread_by(NUMBER, Room.id), *columns_of(User, Partner, Customer))
    .select_from(Room)
    .outerjoin(User, and_(User.id == NUMBER, User.room_id == Room.id))
    .outerjoin(Partner, and_(Partner.id == User.partner_id, Partner.room_id == Room.id))
    .outerjoin(Customer, and_(Customer.id == User.customer_id, Customer.room_id == Room.id))
    .where(Room.key == bindparam("wanted"))
)


def arrive(room_key: str, user_id: int) -> Arrival | None:
    """The room with this key, if there is one, and the person of that room with this id."""
    if not could_be_key(room_key):
        return None
    prepared, rows = ARRIVING.ask_plainly(wanted=room_key, number=user_id)
    if not rows:
        return None
    room, unread, person, partner, customer = _understood(prepared, row := tuple(rows[0]))
    if not person:
        return Arrival(room, row)
    at = {
        "partner": _partner(partner) if partner else None,
        "customer": arriving(Customer, customer) if customer else None,
    }
    return Arrival(room, row, arriving(User, person, **at), unread)


def _partner(values: Values) -> Partner:
    """An indirect reseller will be asked for its provider; nobody else has one."""
    return taken_up(Partner, values) if values["provider_id"] else arriving(Partner, values, provider=None)


def still_so(arrival: Arrival, line: database.Line) -> bool:
    """Whether room, person and organisation are what they were upon arrival; letters may have come."""
    number = arrival.user.id if arrival.user else 0
    _prepared, rows = ARRIVING.ask_on(line, {"wanted": arrival.room.key, "number": number})
    return bool(rows) and _without_letters(tuple(rows[0])) == _without_letters(arrival.row)


def _without_letters(row: Row) -> Row:
    return row[: len(FACTS)] + row[len(FACTS) + 1 :]


@lru_cache(maxsize=1024)
def _understood(prepared: Prepared, row: Row) -> tuple[Here, int, Values, Values, Values]:
    """The same row is read once: people open many pages one after another."""
    facts = len(FACTS)
    *room, unread = (read := prepared.read(row))[: facts + 1]
    person, partner, customer = apart(read[facts + 1 :], User, Partner, Customer)
    return Here(*room), unread, person, partner, customer
