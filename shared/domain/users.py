"""People one can sign in as."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache

from flask_login import UserMixin
from sqlalchemy import (
    BindParameter,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    bindparam,
    or_,
    select,
    text,
    tuple_,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from ..extensions import Model, db
from ..world import database
from ..world.columns import Key, Moment, one_of
from ..world.pages import Page, as_id, page_of
from ..world.questions import all_of, columns_of
from ..world.rooms import InRoom, RoomQuestion
from .organisations import Customer, Partner
from .permissions import NEVER_ON_BEHALF, RULE_OF, Permission, Role, allowed
from .refusals import Code, Refusal
from .search import filed, fold
from .services import Service

PRESENT = text("until IS NULL")
GLOBAL_ADMINS = (Role.PARTNER_GLOBAL_ADMIN, Role.GLOBAL_ADMIN)
MANY = 100  # people on a page: the starter cast fits on one


class SignIn(StrEnum):
    """How a person comes in: the starter cast with one click, accounts made in the room with a password (P4)."""

    ONE_CLICK = "one_click"
    TEMPORARY = "temporary"  # the password it was given, to be changed before anything else
    PASSWORD = "password"  # noqa: S105 - how one signs in, not a password


@dataclass(frozen=True)
class Acting:
    """What a partner's user is inside a customer's tenant (R36): where, as what, and for which services (R6)."""

    customer: Customer
    role: Role
    services: frozenset[Service]


class User(InRoom, UserMixin, Model):
    """Somebody of a partner, with agent and admin setting (P1), or of a customer, with an admin role or none.

    Removed people are kept, because history names them; they have no role, no way in and no place in any list.
    """

    __table_args__ = (
        CheckConstraint("(partner_id IS NULL) <> (customer_id IS NULL)", name="one_organisation"),
        # P4: no two people sign in under one name.
        Index("one_person_per_email", "room_id", "email", unique=True, sqlite_where=PRESENT, postgresql_where=PRESENT),
        Index("ix_user_partner_list", "partner_id", "name_key", "id", sqlite_where=PRESENT, postgresql_where=PRESENT),
        Index("ix_user_customer_list", "customer_id", "name_key", "id", sqlite_where=PRESENT, postgresql_where=PRESENT),
        Index("ix_user_partner", "partner_id", "agent"),
        Index("ix_user_customer", "customer_id", "admin"),
        Index("ix_user_room", "room_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    name_key: Mapped[str] = mapped_column(Key, server_default="")
    email: Mapped[str] = mapped_column(String(100))
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partner.id", ondelete="CASCADE"))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customer.id", ondelete="CASCADE"))
    agent: Mapped[Role | None] = mapped_column(one_of(Role))
    admin: Mapped[Role | None] = mapped_column(one_of(Role))
    sign_in: Mapped[SignIn] = mapped_column(
        one_of(SignIn), default=SignIn.ONE_CLICK, server_default=SignIn.ONE_CLICK.value
    )
    session_version: Mapped[int] = mapped_column(default=0, server_default="0")  # one more ends every session
    until: Mapped[datetime | None] = mapped_column(Moment)  # when the person was removed

    partner: Mapped[Partner | None] = relationship(lazy="joined")
    customer: Mapped[Customer | None] = relationship(lazy="joined")

    @property
    def roles(self) -> frozenset[Role]:
        """Everything this person is: agent and admin setting together (P2); nothing once removed."""
        return _roles(self.agent, self.admin) if self.until is None else frozenset()

    @property
    def organisation(self) -> Partner | Customer:
        """Where this person works."""
        organisation = self.partner or self.customer
        assert organisation is not None  # noqa: S101 - the database sees to it
        return organisation

    @property
    def acting(self) -> Acting | None:
        """On whose behalf this person works for the moment, if on anybody's; said once a click, never kept."""
        return self.__dict__.get("_acting")

    def act(self, acting: Acting) -> None:
        """Work on behalf of a customer until this click is answered."""
        self.__dict__["_acting"] = acting

    @property
    def acts_as(self) -> frozenset[Role]:
        """The roles that count here: one's own, or the one a customer's delegated admin gives (R36)."""
        return frozenset({self.acting.role}) if self.acting else self.roles

    def may(self, permission: Permission) -> bool:
        """Whether one of the roles that count has the permission (domain section 3); some, no partner ever has."""
        return allowed(self.acts_as, permission) and not (self.acting and permission in NEVER_ON_BEHALF)

    def get_id(self) -> str:
        """What a session remembers: it ends when the password changes or the person is removed."""
        return f"{self.id}.{self.session_version}"

    @validates("name")
    def _file(self, _column: str, name: str) -> str:
        """Lists go by the folded name."""
        self.name_key = filed(name)
        return name

    def __str__(self) -> str:
        return self.name


