"""Two people edit the same thing: the later one is told what changed meanwhile, and then decides."""

from collections.abc import Mapping

Facts = dict[str, str]


class EditedMeanwhile(Exception):
    """Somebody else was faster.

    `changes` are what the page showed and what stands there `now`, by field; `untouched` is what stands there now
    where nothing else was typed than the page showed: nobody here has decided about that.
    """

    def __init__(self, typed: Mapping[str, str], now: Facts, seen: Mapping[str, str]) -> None:
        super().__init__(typed, now, seen)
        self.now, self.changes, self.untouched = now, stale(now, seen), untouched(typed, now, seen)


def differing(typed: Mapping[str, str], now: Facts, seen: Mapping[str, str]) -> list[str]:
    """The fields of `now` in which something else was typed.

    `seen` is what the page showed: EditedMeanwhile when something would be changed of which something else stands there
    now.
    """
    changed = [field for field in now if typed[field] != now[field]]
    if changed and stale(now, seen):
        raise EditedMeanwhile(typed, now, seen)
    return changed


def stale(now: Facts, seen: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """What the page showed and what stands there now, where that differs."""
    return {field: (seen.get(field, ""), now[field]) for field in now if seen.get(field) != now[field]}


def untouched(typed: Mapping[str, str], now: Facts, seen: Mapping[str, str]) -> Facts:
    """What stands there now in each field that was left as the page showed it."""
    return {field: now[field] for field in now if field in typed and typed[field] == seen.get(field)}
