"""Every way the domain says no. A refusal is data: a code, a rule and the things it is about; words live in the web."""

from enum import StrEnum
from typing import Any


class Code(StrEnum):
    """Why something is refused. The value is what history keeps."""

    ROLE = "ROLE"
    NEEDS_GLOBAL_ADMIN = "NEEDS_GLOBAL_ADMIN"
    PARTNER_ACCOUNT = "PARTNER_ACCOUNT"
    LINK_UNKNOWN = "LINK_UNKNOWN"
    LINK_MISSING = "LINK_MISSING"
    LINK_ALTERED = "LINK_ALTERED"
    LINK_LOOKALIKE = "LINK_LOOKALIKE"
    INDIRECT_RESELLER = "INDIRECT_RESELLER"
    PARTNER_SUSPENDED = "PARTNER_SUSPENDED"
    CANNOT_ACCEPT_NOW = "CANNOT_ACCEPT_NOW"
    OWN_TENANT = "OWN_TENANT"
    CSP_TENANT = "CSP_TENANT"
    OTHER_MARKET = "OTHER_MARKET"
    DAP_HELD = "DAP_HELD"
    ALL_HELD = "ALL_HELD"
    NO_SERVICE = "NO_SERVICE"
    CHANGED_MEANWHILE = "CHANGED_MEANWHILE"
    STILL_RESELLER = "STILL_RESELLER"
    NOTHING_HELD = "NOTHING_HELD"
    CUSTOMER_EXISTS = "CUSTOMER_EXISTS"
    NOT_SELLER = "NOT_SELLER"
    NO_DAP = "NO_DAP"
    NO_RELATIONSHIP = "NO_RELATIONSHIP"
    PROVIDER_ACTS = "PROVIDER_ACTS"
    PROVIDER_ONLY = "PROVIDER_ONLY"
    NOT_ITS_RESELLER = "NOT_ITS_RESELLER"
    PROVIDER_ENDS = "PROVIDER_ENDS"
    STILL_ACTIVE = "STILL_ACTIVE"
    NOT_BILLED = "NOT_BILLED"
    ADVISES_ONLY = "ADVISES_ONLY"
    SHUT_OUT = "SHUT_OUT"
    NO_RESELLERS = "NO_RESELLERS"
    NOT_ON_BEHALF = "NOT_ON_BEHALF"
    DOMAIN_TAKEN = "DOMAIN_TAKEN"
    NOT_ACTIVE = "NOT_ACTIVE"
    OTHER_TENANT = "OTHER_TENANT"
    HAS_LICENCE = "HAS_LICENCE"
    NO_FREE_SEAT = "NO_FREE_SEAT"
    LOCKED_OUT = "LOCKED_OUT"
    EMAIL_TAKEN = "EMAIL_TAKEN"
    LAST_GLOBAL_ADMIN = "LAST_GLOBAL_ADMIN"
    PERSON_REMOVED = "PERSON_REMOVED"
    ONE_CLICK = "ONE_CLICK"
    OWN_PASSWORD = "OWN_PASSWORD"  # noqa: S105 - why something is refused, not a password
    OWNER_RECOVERS = "OWNER_RECOVERS"
    RECOVERY_SPENT = "RECOVERY_SPENT"
    PASSWORD_WRONG = "PASSWORD_WRONG"  # noqa: S105 - likewise
    PASSWORD_SAME = "PASSWORD_SAME"  # noqa: S105 - likewise
    SELLER_CHANGES = "SELLER_CHANGES"
    SUBSCRIPTION_CHANGED = "SUBSCRIPTION_CHANGED"
    TOO_FEW_SEATS = "TOO_FEW_SEATS"
    SEATS_ASSIGNED = "SEATS_ASSIGNED"
    SEATS_LOCKED = "SEATS_LOCKED"
    OVER_CAP = "OVER_CAP"
    FINAL = "FINAL"
    UPGRADED = "UPGRADED"
    NOT_SUSPENDED = "NOT_SUSPENDED"
    FOLLOWS_BASE = "FOLLOWS_BASE"
    WRONG_BASE = "WRONG_BASE"
    HAS_ADD_ON = "HAS_ADD_ON"
    NO_ADD_ONS = "NO_ADD_ONS"
    NO_PATH = "NO_PATH"
    HAS_ADD_ONS = "HAS_ADD_ONS"
    HAS_SERVICES = "HAS_SERVICES"
    HAS_OFFER = "HAS_OFFER"


