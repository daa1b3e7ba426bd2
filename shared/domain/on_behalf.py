"""A partner's user works inside a customer's tenant: who may, as what, and until when (R6, R36, R54, R58)."""

from sqlalchemy import select

from ..extensions import db
from . import history, privileges
from .capabilities import Held, why_not_administer
from .history import EventKind
from .organisations import Customer
from .permissions import Permission, Role, allowed
from .refusals import Code, Refusal
from .relationships import Relationship
from .services import Service
from .users import Acting, User, not_in_the_role

# What delegated admin makes of each agent; a Sales agent becomes nothing, nor does a Global admin by itself (R36, P6).
ROLES = {Role.ADMIN_AGENT: Role.GLOBAL_ADMIN, Role.HELPDESK_AGENT: Role.HELPDESK_ADMIN}


def why_not_enter(
    user: User, customer: Customer, service: Service | None = None, held: Held = None, tie: Relationship | None = None
) -> Refusal | None:
    """Why this person cannot work on behalf of `customer`, or there on one service: the role (R36), or nothing held.

    `held` are the services the partner administers and `tie` is its tie, for whoever has them at hand.
    """
    permission = Permission.ADMINISTER_ON_BEHALF
    if user.partner is None or not allowed(user.roles, permission):  # at home, whatever one is there by now
        return not_in_the_role(permission)
    return why_not_administer(user.partner, customer, service, held, tie)


def enter(customer: Customer, service: Service | None, *, by: User) -> None:
    """Begin to work on behalf of `customer`, perhaps through one service; both logs say so.

    Refuses as `why_not_enter` does.
    """
    if refusal := why_not_enter(by, customer, service):
        raise refusal
    about = [service] if service else []
    history.record(EventKind.WORK_ON_BEHALF, *about, by=by, partner=by.partner, customer=customer)


def standing(user: User, microsoft_id: str) -> Acting:
    """What this person is in that tenant at this click; refuses with SHUT_OUT once nothing is left of it (R54)."""
    customer = db.session.scalars(select(Customer).where(Customer.microsoft_id == microsoft_id)).one()
    held = frozenset(privileges.held_by(user.partner, customer)) if user.partner else frozenset()
    if user.agent is None or why_not_enter(user, customer, held=held):
        raise Refusal(Code.SHUT_OUT, partner=user.partner, customer=customer)
    return Acting(customer, ROLES[user.agent], held)
