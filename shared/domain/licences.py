"""Licences: which of a customer's people use which subscription (S5). Never more of them than seats were bought."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, delete, func, select, update
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from ..extensions import Model, db
from ..world import clock
from ..world.columns import Moment
from ..world.pages import Page, page_of
from ..world.rooms import InRoom
from . import capabilities, history, subscriptions, users
from .capabilities import Action
from .history import EventKind
from .keeping import why_not_active, why_not_live
from .permissions import Permission, Role
from .refusals import Code, Refusal
from .subscriptions import LIVE, Status, Subscription
from .users import User


class Licence(InRoom, Model):
    """One seat of one subscription in one person's hands; gone with either."""

    __table_args__ = (
        UniqueConstraint("user_id", "subscription_id"),
        Index("ix_licence_subscription", "subscription_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    subscription_id: Mapped[int] = mapped_column(ForeignKey("subscription.id", ondelete="CASCADE"))
    since: Mapped[datetime] = mapped_column(Moment, default=clock.now)

    user: Mapped[User] = relationship()
    subscription: Mapped[Subscription] = relationship()


def assigned(subscription: Subscription) -> int:
    """How many of its seats are in somebody's hands."""
    return assigned_of([subscription]).get(subscription.id, 0)


def assigned_of(some: Collection[Subscription]) -> dict[int, int]:
    """The same for several at once, by subscription id; what nobody uses, or has ended, is left out."""
    mine = Licence.subscription_id.in_([subscription.id for subscription in some if subscription.is_live])
    query = select(Licence.subscription_id, func.count()).where(mine).group_by(Licence.subscription_id)
    return dict(db.session.execute(query).tuples().all())


def of_user(user: User) -> list[Licence]:
    """Everything this person has a licence for, in the order it was bought; its subscription is at hand."""
    return of_users([user]).get(user.id, [])


def of_users(people: Collection[User]) -> dict[int, list[Licence]]:
    """The same for several people at once, by user id; whoever has none is left out."""
    mine = select(Licence, Subscription).join(Licence.subscription).where(Licence.user_id.in_([u.id for u in people]))
    found: dict[int, list[Licence]] = {}
    for licence, subscription in db.session.execute(mine.order_by(Licence.subscription_id)):
        if subscription.is_live:
            found.setdefault(licence.user_id, []).append(licence)
    return found


def why_not_manage(subscription: Subscription, *, by: User) -> Refusal | None:
    """Why this person may not give or take licences of it, else None.

    Global and User management admins of the tenant may (3.2); of a partner Admin agents, who work there as Global
    admins (R36), where it holds delegated admin on a service of the subscription (R6, R58).
    """
    if by.partner:
        if Role.ADMIN_AGENT not in by.roles:  # the setting decides here, not a row of table 3.1
            return Refusal(Code.ROLE, rule="R36", permission=Permission.MANAGE_CUSTOMER_USERS)
        return capabilities.why_not(Action.ASSIGN_LICENCES, by.partner, subscription)
    if by.customer_id != subscription.customer_id:
        return Refusal(Code.OTHER_TENANT, user=by, subscription=subscription)
    return users.why_not(by, Permission.MANAGE_CUSTOMER_USERS)


@dataclass(frozen=True)
class Choice:
    """One subscription beside one person: how much of it is in use, whether they have it, and why they cannot."""

    subscription: Subscription
    assigned: int
    held: bool
    refusal: Refusal | None


def choices(user: User, some: Sequence[Subscription], *, by: User) -> list[Choice]:
    """Each of these subscriptions as `by` may give it to `user`; two queries for all of them."""
    held, taken = {licence.subscription_id for licence in of_user(user)}, assigned_of(some)
    known = [(one, taken.get(one.id, 0), one.id in held) for one in some]
    return [Choice(*facts, _why_not_assign(user, *facts, by=by)) for facts in known]


def why_not_assign(user: User, subscription: Subscription, *, by: User) -> Refusal | None:
    """Why `by` cannot give `user` a licence: as `why_not_manage`, or the subscription, the person or the seats."""
    return choices(user, [subscription], by=by)[0].refusal


def _why_not_assign(user: User, subscription: Subscription, taken: int, held: bool, *, by: User) -> Refusal | None:
    if refusal := why_not_manage(subscription, by=by):
        return refusal
    if refusal := why_not_active(subscription):
        return refusal
    about: dict[str, Any] = {"user": user, "subscription": subscription, "customer": subscription.customer}
    if user.customer_id != subscription.customer_id or user.until:
        return Refusal(Code.OTHER_TENANT, **about)
    if held:
        return Refusal(Code.HAS_LICENCE, **about)
    if taken >= subscription.seats:
        return Refusal(Code.NO_FREE_SEAT, seats=subscription.seats, **about)
    return None


def find(user: User, subscription: Subscription) -> Licence | None:
    """This person's licence of this subscription, if there is one."""
    pair = (Licence.user_id == user.id, Licence.subscription_id == subscription.id)
    return db.session.scalar(select(Licence).where(*pair))


def assign(user: User, subscription: Subscription, *, by: User) -> Licence:
    """Give `user` one seat of it; two who reach for the last one wait for each other. Refuses as `why_not_assign`."""
    users.lock(user.organisation, user)
    subscriptions.lock(subscription)
    if refusal := why_not_assign(user, subscription, by=by):
        raise refusal
    licence = Licence(user_id=user.id, subscription_id=subscription.id)
    db.session.add(licence)
    db.session.flush()
    _record(EventKind.ASSIGN_LICENCE, user, subscription, by=by)
    return licence


def unassign(user: User, subscription: Subscription, *, by: User) -> bool:
    """Take `user`'s seat back; false, and nothing changes, when there is none. Refuses as `why_not_manage` does."""
    users.lock(user.organisation, user)  # whoever is being removed loses all of them
    subscriptions.lock(subscription)
    if refusal := why_not_manage(subscription, by=by):
        raise refusal
    if (licence := find(user, subscription)) is None:
        return False
    db.session.delete(licence)
    db.session.flush()
    _record(EventKind.UNASSIGN_LICENCE, user, subscription, by=by)
    return True


def free(subscription: Subscription) -> int:
    """Take every licence of it back, because it has ended (S7, S8); how many there were.

    What frees them is written down as one event by the caller, not as one for each person.
    """
    freed = db.session.execute(delete(Licence).where(Licence.subscription_id == subscription.id))
    return int(freed.rowcount)  # type: ignore[attr-defined]


def move(source: Subscription, target: Subscription) -> int:
    """Give everybody who has a licence of `source` one of `target` instead (S12); how many there are."""
    mine = update(Licence).where(Licence.subscription_id == source.id)
    moved = db.session.execute(mine.values(subscription_id=target.id))
    return int(moved.rowcount)  # type: ignore[attr-defined]


def take_all(user: User) -> None:
    """Take every licence of somebody who leaves back; the leaving is what is written down."""
    db.session.execute(delete(Licence).where(Licence.user_id == user.id))


def holders(subscription: Subscription, *, after: int | None = None) -> Page[Licence]:
    """A page of who has a licence of it, in the order they got it, from after licence id `after`."""
    mine = (Licence.subscription_id == subscription.id, Licence.id > (after or 0))
    query = select(Licence).where(*mine).options(joinedload(Licence.user)).order_by(Licence.id)
    return page_of(query, key=lambda licence: licence.id)


def why_not_change_own(subscription: Subscription) -> Refusal:
    """Why a customer never changes what it bought, whatever its role: the seller does, in Partner Center (S5).

    What has ended not even the seller does (S8).
    """
    changes = Refusal(Code.SELLER_CHANGES, seller=subscription.seller, subscription=subscription)
    return why_not_live(subscription) or changes


def why_not_sign_in(user: User) -> Refusal | None:
    """Why an ordinary user is locked out: everything they have a licence for is suspended (S6); else None.

    Admins keep their sign-in. RULING: whoever has no licence at all signs in to an empty house.
    """
    if user.customer is None or user.roles:
        return None
    held = [licence.subscription for licence in of_user(user)]
    if not held or any(subscription.status is Status.ACTIVE for subscription in held):
        return None
    return Refusal(Code.LOCKED_OUT, user=user, customer=user.customer, subscription=held[0])


def depend_on(subscription: Subscription, add_ons: Collection[Subscription]) -> int:
    """How many ordinary people its suspension, with its add-ons, locks out: nothing else of theirs is active.

    As `why_not_sign_in` says of each. Neither suspending nor reactivating it changes how many that are.
    """
    own = [subscription.id, *(add_on.id for add_on in add_ons)]
    held = select(Licence.id).join(Licence.subscription).where(Licence.user_id == User.id, LIVE)
    this = held.where(Subscription.id.in_(own)).exists()
    other = held.where(Subscription.id.not_in(own), Subscription.suspended_at.is_(None)).exists()
    mine = (User.customer_id == subscription.customer_id, User.admin.is_(None), User.until.is_(None))
    return db.session.scalar(select(func.count()).select_from(User).where(*mine, this, ~other)) or 0


def _record(kind: EventKind, user: User, subscription: Subscription, *, by: User) -> None:
    customer = subscription.customer
    history.record(kind, by=by, partner=by.partner, customer=customer, subscription=subscription, person=user.name)
