"""What the rules that stand beside controls say, in one sentence each."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ..domain.rules import RULES
from . import language
from .labels import label

SAYS: dict[str, Any] = {
    "P1": _l("Each partner user has exactly two settings: an agent setting and an admin setting; either may be none."),
    "P2": _l("What a person may do is everything that either of the two settings allows."),
    "P3": _l(
        "Global admins and User management admins add users; only a Global admin gives or takes admin roles, and the "
        "last Global admin stays."
    ),
    "P4": _l("A new user's temporary password is shown once and must be changed at the first sign-in."),
    "P5": _l("The first account of a partner is a Global admin; few people should be one."),
    "P6": _l(
        "A Global admin may do everything in Partner Center; working in a customer's tenant needs an agent setting too."
    ),
    "P7": _l("Menu items a role cannot use are hidden; opening their address says which role is needed."),
    "P8": _l("Partner users recover their password themselves, on the sign-in page; nobody can reset it for them."),
    "R1": _l("The partner acts only in Partner Center, the customer only in the admin center."),
    "R2": _l("Reseller relationship and delegated admin privileges are separate facts; either may change alone."),
    "R4": _l("Adding a brand-new customer makes tenant, relationship and delegated admin in one go."),
    "R3": _l("Who sold a subscription is a fact of that subscription; no request, acceptance or removal changes it."),
    "R5": _l("A customer that has an account already is asked for a relationship, not added again."),
    "R6": _l("Delegated admin is held service by service; one is enough to enter the customer's admin center."),
    "R10": _l("Admin agents, Sales agents and Global admins may request a reseller relationship."),
    "R13": _l("Only the first two paragraphs of the e-mail may be edited or deleted."),
    "R14": _l("The link must stay as generated."),
    "R16": _l("The link identifies the partner's reseller account only and carries nothing about a customer."),
    "R17": _l("The same link serves every customer and every request."),
    "R18": _l("The partner sends the e-mail, not the portal."),
    "R19": _l("Partner Center cannot know who got the link, so a request has no pending state."),
    "R20": _l("The link does not expire."),
    "R21": _l("The request always asks for delegated admin privileges; there is no way to leave them out."),
    "R24": _l("Only a Global admin of the customer's tenant can accept."),
    "R25": _l("Anyone else who follows the link is told whom to ask, and nothing changes."),
    "R27": _l("Which services are covered is chosen here, because the link names none."),
    "R28": _l("Acceptance takes effect at once."),
    "R30": _l("Cancelling records nothing, and accepting twice is harmless."),
    "R31": _l("Accepting adds delegated admin only; a partner that did not sell a subscription is not billed for it."),
    "R32": _l("A partner that did not sell a subscription cannot change its number of seats."),
    "R33": _l("A partner that did not sell a subscription cannot order add-ons for it."),
    "R34": _l("A partner that did not sell a subscription cannot upgrade, suspend, cancel or move it."),
    "R35": _l("Subscriptions, their seller, their partner of record and their terms stay as they are."),
    "R36": _l(
        "Admin agents work as Global administrator, Helpdesk agents as Helpdesk administrator, Sales agents not at all."
    ),
    "R37": _l("Once the relationship exists, the customer is in the partner's customer list."),
    "R38": _l("A partner may sell to its customers, and fully manages what it sold."),
    "R39": _l("Selling needs the relationship, not delegated admin."),
    "R40": _l(
        "Unknown links, suspended partners, a partner's own tenant and other clouds all stand in the way of accepting."
    ),
    "R41": _l("For each service of a customer, at most one transacting partner holds delegated admin."),
    "R42": _l(
        "Delegated admin on a ticked service moves from the transacting partner that holds it; that one keeps the rest."
    ),
    "R43": _l("This room can be set to refuse a move until the customer removes the present holder."),
    "R44": _l("Partner relationships shows every partner and which of them hold delegated admin."),
    "R45": _l("Delegated admin is shown for each service."),
    "R47": _l("The type follows from the reseller relationship and the delegated admin it includes."),
    "R49": _l("Global admins see and act, Billing admins see, others see nothing of this page."),
    "R50": _l("This page is the only place that shows who holds delegated admin; lists of users and roles do not."),
    "R51": _l("The customer may remove delegated admin from any or all partners, its reseller included."),
    "R53": _l("Only a Global admin of the tenant may remove delegated admin: per service, per partner, or everywhere."),
    "R54": _l("Removal takes effect at once, open sessions included."),
    "R55": _l("The reseller relationship stays when delegated admin ends."),
    "R56": _l("Subscriptions keep running and their seller keeps being billed."),
    "R57": _l("The partner still has to support what it sold."),
    "R58": _l("Without delegated admin a partner cannot manage users, licences or tickets; it can still sell."),
    "R59": _l("The customer stays in the list, with the day delegated admin ended and why."),
    "R60": _l("Both sides get an e-mail when delegated admin is removed."),
    "R61": _l(
        "The customer cannot end a reseller relationship itself; it can delete advisors and delegated administrators."
    ),
    "R62": _l("Delegated admin is restored with the same request, the same link and the same acceptance."),
    "R64": _l("Only a Global admin of the partner may remove the reseller relationship."),
    "R65": _l("The relationship can end only when none of the subscriptions the partner sold is active any more."),
    "R66": _l(
        "The customer leaves the list, delegated admin ends and nothing more can be bought; no legal notice is sent."
    ),
    "R67": _l("The normal request begins the relationship again; an indirect reseller ends one through its provider."),
    "R68": _l("The indirect provider makes the invitation and sends it, or hands it to its reseller to forward."),
    "R69": _l("Resellers of an indirect provider use the provider's invitation."),
    "R70": _l("The provider owns the relationship, whoever passed the invitation on."),
    "R71": _l("The provider may name one of its resellers in the link; the customer decides on each separately."),
    "R73": _l(
        "A suspended partner account cannot add customers, request relationships, order, change quantities, upgrade or "
        "transition."
    ),
    "R76": _l("While the partner is suspended its link cannot be accepted; what it administers is not touched."),
    "R79": _l("Without delegated admin a partner cannot open a service request for the customer."),
    "R72": _l("For each subscription the indirect provider says which of its resellers sold it."),
    "B2": _l("A partner is billed on the same day of each month."),
    "S1": _l("A subscription is an offer and a number of licences; it is changed later on its details page."),
    "S2": _l("It starts the day after the order and ends twelve months after the partner's next billing date."),
    "S3": _l("The seller changes the number of seats at any time: at least one, and not fewer than are assigned."),
    "S4": _l("An add-on needs an active subscription to stand on, follows its dates and is suspended with it."),
    "S5": _l("The seller changes subscriptions in Partner Center; users and licences are managed in the admin center."),
    "S6": _l("While everything an ordinary user has is suspended they cannot sign in; admins still can."),
    "S7": _l("What is not reactivated within 60 days is deleted with all its data at the start of day 61."),
    "S8": _l("Cancelling is final: licences end at once, and the data is deleted after 60 days."),
    "S9": _l("A subscription is active, suspended, cancelled or deleted."),
    "S10": _l("The number of seats cannot change while a subscription is suspended."),
    "S11": _l("An upgrade needs an active subscription and delegated admin."),
    "S12": _l(
        "An upgrade moves the whole subscription with its licences; like any other move it needs delegated admin."
    ),
    "S13": _l("Moving to another reseller is done by hand: the new one sells the same offer, then the old one ends."),
    "R81": _l("Every act is in the activity log of both sides and cannot be edited."),
}


@dataclass(frozen=True)
class RuleWords:
    """A rule as the rule mark shows it."""

    number: str
    says: str
    title: str
    origin: str
    origin_label: str


def rule(number: str) -> RuleWords:
    """What the mark of rule `number` shows: its sentence, the documents behind it, and how sure it is."""
    return _rule(language.now().tag, number)


@cache
def _rule(_language: str, number: str) -> RuleWords:
    known = RULES[number]
    title = "; ".join(known.documents) or _("no document")
    return RuleWords(number, str(SAYS[number]), title, known.origin.value, label(known.origin))


def rules(*numbers: str) -> tuple[RuleWords, ...]:
    """Several at once."""
    return tuple(rule(number) for number in numbers)
