"""What a partner sees of its customers (R37, R59): two queries a page, however long the list."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, select, tuple_
from sqlalchemy.orm import aliased, joinedload

from ..extensions import db
from ..world.pages import SIZE, Page, page_of
from .organisations import Customer, Partner
from .privileges import EndReason, Privilege
from .relationships import Relationship, SearchTerm
from .search import span
from .services import Service


@dataclass(frozen=True)
class Held:
    """Delegated admin on one service as a list shows it: since when, and if it ended, when and why."""

    service: Service
    since: datetime
    until: datetime | None
    ended_by: EndReason | None

    @property
    def in_force(self) -> bool:
        """Whether it is held now."""
        return self.until is None


@dataclass
class CustomerRow:
    """One customer in a partner's list: the tie since when, and what delegated admin there is or was, by service."""

    customer_id: int
    microsoft_id: str
    name: str
    domain: str
    since: datetime
    held: dict[Service, Held] = field(default_factory=dict)

    @property
    def lines(self) -> tuple[Held | None, ...]:
        """What is or was held on each service, in the order of services; none where nothing ever was."""
        return tuple(map(self.held.get, Service))

    @property
    def services(self) -> list[Service]:
        """The services administered now."""
        return [held.service for held in self.held.values() if held.in_force]


Found = tuple[int, str, str, str, datetime, str]

LISTED = (
    select(
        Customer.id,
        Customer.microsoft_id,
        Customer.name,
        Customer.domain,
        Relationship.since,
        Relationship.name_key,
        Relationship.id,
    )
    .join(Relationship, Relationship.customer_id == Customer.id)
    .where(Relationship.until.is_(None))
)


def listed(partner: Partner, *, after: Sequence[str] = ()) -> Page[CustomerRow]:
    """A page of the partner's customers by name, from after the key `after` (name key and id, as a page gave it)."""
    query = LISTED.where(Relationship.partner_id == partner.id).order_by(Relationship.name_key, Relationship.id)
    if after:
        query = query.where(tuple_(Relationship.name_key, Relationship.id) > (after[0], int(after[1])))
    return _page(partner, query)


def found(partner: Partner, wanted: str, *, after: Sequence[str] = ()) -> Page[CustomerRow]:
    """A page of those customers of whose name or domain a word begins with `wanted`, in the order of that word."""
    first, last = span(wanted)
    earlier = aliased(SearchTerm)
    is_first = ~(
        select(earlier.term)
        .where(earlier.relationship_id == SearchTerm.relationship_id)
        .where(and_(earlier.term >= first, earlier.term < SearchTerm.term))
        .exists()
    )
    in_range = (SearchTerm.partner_id == partner.id, SearchTerm.term >= first, SearchTerm.term < last)
    query = (
        LISTED.add_columns(SearchTerm.term)
        .join(SearchTerm, SearchTerm.relationship_id == Relationship.id)
        .where(*in_range, is_first)
        .order_by(SearchTerm.term, SearchTerm.relationship_id)
    )
    if after:
        query = query.where(tuple_(SearchTerm.term, SearchTerm.relationship_id) > (after[0], int(after[1])))
    return _page(partner, query)


def _page(partner: Partner, query: Select[Any], size: int = SIZE) -> Page[CustomerRow]:
    page = page_of(query, key=_key, entities=False, size=size)
    rows = {row[0]: CustomerRow(*row[:5]) for row in page.rows}
    for customer_id, held in _held(partner, list(rows)):
        rows[customer_id].held[held.service] = held
    return Page(list(rows.values()), page.next)


def _key(row: Row[Any]) -> tuple[str, str]:
    """Where a row stands: its term in a search, else its name, and the relationship's id."""
    return row[7] if len(row) > 7 else row[5], str(row[6])


def _held(partner: Partner, customer_ids: list[int]) -> list[tuple[int, Held]]:
    if not customer_ids:
        return []
    columns = (Privilege.customer_id, Privilege.service, Privilege.since, Privilege.until, Privilege.ended_by)
    wanted = (Privilege.partner_id == partner.id, Privilege.customer_id.in_(customer_ids))
    return [(row[0], Held(*row[1:])) for row in db.session.execute(select(*columns).where(*wanted))]


def lost_lately(partner: Partner) -> list[Privilege]:
    """The partner's last five losses of delegated admin, newest first (R59)."""
    lost = select(Privilege).where(Privilege.partner_id == partner.id, Privilege.until.is_not(None))
    shown = lost.order_by(Privilege.until.desc()).limit(5).options(joinedload(Privilege.customer))
    return list(db.session.scalars(shown))


def newest(partner: Partner) -> list[CustomerRow]:
    """The last five customers that joined the list, newest first."""
    query = LISTED.where(Relationship.partner_id == partner.id).order_by(Relationship.since.desc())
    return _page(partner, query).rows[:5]
