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
    """One thing a person may or may not do: a row of table 3.1 or 3.2 of the field."""

    # Partner users (3.1).
    VIEW_CUSTOMERS = "view_customers"
    ADD_CUSTOMER = "add_customer"
    EDIT_CUSTOMER = "edit_customer"
    EDIT_CUSTOMER_BILLING = "edit_customer_billing"
    REQUEST_RELATIONSHIP = "request_relationship"
    REMOVE_RELATIONSHIP = "remove_relationship"
    MANAGE_SUBSCRIPTIONS = "manage_subscriptions"
    VIEW_CUSTOMER_AGREEMENT = "view_customer_agreement"
    VIEW_CUSTOMER_HEALTH = "view_customer_health"
    ADMINISTER_ON_BEHALF = "administer_on_behalf"
    REQUEST_CUSTOMER_SUPPORT = "request_customer_support"
    REQUEST_PARTNER_SUPPORT = "request_partner_support"
    VIEW_PRICES = "view_prices"
    VIEW_INVOICES = "view_invoices"
    VIEW_AGREEMENTS = "view_agreements"
    VIEW_PROFILES = "view_profiles"
    EDIT_PROFILES = "edit_profiles"
    EDIT_BILLING_PROFILE = "edit_billing_profile"
    EDIT_CATALOG = "edit_catalog"
    MANAGE_PARTNER_USERS = "manage_partner_users"
    GRANT_PARTNER_ADMIN = "grant_partner_admin"
    ENROLL_RESELLER = "enroll_reseller"
    VIEW_PARTNER_ACTIVITY = "view_partner_activity"
    # The customer's users (3.2).
    ACCEPT_INVITATION = "accept_invitation"
    VIEW_PARTNER_RELATIONSHIPS = "view_partner_relationships"
    REMOVE_PRIVILEGES = "remove_privileges"
    MANAGE_CUSTOMER_USERS = "manage_customer_users"
    GRANT_CUSTOMER_ADMIN = "grant_customer_admin"
    RESET_PASSWORDS = "reset_passwords"
    RESET_ADMIN_PASSWORDS = "reset_admin_passwords"
    CHANGE_OWN_SUBSCRIPTIONS = "change_own_subscriptions"
    VIEW_OWN_HEALTH = "view_own_health"
    OPEN_SERVICE_REQUEST = "open_service_request"
    VIEW_OWN_SUBSCRIPTIONS = "view_own_subscriptions"
    VIEW_CUSTOMER_ACTIVITY = "view_customer_activity"


R, Can = Role, Permission
AGENTS = frozenset({R.ADMIN_AGENT, R.SALES_AGENT, R.HELPDESK_AGENT})
SELLERS = frozenset({R.ADMIN_AGENT, R.SALES_AGENT, R.PARTNER_GLOBAL_ADMIN})
MONEY = frozenset({R.ADMIN_AGENT, R.PARTNER_GLOBAL_ADMIN, R.PARTNER_BILLING_ADMIN})
ONLY_PARTNER_GLOBAL_ADMIN = frozenset({R.PARTNER_GLOBAL_ADMIN})
ONLY_GLOBAL_ADMIN = frozenset({R.GLOBAL_ADMIN})
EVERY_ADMIN = frozenset({R.GLOBAL_ADMIN, R.BILLING_ADMIN, R.USER_ADMIN, R.SERVICE_ADMIN, R.HELPDESK_ADMIN})

