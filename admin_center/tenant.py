"""Whose admin center this is."""

from flask_login import current_user

from shared.domain.organisations import Customer
from shared.domain.refusals import Code, Refusal


def tenant() -> Customer:
    """The tenant the person signed in to or works on behalf of (R36); PARTNER_ACCOUNT for any other partner's (R1)."""
    customer: Customer | None = current_user.acting.customer if current_user.acting else current_user.customer
    if customer is None:
        raise Refusal(Code.PARTNER_ACCOUNT, partner=current_user.partner)
    return customer
