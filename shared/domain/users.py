"""People one can sign in as."""

from flask_login import UserMixin
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..extensions import Model, db
from ..world.columns import one_of
from ..world.rooms import InRoom
from .organisations import Customer, Partner
from .permissions import Permission, Role, allowed


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
        return frozenset(role for role in (self.agent, self.admin) if role)

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


def admin_agents(partner: Partner) -> list[User]:
    """Who reads what the service writes to a partner (R30, R60)."""
    return list(db.session.scalars(select(User).where(User.partner_id == partner.id, User.agent == Role.ADMIN_AGENT)))


def global_admins(customer: Customer) -> list[User]:
    """Who answers for a customer's tenant (R24, R60)."""
    wanted = (User.customer_id == customer.id, User.admin == Role.GLOBAL_ADMIN)
    return list(db.session.scalars(select(User).where(*wanted)))


def everyone_but(user: User) -> list[User]:
    """Everybody else in this room, customers' people first."""
    others = select(User).where(User.id != user.id).order_by(User.customer_id.is_(None), User.id)
    return list(db.session.scalars(others))
