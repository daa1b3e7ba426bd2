"""What each word of the domain is called on the screen (domain section 1)."""

from collections.abc import Iterable
from enum import StrEnum
from functools import cache

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ..domain.capabilities import Action
from ..domain.history import EventKind
from ..domain.offers import Part
from ..domain.organisations import PartnerKind
from ..domain.partner_list import Shown
from ..domain.permissions import Role
from ..domain.privileges import EndReason
from ..domain.refusals import Code
from ..domain.relationships import Administered, RelationshipType
from ..domain.rules import Origin
from ..domain.services import Service
from ..domain.subscription_changes import SuspendReason
from ..domain.subscriptions import Due, Status
from ..domain.users import SignIn
from ..world.rooms import DapConflict
from . import language
from .product_words import PARTS, SERVICES

LABELS: dict[type[StrEnum], dict[StrEnum, object]] = {
    Service: SERVICES,
    Part: PARTS,
    Role: {
        Role.ADMIN_AGENT: _l("Admin agent"),
        Role.SALES_AGENT: _l("Sales agent"),
        Role.HELPDESK_AGENT: _l("Helpdesk agent"),
        Role.PARTNER_GLOBAL_ADMIN: _l("Global admin"),
        Role.PARTNER_BILLING_ADMIN: _l("Billing admin"),
        Role.PARTNER_USER_ADMIN: _l("User management admin"),
        Role.GLOBAL_ADMIN: _l("Global admin"),
        Role.BILLING_ADMIN: _l("Billing admin"),
        Role.USER_ADMIN: _l("User management admin"),
        Role.SERVICE_ADMIN: _l("Service admin"),
        Role.HELPDESK_ADMIN: _l("Helpdesk admin"),
    },
    SignIn: {
        SignIn.ONE_CLICK: _l("One click, no password"),
        SignIn.TEMPORARY: _l("Temporary password"),
        SignIn.PASSWORD: _l("Own password"),
    },
    PartnerKind: {
        PartnerKind.DIRECT: _l("Direct reseller"),
        PartnerKind.PROVIDER: _l("Indirect provider"),
        PartnerKind.INDIRECT_RESELLER: _l("Indirect reseller"),
        PartnerKind.ADVISOR: _l("Advisor"),
    },
    RelationshipType: {
        RelationshipType.RESELLER: _l("Reseller"),
        RelationshipType.RESELLER_AND_ADMIN: _l("Reseller & delegated administrator"),
        RelationshipType.DELEGATED_ADMIN: _l("Delegated administrator"),
        RelationshipType.ADVISOR: _l("Advisor"),
    },
    Administered: {
        Administered.FULLY: _l("Full delegated admin"),
        Administered.PARTLY: _l("Some services missing"),
        Administered.NOT: _l("No delegated admin"),
    },
    EndReason: {
        EndReason.REMOVED: _l("removed by the customer"),
        EndReason.MOVED: _l("moved to another partner"),
        EndReason.RELATIONSHIP_ENDED: _l("ended with the relationship"),
    },
    Shown: {
        Shown.ACTIVE: _l("Active partners"),
        Shown.ADMINS: _l("With delegated admin"),
        Shown.ENDED: _l("Ended"),
    },
    Origin: {
        Origin.DOCUMENTED: _l("documented"),
        Origin.ADOPTED: _l("adopted from the global edition"),
        Origin.RULING: _l("our ruling"),
    },
    DapConflict: {
        DapConflict.REPLACE: _l("It moves to the partner accepted last"),
        DapConflict.REFUSE: _l("Accepting is refused until it is removed"),
    },
    Code: {
        Code.ROLE: _l("the role does not allow it"),
        Code.NEEDS_GLOBAL_ADMIN: _l("needs a Global admin"),
        Code.PARTNER_ACCOUNT: _l("a partner's account"),
        Code.LINK_UNKNOWN: _l("unknown link"),
        Code.LINK_MISSING: _l("link missing"),
        Code.LINK_ALTERED: _l("link altered"),
        Code.LINK_LOOKALIKE: _l("look-alike link"),
        Code.INDIRECT_RESELLER: _l("an indirect reseller"),
        Code.PARTNER_SUSPENDED: _l("account suspended"),
        Code.CANNOT_ACCEPT_NOW: _l("partner suspended"),
        Code.OWN_TENANT: _l("the partner's own tenant"),
        Code.CSP_TENANT: _l("another partner's tenant"),
        Code.OTHER_MARKET: _l("tenant in another cloud"),
        Code.DAP_HELD: _l("held by another partner"),
        Code.ALL_HELD: _l("all held by other partners"),
        Code.NO_SERVICE: _l("no service ticked"),
        Code.CHANGED_MEANWHILE: _l("changed meanwhile"),
        Code.STILL_RESELLER: _l("still a reseller"),
        Code.NOTHING_HELD: _l("nothing to remove"),
        Code.CUSTOMER_EXISTS: _l("customer exists"),
        Code.NOT_SELLER: _l("not the original reseller"),
        Code.NO_DAP: _l("no delegated admin"),
        Code.NO_RELATIONSHIP: _l("no relationship"),
        Code.PROVIDER_ACTS: _l("the provider acts"),
        Code.PROVIDER_ONLY: _l("only an indirect provider"),
        Code.NOT_ITS_RESELLER: _l("no reseller of this provider"),
        Code.PROVIDER_ENDS: _l("the provider ends it"),
        Code.STILL_ACTIVE: _l("subscriptions still active"),
        Code.NOT_BILLED: _l("sells nothing here"),
        Code.ADVISES_ONLY: _l("an advisor sells nothing"),
        Code.SHUT_OUT: _l("access has ended"),
        Code.NO_RESELLERS: _l("no indirect provider"),
        Code.NOT_ON_BEHALF: _l("not on behalf of a customer"),
        Code.DOMAIN_TAKEN: _l("domain taken"),
        Code.NOT_ACTIVE: _l("not active"),
        Code.OTHER_TENANT: _l("another tenant"),
        Code.HAS_LICENCE: _l("has it already"),
        Code.NO_FREE_SEAT: _l("no free licence"),
        Code.LOCKED_OUT: _l("subscription suspended"),
        Code.EMAIL_TAKEN: _l("sign-in name taken"),
        Code.LAST_GLOBAL_ADMIN: _l("the last Global admin"),
        Code.PERSON_REMOVED: _l("person removed"),
        Code.ONE_CLICK: _l("has no password"),
        Code.OWN_PASSWORD: _l("changed by its owner"),
        Code.OWNER_RECOVERS: _l("recovered by its owner alone"),
        Code.RECOVERY_SPENT: _l("link used or too old"),
        Code.PASSWORD_WRONG: _l("wrong password"),
        Code.PASSWORD_SAME: _l("not a new password"),
        Code.SELLER_CHANGES: _l("the seller changes it"),
        Code.SUBSCRIPTION_CHANGED: _l("changed meanwhile"),
        Code.TOO_FEW_SEATS: _l("too few licences"),
        Code.SEATS_ASSIGNED: _l("licences are assigned"),
        Code.SEATS_LOCKED: _l("subscription suspended"),
        Code.OVER_CAP: _l("too many licences"),
        Code.FINAL: _l("ended for good"),
        Code.UPGRADED: _l("became another subscription"),
        Code.NOT_SUSPENDED: _l("not suspended"),
        Code.FOLLOWS_BASE: _l("follows its base subscription"),
        Code.WRONG_BASE: _l("does not fit the subscription"),
        Code.HAS_ADD_ON: _l("has it already"),
        Code.NO_ADD_ONS: _l("no add-on fits"),
        Code.NO_PATH: _l("no upgrade path"),
        Code.HAS_ADD_ONS: _l("has add-ons"),
        Code.HAS_SERVICES: _l("has the services already"),
        Code.HAS_OFFER: _l("has the offer already"),
    },
    Action: {
        Action.VIEW: _l("View the subscription"),
        Action.MANAGE_USERS: _l("Manage users in the admin center"),
        Action.ASSIGN_LICENCES: _l("Assign licences"),
        Action.SEE_PROVISIONING: _l("See the provisioning status"),
        Action.ADD_SEATS: _l("Add licences"),
        Action.REMOVE_SEATS: _l("Remove licences"),
        Action.ORDER_ADD_ON: _l("Order add-ons"),
        Action.UPGRADE: _l("Upgrade to another offer"),
        Action.SUSPEND: _l("Suspend"),
        Action.REACTIVATE: _l("Reactivate"),
        Action.CANCEL: _l("Cancel the subscription"),
        Action.TRANSITION: _l("Transition or migrate"),
        Action.RECEIVE_BILL: _l("Receive the bill"),
        Action.SERVICE_REQUEST: _l("Open a service request for the customer"),
        Action.VIEW_HEALTH: _l("View service health"),
        Action.CHANGE_PARTNER_OF_RECORD: _l("Change the partner of record"),
        Action.EDIT_CONTACT: _l("Edit the contact"),
        Action.EDIT_BILLING: _l("Edit the billing information"),
        Action.SELL: _l("Sell a new subscription"),
        Action.REQUEST_RELATIONSHIP: _l("Request the relationship or restore delegated admin"),
        Action.REMOVE_RELATIONSHIP: _l("Remove the reseller relationship"),
    },
    Status: {
        Status.ACTIVE: _l("Active"),
        Status.SUSPENDED: _l("Suspended"),
        Status.CANCELLED: _l("Cancelled"),
        Status.DELETED: _l("Deleted"),
    },
    SuspendReason: {
        SuspendReason.CUSTOMER_REQUEST: _l("The customer asked for it"),
        SuspendReason.NON_PAYMENT: _l("The customer has not paid"),
        SuspendReason.FRAUD: _l("Fraud or misuse"),
    },
    Due: {
        Due.RENEW: _l("The term ends and the next one begins"),
        Due.LAPSE: _l("The term ends without being renewed"),
        Due.DELETE: _l("All data is deleted and licences are freed"),
    },
    EventKind: {
        EventKind.ASK: _l("Request a reseller relationship"),
        EventKind.SEND_INVITATION: _l("Send the invitation"),
        EventKind.OPEN_LINK: _l("Follow an invitation link"),
        EventKind.ADD_CUSTOMER: _l("Add the customer"),
        EventKind.WORK_ON_BEHALF: _l("Work on behalf of the customer"),
        EventKind.EDIT_CUSTOMER: _l("Edit the customer's contact"),
        EventKind.EDIT_CUSTOMER_BILLING: _l("Edit the customer's billing information"),
        EventKind.ADD_RELATIONSHIP: _l("Begin the relationship"),
        EventKind.END_RELATIONSHIP: _l("End the relationship"),
        EventKind.GRANT_DAP: _l("Grant delegated admin"),
        EventKind.END_DAP: _l("End delegated admin"),
        EventKind.ORDER: _l("Order a subscription"),
        EventKind.UPDATE_SUBSCRIPTION: _l("Change a subscription"),
        EventKind.SUSPEND_SUBSCRIPTION: _l("Suspend a subscription"),
        EventKind.REACTIVATE_SUBSCRIPTION: _l("Reactivate a subscription"),
        EventKind.CANCEL_SUBSCRIPTION: _l("Cancel a subscription"),
        EventKind.UPGRADE_SUBSCRIPTION: _l("Upgrade a subscription"),
        EventKind.RENEW_SUBSCRIPTION: _l("Renew a subscription"),
        EventKind.LAPSE_SUBSCRIPTION: _l("Let a subscription lapse"),
        EventKind.DELETE_SUBSCRIPTION: _l("Delete a subscription's data"),
        EventKind.ASSIGN_LICENCE: _l("Assign a licence"),
        EventKind.UNASSIGN_LICENCE: _l("Take a licence back"),
        EventKind.SUSPEND_PARTNER: _l("Suspend the partner account"),
        EventKind.REACTIVATE_PARTNER: _l("Reactivate the partner account"),
        EventKind.CHANGE_ROOM: _l("Change a setting of the room"),
        EventKind.ADD_PARTNER_USER: _l("Add a partner user"),
        EventKind.CHANGE_PARTNER_USER: _l("Change a partner user"),
        EventKind.REMOVE_PARTNER_USER: _l("Remove a partner user"),
        EventKind.ADD_CUSTOMER_USER: _l("Add a user"),
        EventKind.CHANGE_CUSTOMER_USER: _l("Change a user"),
        EventKind.REMOVE_CUSTOMER_USER: _l("Remove a user"),
        EventKind.RESET_PASSWORD: _l("Reset a password"),
        EventKind.CHANGE_PASSWORD: _l("Change a password"),
        EventKind.ASK_RECOVERY: _l("Ask for a password recovery link"),
        EventKind.SIGN_IN: _l("Sign in"),
        EventKind.VIEW: _l("Open a page"),
    },
}


def label(word: StrEnum) -> str:
    """What `word` is called in the reader's language."""
    return _label(language.now().tag, type(word), word)


@cache
def _label(_language: str, kind: type[StrEnum], word: StrEnum) -> str:
    return str(LABELS[kind][word])


def listing(words: Iterable[str]) -> str:
    """Several names in a row, as the reader's language strings them together."""
    return language.together(str(_(", ")), words)


def beside(words: Iterable[str]) -> str:
    """A name and what tells more of it, as "Mei Zhou, Blue Kiln": Chinese lists equals alone with its list comma."""
    return language.together(str(_("%(name)s, %(more)s", name="", more="")), words)
