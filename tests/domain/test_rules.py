"""Where each rule comes from."""

import pytest

from shared.domain.rules import DOCUMENTS, RULES, Origin


@pytest.mark.parametrize(
    ("number", "origin", "documents"),
    [
        ("R1", Origin.DOCUMENTED, ("Request a reseller relationship with a customer",)),
        ("R35", Origin.DOCUMENTED, ("Request a reseller relationship with a customer", "Multi-partner")),
        ("R24", Origin.ADOPTED, (DOCUMENTS["g:DAP"], DOCUMENTS["g:AUTO"])),
        ("R20", Origin.RULING, ()),
        ("R30", Origin.RULING, ("Partners: Offer delegated administration",)),
    ],
)
def test_a_rule_says_how_sure_it_is_and_what_it_rests_on(
    number: str, origin: Origin, documents: tuple[str, ...]
) -> None:
    rule = RULES[number]
    assert (rule.number, rule.origin, rule.documents) == (number, origin, documents)


def test_every_document_is_called_by_its_title_and_used() -> None:
    titles = {title for rule in RULES.values() for title in rule.documents}
    assert titles == set(DOCUMENTS.values())


def test_only_a_ruling_may_stand_without_a_document() -> None:
    assert {rule.origin for rule in RULES.values() if not rule.documents} == {Origin.RULING}


def test_the_rules_of_the_request_are_all_there() -> None:
    assert [
        f"R{number}" for number in (*range(1, 64), 67, 68, 69, 70, 71, 73, 76, 81) if f"R{number}" not in RULES
    ] == []