@cache
def _roles(*settings: Role | None) -> frozenset[Role]:
    return frozenset(role for role in settings if role)


def find(user_id: str) -> User | None:
    """The person of this room with this id, which may be anything a stranger typed; none once removed."""
    number = as_id(user_id)
    return None if number is None else db.session.scalar(select(User).where(User.id == number, User.until.is_(None)))


def why_not_there(user: User) -> Refusal | None:
    """Why nothing of this person can be changed any more: whoever is removed stays so (P3, R81)."""
    return None if user.until is None else Refusal(Code.PERSON_REMOVED, user=user)


def with_email(email: str) -> User | None:
    """Who signs in under this name, however it is written, if anybody does."""
    return db.session.scalar(select(User).where(User.email == fold(email), User.until.is_(None)))


AT: BindParameter[int] = bindparam("at")
PERSON = select(*columns_of(User))
AGENTS = RoomQuestion(PERSON.where(User.partner_id == AT, User.agent == Role.ADMIN_AGENT, User.until.is_(None)))


def admin_agents(partner: Partner) -> list[User]:
    """Who reads what the service writes to a partner (R30, R60)."""
    return all_of(User, AGENTS.ask(at=partner.id))


def global_admins(organisation: Partner | Customer) -> list[User]:
    """Who answers for a customer's tenant (R24, R60), or for a partner's account (P5)."""
    wanted = (_works_for(organisation), User.admin.in_(GLOBAL_ADMINS), User.until.is_(None))
    return list(db.session.scalars(select(User).where(*wanted)))


def staff(organisation: Partner | Customer, wanted: str = "", *, after: Sequence[str] = ()) -> Page[User]:
    """A page of an organisation's people by name, from after the key `after` (folded name and id).

    With `wanted`, only those of whose name a word, or whose sign-in name, begins with it.
    """
    query = select(User).where(_works_for(organisation), User.until.is_(None)).order_by(User.name_key, User.id)
    if typed := fold(wanted):
        name, email = User.name_key, User.email
        starts = (column.startswith(typed, autoescape=True) for column in (name, email))
        query = query.where(or_(*starts, name.contains(f" {typed}", autoescape=True)))
    if after:
        query = query.where(tuple_(User.name_key, User.id) > (after[0], int(after[1])))
    return page_of(query, key=lambda user: (user.name_key, str(user.id)))


def people(*, partners_only: bool = False, after: int | None = None) -> Page[User]:
    """A page of the people of this room in the order they came, from after user id `after`."""
    query = select(User).where(User.id > (after or 0), User.until.is_(None)).order_by(User.id)
    if partners_only:
        query = query.where(User.partner_id.is_not(None))
    return page_of(query, key=lambda user: user.id, size=MANY)


def lock(organisation: Partner | Customer, *people: User) -> None:
    """Let only one person at a time change who works for `organisation`, and see `people` as they are now."""
    if not database.writers_queue():
        kind = type(organisation)
        db.session.execute(select(kind.id).where(kind.id == organisation.id).with_for_update(key_share=True))
    seen_anew = select(User).where(User.id.in_({user.id for user in people}))
    db.session.scalars(seen_anew.execution_options(populate_existing=True)).all()


def _works_for(organisation: Partner | Customer) -> ColumnElement[bool]:
    column = User.partner_id if isinstance(organisation, Partner) else User.customer_id
    return column == organisation.id


def by_organisation(people: Sequence[User]) -> dict[Partner | Customer, list[User]]:
    """These people under the organisations they work for, in the order these came."""
    found: dict[Partner | Customer, list[User]] = {}
    for user in sorted(people, key=lambda user: (user.partner_id or 0, user.customer_id or 0)):
        found.setdefault(user.organisation, []).append(user)
    return found


def others(user: User) -> list[User]:
    """Whom one may write to: the first `MANY` others of this room, customers' people first."""
    present = (User.id != user.id, User.until.is_(None))
    query = select(User).where(*present).order_by(User.customer_id.is_(None), User.id).limit(MANY)
    return list(db.session.scalars(query))


def why_not(user: User, permission: Permission) -> Refusal | None:
    """Why this person may not: on behalf of a customer nobody may (R24, R53), or the role does not allow it (P7).

    A permission belongs to one side alone, so whoever may works for a partner (3.1), or for a customer (3.2).
    """
    if user.may(permission):
        return None
    if user.acting and permission in NEVER_ON_BEHALF:
        about = {"partner": user.partner, "customer": user.acting.customer}
        return Refusal(Code.NOT_ON_BEHALF, rule=RULE_OF[permission], **about)
    return not_in_the_role(permission)


def not_in_the_role(permission: Permission) -> Refusal:
    """What everybody reads whose role does not allow this (P7)."""
    return Refusal(Code.ROLE, rule=RULE_OF[permission], permission=permission)
