"""A partner's one reusable link, and what it may not be used for (R10-R22, R40, R68-R71)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select

from ..extensions import db
from ..world import mailbox
from ..world.mailbox import Letter
from ..world.questions import all_of, columns_of
from ..world.rooms import RoomQuestion
from . import history, resellers
from .history import EventKind
from .organisations import HOME_MARKET, Customer, Partner, PartnerKind
from .permissions import Permission
from .refusals import Code, Refusal
from .users import User, why_not

LINK_TYPE = "ResellerRelationship"
KIND = "invitation"
SIGNS = ("partnersignup.aspx", "invtype=")  # of an invitation's link, in either form (R22)


@dataclass(frozen=True)
class Invitation:
    """What a link says: who asks, and for an indirect provider perhaps which of its resellers helps (R71)."""

    partner: Partner
    reseller: Partner | None = None

    @property
    def partners(self) -> list[Partner]:
        """Everyone the customer may let in through this link."""
        return [self.partner, self.reseller] if self.reseller else [self.partner]

    @property
    def query(self) -> dict[str, str]:
        """The link's query in its classic form: the partner's account and nothing about a customer (R16, R17, R22)."""
        query = {"type": LINK_TYPE, "id": self.partner.microsoft_id, "csp": "1", "msppid": "0"}
        return query | {"indirectResellerId": self.reseller.microsoft_id} if self.reseller else query

    @property
    def later_query(self) -> dict[str, str]:
        """The same link in the form of later portals (R22)."""
        query = {"invType": LINK_TYPE, "partnerId": self.partner.microsoft_id, "msppId": "0", "DAP": "true"}
        return query | {"indirectResellerId": self.reseller.microsoft_id} if self.reseller else query


def behind(query: Mapping[str, str]) -> Invitation:
    """The invitation behind a link someone followed, in either form.

    Refuses with LINK_UNKNOWN (R40) unless the query is exactly what was generated: nothing missing, changed or added.
    """
    partner = _partner(query.get("id") or query.get("partnerId"))
    reseller = _partner(query.get("indirectResellerId"))
    if partner is None or partner.provider_id or (reseller and reseller.provider_id != partner.id):
        raise Refusal(Code.LINK_UNKNOWN)  # an indirect reseller has no link of its own (R69)
    invitation = Invitation(partner, reseller)
    if dict(query) not in (invitation.query, invitation.later_query):
        raise Refusal(Code.LINK_UNKNOWN)
    return invitation


WITH_ID = RoomQuestion(select(*columns_of(Partner)).where(Partner.microsoft_id == bindparam("wanted")))


def _partner(microsoft_id: str | None) -> Partner | None:
    if not microsoft_id or "\0" in microsoft_id:
        return None
    return next(iter(all_of(Partner, WITH_ID.ask(wanted=microsoft_id))), None)


def on_offer(partner: Partner) -> list[Invitation]:
    """The invitations `partner` may hand on, its usual one first.

    An indirect reseller has its provider's alone, as its provider handed it on (R69); a provider may also name one of
    its resellers (R68, R71).
    """
    if partner.provider:
        return [Invitation(partner.provider, partner if _named(partner) else None)]
    return [Invitation(partner), *(Invitation(partner, reseller) for reseller in resellers.of(partner))]


def _named(reseller: Partner) -> bool:
    """Whether the last link its provider sent to anybody there names it (R68, R71)."""
    of_provider = Letter.facts["partner"].as_integer() == reseller.provider_id
    there = (User.partner_id == reseller.id, Letter.kind == KIND, of_provider)
    letters = select(Letter.facts).join(User, User.id == Letter.to_id).where(*there).order_by(Letter.id.desc())
    facts = db.session.scalar(letters.limit(1))
    return bool(facts and facts["reseller"] == reseller.id)


def why_not_invite(user: User) -> Refusal | None:
    """Why this partner user cannot hand out an invitation: role (R10) or a suspended account (R73), else None."""
    if refusal := why_not(user, Permission.REQUEST_RELATIONSHIP):
        return refusal
    return why_not_ask(user.partner) if user.partner else None


def why_not_ask(partner: Partner) -> Refusal | None:
    """Why this account cannot ask for a relationship now: it is suspended (R73), else None."""
    return Refusal(Code.PARTNER_SUSPENDED, partner=partner) if partner.suspended else None


def why_not_own_invitation(user: User) -> Refusal | None:
    """Why this partner user has no invitation of its own, else None."""
    return why_not_ask_itself(user.partner) if user.partner else None


def why_not_ask_itself(partner: Partner) -> Refusal | None:
    """Why this account has no invitation of its own: an indirect reseller uses its provider's (R69), else None."""
    reseller = partner.kind is PartnerKind.INDIRECT_RESELLER
    return Refusal(Code.INDIRECT_RESELLER, partner=partner.provider) if reseller else None