MAY: dict[Permission, frozenset[Role]] = {
    # Partner users (3.1); RULING: the activity log is for whoever may see customers.
    Can.VIEW_CUSTOMERS: AGENTS | {R.PARTNER_GLOBAL_ADMIN},
    Can.ADD_CUSTOMER: SELLERS,
    Can.EDIT_CUSTOMER: AGENTS | {R.PARTNER_GLOBAL_ADMIN},
    Can.EDIT_CUSTOMER_BILLING: SELLERS,
    Can.REQUEST_RELATIONSHIP: SELLERS,  # R10
    Can.REMOVE_RELATIONSHIP: ONLY_PARTNER_GLOBAL_ADMIN,  # R64
    Can.MANAGE_SUBSCRIPTIONS: SELLERS,
    Can.VIEW_CUSTOMER_AGREEMENT: SELLERS | {R.PARTNER_BILLING_ADMIN},
    Can.VIEW_CUSTOMER_HEALTH: frozenset({R.ADMIN_AGENT, R.HELPDESK_AGENT, R.PARTNER_GLOBAL_ADMIN}),
    Can.ADMINISTER_ON_BEHALF: frozenset({R.ADMIN_AGENT, R.HELPDESK_AGENT}),  # R36, P6
    Can.REQUEST_CUSTOMER_SUPPORT: frozenset({R.ADMIN_AGENT, R.HELPDESK_AGENT}),  # R36, P6
    Can.REQUEST_PARTNER_SUPPORT: MONEY | {R.PARTNER_USER_ADMIN},
    Can.VIEW_PRICES: MONEY,
    Can.VIEW_INVOICES: MONEY,
    Can.VIEW_AGREEMENTS: MONEY,
    Can.VIEW_PROFILES: SELLERS | {R.PARTNER_BILLING_ADMIN, R.PARTNER_USER_ADMIN},
    Can.EDIT_PROFILES: ONLY_PARTNER_GLOBAL_ADMIN,
    Can.EDIT_BILLING_PROFILE: frozenset({R.PARTNER_GLOBAL_ADMIN, R.PARTNER_BILLING_ADMIN}),
    Can.EDIT_CATALOG: ONLY_PARTNER_GLOBAL_ADMIN,
    Can.MANAGE_PARTNER_USERS: frozenset({R.PARTNER_GLOBAL_ADMIN, R.PARTNER_USER_ADMIN}),
    Can.GRANT_PARTNER_ADMIN: ONLY_PARTNER_GLOBAL_ADMIN,  # P3
    Can.ENROLL_RESELLER: SELLERS,
    Can.VIEW_PARTNER_ACTIVITY: AGENTS | {R.PARTNER_GLOBAL_ADMIN},
    # The customer's users (3.2); RULING: the activity log is for whoever may see partner relationships.
    Can.ACCEPT_INVITATION: ONLY_GLOBAL_ADMIN,  # R24
    Can.VIEW_PARTNER_RELATIONSHIPS: frozenset({R.GLOBAL_ADMIN, R.BILLING_ADMIN}),  # R49
    Can.REMOVE_PRIVILEGES: ONLY_GLOBAL_ADMIN,  # R53
    Can.MANAGE_CUSTOMER_USERS: frozenset({R.GLOBAL_ADMIN, R.USER_ADMIN}),
    Can.GRANT_CUSTOMER_ADMIN: ONLY_GLOBAL_ADMIN,  # RULING: as P3 has it for partners
    Can.RESET_PASSWORDS: frozenset({R.GLOBAL_ADMIN, R.USER_ADMIN, R.HELPDESK_ADMIN}),
    Can.RESET_ADMIN_PASSWORDS: frozenset({R.GLOBAL_ADMIN, R.USER_ADMIN}),
    Can.CHANGE_OWN_SUBSCRIPTIONS: frozenset(),  # nobody, ever: the seller does it in Partner Center (S5)
    Can.VIEW_OWN_HEALTH: EVERY_ADMIN,
    Can.OPEN_SERVICE_REQUEST: EVERY_ADMIN,
    Can.VIEW_OWN_SUBSCRIPTIONS: frozenset({R.GLOBAL_ADMIN, R.BILLING_ADMIN, R.USER_ADMIN}),
    Can.VIEW_CUSTOMER_ACTIVITY: frozenset({R.GLOBAL_ADMIN, R.BILLING_ADMIN}),
}

RULE_OF: dict[Permission, str] = dict.fromkeys(Permission, "P7") | {
    Can.REQUEST_RELATIONSHIP: "R10",
    Can.REMOVE_RELATIONSHIP: "R64",
    Can.ADMINISTER_ON_BEHALF: "R36",
    Can.REQUEST_CUSTOMER_SUPPORT: "R36",
    Can.MANAGE_PARTNER_USERS: "P3",
    Can.GRANT_PARTNER_ADMIN: "P3",
    Can.ACCEPT_INVITATION: "R24",
    Can.VIEW_PARTNER_RELATIONSHIPS: "R49",
    Can.REMOVE_PRIVILEGES: "R53",
    Can.GRANT_CUSTOMER_ADMIN: "P3",
    Can.CHANGE_OWN_SUBSCRIPTIONS: "S5",
}

# What stays with the tenant's own Global admins, whatever role a partner has there (R24, R53).
# RULING: nor does a partner make or take over a Global admin, who could do both in the tenant's own name.
NEVER_ON_BEHALF = frozenset(
    {Can.ACCEPT_INVITATION, Can.REMOVE_PRIVILEGES, Can.GRANT_CUSTOMER_ADMIN, Can.RESET_ADMIN_PASSWORDS}
)


def allowed(roles: frozenset[Role], permission: Permission) -> bool:
    """Rights are the union of everything a person is (P2)."""
    return not MAY[permission].isdisjoint(roles)
