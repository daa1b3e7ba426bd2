"""Whose admin center this is."""

from flask_login import current_user

from shared.domain.organisations import Customer
from shared.domain.refusals import Code, Refusal


def tenant() -> Customer:
    """The customer whose tenant the person signed in to; refuses a partner's account with PARTNER_ACCOUNT (R1)."""
    if current_user.customer is None:
        raise Refusal(Code.PARTNER_ACCOUNT, partner=current_user.partner)
    customer: Customer = current_user.customer
    return customer
