"""What a partner sees of its customers (R37, R59): one query a page, however long the list."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from itertools import groupby, islice
from typing import NamedTuple

from sqlalchemy import BindParameter, Integer, String, bindparam, cast, exists, select, tuple_
from sqlalchemy.orm import joinedload

from ..extensions import db
from ..world.pages import SIZE, Page
from ..world.questions import Row
from ..world.rooms import RoomQuestion
from .held import Held, held_in, lines_in, moment_in, services_in
from .organisations import Customer, Partner
from .privileges import Privilege
from .relationships import Relationship, SearchTerm
from .search import beginnings, filed, span
from .services import Service


class CustomerRow(NamedTuple):
    """One customer in a partner's list: the tie since when, and what delegated admin there is or was, by service.

    Both stand as the database says them in words, so that a row that was drawn before need not be understood again.
    """

    microsoft_id: str
    name: str
    domain: str
    since_text: str
    held_text: str | None
    number: int  # of the relationship

    @property
    def since(self) -> datetime:
        """When the tie began."""
        return moment_in(self.since_text)

    @property
    def held(self) -> dict[Service, Held]:
        """What is or was held, by service, in the order of services."""
        return held_in(self.held_text)

    @property
    def lines(self) -> tuple[Held | None, ...]:
        """What is or was held on each service (see `held`)."""
        return lines_in(self.held_text)

    @property
    def services(self) -> list[Service]:
        """The services administered now."""
        return services_in(self.held_text)


class Loss(NamedTuple):
    """Delegated admin on some services of one customer that ended at one moment, as `end` did."""

    customer: Customer
    services: list[Service]
    end: Privilege
    listed: bool  # whether the customer is in the partner's list now


AS_ROW: Callable[[Row], CustomerRow] = partial(tuple.__new__, CustomerRow)  # `_make`, without a step in Python for each
ROW = (
    Customer.microsoft_id,
    Customer.name,
    Customer.domain,
    cast(Relationship.since, String).label("since_text"),
    Relationship.held,
    Relationship.id,
)
PARTNER: BindParameter[int] = bindparam("partner")
PLACE = tuple_(bindparam("place", type_=String), bindparam("number", type_=Integer))
LISTED = (
    select(*ROW)
    .join(Relationship, Relationship.customer_id == Customer.id)
    .where(Relationship.partner_id == PARTNER, Relationship.until.is_(None))
)
BY_NAME = LISTED.order_by(Relationship.name_key, Relationship.id).limit(SIZE + 1)
FIRST = RoomQuestion(BY_NAME)
FURTHER = RoomQuestion(BY_NAME.where(tuple_(Relationship.name_key, Relationship.id) > PLACE))
TIED = (Relationship.partner_id == Privilege.partner_id, Relationship.customer_id == Privilege.customer_id)
LISTED_NOW = exists().where(*TIED, Relationship.until.is_(None))
NEWEST = RoomQuestion(LISTED.order_by(Relationship.since.desc()).limit(5))

# A customer of whom two words begin with what was typed stands where the first of them does, and there alone.
MATCHING = (
    select(*ROW)
    .join(Relationship, Relationship.customer_id == Customer.id)
    .join(SearchTerm, SearchTerm.relationship_id == Relationship.id)
    .where(SearchTerm.partner_id == PARTNER, Relationship.until.is_(None), SearchTerm.previous < bindparam("first"))
    .where(SearchTerm.term >= bindparam("first"), SearchTerm.term < bindparam("last"))
    .order_by(SearchTerm.term, SearchTerm.relationship_id)
    .limit(SIZE + 1)
)
FOUND = RoomQuestion(MATCHING)
FOUND_FURTHER = RoomQuestion(MATCHING.where(tuple_(SearchTerm.term, SearchTerm.relationship_id) > PLACE))


def listed(partner: Partner, *, after: Sequence[str] = ()) -> Page[CustomerRow]:
    """A page of the partner's customers by name, from after the key `after` (name key and id, as a page gave it)."""
    if after:
        return paged(FURTHER.ask(partner=partner.id, place=after[0], number=int(after[1])), by_name)
    return paged(FIRST.ask(partner=partner.id), by_name)


def found(partner: Partner, wanted: str, *, after: Sequence[str] = ()) -> Page[CustomerRow]:
    """A page of those customers of whose name or domain a word begins with `wanted`, in the order of that word."""
    first, last = span(wanted)
    if after:
        place = {"place": after[0], "number": int(after[1])}
        return paged(FOUND_FURTHER.ask(partner=partner.id, first=first, last=last, **place), by_word(wanted))
    return paged(FOUND.ask(partner=partner.id, first=first, last=last), by_word(wanted))


def newest(partner: Partner) -> Sequence[CustomerRow]:
    """The last five customers that joined the list, newest first."""
    return paged(NEWEST.ask(partner=partner.id), by_since).rows


def paged(found: Sequence[Row], place: Callable[[CustomerRow], str], size: int = SIZE) -> Page[CustomerRow]:
    """A page of `size` rows, of which one more was asked for; where the last has its `place`, the list goes on."""
    rows = tuple(map(AS_ROW, found[:size]))
    return Page(rows, (place(rows[-1]), str(rows[-1].number)) if len(found) > size else None)


# Where a row stands in a list: worked out of the last row alone rather than asked of every row.


def by_name(row: CustomerRow) -> str:
    """Among names."""
    return filed(row.name)


def by_since(row: CustomerRow) -> str:
    """Among moments."""
    return row.since_text


def by_word(wanted: str) -> Callable[[CustomerRow], str]:
    """Among the words that begin with what was wanted."""
    prefix, _last = span(wanted)
    return lambda row: next(word for word in beginnings(row.name, row.domain) if word.startswith(prefix))


def lost_lately(partner: Partner) -> list[Loss]:
    """The partner's last five losses of delegated admin, newest first (R59); several services at once are one."""
    mine = (Privilege.partner_id == partner.id, Privilege.until.is_not(None))
    newest = (Privilege.until.desc(), Privilege.customer_id, Privilege.ended_by)
    lost = select(Privilege, LISTED_NOW).where(*mine).order_by(*newest).limit(5 * len(Service))
    rows = db.session.execute(lost.options(joinedload(Privilege.customer))).tuples()
    acts = groupby(rows, key=lambda row: (row[0].until, row[0].customer_id, row[0].ended_by, row[1]))
    return [_loss([span for span, _listed in act], listed=key[-1]) for key, act in islice(acts, 5)]


def _loss(spans: list[Privilege], *, listed: bool) -> Loss:
    services = {span.service for span in spans}
    return Loss(spans[0].customer, [each for each in Service if each in services], spans[0], listed)
