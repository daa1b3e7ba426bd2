"""What the partner sees: Partner Center operated by 21Vianet."""

from .blueprint import partner_portal
from .routes import (
    activity,
    customer_abilities,
    customer_account,
    customer_add,
    customer_ending,
    customer_services,
    customers,
    home,
    password,
    reseller_request,
    resellers,
    sign_in,
    users,
)

__all__ = [
    "activity",
    "customer_abilities",
    "customer_account",
    "customer_add",
    "customer_ending",
    "customer_services",
    "customers",
    "home",
    "partner_portal",
    "password",
    "reseller_request",
    "resellers",
    "sign_in",
    "users",
]
