"""What a customer sees of its partners (R44-R50): who they are, what they sell, what they administer."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Integer, String, and_, bindparam, func, select, tuple_

from ..world.pages import SIZE, Page
from ..world.questions import Prepared, Row, apart, columns_of, taken_up
from ..world.rooms import RoomQuestion
from .held import Held, held_in, lines_in, services_in
from .organisations import Customer, Partner
from .relationships import Administered, Relationship, RelationshipType, type_of
from .services import Service
from .subscriptions import sold_by


class Shown(StrEnum):
    """Which rows the customer wants to see; ended ones only when asked (R47)."""

    ACTIVE = "active"
    ADMINS = "admins"
    ENDED = "ended"


@dataclass(frozen=True)
class PartnerRow:
    """One partner of a customer: the tie, what it holds or held by service, and how many subscriptions it sold.

    It stands as the driver gave it: a row that was drawn before need not be understood again.
    """

    question: Prepared
    row: Row

    @cached_property
    def _read(self) -> tuple[Relationship, Partner, int]:
        *columns, sold = self.question.read(self.row)
        tie, of = apart(columns, Relationship, Partner)
        partner = taken_up(Partner, of)
        return taken_up(Relationship, tie, partner=partner), partner, sold

    @property
    def relationship(self) -> Relationship:
        """The tie, active or ended."""
        return self._read[0]

    @property
    def partner(self) -> Partner:
        """Whose row it is."""
        return self._read[1]

    @property
    def sold(self) -> int:
        """How many live subscriptions it sold here (R46)."""
        return self._read[2]

    @property
    def held(self) -> dict[Service, Held]:
        """What is or was held, by service."""
        return held_in(self.relationship.held)

    @property
    def lines(self) -> tuple[Held | None, ...]:
        """What is or was held on each service (see `held`)."""
        return lines_in(self.relationship.held)

    @property
    def services(self) -> list[Service]:
        """The services administered now."""
        return services_in(self.relationship.held)

    @property
    def administers(self) -> bool:
        """Whether it holds anything now; the rest of the row need not be understood for that."""
        return bool(self.row[ADMINISTERED] != Administered.NOT)

    @property
    def type(self) -> RelationshipType:
        """What the row is called (R47)."""
        return type_of(self.partner, administers=bool(self.services))


ADMINISTERED = [column.name for column in columns_of(Relationship)].index("administered")
ROW = (
    select(*columns_of(Relationship, Partner), sold_by(Relationship.partner_id, Relationship.customer_id))
    .join(Partner, Partner.id == Relationship.partner_id)
    .where(Relationship.customer_id == bindparam("customer"))
)
BY_NAME = ROW.order_by(Partner.name, Relationship.id).limit(SIZE + 1)
SHOWN = {
    Shown.ACTIVE: Relationship.until.is_(None),
    Shown.ADMINS: and_(Relationship.until.is_(None), Relationship.administered != Administered.NOT),
    Shown.ENDED: Relationship.until.is_not(None),
}
NAMED: ColumnElement[bool] = func.lower(Partner.name).like(
    "%" + func.lower(bindparam("wanted", type_=String)) + "%", escape="/"
)
PLACE = tuple_(bindparam("place", type_=String), bindparam("number", type_=Integer))
AFTER = tuple_(Partner.name, Relationship.id) > PLACE
PAGES = {
    (shown, bool(named), bool(after)): RoomQuestion(BY_NAME.where(condition, *named, *after))
    for shown, condition in SHOWN.items()
    for named in ((), (NAMED,))
    for after in ((), (AFTER,))
}
ONE = RoomQuestion(ROW.where(Partner.microsoft_id == bindparam("wanted")))


def partners_of(
    customer: Customer, *, wanted: str = "", shown: Shown = Shown.ACTIVE, after: Sequence[str] = ()
) -> Page[PartnerRow]:
    """A page of the customer's partners by name, those whose name contains `wanted`; one query."""
    values: dict[str, Any] = {"customer": customer.id}
    if wanted:
        values["wanted"] = re.sub(r"([%_/])", r"/\1", wanted)
    if after:
        values |= {"place": after[0], "number": int(after[1])}
    question, found = PAGES[shown, bool(wanted), bool(after)].ask_plainly(**values)
    rows = [PartnerRow(question, tuple(row)) for row in found[:SIZE]]
    last = rows[-1] if len(found) > SIZE else None
    return Page(rows, (last.partner.name, str(last.relationship.id)) if last else None)


def row_of(customer: Customer, microsoft_id: str) -> PartnerRow | None:
    """One partner of the customer, active or ended, by its Microsoft ID."""
    if "\0" in microsoft_id:  # PostgreSQL takes no such text
        return None
    question, found = ONE.ask_plainly(customer=customer.id, wanted=microsoft_id)
    return PartnerRow(question, tuple(found[0])) if found else None
