"""The offers the China edition names, what is in each, and which lead where (domain section 5)."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from .services import Service


class Part(StrEnum):
    """Something an offer contains."""

    EXCHANGE = "exchange"
    SHAREPOINT = "sharepoint"
    ONEDRIVE = "onedrive"  # SharePoint Online as far as OneDrive needs it
    SKYPE = "skype"
    APPS = "apps"
    ARCHIVING = "archiving"
    PROTECTION = "protection"


EX, SP, OD, SK = Part.EXCHANGE, Part.SHAREPOINT, Part.ONEDRIVE, Part.SKYPE
AP, AR, TP = Part.APPS, Part.ARCHIVING, Part.PROTECTION

# Where a part is administered. RULING: desktop apps have no admin side; archiving and protection stand in Exchange's.
ADMINISTERED_IN = {
    EX: Service.EXCHANGE,
    SP: Service.SHAREPOINT,
    OD: Service.SHAREPOINT,
    SK: Service.SKYPE,
    AR: Service.EXCHANGE,
    TP: Service.EXCHANGE,
}
SMALL = 300  # seats of one Business offer in one tenant; RULING: the general product rule


def in_order(parts: Collection[Part]) -> list[Part]:
    """These parts as people are told them: always in the same order."""
    return [part for part in Part if part in parts]


@dataclass(frozen=True)
class Offer:
    """A sellable item; an add-on stands on one of the offers that `on` names (S4)."""

    key: str
    name: str
    chinese: str
    parts: frozenset[Part]
    upgrades: tuple[str, ...] = ()
    cap: int | None = None
    on: frozenset[str] = frozenset()

    @property
    def services(self) -> frozenset[Service]:
        """The services one can hold delegated admin on that it brings."""
        return frozenset(ADMINISTERED_IN[part] for part in self.parts if part in ADMINISTERED_IN)

    @property
    def contents(self) -> list[Part]:
        """Everything it brings, in order: also what has no admin side, since that is what tells offers apart."""
        return in_order(self.parts)

    @property
    def is_add_on(self) -> bool:
        """Whether it is bought on top of another subscription alone."""
        return bool(self.on)


def _offer(
    key: str, name: str, chinese: str, *parts: Part, to: str = "", cap: int | None = None, on: str = ""
) -> Offer:
    return Offer(key, name, chinese, frozenset(parts), tuple(to.split()), cap, frozenset(on.split()))


OFFERS = {
    offer.key: offer
    for offer in (
        _offer(
            *("business_essentials", "Office 365 Business Essentials", "Office 365 商业协作版"),
            *(EX, SP, SK),
            to="business_premium e1 e3",
            cap=SMALL,
        ),
        _offer(
            *("business", "Office 365 Business", "Office 365 企业版"),
            *(OD, AP),
            to="business_premium proplus e3",
            cap=SMALL,
        ),
        _offer(
            *("business_premium", "Office 365 Business Premium", "Office 365 商业高级版"),
            *(EX, SP, SK, AP),
            to="e3",
            cap=SMALL,
        ),
        _offer("proplus", "Office 365 ProPlus", "Office 365 专业增强版", OD, AP),
        _offer("e1", "Office 365 Enterprise E1", "Office 365 企业版 E1", EX, SP, SK),
        _offer("e3", "Office 365 Enterprise E3", "Office 365 企业版 E3", EX, SP, SK, AP, AR),
        _offer("project_premium", "Project Online Premium", "", SP),
        # RULING: the China set names no add-on; these two are plain ones of the global catalogue.
        _offer(
            "archiving",
            "Exchange Online Archiving",
            "",
            AR,
            on="business_essentials business_premium e1",
        ),
        _offer(
            "protection",
            "Advanced Threat Protection",
            "",
            TP,
            on="business_essentials business_premium e1 e3",
        ),
    )
}


def add_ons_for(offer: Offer) -> list[Offer]:
    """What can be bought on top of `offer`."""
    return [add_on for add_on in OFFERS.values() if offer.key in add_on.on]


def for_sale() -> list[Offer]:
    """What can be bought by itself."""
    return [offer for offer in OFFERS.values() if not offer.is_add_on]
