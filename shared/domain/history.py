"""What happened, as rows beside what changed: written in the same transaction, never edited (R81)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Select, func, or_, select, text
from sqlalchemy.orm import Mapped, aliased, joinedload, mapped_column, relationship

from ..extensions import Model, db
from ..world import clock
from ..world.columns import Moment, one_of
from ..world.pages import Page, page_of
from ..world.rooms import InRoom, filing_here
from .organisations import Customer, Partner
from .refusals import Code, Refusal
from .services import Service
from .subscriptions import Subscription
from .users import User


class EventKind(StrEnum):
    """What was done or tried; the service's own audit keys where it has one (domain section 10)."""

    ASK = "request_relationship"
    SEND_INVITATION = "send_relationship_request"
    OPEN_LINK = "open_relationship_request"
    ADD_CUSTOMER = "add_customer"
    WORK_ON_BEHALF = "administer_on_behalf"
    EDIT_CUSTOMER = "update_customer"
    EDIT_CUSTOMER_BILLING = "update_customer_billing_profile"
    ADD_RELATIONSHIP = "add_partner_customer_relationship"
    END_RELATIONSHIP = "remove_partner_customer_relationship"
    GRANT_DAP = "dap_admin_relationship_approved"
    END_DAP = "dap_admin_relationship_terminated"
    ORDER = "create_order"
    UPDATE_SUBSCRIPTION = "update_subscription"
    SUSPEND_SUBSCRIPTION = "suspend_subscription"
    REACTIVATE_SUBSCRIPTION = "reactivate_subscription"
    CANCEL_SUBSCRIPTION = "cancel_subscription"
    UPGRADE_SUBSCRIPTION = "upgrade_subscription"
    RENEW_SUBSCRIPTION = "renew_subscription"
    LAPSE_SUBSCRIPTION = "lapse_subscription"
    DELETE_SUBSCRIPTION = "delete_subscription"
    ASSIGN_LICENCE = "assign_license"
    UNASSIGN_LICENCE = "unassign_license"
    SUSPEND_PARTNER = "suspend_partner"
    REACTIVATE_PARTNER = "reactivate_partner"
    CHANGE_ROOM = "change_room_setting"
    ADD_PARTNER_USER = "create_partner_user"
    CHANGE_PARTNER_USER = "update_partner_user"
    REMOVE_PARTNER_USER = "remove_partner_user"
    ADD_CUSTOMER_USER = "create_customer_user"
    CHANGE_CUSTOMER_USER = "update_customer_user"
    REMOVE_CUSTOMER_USER = "delete_customer_user"
    RESET_PASSWORD = "reset_user_password"  # noqa: S105 - what was done, not a password
    CHANGE_PASSWORD = "change_user_password"  # noqa: S105 - likewise
    ASK_RECOVERY = "request_password_recovery"
    SIGN_IN = "sign_in"
    VIEW = "view_page"


A_MOMENT = timedelta(minutes=5)
ABOUT_ONE = text("subscription_id IS NOT NULL")


class Event(InRoom, Model):
    """One thing that happened, or was refused: who, when, to whom, old and new. Ids and keys, never text for people."""

    __table_args__ = (
        Index("ix_event_room", "room_id", "id"),
        Index("ix_event_partner", "partner_id", "id"),
        Index("ix_event_customer", "customer_id", "id"),
        Index("ix_event_subscription", "subscription_id", "id", sqlite_where=ABOUT_ONE, postgresql_where=ABOUT_ONE),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment, default=clock.now)
    kind: Mapped[EventKind] = mapped_column(one_of(EventKind))
    refused: Mapped[Code | None] = mapped_column(one_of(Code))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partner.id", ondelete="CASCADE"))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customer.id", ondelete="CASCADE"))
    subscription_id: Mapped[int | None] = mapped_column(ForeignKey("subscription.id", ondelete="CASCADE"))
    service: Mapped[Service | None] = mapped_column(one_of(Service))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    by: Mapped[User | None] = relationship()
    partner: Mapped[Partner | None] = relationship()
    customer: Mapped[Customer | None] = relationship()
    subscription: Mapped[Subscription | None] = relationship()


RECORDING = filing_here(Event)


def record(
    kind: EventKind,
    *services: Service,
    by: User | None,
    partner: Partner | None = None,
    customer: Customer | None = None,
    subscription: Subscription | None = None,
    refused: Code | None = None,
    at: datetime | None = None,
    **facts: Any,
) -> None:
    """Write down what is happening in the transaction that does it: one entry for each service, or one about none.

    `facts` are JSON values such as old and new; a subscription's nickname of this moment is added to them. `at` is for
    what has happened before now and is only written down now.
    What a partner's user does to a customer is in the log of both (R81).
    """
    partner = partner or (by.partner if by else None)
    if subscription and subscription.nickname:
        facts["called"] = subscription.nickname
    entry = {
        "at": at or clock.now(),
        "kind": kind,
        "refused": refused,
        "by_id": by and by.id,
        "partner_id": partner and partner.id,
        "customer_id": customer and customer.id,
        "subscription_id": subscription and subscription.id,
        "facts": facts,
    }
    RECORDING.give(*(entry | {"service": service} for service in services or (None,)))