RULE_OF: dict[Code, str] = {
    Code.ROLE: "P7",
    Code.NEEDS_GLOBAL_ADMIN: "R25",
    Code.PARTNER_ACCOUNT: "R1",
    Code.LINK_UNKNOWN: "R40",
    Code.LINK_MISSING: "R14",
    Code.LINK_ALTERED: "R14",
    Code.LINK_LOOKALIKE: "R14",
    Code.INDIRECT_RESELLER: "R69",
    Code.PARTNER_SUSPENDED: "R73",
    Code.CANNOT_ACCEPT_NOW: "R76",
    Code.OWN_TENANT: "R40",
    Code.CSP_TENANT: "R40",
    Code.OTHER_MARKET: "R40",
    Code.DAP_HELD: "R43",
    Code.ALL_HELD: "R43",
    Code.NO_SERVICE: "R27",
    Code.CHANGED_MEANWHILE: "R42",
    Code.STILL_RESELLER: "R61",
    Code.NOTHING_HELD: "R51",
    Code.CUSTOMER_EXISTS: "R5",
    Code.NOT_SELLER: "R32",
    Code.NO_DAP: "R58",
    Code.NO_RELATIONSHIP: "R39",
    Code.PROVIDER_ACTS: "R70",
    Code.PROVIDER_ONLY: "R72",
    Code.NOT_ITS_RESELLER: "R72",
    Code.PROVIDER_ENDS: "R67",
    Code.STILL_ACTIVE: "R65",
    Code.NOT_BILLED: "R35",
    Code.ADVISES_ONLY: "R4",
    Code.SHUT_OUT: "R54",
    Code.NO_RESELLERS: "R68",
    Code.NOT_ON_BEHALF: "R53",
    Code.DOMAIN_TAKEN: "R5",
    Code.NOT_ACTIVE: "S9",
    Code.OTHER_TENANT: "S5",
    Code.HAS_LICENCE: "S5",
    Code.NO_FREE_SEAT: "S5",
    Code.LOCKED_OUT: "S6",
    Code.EMAIL_TAKEN: "P4",
    Code.LAST_GLOBAL_ADMIN: "P3",
    Code.PERSON_REMOVED: "P3",
    Code.ONE_CLICK: "P4",
    Code.OWN_PASSWORD: "P4",
    Code.OWNER_RECOVERS: "P8",
    Code.RECOVERY_SPENT: "P8",
    Code.PASSWORD_WRONG: "P4",
    Code.PASSWORD_SAME: "P4",
    Code.SELLER_CHANGES: "S5",
    Code.SUBSCRIPTION_CHANGED: "S1",
    Code.TOO_FEW_SEATS: "S3",
    Code.SEATS_ASSIGNED: "S3",
    Code.SEATS_LOCKED: "S10",
    Code.OVER_CAP: "S1",
    Code.FINAL: "S8",
    Code.UPGRADED: "S12",
    Code.NOT_SUSPENDED: "S7",
    Code.FOLLOWS_BASE: "S4",
    Code.WRONG_BASE: "S4",
    Code.HAS_ADD_ON: "S4",
    Code.NO_ADD_ONS: "S4",
    Code.NO_PATH: "S11",
    Code.HAS_ADD_ONS: "S11",
    Code.HAS_SERVICES: "S11",
    Code.HAS_OFFER: "S11",
}


class Refusal(Exception):
    """The domain says no and has changed nothing.

    `facts` are what it is about: a Partner, Customer, User, Service, Permission, or plain values.
    """

    def __init__(self, code: Code, *, rule: str = "", **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.rule = rule or RULE_OF[code]
        self.facts = facts

    @property
    def key(self) -> tuple[Any, ...]:
        """What tells it from other refusals: two with the same key say the same."""
        return (self.code, self.rule, *((name, getattr(fact, "id", fact)) for name, fact in self.facts.items()))
