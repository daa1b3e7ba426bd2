"""What services, offers and subscriptions are called: product names are the same in every language (domain 1.4)."""

from enum import StrEnum

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ..domain.offers import Offer, Part
from ..domain.organisations import Partner
from ..domain.services import Service
from ..domain.subscriptions import Subscription
from . import language

SERVICES: dict[StrEnum, object] = {
    Service.EXCHANGE: "Exchange Online",
    Service.SHAREPOINT: "SharePoint Online",
    Service.SKYPE: "Skype for Business Online",
}
PARTS: dict[StrEnum, object] = {
    Part.EXCHANGE: SERVICES[Service.EXCHANGE],
    Part.SHAREPOINT: SERVICES[Service.SHAREPOINT],
    Part.ONEDRIVE: _l("SharePoint Online (OneDrive only)"),
    Part.SKYPE: SERVICES[Service.SKYPE],
    Part.APPS: _l("Office desktop apps"),
    Part.ARCHIVING: _l("Archiving"),
    Part.PROTECTION: _l("Threat protection"),
}


def offer_name(offer: Offer) -> str:
    """A product's name: the same in every language, but for those that have one in Chinese (domain section 5)."""
    return offer.chinese if offer.chinese and language.now().tag == "zh" else offer.name


def subscription_name(subscription: Subscription) -> str:
    """What people call a subscription: its nickname, or its offer's name."""
    return subscription.nickname or offer_name(subscription.offer)


def seller_name(seller: Partner | None) -> str:
    """Who sold something: without a partner 21Vianet itself, as the reader's language calls it (R8)."""
    return seller.name if seller else str(_("21Vianet"))
