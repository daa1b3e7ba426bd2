"""The customer list as a file for spreadsheets."""

import csv
import io
import re
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import IO
from urllib.parse import quote

from flask_babel import gettext as _

from shared.domain import customer_choice
from shared.domain.customer_choice import Choice
from shared.domain.customer_list import CustomerRow
from shared.domain.organisations import Partner
from shared.domain.relationships import type_of
from shared.domain.search import fold
from shared.web.labels import label
from shared.world import calendar

IN_MEMORY = 1_000_000  # bytes; a longer file waits on the disk until it has been sent
PIECE = 64_000
MARK = "\ufeff"  # by which spreadsheets know UTF-8, and so Chinese
ACTS = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")  # what a cell begins with that a spreadsheet would carry out


def written(partner: Partner, choice: Choice) -> IO[bytes]:
    """The customers of `choice`, headed in the reader's language, open at the beginning; no more than a batch at once.

    RULING: relationship and delegated admin are columns of their own, as they are facts of their own (R2).
    """
    file: IO[bytes] = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - `pieces` closes it
    tie = label(type_of(partner, administers=False))
    heads = (_("Microsoft ID"), _("Company name"), _("Primary domain"), _("Relationship"), _("Delegated admin"))
    file.write((MARK + _lines([heads])).encode())
    for rows in customer_choice.everyone(partner, choice):
        file.write(_lines([_cells(row, tie) for row in rows]).encode())
    file.seek(0)
    return file


def pieces(file: IO[bytes]) -> Iterator[bytes]:
    """The file bit by bit, and gone after the last."""
    with file:
        yield from iter(lambda: file.read(PIECE), b"")


def to_keep_as(partner: Partner) -> str:
    """The header that names the file: whose customers, and of which day in the room; company names may be Chinese."""
    company = re.sub(r"[\W_]+", "-", fold(partner.name)).strip("-")
    name = quote(f"customers-{company}-{calendar.today():%Y-%m-%d}.csv")
    return f"attachment; filename=customers.csv; filename*=UTF-8''{name}"


def _cells(row: CustomerRow, tie: str) -> tuple[str, ...]:
    administered = "; ".join(map(label, row.services)) or _("none")
    return row.microsoft_id, row.name, row.domain, tie, administered


def _lines(rows: list[tuple[str, ...]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([[harmless(cell) for cell in row] for row in rows])
    return text.getvalue()


def harmless(cell: str) -> str:
    """The cell as text: what a spreadsheet would take for a formula is quoted, as spreadsheets do it themselves."""
    return f"'{cell}" if ACTS.match(cell) else cell
