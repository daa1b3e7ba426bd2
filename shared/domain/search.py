"""Finding a customer by how a word of its name or domain begins, at the same cost among ten or a million.

Each place where a word begins is one row; a search is one range of an ordered index, alike on both databases.
Chinese has no spaces, so there every character begins a word, and so does whatever follows one.
"""

import re
import unicodedata

WIDTH = 40
MOST = 16
BEGINNINGS = re.compile(r"[⺀-鿿豈-﫿]|(?<![^\W_⺀-鿿豈-﫿])[^\W_]")
LAST = "\U0010ffff"


def fold(text: str) -> str:
    """How text is compared: compatibility forms and case folded, no control characters, one space between words."""
    return printable(unicodedata.normalize("NFKC", text).casefold())


def printable(text: str) -> str:
    """Text without control characters and with one space between words."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def beginnings(*texts: str) -> set[str]:
    """What to file texts under: from each beginning of a word, up to `WIDTH` characters."""
    found: set[str] = set()
    for text in map(fold, texts):
        starts = [match.start() for match in BEGINNINGS.finditer(text)][:MOST]
        found.update(text[start : start + WIDTH] for start in starts)
    return found


def span(wanted: str) -> tuple[str, str]:
    """The range of filed beginnings that start with what was typed: from the first up to, not including, the second."""
    prefix = fold(wanted)[:WIDTH]
    return prefix, prefix + LAST
