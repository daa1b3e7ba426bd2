"""What the partner sees: Partner Center operated by 21Vianet."""

from .blueprint import partner_portal
from .routes import activity, customer_account, customer_ending, customers, home, reseller_request, sign_in

__all__ = [
    "activity",
    "customer_account",
    "customer_ending",
    "customers",
    "home",
    "partner_portal",
    "reseller_request",
    "sign_in",
]
