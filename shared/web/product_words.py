"""What the services and the parts of an offer are called: product names are the same in every language (domain 1.4)."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l

from ..domain.offers import Part
from ..domain.services import Service

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
