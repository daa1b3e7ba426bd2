"""What each permission lets people do, in plain words (domain section 3)."""

from collections.abc import Collection

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ..domain.permissions import Permission, Role, allowed

SAYS = {
    # Partner users (3.1).
    Permission.VIEW_CUSTOMERS: _l("Search customers and view their details"),
    Permission.ADD_CUSTOMER: _l("Add customers"),
    Permission.EDIT_CUSTOMER: _l("Edit the contact of a customer"),
    Permission.EDIT_CUSTOMER_BILLING: _l("Edit the billing information of a customer"),
    Permission.REQUEST_RELATIONSHIP: _l("Request reseller relationships"),
    Permission.REMOVE_RELATIONSHIP: _l("Remove reseller relationships"),
    Permission.MANAGE_SUBSCRIPTIONS: _l("Sell and change subscriptions"),
    Permission.VIEW_CUSTOMER_AGREEMENT: _l("View the agreement of a customer"),
    Permission.VIEW_CUSTOMER_HEALTH: _l("View the service health of a customer"),
    Permission.ADMINISTER_ON_BEHALF: _l("Administer services on behalf of a customer"),
    Permission.REQUEST_CUSTOMER_SUPPORT: _l("Submit service requests for a customer"),
    Permission.REQUEST_PARTNER_SUPPORT: _l("Submit service requests about Partner Center"),
    Permission.VIEW_PRICES: _l("View prices and offers"),
    Permission.VIEW_INVOICES: _l("View invoices"),
    Permission.VIEW_AGREEMENTS: _l("View agreements"),
    Permission.VIEW_PROFILES: _l("View the profiles of the company"),
    Permission.EDIT_PROFILES: _l("Edit the profiles of the company"),
    Permission.EDIT_BILLING_PROFILE: _l("Edit the billing profile of the company"),
    Permission.EDIT_CATALOG: _l("Edit the catalog"),
    Permission.MANAGE_PARTNER_USERS: _l("Add, change and remove users"),
    Permission.GRANT_PARTNER_ADMIN: _l("Give and take admin settings"),
    Permission.ENROLL_RESELLER: _l("Enrol indirect resellers"),
    Permission.VIEW_PARTNER_ACTIVITY: _l("Read the activity log"),
    # The customer's users (3.2).
    Permission.ACCEPT_INVITATION: _l("Accept the requests of partners"),
    Permission.VIEW_PARTNER_RELATIONSHIPS: _l("View partner relationships"),
    Permission.REMOVE_PRIVILEGES: _l("Take delegated admin back from partners"),
    Permission.MANAGE_CUSTOMER_USERS: _l("Add, change and remove users"),
    Permission.GRANT_CUSTOMER_ADMIN: _l("Give and take admin roles"),
    Permission.RESET_PASSWORDS: _l("Reset the passwords of users"),
    Permission.RESET_ADMIN_PASSWORDS: _l("Reset the passwords of admins"),
    Permission.CHANGE_OWN_SUBSCRIPTIONS: _l("Change the subscriptions of the organisation"),
    Permission.VIEW_OWN_HEALTH: _l("View service health"),
    Permission.OPEN_SERVICE_REQUEST: _l("Submit service requests"),
    Permission.VIEW_OWN_SUBSCRIPTIONS: _l("View subscriptions and licences"),
    Permission.VIEW_CUSTOMER_ACTIVITY: _l("Read the activity log"),
}


def may_do(roles: Collection[Role]) -> list[str]:
    """Everything whoever is all of this may do, in the order of the tables; nothing for a plain user."""
    return [str(words) for permission, words in SAYS.items() if allowed(frozenset(roles), permission)]


def no_role(*, at_partner: bool) -> str:
    """What whoever has no role is: of a partner's two settings neither (P1), at a customer a plain user."""
    return str(_("None / No admin") if at_partner else _("User"))
