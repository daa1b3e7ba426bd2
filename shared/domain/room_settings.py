"""What a teacher may set in a room so that every refusal can be met (R40, R43, R76)."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select

from ..extensions import db
from ..world import rooms
from ..world.rooms import DapConflict, Room
from . import history
from .edits import Facts, differing
from .history import EventKind
from .organisations import HOME_MARKET, Customer, Partner

ABROAD = "US"
ANEW = {"populate_existing": True}  # whoever waited for their turn sees what was set meanwhile


def partners() -> list[Partner]:
    """Every partner of this room, by name."""
    return list(db.session.scalars(select(Partner).order_by(Partner.name), execution_options=ANEW))


def customers() -> list[Customer]:
    """Every customer of this room, by name."""
    return list(db.session.scalars(select(Customer).order_by(Customer.name), execution_options=ANEW))


def facts(of: Sequence[Partner], and_of: Sequence[Customer]) -> Facts:
    """What is set now, by field; which of these are suspended and which are abroad by their Microsoft IDs."""
    suspended = [partner.microsoft_id for partner in of if partner.suspended]
    abroad = [customer.microsoft_id for customer in and_of if customer.market != HOME_MARKET]
    return _facts(_dap_conflict(), suspended, abroad)


def change(
    dap_conflict: DapConflict,
    *,
    suspended: Collection[str],
    abroad: Collection[str],
    seen: Mapping[str, str] | None = None,
) -> None:
    """Set how conflicts are answered, which partner accounts are suspended and which tenants are in another cloud.

    `suspended` and `abroad` are Microsoft IDs; whoever is not named is in good standing and at home. `seen` is what the
    page showed: EditedMeanwhile when something else stands there now. Every change is recorded with its old and new
    value.
    """
    rooms.lock()
    all_partners, all_customers = partners(), customers()
    if seen is not None:
        differing(_facts(dap_conflict, suspended, abroad), facts(all_partners, all_customers), seen)
    old = _dap_conflict()
    if old is not dap_conflict:
        history.record(EventKind.CHANGE_ROOM, by=None, setting="dap_conflict", old=old, new=dap_conflict)
        rooms.change(dap_conflict=dap_conflict)
    for partner in all_partners:
        _suspend(partner, partner.microsoft_id in suspended)
    for customer in all_customers:
        _move(customer, ABROAD if customer.microsoft_id in abroad else HOME_MARKET)


def _facts(dap_conflict: DapConflict, suspended: Collection[str], abroad: Collection[str]) -> Facts:
    by_field = {"suspended": suspended, "abroad": abroad}
    return {"dap_conflict": dap_conflict.value} | {field: " ".join(sorted(ids)) for field, ids in by_field.items()}


def _dap_conflict() -> DapConflict:
    return db.session.scalars(select(Room.dap_conflict).where(Room.id == rooms.here_id())).one()


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
