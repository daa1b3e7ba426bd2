"""Two people edit the same thing: the later one is told what changed meanwhile, and then decides."""

from collections.abc import Mapping

Facts = dict[str, str]


class EditedMeanwhile(Exception):
    """Somebody else was faster; `changes` are what the page showed and what stands there now, by field."""

    def __init__(self, changes: dict[str, tuple[str, str]]) -> None:
        super().__init__(changes)
        self.changes = changes


def differing(typed: Mapping[str, str], now: Facts, seen: Mapping[str, str]) -> list[str]:
    """The fields of `now` in which something else was typed.

    `seen` is what the page showed: EditedMeanwhile when something would be changed of which something else stands there
    now.
    """
    changed = [field for field in now if typed[field] != now[field]]
    stale = {field: (seen.get(field, ""), now[field]) for field in now if seen.get(field) != now[field]}
    if changed and stale:
        raise EditedMeanwhile(stale)
    return changed
