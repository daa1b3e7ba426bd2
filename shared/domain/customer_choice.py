"""Which of its customers a partner wants to see, and in what order: a page or a batch at a time, always one query."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Integer, bindparam, tuple_

from ..world.columns import Moment
from ..world.pages import SIZE, Page
from ..world.rooms import RoomQuestion
from .customer_list import LISTED, MATCHING, PLACE, CustomerRow, by_name, by_since, by_word, found, listed, paged
from .organisations import Partner
from .relationships import Administered, Relationship, SearchTerm
from .search import span

BATCH = 500
MOMENT = tuple_(bindparam("place", type_=Moment), bindparam("number", type_=Integer))


class Choice(NamedTuple):
    """Customers of whom a word begins so and who are administered so; by name, or the newest first.

    RULING: what was searched for comes in the order of the word that was found, whatever else was chosen.
    """

    wanted: str = ""
    administered: Administered | None = None
    newest: bool = False


def chosen(partner: Partner, choice: Choice, *, after: Sequence[str] = (), size: int = SIZE) -> Page[CustomerRow]:
    """A page of `choice`, from after the key `after`, as a page gave it; a key that is none begins at the beginning."""
    if size == SIZE and not choice.administered:  # what most people open most often
        if choice.wanted:
            return found(partner, choice.wanted, after=after)
        if not choice.newest:
            return listed(partner, after=after)
    values, place = _values(partner, choice), _place(choice, after)
    question = _question(bool(choice.wanted), bool(choice.administered), choice.newest, bool(place), size)
    order = by_word(choice.wanted) if choice.wanted else by_since if choice.newest else by_name
    return paged(question.ask(**values, **place), order, size)


def everyone(partner: Partner, choice: Choice) -> Iterator[Sequence[CustomerRow]]:
    """All of `choice`, batch by batch, so that a long list never stands in memory as a whole."""
    page = chosen(partner, choice, size=BATCH)
    yield page.rows
    while page.next:
        page = chosen(partner, choice, after=page.next, size=BATCH)
        yield page.rows


def _values(partner: Partner, choice: Choice) -> dict[str, Any]:
    values: dict[str, Any] = {"partner": partner.id}
    if choice.administered:
        values["administered"] = choice.administered
    if choice.wanted:
        values["first"], values["last"] = span(choice.wanted)
    return values


def _place(choice: Choice, after: Sequence[str]) -> dict[str, Any]:
    if not after:
        return {}
    number = int(after[1])
    if choice.wanted or not choice.newest:
        return {"place": after[0], "number": number}
    try:
        return {"place": datetime.fromisoformat(after[0]).replace(tzinfo=UTC), "number": number}
    except ValueError:
        return {}


@cache
def _question(wanted: bool, administered: bool, newest: bool, further: bool, size: int) -> RoomQuestion:
    """Each combination is a range of an index of its own; a search looks through what it found for the state."""
    if wanted:
        query = MATCHING
        beyond = tuple_(SearchTerm.term, SearchTerm.relationship_id) > PLACE
    elif newest:
        query = LISTED.order_by(Relationship.since.desc(), Relationship.id.desc())
        beyond = tuple_(Relationship.since, Relationship.id) < MOMENT
    else:
        query = LISTED.order_by(Relationship.name_key, Relationship.id)
        beyond = tuple_(Relationship.name_key, Relationship.id) > PLACE
    if administered:
        query = query.where(Relationship.administered == bindparam("administered"))
    return RoomQuestion((query.where(beyond) if further else query).limit(size + 1))
