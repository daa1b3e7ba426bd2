"""Who may do what: the one table (domain section 3)."""

from enum import StrEnum


class Role(StrEnum):
    """A role of a partner user (agent or admin setting, P1) or of a customer's user."""

    ADMIN_AGENT = "admin_agent"
    SALES_AGENT = "sales_agent"
    HELPDESK_AGENT = "helpdesk_agent"
    PARTNER_GLOBAL_ADMIN = "partner_global_admin"
    PARTNER_BILLING_ADMIN = "partner_billing_admin"
    PARTNER_USER_ADMIN = "partner_user_admin"
    GLOBAL_ADMIN = "global_admin"
    BILLING_ADMIN = "billing_admin"
    USER_ADMIN = "user_admin"
    SERVICE_ADMIN = "service_admin"
    HELPDESK_ADMIN = "helpdesk_admin"


class Permission(StrEnum):
    """One thing a person may or may not do."""

    VIEW_CUSTOMERS = "view_customers"
    REQUEST_RELATIONSHIP = "request_relationship"
    VIEW_PARTNER_ACTIVITY = "view_partner_activity"
    ACCEPT_INVITATION = "accept_invitation"
    VIEW_PARTNER_RELATIONSHIPS = "view_partner_relationships"
    REMOVE_PRIVILEGES = "remove_privileges"
    VIEW_CUSTOMER_ACTIVITY = "view_customer_activity"


R, Can = Role, Permission

MAY: dict[Permission, frozenset[Role]] = {
    # Partner users (3.1); RULING: the activity log is for whoever may see customers.
    Can.VIEW_CUSTOMERS: frozenset({R.ADMIN_AGENT, R.SALES_AGENT, R.HELPDESK_AGENT, R.PARTNER_GLOBAL_ADMIN}),
    Can.REQUEST_RELATIONSHIP: frozenset({R.ADMIN_AGENT, R.SALES_AGENT, R.PARTNER_GLOBAL_ADMIN}),  # R10
    Can.VIEW_PARTNER_ACTIVITY: frozenset({R.ADMIN_AGENT, R.SALES_AGENT, R.HELPDESK_AGENT, R.PARTNER_GLOBAL_ADMIN}),
    # The customer's users (3.2); RULING: the activity log is for whoever may see partner relationships.
    Can.ACCEPT_INVITATION: frozenset({R.GLOBAL_ADMIN}),  # R24
    Can.VIEW_PARTNER_RELATIONSHIPS: frozenset({R.GLOBAL_ADMIN, R.BILLING_ADMIN}),  # R49
    Can.REMOVE_PRIVILEGES: frozenset({R.GLOBAL_ADMIN}),  # R53
    Can.VIEW_CUSTOMER_ACTIVITY: frozenset({R.GLOBAL_ADMIN, R.BILLING_ADMIN}),
}

RULE_OF: dict[Permission, str] = {
    Can.VIEW_CUSTOMERS: "P7",
    Can.REQUEST_RELATIONSHIP: "R10",
    Can.VIEW_PARTNER_ACTIVITY: "P7",
    Can.ACCEPT_INVITATION: "R24",
    Can.VIEW_PARTNER_RELATIONSHIPS: "R49",
    Can.REMOVE_PRIVILEGES: "R53",
    Can.VIEW_CUSTOMER_ACTIVITY: "P7",
}


def allowed(roles: frozenset[Role], permission: Permission) -> bool:
    """Rights are the union of everything a person is (P2)."""
    return not MAY[permission].isdisjoint(roles)
