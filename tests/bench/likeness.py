"""A bare page of the same bytes: our page taken apart into template text and the values of its rows."""

import html
import re
from dataclasses import dataclass

from markupsafe import escape

TABLE = re.compile(r"(?<=<tbody>)(.*?)(?=</tbody>)", re.DOTALL)
ROW = re.compile(r"(?=<tr(?! class=\"row-detail\"))")
# What a row says: text between tags, and the addresses and ids in its attributes.
VALUE = re.compile(r"(?<=>)\s*([^<>\s][^<>]*?)\s*(?=<)|\b(?:href|id|for|value)=\"((?!/static/)[^\"]+)\"")

Rows = list[list[str]]


@dataclass(frozen=True)
class Likeness:
    """A Jinja template, the rows of each table it draws (each row its shape, then its values), and what that takes."""

    template: str
    tables: list[Rows]

    @property
    def expressions(self) -> int:
        """How many `{{ }}` are worked out and escaped when the page is drawn."""
        return sum(len(row) - 1 for rows in self.tables for row in rows)


def of(page: str) -> Likeness:
    """Everything outside tables is template text; a loop draws the rows, with what differs between them as values."""
    if found := re.search(r"\{[{%#]", page):
        raise ValueError(f"Jinja would read {found.group()} in the page")
    tables: list[Rows] = []
    parts = TABLE.split(page)
    for place in range(1, len(parts), 2):
        parts[place], rows = _loop(ROW.split(parts[place]), f"tables[{len(tables)}]")
        tables.append(rows)
    return Likeness("".join(parts), tables)


def _loop(pieces: list[str], name: str) -> tuple[str, Rows]:
    """The template of one table's rows: one branch for each way a row is built, the most frequent first."""
    before, *sources = pieces
    everywhere = set.intersection(*(set(_values(source)) for source in sources)) if len(sources) > 1 else set()
    taken_apart = [_take_apart(source, everywhere) for source in sources]
    built = [template for template, _ in taken_apart]
    shapes = sorted(set(built), key=lambda shape: (-built.count(shape), shape))
    branches = "".join(
        f"{{% {'elif' if number else 'if'} row[0] == '{number}' %}}{shape}" for number, shape in enumerate(shapes)
    )
    rows = [[str(shapes.index(template)), *values] for template, values in taken_apart]
    loop = f"{{% for row in {name} %}}{branches}{{% endif %}}{{% endfor %}}" if sources else ""
    return before + loop, rows


def _values(source: str) -> list[str]:
    return [found.group(found.lastindex or 0) for found in VALUE.finditer(source)]


def _take_apart(source: str, everywhere: set[str]) -> tuple[str, list[str]]:
    """A row as template and values; what every row of the table says is template text."""
    values: list[str] = []

    def taken(found: re.Match[str]) -> str:
        said = found.group(found.lastindex or 0)
        plain = html.unescape(said)
        if said in everywhere or str(escape(plain)) != said:
            return found.group()
        values.append(plain)
        start, end = (position - found.start() for position in found.span(found.lastindex or 0))
        return f"{found.group()[:start]}{{{{ row[{len(values)}] }}}}{found.group()[end:]}"

    return VALUE.sub(taken, source), values
