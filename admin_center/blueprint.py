"""The blueprint and its navigation, so that nothing imports in a circle."""

from flask import Blueprint
from flask_babel import lazy_gettext as _l

from shared.domain.permissions import Permission
from shared.web.frame import HOUSES, House, Stop

# The same pages on either side: for the tenant's own people, and for a partner's who work on its behalf (R36).
PREFIX = "/w/<room>/<any(admin,behalf):side>"
admin_center = Blueprint("admin_center", __name__, template_folder="templates", url_prefix=PREFIX)

HOUSES[admin_center.name] = House(
    side="admin",
    home="admin_center.home",
    product=_l("Admin center"),
    operated=_l("Office 365 operated by 21Vianet · simulated"),
    stops=(
        Stop("admin_center.home", _l("Home"), "home"),
        Stop("admin_center.users", _l("Users"), "people", Permission.RESET_PASSWORDS, covers="admin_center.user"),
        Stop(
            "admin_center.licences",
            _l("Licences"),
            "box",
            Permission.VIEW_OWN_SUBSCRIPTIONS,
            covers="admin_center.licence",
        ),
        Stop("admin_center.activity", _l("Activity log"), "history", Permission.VIEW_CUSTOMER_ACTIVITY),
        Stop(
            "admin_center.partner_relationships",
            _l("Partner relationships"),
            "handshake",
            Permission.VIEW_PARTNER_RELATIONSHIPS,
            under=_l("Settings"),
            covers="admin_center.partner_relationship",
        ),
    ),
)
