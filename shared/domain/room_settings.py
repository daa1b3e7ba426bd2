"""What a teacher may set in a room so that every refusal can be met (R40, R43, R76)."""

from collections.abc import Collection

from sqlalchemy import select

from ..extensions import db
from ..world import rooms
from ..world.rooms import DapConflict, here
from . import history
from .history import EventKind
from .organisations import HOME_MARKET, Customer, Partner

ABROAD = "US"


def partners() -> list[Partner]:
    """Every partner of this room, by name."""
    return list(db.session.scalars(select(Partner).order_by(Partner.name)))


def customers() -> list[Customer]:
    """Every customer of this room, by name."""
    return list(db.session.scalars(select(Customer).order_by(Customer.name)))


def change(dap_conflict: DapConflict, *, suspended: Collection[str], abroad: Collection[str]) -> None:
    """Set how conflicts are answered, which partner accounts are suspended and which tenants are in another cloud.

    `suspended` and `abroad` are Microsoft IDs; whoever is not named is in good standing and at home. Every change is
    recorded with its old and new value.
    """
    old = here().dap_conflict
    if old is not dap_conflict:
        history.record(EventKind.CHANGE_ROOM, by=None, setting="dap_conflict", old=old, new=dap_conflict)
        rooms.change(dap_conflict=dap_conflict)
    for partner in partners():
        _suspend(partner, partner.microsoft_id in suspended)
    for customer in customers():
        _move(customer, ABROAD if customer.microsoft_id in abroad else HOME_MARKET)


def _suspend(partner: Partner, suspended: bool) -> None:
    if partner.suspended != suspended:
        partner.suspended = suspended
        kind = EventKind.SUSPEND_PARTNER if suspended else EventKind.REACTIVATE_PARTNER
        history.record(kind, by=None, partner=partner)


def _move(customer: Customer, market: str) -> None:
    if customer.market != market:
        old, new = customer.market, market
        history.record(EventKind.CHANGE_ROOM, by=None, customer=customer, setting="market", old=old, new=new)
        customer.market = market
