"""People one can sign in as."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice
from typing import Any

from flask_login import UserMixin
from sqlalchemy import BindParameter, CheckConstraint, ForeignKey, Index, Integer, String, and_, bindparam, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..extensions import Model, db
from ..world import mailbox
from ..world.columns import one_of
from ..world.pages import Page, as_id, page_of
from ..world.questions import Prepared, Question, Row, all_of, taken_up
from ..world.rooms import FACTS, Here, InRoom, Room, RoomQuestion, could_be_key
from .organisations import Customer, Partner
from .permissions import Permission, Role, allowed

Values = dict[str, Any]
MANY = 100  # people on a page: the starter cast fits on one


class User(InRoom, UserMixin, Model):
    """A persona: of a partner, with agent and admin setting (P1), or of a customer, with an admin role or none."""

    __table_args__ = (
        CheckConstraint("(partner_id IS NULL) <> (customer_id IS NULL)", name="one_organisation"),
        Index("ix_user_partner", "partner_id", "agent"),
        Index("ix_user_customer", "customer_id", "admin"),
        Index("ix_user_room", "room_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    email: Mapped[str] = mapped_column(String(100))
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partner.id", ondelete="CASCADE"))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customer.id", ondelete="CASCADE"))
    agent: Mapped[Role | None] = mapped_column(one_of(Role))
    admin: Mapped[Role | None] = mapped_column(one_of(Role))

    partner: Mapped[Partner | None] = relationship(lazy="joined")
    customer: Mapped[Customer | None] = relationship(lazy="joined")

    @property
    def roles(self) -> frozenset[Role]:
        """Everything this person is: agent and admin setting together (P2)."""
        return _roles(self.agent, self.admin)

    @property
    def organisation(self) -> Partner | Customer:
        """Where this person works."""
        organisation = self.partner or self.customer
        assert organisation is not None  # noqa: S101 - the database sees to it
        return organisation

    def may(self, permission: Permission) -> bool:
        """Whether one of this person's roles has the permission (domain section 3)."""
        return allowed(self.roles, permission)

    def __str__(self) -> str:
        return self.name


@cache
def _roles(*settings: Role | None) -> frozenset[Role]:
    return frozenset(role for role in settings if role)


@dataclass(frozen=True)
class Arrival:
    """Who steps into which room: nobody in particular, or a person with so many unread letters."""

    room: Here
    user: User | None = None
    unread: int = 0


NUMBER: BindParameter[int] = bindparam("number", type_=Integer)
ARRIVING = Question(
    select(*FACTS, *User.__table__.c, *Partner.__table__.c, *Customer.__table__.c, mailbox.unread_by(NUMBER, Room.id))
    .select_from(Room)
    .outerjoin(User, and_(User.id == NUMBER, User.room_id == Room.id))
    .outerjoin(Partner, and_(Partner.id == User.partner_id, Partner.room_id == Room.id))
    .outerjoin(Customer, and_(Customer.id == User.customer_id, Customer.room_id == Room.id))
    .where(Room.key == bindparam("wanted"))
)


def arrive(room_key: str, user_id: int) -> Arrival | None:
    """The room with this key, if there is one, and the person of that room with this id, asked for in one go."""
    prepared, rows = ARRIVING.ask_plainly(wanted=room_key, number=user_id) if could_be_key(room_key) else (None, ())
    if prepared is None or not rows:
        return None
    room, person, partner, customer, unread = _understood(prepared, tuple(rows[0]))
    if not person:
        return Arrival(room)
    at = {
        "partner": taken_up(Partner, partner) if partner else None,
        "customer": taken_up(Customer, customer) if customer else None,
    }
    return Arrival(room, taken_up(User, person, **at), unread)


@lru_cache(maxsize=1024)
def _understood(prepared: Prepared, row: Row) -> tuple[Here, Values, Values, Values, int]:
    """The same row is read once: people open many pages one after another."""
    columns = iter(prepared.read(row))
    room = Here(*islice(columns, len(FACTS)))
    names = (model.__table__.c.keys() for model in (User, Partner, Customer))
    person, partner, customer = (dict(zip(n, islice(columns, len(n)), strict=True)) for n in names)
    return room, *(found if found["id"] else {} for found in (person, partner, customer)), next(columns)


def find(user_id: str) -> User | None:
    """The person of this room with this id, which may be anything a stranger typed."""
    number = as_id(user_id)
    return None if number is None else db.session.get(User, number)


AT: BindParameter[int] = bindparam("at")
PERSON = select(*User.__table__.c)
AGENTS = RoomQuestion(PERSON.where(User.partner_id == AT, User.agent == Role.ADMIN_AGENT))
ADMINS = RoomQuestion(PERSON.where(User.customer_id == AT, User.admin == Role.GLOBAL_ADMIN))


def admin_agents(partner: Partner) -> list[User]:
    """Who reads what the service writes to a partner (R30, R60)."""
    return all_of(User, AGENTS.ask(at=partner.id))


def global_admins(customer: Customer) -> list[User]:
    """Who answers for a customer's tenant (R24, R60)."""
    return all_of(User, ADMINS.ask(at=customer.id))


def people(*, partners_only: bool = False, after: int | None = None) -> Page[User]:
    """A page of the people of this room in the order they came, from after user id `after`."""
    query = select(User).where(User.id > (after or 0)).order_by(User.id)
    if partners_only:
        query = query.where(User.partner_id.is_not(None))
    return page_of(query, key=lambda user: user.id, size=MANY)


def by_organisation(people: Sequence[User]) -> dict[Partner | Customer, list[User]]:
    """These people under the organisations they work for, in the order these came."""
    found: dict[Partner | Customer, list[User]] = {}
    for user in sorted(people, key=lambda user: (user.partner_id or 0, user.customer_id or 0)):
        found.setdefault(user.organisation, []).append(user)
    return found


def others(user: User) -> list[User]:
    """Whom one may write to: the first `MANY` others of this room, customers' people first."""
    query = select(User).where(User.id != user.id).order_by(User.customer_id.is_(None), User.id).limit(MANY)
    return list(db.session.scalars(query))
