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
# Code points that never are characters, the last among them.
NEVER = "".join(chr(plane | last) for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF))
CONTROLS = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u206f\ufff9-\ufffb\ud800-\udfff\ufdd0-\ufdef"
    + NEVER
    + "]"
)
SPACES = re.compile(r"[\u00a0\u1680\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff]")


def fold(text: str) -> str:
    """How text is compared: compatibility forms and case folded, nothing invisible, one space between words."""
    if text.isascii() and text.isprintable():
        return " ".join(text.lower().split())  # all that is left to do, in a tenth of the time
    folded = plain_spaces(unicodedata.normalize("NFKC", text).casefold())
    return printable(folded if folded.isprintable() else "".join(c for c in folded if unicodedata.category(c) != "Cf"))


def printable(text: str) -> str:
    """Text without control characters and with one space between words."""
    return " ".join(CONTROLS.sub(" ", plain_spaces(text)).split())


def plain_spaces(text: str) -> str:
    """Text with an ordinary space for each that is wider, narrower or stuck; lines and tabs stay."""
    return SPACES.sub(" ", text)


def writable(text: str) -> bool:
    """Whether people write this: no control character, and nothing that lets text read otherwise than it is.

    Joiners, marks of direction, characters of one's own and those newer than our tables are written.
    """
    return CONTROLS.search(text) is None


def filed(text: str) -> str:
    """What text is ordered by, and found by its beginning."""
    return fold(text)[:WIDTH]


def beginnings(*texts: str) -> list[str]:
    """What to file texts under, in order: from each beginning of a word, up to `WIDTH` characters."""
    found: set[str] = set()
    for text in map(fold, texts):
        starts = [match.start() for match in BEGINNINGS.finditer(text)][:MOST]
        found.update(text[start : start + WIDTH] for start in starts)
    return sorted(found)


def span(wanted: str) -> tuple[str, str]:
    """The range of filed beginnings that start with what was typed: from the first up to, not including, the second."""
    prefix = filed(wanted)
    return prefix, prefix + LAST
