"""What a licence costs a month: our own list, in yuan. The real one comes monthly and is not public."""

from decimal import Decimal

from .offers import Offer

CURRENCY = "CNY"

PER_MONTH = {
    "business_essentials": Decimal("32.00"),
    "business": Decimal("54.00"),
    "business_premium": Decimal("81.00"),
    "proplus": Decimal("78.00"),
    "e1": Decimal("52.00"),
    "e3": Decimal("132.00"),
    "project_premium": Decimal("345.00"),
    "archiving": Decimal("18.00"),
    "protection": Decimal("13.00"),
}


def of(offer: Offer) -> Decimal:
    """One licence for one month."""
    return PER_MONTH[offer.key]


def total(offer: Offer, seats: int) -> Decimal:
    """So many licences for one month."""
    return of(offer) * seats
