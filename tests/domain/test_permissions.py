"""Who may do what: the product's table against the one of the field, row by row (domain 3.1 and 3.2)."""

import itertools

import pytest

from shared.domain.permissions import MAY, RULE_OF, Permission, Role, allowed
from shared.domain.rules import RULES

# Action; Admin agent, Sales agent, Helpdesk agent, Global admin, Billing admin, User management admin (3.1).
PARTNER_USERS = """
view_customers              Y Y Y Y - -
add_customer                Y Y - Y - -
edit_customer               Y Y Y Y - -
edit_customer_billing       Y Y - Y - -
request_relationship        Y Y - Y - -
remove_relationship         - - - Y - -
manage_subscriptions        Y Y - Y - -
view_customer_agreement     Y Y - Y Y -
view_service_health         Y - Y Y - -
view_pricing                Y - - Y Y -
view_invoices               Y - - Y Y -
view_agreements             Y - - Y Y -
view_profiles               Y Y - Y Y Y
manage_users                - - - Y - Y
view_partner_activity       Y Y Y Y - -
"""
# Action; Global admin, Billing admin, User management admin, Service admin, Helpdesk admin (3.2).
CUSTOMER_USERS = """
accept_invitation           Y - - - -
view_partner_relationships  Y Y - - -
remove_privileges           Y - - - -
create_users                Y - Y - -
reset_passwords             Y - Y - Y
view_message_center         Y Y Y Y Y
open_service_request        Y Y Y Y Y
view_own_subscriptions      Y Y Y - -
view_customer_activity      Y Y - - -
"""
AGENTS_AND_ADMINS = (
    Role.ADMIN_AGENT,
    Role.SALES_AGENT,
    Role.HELPDESK_AGENT,
    Role.PARTNER_GLOBAL_ADMIN,
    Role.PARTNER_BILLING_ADMIN,
    Role.PARTNER_USER_ADMIN,
)
TENANT_ROLES = (Role.GLOBAL_ADMIN, Role.BILLING_ADMIN, Role.USER_ADMIN, Role.SERVICE_ADMIN, Role.HELPDESK_ADMIN)


def said(table: str, roles: tuple[Role, ...]) -> dict[str, frozenset[Role]]:
    """A table of the field as sets of roles."""
    rows = (line.split() for line in table.strip().splitlines())
    return {
        name: frozenset(role for role, cell in zip(roles, cells, strict=True) if cell == "Y") for name, *cells in rows
    }


FIELD = said(PARTNER_USERS, AGENTS_AND_ADMINS) | said(CUSTOMER_USERS, TENANT_ROLES)


@pytest.mark.rule("R10", "R24", "R49", "R53")
@pytest.mark.parametrize(("permission", "role"), list(itertools.product(Permission, Role)))
def test_each_role_may_what_the_field_says_and_nothing_else(permission: Permission, role: Role) -> None:
    assert permission in FIELD, f"write down who may {permission} in the table above"
    assert allowed(frozenset({role}), permission) == (role in FIELD[permission])


@pytest.mark.rule("R1")
def test_no_permission_belongs_to_both_sides() -> None:
    for roles in MAY.values():
        assert roles <= set(AGENTS_AND_ADMINS) or roles <= set(TENANT_ROLES)


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
