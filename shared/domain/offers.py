"""The offers the China edition names (domain section 5) and the services each brings."""

from dataclasses import dataclass

from .services import Service

EX, SP, SK = Service.EXCHANGE, Service.SHAREPOINT, Service.SKYPE


@dataclass(frozen=True)
class Offer:
    """A sellable item. Product names are the same in every language."""

    key: str
    name: str
    services: frozenset[Service]


def _offer(key: str, name: str, *services: Service) -> Offer:
    return Offer(key, name, frozenset(services))


OFFERS = {
    offer.key: offer
    for offer in (
        _offer("business_essentials", "Office 365 Business Essentials", EX, SP, SK),
        _offer("business", "Office 365 Business", SP),
        _offer("business_premium", "Office 365 Business Premium", EX, SP, SK),
        _offer("proplus", "Office 365 ProPlus", SP),
        _offer("e1", "Office 365 Enterprise E1", EX, SP, SK),
        _offer("e3", "Office 365 Enterprise E3", EX, SP, SK),
        _offer("project_premium", "Project Online Premium", SP),
    )
}
