"""What delegated admin is held on (R6)."""

from enum import StrEnum


class Service(StrEnum):
    """A service with an admin side of its own.

    RULING: Office desktop apps and archiving come with a subscription but have no admin side, so no one holds
    delegated admin on them.
    """

    EXCHANGE = "exchange"
    SHAREPOINT = "sharepoint"
    SKYPE = "skype"
