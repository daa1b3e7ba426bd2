"""The way out of a refusal, where there is one: the shortest legal path to what was refused."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import g, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from ..domain import relationships
from ..domain.history import EventKind
from ..domain.organisations import Customer
from ..domain.permissions import Permission
from ..domain.refusals import Code, Refusal
from ..domain.subscriptions import Status, Subscription
from . import guards, sessions
from .labels import label, listing
from .product_words import seller_name
from .refusal_words import in_words


@dataclass(frozen=True)
class Unlock:
    """The action that would allow what was refused; `href` is empty where somebody else has to act."""

    text: str
    href: str = ""


def refusal_unlock(refusal: Refusal) -> Unlock | None:
    """The shortest legal way to what was refused."""
    way = UNLOCKS.get(refusal.code)
    return way(refusal) if way else None


def _switch(_refusal: Refusal) -> Unlock:
    if g.get("on_behalf"):
        return Unlock(_("Switch account"), url_for("partner_portal.sign_in"))  # where work on behalf begins
    return Unlock(_("Switch account"), url_for(f"{_portal()}.sign_in", next=sessions.asked_for()))


def _portal() -> str:
    """The portal one is in; outside of both, the customer's."""
    return request.blueprint if request.blueprint in ("partner_portal", "admin_center") else "admin_center"


def _room_settings(_refusal: Refusal) -> Unlock:
    return Unlock(_("Change it in the settings of this room"), url_for("classroom.settings"))


def _remove_first(refusal: Refusal) -> Unlock:
    """And then back to the invitation."""
    holder = refusal.facts["holder"]
    said = _(
        "First remove delegated admin of %(partner)s for %(service)s",
        partner=holder,
        service=label(refusal.facts["service"]),
    )
    there = {"microsoft_id": holder.microsoft_id, "service": refusal.facts["service"], "next": request.full_path}
    return Unlock(said, url_for("admin_center.partner_relationship_remove", **there))


def _remove_some_first(_refusal: Refusal) -> Unlock:
    """And then back to the invitation, too."""
    said = _("First remove delegated admin: Partner relationships")
    return Unlock(said, url_for("admin_center.partner_relationships", next=request.full_path))


def _look_again(refusal: Refusal) -> Unlock:
    return Unlock(_("Show the page as it is now"), request.full_path)


def _ask_customer(refusal: Refusal) -> Unlock:
    return Unlock(_("Request it from the customer"), _letter_to(refusal.facts.get("customer")))


def _letter_to(customer: Customer | None) -> str:
    """Where the request is written, already addressed where it is about one customer."""
    return url_for("partner_portal.reseller_request", customer=customer and customer.microsoft_id)


def _show_or_ask(refusal: Refusal) -> Unlock:
    """It may be in the list already, as after a second press of the button."""
    customer = refusal.facts["customer"]
    if current_user.partner and relationships.listed(current_user.partner, customer.microsoft_id):
        href = url_for("partner_portal.customer", customer=customer.microsoft_id)
        return Unlock(_("Show %(customer)s", customer=customer), href)
    return Unlock(_("Ask it for a relationship"), url_for("partner_portal.reseller_request"))


def _ask_for_services(refusal: Refusal) -> Unlock:
    """On which services: any that the subscription has will do."""
    if (subscription := refusal.facts.get("subscription")) is None:
        return _ask_customer(refusal)
    services = listing(label(service) for service in sorted(subscription.offer.services))
    said = _("Ask %(customer)s for delegated admin: %(services)s", customer=subscription.customer, services=services)
    return Unlock(said, _letter_to(subscription.customer))


def _show_subscriptions(refusal: Refusal) -> Unlock:
    customer = refusal.facts["customer"].microsoft_id
    return Unlock(_("Show its subscriptions"), url_for("partner_portal.customer_subscriptions", customer=customer))


def _reactivate(refusal: Refusal) -> Unlock | None:
    """Its seller alone can (R34), an add-on with its base (S4); instead of what has ended, another is ordered (S8)."""
    subscription: Subscription = refusal.facts["subscription"].base or refusal.facts["subscription"]
    if subscription.status is not Status.SUSPENDED:
        return _order_anew(refusal)
    if (here := guards.here()) and here.trying is EventKind.SUSPEND_SUBSCRIPTION:
        return None  # somebody was faster: it is what was asked for
    if subscription.seller_id == current_user.partner_id and current_user.may(Permission.MANAGE_SUBSCRIPTIONS):
        customer, number = subscription.customer.microsoft_id, subscription.microsoft_id
        there = url_for("partner_portal.customer_subscription_reactivate", customer=customer, subscription=number)
        return Unlock(_("Reactivate it first"), there)
    asked = _("Ask %(seller)s to reactivate it", seller=seller_name(subscription.seller))
    return _reseller_again(subscription) or Unlock(asked)


def _reseller_again(subscription: Subscription) -> Unlock | None:
    """What its seller needs first where it is no reseller of the customer any more (R66, R67); else None."""
    if (seller := subscription.seller) is None or seller.id in _partners_of(subscription.customer):
        return None
    said = _(
        "First %(partner)s has to become reseller of %(customer)s again, by a new request, accepted as usual.",
        partner=seller,
        customer=subscription.customer,
    )
    return Unlock(said)


