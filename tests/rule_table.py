"""Which test holds which rule of the field, read from the tests themselves: `python -m tests.rule_table`."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from shared.domain.rules import RULES, Origin

TESTS = Path(__file__).resolve().parent
FILE = TESTS.parent / "docs" / "rules.md"
LAST = {"R": 81, "P": 8, "S": 13, "B": 14}  # of each kind of rule
NUMBERS = {f"{kind}{number}" for kind, last in LAST.items() for number in range(1, last + 1)}
REQUIRED = [f"R{number}" for number in (*range(1, 64), *range(68, 72), 76, 81)]
SURE = {
    Origin.DOCUMENTED: "documented",
    Origin.ADOPTED: "adopted from the global edition",
    Origin.RULING: "our ruling",
}
HEAD = """# Rules and the tests that hold them

Written by `python -m tests.rule_table`; do not edit. The numbers are those of the code: R relationship, P permissions,
S subscriptions. *Documented*: a document of the China edition says so. *Adopted*: only the global edition does. *Our
ruling*: no document decides it, so we did. Tests stand below `tests/`.

| Rule | Origin | Documents | Tests |
|---|---|---|---|
"""


@cache
def marks(tests: Path = TESTS) -> dict[str, list[str]]:
    """The tests that name each rule, as file::function, in the order of files and lines."""
    held: dict[str, list[str]] = {}
    for file in sorted(tests.rglob("test_*.py")):
        module = ast.parse(file.read_text("utf-8"))
        for test, numbers in _tests_of(module, [], ""):
            for number in numbers:
                held.setdefault(number, []).append(f"{file.relative_to(tests).as_posix()}::{test}")
    return {number: list(dict.fromkeys(held[number])) for number in sorted(held, key=in_order)}


def _tests_of(
    body: ast.Module | ast.ClassDef, numbers_above: list[str], class_above: str
) -> Iterator[tuple[str, list[str]]]:
    """Each test function and the rules it names: its own, its class's, its file's."""
    numbers = numbers_above + [n for line in body.body for n in _pytestmark(line)]
    for node in body.body:
        if isinstance(node, ast.ClassDef):
            yield from _tests_of(node, numbers + _named(node.decorator_list), f"{class_above}{node.name}::")
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            yield f"{class_above}{node.name}", numbers + _named(node.decorator_list)


def _pytestmark(line: ast.stmt) -> list[str]:
    if isinstance(line, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "pytestmark" for t in line.targets):
        return _named(line.value.elts if isinstance(line.value, ast.List | ast.Tuple) else [line.value])
    return []


def _named(marks: list[ast.expr]) -> list[str]:
    """The numbers in the `pytest.mark.rule(...)` among these."""
    return [
        str(number.value)
        for mark in marks
        if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.rule"
        for number in mark.args
        if isinstance(number, ast.Constant)
    ]


def in_order(number: str) -> tuple[int, int]:
    """R before P before S before B, and by number within."""
    return "RPSB".index(number[0]), int(number[1:])


def table(held: dict[str, list[str]]) -> str:
    """The table as Markdown: every rule we know or test."""
    numbers = sorted({*RULES, *held}, key=in_order)
    return HEAD + "".join(f"{_row(number, held.get(number, []))}\n" for number in numbers)


def _row(number: str, tests: list[str]) -> str:
    known = RULES.get(number)
    origin, documents = (SURE[known.origin], "; ".join(known.documents)) if known else ("", "")
    return f"| {number} | {origin} | {documents} | {'<br>'.join(f'`{test}`' for test in tests)} |"


if __name__ == "__main__":
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(table(marks()), "utf-8")