def record_refusal(kind: EventKind, refusal: Refusal, *, by: User | None, **facts: Any) -> None:
    """Write down that `by` tried something and was told no, and why."""
    about = refusal.facts
    service = about.get("service")
    record(
        kind,
        *([service] if service else []),
        by=by,
        partner=about.get("partner") or (by.partner if by else None),
        customer=about.get("customer") or (by and (by.acting.customer if by.acting else by.customer)),
        subscription=about.get("subscription"),
        refused=refusal.code,
        rule=refusal.rule,
        **facts,
    )


def of_partner(partner: Partner, *, before: int | None = None) -> Page[Event]:
    """A page of what a partner's activity log shows, newest first: its own refusals, not those of its customers."""
    mine = or_(Event.refused.is_(None), Event.by.has(User.partner_id == partner.id))
    return _newest(select(Event).where(Event.partner_id == partner.id, mine), before)


def of_customer(customer: Customer, *, before: int | None = None) -> Page[Event]:
    """A page of what a customer's activity log shows, newest first: its own refusals, not those of its partners."""
    mine = or_(Event.refused.is_(None), Event.by.has(User.customer_id == customer.id))
    shown = Event.kind != EventKind.SEND_INVITATION  # a letter is the sender's business until it is answered (R19)
    return _newest(select(Event).where(Event.customer_id == customer.id, mine, shown), before)


def of_subscription(subscription: Subscription) -> Sequence[Event]:
    """The newest page of what was done to one subscription, newest first; what was refused is left out.

    The first entry of another stands here too where its fact `beside` says so: an add-on's order in the history of its
    base (S4), an upgrade in that of what it was before (S12). Only what the customer bought since can say it.
    """
    log = aliased(Event)
    first = select(func.min(log.id)).where(log.subscription_id == Subscription.id).scalar_subquery()
    bought_since = (Subscription.customer_id == subscription.customer_id, Subscription.id > subscription.id)
    told = select(log.id).where(log.subscription_id == subscription.id).union_all(select(first).where(*bought_since))
    mine = or_(Event.subscription_id == subscription.id, Event.facts["beside"].as_integer() == subscription.id)
    return _newest(select(Event).where(Event.id.in_(told), mine, Event.refused.is_(None)), None).rows


def newest_about(person: User, *kinds: EventKind) -> list[Event]:
    """The last of these things that was done to somebody, if any was. RULING: people stand in history by their name."""
    column = Event.partner_id if person.partner_id else Event.customer_id
    mine = (column == (person.partner_id or person.customer_id), Event.refused.is_(None), Event.kind.in_(kinds))
    named = Event.facts["person"].as_string() == person.name
    return list(db.session.scalars(_told(select(Event).where(*mine, named)).limit(1)))


def just_did(kind: EventKind, organisation: Partner | Customer, person: str | None = None, *, by: User) -> bool:
    """Whether `by` did this to an organisation, or to a `person` there, a moment ago: a button may be pressed twice."""
    column = Event.partner_id if isinstance(organisation, Partner) else Event.customer_id
    mine = (column == organisation.id, Event.by_id == by.id, Event.kind == kind, Event.refused.is_(None))
    told = select(Event.id).where(*mine, Event.at > clock.now() - A_MOMENT).limit(1)
    if person is not None:
        told = told.where(Event.facts["person"].as_string() == person)
    return db.session.scalar(told) is not None


def of_room(*, before: int | None = None) -> Page[Event]:
    """A page of everything that happened in this room, newest first."""
    return _newest(select(Event), before)


def newest_id() -> int:
    """The number of the last thing that happened in this room; 0 where nothing did."""
    return db.session.scalar(select(Event.id).order_by(Event.id.desc()).limit(1)) or 0


def invitations_sent(partner: Partner) -> Page[Event]:
    """The newest entries of the partner's own sent log: a training aid, never a status of the service (R19)."""
    sent = (Event.kind == EventKind.SEND_INVITATION, Event.refused.is_(None))
    return _newest(select(Event).where(Event.partner_id == partner.id, *sent), None)


def _newest(query: Select[tuple[Event]], before: int | None) -> Page[Event]:
    if before:
        query = query.where(Event.id < before)
    return page_of(_told(query), key=lambda event: event.id)


def _told(query: Select[tuple[Event]]) -> Select[tuple[Event]]:
    """Newest first, with everybody it was about at hand."""
    everyone = [joinedload(each) for each in (Event.by, Event.partner, Event.customer, Event.subscription)]
    return query.order_by(Event.id.desc()).options(*everyone)
