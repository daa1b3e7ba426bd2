"""What the customer sees: Office 365 admin center operated by 21Vianet."""

from .blueprint import admin_center
from .routes import (
    activity,
    home,
    invitation,
    licences,
    on_behalf,
    partner_relationships,
    password,
    removal,
    sign_in,
    users,
)

__all__ = [
    "activity",
    "admin_center",
    "home",
    "invitation",
    "licences",
    "on_behalf",
    "partner_relationships",
    "password",
    "removal",
    "sign_in",
    "users",
]
