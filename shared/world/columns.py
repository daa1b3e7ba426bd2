"""The column types both databases understand the same way."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import DateTime, Enum, String
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

Word = TypeVar("Word", bound=StrEnum)


class Moment(TypeDecorator[datetime]):
    """A point in time: aware and in UTC in Python. A time without a zone is refused, so that none is ever guessed."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store plain UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Read plain UTC."""
        return None if value is None else value.replace(tzinfo=UTC)


def one_of(words: type[Word]) -> Enum:
    """One of a few fixed words, stored as the word itself."""
    return Enum(words, native_enum=False, length=40, values_callable=lambda kind: [word.value for word in kind])


# Sorted and compared by code point on both databases, so that a range of prefixes means the same on either.
Key = String(120).with_variant(String(120, collation="C"), "postgresql")


class as_json(FunctionElement[str]):  # noqa: N801 - reads as the function of SQL it is
    """Some columns of several rows as one text: a JSON list of lists, so that a list shows it with one query."""

    type = String()
    inherit_cache = True


@compiles(as_json)
def _as_sqlite_says_it(element: as_json, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_group_array(json_array({compiler.process(element.clauses, **options)}))"


@compiles(as_json, "postgresql")
def _as_postgresql_says_it(element: as_json, compiler: SQLCompiler, **options: Any) -> str:
    return f"CAST(json_agg(json_build_array({compiler.process(element.clauses, **options)})) AS VARCHAR)"
