"""Every way the domain says no."""

import pytest

from shared.domain.refusals import RULE_OF, Code, Refusal


@pytest.mark.rule("P7")
@pytest.mark.parametrize("code", Code)
def test_every_refusal_rests_on_a_rule_of_the_field(code: Code) -> None:
    refusal = Refusal(code)
    assert refusal.rule == RULE_OF[code]
    assert refusal.rule[0] in "RPSB"
    assert refusal.rule[1:].isdecimal()


def test_a_refusal_carries_what_it_is_about_and_its_code_stands_in_the_traceback() -> None:
    refusal = Refusal(Code.DAP_HELD, holder="Jade IT")
    assert (refusal.facts, str(refusal)) == ({"holder": "Jade IT"}, "DAP_HELD")


@pytest.mark.rule("R10")
def test_a_verb_may_name_a_rule_nearer_to_what_was_tried() -> None:
    assert Refusal(Code.ROLE, rule="R10").rule == "R10"


def test_what_history_keeps_is_the_name_of_the_code() -> None:
    assert all(code.name == code.value for code in Code)
