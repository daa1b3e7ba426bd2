"""The blueprint and its navigation, so that nothing imports in a circle."""

from flask import Blueprint
from flask_babel import lazy_gettext as _l

from shared.domain.organisations import PartnerKind
from shared.domain.permissions import Permission
from shared.web.frame import HOUSES, House, Stop

partner_portal = Blueprint("partner_portal", __name__, template_folder="templates", url_prefix="/w/<room>/partner")

HOUSES[partner_portal.name] = House(
    side="partner",
    home="partner_portal.home",
    product=_l("Partner Center"),
    operated=_l("operated by 21Vianet · simulated"),
    stops=(
        Stop("partner_portal.home", _l("Dashboard"), "dashboard"),
        Stop(
            "partner_portal.customers",
            _l("Customers"),
            "customers",
            Permission.VIEW_CUSTOMERS,
            covers="partner_portal.customer",
        ),
        Stop(
            "partner_portal.reseller_request",
            _l("Request a reseller relationship"),
            "mail",
            Permission.REQUEST_RELATIONSHIP,
        ),
        Stop(
            "partner_portal.resellers",
            _l("Indirect resellers"),
            "handshake",
            Permission.VIEW_CUSTOMERS,
            covers="partner_portal.resellers",
            kind=PartnerKind.PROVIDER,
        ),
        Stop("partner_portal.pricing", _l("Pricing and offers"), "invoice", Permission.VIEW_PRICES),
        Stop("partner_portal.activity", _l("Activity log"), "history", Permission.VIEW_PARTNER_ACTIVITY),
        Stop(
            "partner_portal.users",
            _l("User management"),
            "people",
            Permission.MANAGE_PARTNER_USERS,
            under=_l("Account settings"),
            covers="partner_portal.user",
        ),
    ),
)
