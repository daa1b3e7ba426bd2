"""Who may do what: the product's table against the one of the field, row by row (domain 3.1 and 3.2)."""

import itertools
from pathlib import Path

import pytest

from shared.domain.permissions import MAY, RULE_OF, Permission, Role, allowed
from shared.domain.rules import RULES

TABLES = Path(__file__).with_name("roles.txt").read_text("utf-8")


def field() -> dict[str, dict[str, bool]]:
    """What the two tables of the field say: for each action, each role of that side and whether it may."""
    found: dict[str, dict[str, bool]] = {}
    roles: list[str] = []
    for words in map(str.split, TABLES.splitlines()):
        if words[1:2] == ["USERS"]:
            roles = words[3:]
        elif roles and words[1:] and set(words[1:]) <= {"Y", "-"}:
            found[words[0]] = {role: cell == "Y" for role, cell in zip(roles, words[1:], strict=True)}
    return found


FIELD = field()


def test_the_tables_of_the_field_name_every_permission_and_every_role() -> None:
    assert set(FIELD) == set(Permission)
    assert {role for row in FIELD.values() for role in row} == set(Role)
    assert len(FIELD) > 30


@pytest.mark.rule("R10", "R24", "R36", "R49", "R53", "R64", "P3", "P6", "S5")
@pytest.mark.parametrize(("permission", "role"), list(itertools.product(Permission, Role)))
def test_each_role_may_what_the_field_says_and_nothing_else(permission: Permission, role: Role) -> None:
    assert allowed(frozenset({role}), permission) == FIELD[permission].get(role, False)


@pytest.mark.rule("R1")
def test_no_permission_belongs_to_both_sides() -> None:
    sides = {frozenset(row) for row in FIELD.values()}
    assert len(sides) == 2
    for roles in MAY.values():
        assert any(roles <= side for side in sides)


@pytest.mark.rule("P2")
def test_rights_are_the_union_of_both_settings() -> None:
    helps, bills = Role.HELPDESK_AGENT, Role.PARTNER_GLOBAL_ADMIN
    assert not allowed(frozenset({helps}), Permission.REQUEST_RELATIONSHIP)
    assert allowed(frozenset({helps, bills}), Permission.REQUEST_RELATIONSHIP)
    assert not any(allowed(frozenset(), permission) for permission in Permission)


@pytest.mark.rule("P7")
def test_every_permission_names_the_rule_that_says_no() -> None:
    assert set(RULE_OF) == set(MAY) == set(Permission)
    assert set(RULE_OF.values()) <= set(RULES)
