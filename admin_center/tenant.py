"""Whose admin center this is."""

from shared.domain.organisations import Customer
from shared.domain.refusals import Code, Refusal
from shared.web.sessions import person


def tenant() -> Customer:
    """The tenant the person signed in to or works on behalf of (R36); PARTNER_ACCOUNT for any other partner's (R1)."""
    user = person()
    assert user is not None  # noqa: S101 - a guard has seen to it
    customer = user.acting.customer if user.acting else user.customer
    if customer is None:
        raise Refusal(Code.PARTNER_ACCOUNT, partner=user.partner)
    return customer
