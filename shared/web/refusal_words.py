"""What each refusal says to people."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ..domain.offers import Offer, Part
from ..domain.organisations import Partner
from ..domain.permissions import MAY
from ..domain.refusals import Code, Refusal
from ..domain.services import Service
from ..domain.subscriptions import Status, Subscription
from .labels import label, listing
from .language import set_apart, together
from .product_words import offer_name, seller_name, subscription_name

SENTENCES: dict[Code, Any] = {
    Code.ROLE: _l("Your role does not allow this. Who may: %(roles)s."),
    Code.NEEDS_GLOBAL_ADMIN: _l("Only a Global admin of %(customer)s can answer this request from %(partner)s."),
    Code.PARTNER_ACCOUNT: _l(
        "You are signed in with an account of %(partner)s, a partner. This admin center belongs to customers."
    ),
    Code.LINK_UNKNOWN: _l(
        "This is not the link a partner was given: it is incomplete, was altered, or names a partner we do not know."
    ),
    Code.LINK_MISSING: _l(
        "The link is missing from the e-mail. Without it the customer has nothing to follow; here it is again."
    ),
    Code.LINK_ALTERED: _l(
        "The link in the e-mail was altered. It works only exactly as it was generated; here it is again."
    ),
    Code.LINK_LOOKALIKE: _l(
        "A link in this paragraph looks like the invitation and is not the one that was generated. Take it out."
    ),
    Code.INDIRECT_RESELLER: _l(
        "An indirect reseller has no invitation of its own. %(partner)s, your indirect provider, owns the relationship "
        "and its invitation; you may pass it on unchanged."
    ),
    Code.PARTNER_SUSPENDED: _l(
        "The partner account of %(partner)s is suspended. Until it is reactivated it cannot add customers, request "
        "relationships, order, change quantities, upgrade or transition."
    ),
    Code.CANNOT_ACCEPT_NOW: _l(
        "%(partner)s cannot enter new relationships now. The same link will work again later; what %(partner)s "
        "administers today is not affected."
    ),
    Code.OWN_TENANT: _l(
        "You are signed in to the tenant of %(partner)s itself. This link is for its customers: a partner cannot "
        "be its own customer."
    ),
    Code.CSP_TENANT: _l(
        "You are signed in to the tenant of another partner. %(partner)s cannot become the reseller of a partner's "
        "tenant."
    ),
    Code.OTHER_MARKET: _l(
        "The tenant of %(customer)s is in another country's cloud. %(partner)s can only work with tenants in China."
    ),
    Code.DAP_HELD: _l("%(holder)s holds delegated admin on %(service)s."),
    Code.ALL_HELD: _l("Other partners hold every service, so there is nothing to give %(partner)s."),
    Code.NO_SERVICE: _l(
        "Tick at least one service: accepting gives delegated admin, so there must be something to give."
    ),
    Code.CHANGED_MEANWHILE: _l("This changed while the page was open: %(moved)s. Look again, then decide."),
    Code.NOTHING_HELD: _l("%(partner)s holds no delegated admin."),
    Code.CUSTOMER_EXISTS: _l("%(customer)s exists already, so it cannot be added again."),
    Code.NOT_SELLER: _l("%(partner)s did not sell this subscription."),
    Code.NO_DAP: _l(
        "%(partner)s holds no delegated admin for this at %(customer)s. It can still sell to this customer."
    ),
    Code.NO_RELATIONSHIP: _l("%(partner)s has no reseller relationship with %(customer)s."),
    Code.PROVIDER_ACTS: _l("An indirect reseller cannot order or change subscriptions. Its provider does."),
    Code.PROVIDER_ONLY: _l("Only an indirect provider sets the partner of record of what it sold."),
    Code.NOT_ITS_RESELLER: _l("%(reseller)s does not sell through %(partner)s."),
    Code.PROVIDER_ENDS: _l("An indirect reseller cannot end the relationship: %(provider)s owns it and can."),
    Code.STILL_ACTIVE: _l(
        "%(customer)s still has active subscriptions that %(partner)s sold. Suspend or cancel them first."
    ),
    Code.SHUT_OUT: _l("Working on behalf of %(customer)s is over: delegated admin there, or your role for it, ended."),
    Code.NOT_ON_BEHALF: _l(
        "Nobody who works on behalf of %(customer)s can do this. It is for the Global admins of its own tenant."
    ),
    Code.NO_RESELLERS: _l("%(partner)s is no indirect provider, so no reseller sells through it."),
    Code.ADVISES_ONLY: _l("%(partner)s is an advisor: it sells nothing itself."),
    Code.DOMAIN_TAKEN: _l("The domain %(domain)s is taken by somebody else. Choose another one."),
    Code.NOT_BILLED: _l(
        "%(customer)s has nothing that %(partner)s sold, so the bill is another's business. You may edit the contact."
    ),
    Code.NOT_ACTIVE: _l("%(subscription)s is not active: %(status)s."),
    Code.OTHER_TENANT: _l("%(user)s does not belong to the tenant that has this subscription."),
    Code.HAS_LICENCE: _l("%(user)s has a licence of %(subscription)s already."),
    Code.NO_FREE_SEAT: _l("All licences of %(subscription)s are assigned: %(seats)s."),
    Code.SELLER_CHANGES: _l("A customer never changes a subscription itself. Only its seller can: %(seller)s."),
    Code.LOCKED_OUT: _l(
        "%(subscription)s of %(customer)s is suspended, and %(user)s has no other active one. Without an admin role, "
        "%(user)s cannot sign in until it is reactivated."
    ),
    Code.EMAIL_TAKEN: _l("Somebody signs in as %(email)s already. Choose another name before the @."),
    Code.LAST_GLOBAL_ADMIN: _l(
        "This is the last Global admin of %(organisation)s. Without one nobody could give anybody this role again."
    ),
    Code.PERSON_REMOVED: _l("%(user)s was removed. Nothing of a removed account can be changed any more."),
    Code.ONE_CLICK: _l("%(user)s belongs to the starter cast, signs in with one click and has no password."),
    Code.OWN_PASSWORD: _l("Nobody resets their own password: %(user)s changes it."),
    Code.OWNER_RECOVERS: _l("Only %(user)s can recover it: nobody resets the password of a partner's user."),
    Code.RECOVERY_SPENT: _l("This link was used already, is too old, or was replaced by a newer one."),
    Code.PASSWORD_WRONG: _l("This is not the current password."),
    Code.PASSWORD_SAME: _l("This is the password there is already. Choose another one."),
    Code.SUBSCRIPTION_CHANGED: _l("%(subscription)s was changed while this page was open. Nothing of yours was saved."),
    Code.TOO_FEW_SEATS: _l("At least %(least)s licence is needed."),
    Code.SEATS_ASSIGNED: _l(
        "Licences of %(subscription)s that are assigned: %(assigned)s. "
        "To take back in the admin center first: %(over)s."
    ),
    Code.SEATS_LOCKED: _l("%(subscription)s is suspended. Its number of licences cannot change meanwhile."),
    Code.OVER_CAP: _l("A tenant has at most %(cap)s licences of %(offer)s. %(customer)s can get %(left)s more."),
    Code.FINAL: _l("%(subscription)s has ended for good: %(status)s."),
    Code.UPGRADED: _l("%(subscription)s was upgraded: it is %(target)s now."),
    Code.NOT_SUSPENDED: _l("%(subscription)s is not suspended."),
    Code.FOLLOWS_BASE: _l("An add-on follows its subscription: %(base)s."),
    Code.WRONG_BASE: _l("%(offer)s is bought only on top of a subscription that it fits."),
    Code.HAS_ADD_ON: _l("%(subscription)s has %(offer)s already."),
    Code.NO_ADD_ONS: _l("There is no add-on for %(subscription)s."),
    Code.NO_PATH: _l("%(subscription)s has no upgrade path that would allow this."),
    Code.HAS_ADD_ONS: _l("%(subscription)s has add-ons: %(add_ons)s."),
    Code.HAS_SERVICES: _l("%(customer)s has %(other)s, which contains what %(target)s would add: %(services)s."),
    Code.HAS_OFFER: _l("%(customer)s has %(other)s already."),
    Code.STILL_RESELLER: _l(
        "Only %(partner)s can end the reseller relationship, and it must be asked: %(phone)s, %(email)s."
    ),
}

# Said instead where it is about nobody in particular.
AT_LARGE: dict[Code, tuple[str, Any]] = {
    Code.NOTHING_HELD: ("partner", _l("No partner holds delegated admin.")),
    Code.PROVIDER_ACTS: ("customer", _l("An indirect reseller cannot add customers. Its provider does.")),
    Code.OVER_CAP: (
        "customer",
        _l("A tenant has at most %(cap)s licences of %(offer)s; an Enterprise offer has no such limit."),
    ),
}


def refusal_text(refusal: Refusal) -> str:
    """The one sentence that says why."""
    return str(_sentence(refusal)) % set_apart(in_words(refusal.facts))


def _sentence(refusal: Refusal) -> Any:
    """Whoever cannot sell to the customer is not told that it still can (R70, R73)."""
    who, said = AT_LARGE.get(refusal.code, ("", None))
    if said and who not in refusal.facts:
        return said
    if refusal.code is Code.NO_DAP and not refusal.facts["sells"]:
        return _l("%(partner)s holds no delegated admin for this at %(customer)s.")
    return SENTENCES[refusal.code]


def in_words(facts: dict[str, Any]) -> dict[str, str]:
    """What a refusal is about, as a sentence names it."""
    said = {name: _name(fact) for name, fact in facts.items()}
    if "seller" in facts:
        said["seller"] = seller_name(facts["seller"])
    if "permission" in facts:
        said["roles"] = listing(sorted({label(role) for role in MAY[facts["permission"]]}))
    if "moved" in facts:
        said["moved"] = _moved(facts["moved"])
    if "partner" in facts:
        said |= {"phone": facts["partner"].phone, "email": facts["partner"].email}
    return said


def _moved(moved: list[tuple[Service, Partner | None]]) -> str:
    """Who administers now what moved: one clause for each holder."""
    held: dict[Partner | None, list[Service]] = {}
    for service, holder in moved:
        held.setdefault(holder, []).append(service)
    return together(str(_("; ")), (_now_with(holder, listing(map(label, held[holder]))) for holder in held))


def _now_with(holder: Partner | None, services: str) -> str:
    if holder is None:
        return str(_("nobody administers %(services)s now", services=services))
    return str(_("%(holder)s now administers %(services)s", holder=holder, services=services))


def _name(fact: Any) -> str:
    """What a refusal is about, as people call it."""
    match fact:
        case Subscription():
            return subscription_name(fact)
        case Offer():
            return offer_name(fact)
        case Service() | Part() | Status():
            return label(fact)
        case list():
            return listing(_name(each) for each in fact)
        case None:
            return str(_("nobody"))
    return str(fact)
