"""Every rule of the field has a test, and the table of them is what it says."""

from pathlib import Path

from tests.rule_table import FILE, NUMBERS, REQUIRED, marks, table

A_FILE = """
import pytest
pytestmark = [pytest.mark.slow, pytest.mark.rule("R1")]

@pytest.mark.rule("R2", "R3")
class TestAll:
    @pytest.mark.parametrize("one", [1])
    @pytest.mark.rule("R4")
    def test_one(self, one): ...
    def helper(self): ...

def test_two(): ...
"""


def test_every_rule_of_the_journey_has_a_test_that_holds_it() -> None:
    held = marks()
    assert [number for number in REQUIRED if number not in held] == []


def test_no_test_names_a_rule_that_does_not_exist() -> None:
    assert {number: tests for number, tests in marks().items() if number not in NUMBERS} == {}


def test_the_table_in_the_docs_is_the_one_the_tests_make() -> None:
    written = FILE.read_text("utf-8") if FILE.exists() else ""
    assert written == table(marks()), "run: python -m tests.rule_table"


def test_marks_are_read_from_functions_classes_and_whole_files(tmp_path: Path) -> None:
    (tmp_path / "test_sample.py").write_text(A_FILE)
    one, two = "test_sample.py::TestAll::test_one", "test_sample.py::test_two"
    assert marks(tmp_path) == {"R1": [one, two], "R2": [one], "R3": [one], "R4": [one]}