def why_not_link(posted: str, links: Collection[str]) -> Refusal | None:
    """Why the link block of a posted mail is not one we made: it is empty or altered (R14), else None.

    `posted` is the block as sent back, `links` the only right addresses.
    """
    if not posted.strip():
        return Refusal(Code.LINK_MISSING)
    return None if posted.strip() in links else Refusal(Code.LINK_ALTERED)


def why_not_words(paragraph: str, links: Collection[str]) -> Refusal | None:
    """Why a free paragraph cannot go out: among its words is a link that only looks like ours (R14), else None."""
    lookalikes = [word for word in paragraph.split() if any(part in word.casefold() for part in SIGNS)]
    wrong = any(word.strip("<>()[]\"'.,;") not in links for word in lookalikes)
    return Refusal(Code.LINK_LOOKALIKE) if wrong else None


def why_not_answer(invitation: Invitation, user: User) -> Refusal | None:
    """Why this person cannot accept this invitation (R24, R25, R40, R76), else None. Asked by the page and the verb."""
    if user.acting:
        return Refusal(Code.NOT_ON_BEHALF, rule="R24", partner=user.partner, customer=user.acting.customer)
    if user.customer is None:
        if user.partner in invitation.partners:
            return Refusal(Code.OWN_TENANT, partner=user.partner)
        return Refusal(Code.CSP_TENANT, partner=invitation.partner)
    return why_not_accept(invitation, user.customer) or (
        None
        if user.may(Permission.ACCEPT_INVITATION)
        else Refusal(Code.NEEDS_GLOBAL_ADMIN, partner=invitation.partner, customer=user.customer)
    )


def why_not_accept(invitation: Invitation, customer: Customer) -> Refusal | None:
    """Why this tenant cannot accept this invitation whoever asks (R40, R76), else None."""
    if customer.market != HOME_MARKET:
        return Refusal(Code.OTHER_MARKET, partner=invitation.partner, customer=customer)
    if suspended := next((partner for partner in invitation.partners if partner.suspended), None):
        return Refusal(Code.CANNOT_ACCEPT_NOW, partner=suspended)
    return None


def last_words(by: User, to: int) -> list[str] | None:
    """The two paragraphs that went to user `to` with the newest invitation `by` sent there; None without one."""
    theirs = (Letter.to_id == to, Letter.from_id == by.id, Letter.kind == KIND)
    facts = db.session.scalar(select(Letter.facts).where(*theirs).order_by(Letter.id.desc()).limit(1))
    return facts and list(facts["paragraphs"])


def send(
    invitation: Invitation, *, to: User, by: User, language: str, paragraphs: Sequence[str], once: str | None = None
) -> bool:
    """Put the mail with the link into an inbox of this room and into the sender's log (R18, R19).

    `paragraphs` are the two opening ones as edited, empty when deleted (R13); `once` names this press of the button.
    False when it was pressed before. Refuses as `why_not_invite` does.
    """
    if refusal := why_not_invite(by):
        raise refusal
    facts = {"partner": invitation.partner.id, "reseller": invitation.reseller and invitation.reseller.id}
    letter = {"language": language, "paragraphs": list(paragraphs)}
    if not mailbox.post(KIND, to=to.id, sender=by.id, once=once, **facts, **letter):
        return False
    reader: dict[str, Any] = {"to": to.id, "person": to.name} | ({"of": to.partner.name} if to.partner else {})
    history.record(EventKind.SEND_INVITATION, by=by, partner=by.partner, customer=to.customer, **reader)
    return True