def _partners_of(customer: Customer) -> set[int]:
    """Asked once for everything that a page shows of a customer."""
    if customer.id not in (known := g.setdefault("partners_of", {})):
        known[customer.id] = relationships.partners_of(customer)
    found: set[int] = known[customer.id]
    return found


def _ask_seller(refusal: Refusal) -> Unlock:
    subscription: Subscription = refusal.facts["subscription"]
    only = _("Only %(partner)s, which sold it, can do this", partner=seller_name(subscription.seller))
    return _reseller_again(subscription) or Unlock(only)


def _order_anew(refusal: Refusal) -> Unlock | None:
    """A new subscription instead of one that has ended; customers order nothing themselves."""
    if request.blueprint != "partner_portal":
        return None
    customer = refusal.facts["customer"].microsoft_id
    return Unlock(_("Order the offer anew."), url_for("partner_portal.customer_subscriptions_add", customer=customer))


def _show_what_it_became(refusal: Refusal) -> Unlock:
    customer, new = refusal.facts["customer"].microsoft_id, refusal.facts["became"].microsoft_id
    there = url_for("admin_center.licences_of", microsoft_id=new)
    if request.blueprint == "partner_portal":
        there = url_for("partner_portal.customer_subscription", customer=customer, subscription=new)
    return Unlock(_("Show what it became"), there)


def _ask_provider(refusal: Refusal) -> Unlock | None:
    provider = refusal.facts["partner"].provider
    return Unlock(_("Ask %(partner)s, your indirect provider", partner=provider)) if provider else None


def _pass_on(_refusal: Refusal) -> Unlock:
    """The provider's text stands on one page alone (R69)."""
    if request.endpoint == "partner_portal.reseller_request":
        return Unlock(_("Pass on the text of your provider below."))
    return Unlock(_("Pass on the text of your provider"), url_for("partner_portal.reseller_request"))


def _recover(_refusal: Refusal) -> Unlock:
    return Unlock(_("Ask for a new link"), url_for(f"{_portal()}.recovery"))


UNLOCKS: dict[Code, Callable[[Refusal], Unlock | None]] = {
    Code.ROLE: _switch,
    Code.NEEDS_GLOBAL_ADMIN: _switch,
    Code.PARTNER_ACCOUNT: _switch,
    Code.OWN_TENANT: _switch,
    Code.CSP_TENANT: _switch,
    Code.PARTNER_SUSPENDED: _room_settings,
    Code.CANNOT_ACCEPT_NOW: _room_settings,
    Code.OTHER_MARKET: _room_settings,
    Code.DAP_HELD: _remove_first,
    Code.ALL_HELD: _remove_some_first,
    Code.CHANGED_MEANWHILE: _look_again,
    Code.CUSTOMER_EXISTS: _show_or_ask,
    Code.NO_DAP: _ask_for_services,
    Code.NO_RELATIONSHIP: _ask_customer,
    Code.LAST_GLOBAL_ADMIN: lambda _refusal: Unlock(_("Make somebody else a Global admin first.")),
    Code.PERSON_REMOVED: lambda _refusal: Unlock(_("Add the person as a new user.")),
    Code.OWN_PASSWORD: lambda _refusal: Unlock(_("Change your password"), url_for("admin_center.password")),
    Code.OWNER_RECOVERS: lambda _refusal: Unlock(_("On the sign-in page: “Can't access your account?”")),
    Code.RECOVERY_SPENT: _recover,
    Code.LINK_UNKNOWN: lambda _refusal: Unlock(_("Ask the partner to copy its invitation again, including the link.")),
    Code.SHUT_OUT: lambda _refusal: Unlock(_("Back to Partner Center"), url_for("partner_portal.customers")),
    Code.NOT_ON_BEHALF: lambda refusal: Unlock(_("Ask a Global admin of %(customer)s", **in_words(refusal.facts))),
    Code.STILL_ACTIVE: _show_subscriptions,
    Code.PROVIDER_ACTS: _ask_provider,
    Code.PROVIDER_ENDS: _ask_provider,
    Code.NOT_SELLER: _ask_seller,
    Code.SELLER_CHANGES: lambda refusal: _reseller_again(refusal.facts["subscription"]),
    Code.NO_FREE_SEAT: lambda _refusal: Unlock(_("Take a licence back, or ask the seller for more.")),
    Code.NOT_ACTIVE: _reactivate,
    Code.SEATS_LOCKED: _reactivate,
    Code.OVER_CAP: lambda _refusal: Unlock(_("An Enterprise offer has no such limit.")),
    Code.FINAL: _order_anew,
    Code.UPGRADED: _show_what_it_became,
    Code.FOLLOWS_BASE: lambda _refusal: Unlock(_("Change that subscription instead.")),
    Code.HAS_ADD_ON: lambda _refusal: Unlock(_("Give the add-on more licences instead.")),
    Code.HAS_ADD_ONS: lambda _refusal: Unlock(_("Cancel the add-ons first.")),
    Code.HAS_SERVICES: lambda _refusal: Unlock(_("That subscription must be cancelled first.")),
    Code.HAS_OFFER: lambda _refusal: Unlock(_("That subscription must be cancelled first.")),
    Code.SUBSCRIPTION_CHANGED: _look_again,
    Code.LOCKED_OUT: lambda _refusal: Unlock(_("Ask the admin of your organisation.")),
    Code.INDIRECT_RESELLER: _pass_on,
}
