"""A customer accepts an invitation: who may, what is on offer, and what it does (R24-R30, R41-R43, R62, R63)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..world import mailbox
from ..world.rooms import DapConflict, here
from . import history, privileges
from .history import EventKind
from .invitations import Invitation, why_not_answer
from .organisations import Customer, Partner
from .privileges import EndReason
from .refusals import Code, Refusal
from .relationships import begin
from .services import Service
from .subscriptions import services_bought
from .users import User, admin_agents

Chosen = Mapping[Partner, Collection[Service]]


@dataclass(frozen=True)
class Answer:
    """What accepting changed: the services new to each partner, none where it is only let in, and what others lost.

    `welcome` are the partners new in the customer's list; who stayed there only gets delegated admin, perhaps back.
    """

    given: Mapping[Partner, list[Service]]
    lost: Mapping[Partner, list[Service]]
    welcome: Collection[Partner] = ()


@dataclass(frozen=True)
class Choice:
    """One service one partner could administer: since when it does, who else does, and whether it is ticked (R27)."""

    partner: Partner
    service: Service
    holder: Partner | None
    since: datetime | None
    in_use: bool
    ticked: bool
    refusal: Refusal | None

    @property
    def held(self) -> bool:
        """Whether the partner has it already."""
        return self.since is not None

    @property
    def moves_from(self) -> Partner | None:
        """Who would lose delegated admin on it (R42)."""
        return _moves_from(self.partner, self.holder)


def _moves_from(partner: Partner, holder: Partner | None) -> Partner | None:
    """Only transacting partners push each other out; advisors and indirect resellers stand beside (R41, R42)."""
    return holder if partner.kind.transacting and holder is not partner else None


def choices(invitation: Invitation, customer: Customer) -> list[Choice]:
    """Every service, for the partner and then for the reseller it named, as the accept page offers it (R27, R71)."""
    held, bought = [p for p in privileges.privileges_on(customer) if p.in_force], services_bought(customer)
    holders = privileges.holders(customer, held)
    found = []
    for partner in invitation.partners:
        mine = privileges.by_service(partner, held)
        for service in Service:
            holder, sellers = holders.get(service), bought.get(service, set())
            refusal = why_not_grant(partner, service, holder)
            free = not _moves_from(partner, holder) or partner.id in sellers
            ticked = service in mine or (free and refusal is None)
            since = mine[service].since if service in mine else None
            found.append(Choice(partner, service, holder, since, bool(sellers), ticked, refusal))
    return found


def why_not_grant(partner: Partner, service: Service, holder: Partner | None) -> Refusal | None:
    """Why `partner` cannot be given `service` that `holder` has: only where the room refuses to replace (R43)."""
    if _moves_from(partner, holder) and here().dap_conflict is DapConflict.REFUSE:
        return Refusal(Code.DAP_HELD, partner=partner, holder=holder, service=service)
    return None


def why_nothing_to_tick(invitation: Invitation, held: Mapping[Service, Partner]) -> Refusal | None:
    """Why nobody can be given anything: others `held` every service, and the room refuses to replace (R43)."""
    offered = ((partner, service) for partner in invitation.partners for service in Service)
    blocked = all(why_not_grant(partner, service, held.get(service)) for partner, service in offered)
    return Refusal(Code.ALL_HELD, partner=invitation.partner) if blocked else None


def accept(
    invitation: Invitation, chosen: Chosen, *, by: User, seen: Mapping[Service, int | None] | None = None
) -> Answer:
    """Let the invited partners in and let them administer what was chosen; at once, and twice is harmless (R28, R30).

    `chosen` are the services ticked for each invited partner, `seen` the holder's id by service as the page showed it.
    Refuses as `why_not_answer`, `why_nothing_to_tick` and `why_not_grant` do, with NO_SERVICE when nothing is ticked
    (R21, R27) and with CHANGED_MEANWHILE when holders are not those shown.
    """
    if refusal := why_not_answer(invitation, by):
        raise refusal
    customer = by.customer
    assert customer is not None  # noqa: S101 - why_not_answer has seen to it
    privileges.lock(customer)
    known = privileges.privileges_on(customer)
    held_now = privileges.holders(customer, known)
    _refuse_choice(invitation, chosen, held_now, seen)
    given: dict[Partner, list[Service]] = {}
    lost: dict[Partner, list[Service]] = {}
    welcome: list[Partner] = []
    for partner in invitation.partners:
        services = sorted(chosen.get(partner, ()))
        if (partner.kind.transacting or services) and _welcome(partner, customer, by=by):
            welcome.append(partner)
        for service in services:
            if loser := _moves_from(partner, held_now.get(service)):
                theirs = privileges.by_service(loser, known)
                privileges.end(loser, customer, service, reason=EndReason.MOVED, by=by, known=theirs)
                lost.setdefault(loser, []).append(service)
        mine = privileges.by_service(partner, known)
        if (new := privileges.grant(partner, customer, *services, by=by, known=mine)) or partner in welcome:
            given[partner] = new
    answer = Answer(given, lost, welcome)
    _tell(customer, answer, by=by)
    return answer


def _refuse_choice(
    invitation: Invitation,
    chosen: Chosen,
    held_now: Mapping[Service, Partner],
    seen: Mapping[Service, int | None] | None,
) -> None:
    if not any(chosen.values()):
        raise why_nothing_to_tick(invitation, held_now) or Refusal(Code.NO_SERVICE, partner=invitation.partner)
    if seen is not None and (moved := _moved(invitation.partner, chosen, held_now, seen)):
        raise Refusal(Code.CHANGED_MEANWHILE, partner=invitation.partner, moved=moved)
    for partner, services in chosen.items():
        for service in services:
            if refusal := why_not_grant(partner, service, held_now.get(service)):
                raise refusal


def _moved(
    partner: Partner, chosen: Chosen, held_now: Mapping[Service, Partner], seen: Mapping[Service, int | None]
) -> list[tuple[Service, Partner | None]]:
    """What was ticked for a transacting partner and is no longer with whom the page showed, and with whom it is."""
    if not partner.kind.transacting:
        return []
    now = [(service, held_now.get(service)) for service in sorted(chosen.get(partner, ()))]
    return [(s, holder) for s, holder in now if holder is not partner and seen.get(s) != (holder and holder.id)]


def _welcome(partner: Partner, customer: Customer, *, by: User) -> bool:
    """Whether the partner is new in the list."""
    if new := begin(partner, customer):
        history.record(EventKind.ADD_RELATIONSHIP, by=by, partner=partner, customer=customer)
    return new


def _tell(customer: Customer, answer: Answer, *, by: User) -> None:
    """Each partner learns what it was given (R30, R62) or what it lost (R42); pressing twice tells once."""
    for partner, services in answer.given.items():
        known = partner not in answer.welcome
        for reader in admin_agents(partner):
            facts: dict[str, Any] = {"customer": customer.id, "services": services, "known": known}
            mailbox.post("accepted", to=reader.id, sender=by.id, **facts)
    for partner, services in answer.lost.items():
        for reader in admin_agents(partner):
            mailbox.post("moved", to=reader.id, customer=customer.id, services=services)
