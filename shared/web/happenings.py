"""History in words, for logs and timelines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ..domain import due
from ..domain.history import Event, EventKind
from ..domain.offers import OFFERS
from ..domain.permissions import Role
from ..domain.privileges import EndReason
from ..domain.services import Service
from ..domain.subscription_changes import SuspendReason
from ..domain.subscriptions import Status, Subscription
from ..world.rooms import DapConflict
from .labels import beside, label, listing
from .language import apart, together
from .permission_words import no_role
from .product_words import offer_name
from .words import day, iso, moment


@dataclass(frozen=True)
class Happening:
    """One event as people read it."""

    at_iso: str
    at_text: str
    actor: str
    action: str
    about: str
    what: str
    before: str
    after: str
    why: str
    kind: str
    house: str

    @property
    def text(self) -> str:
        """The whole event in one line."""
        return together(" · ", filter(None, (self.action, self.about, self.what, self.why)))


def in_words(events: Sequence[Event]) -> list[Happening]:
    """Each event in the reader's language."""
    return [_in_words(event, [event.service] if event.service else []) for event in events]


def summed_up(events: Sequence[Event], most: int) -> list[Happening]:
    """The newest acts in words, at most so many; one act on several services is one line."""
    acts = [list(same) for _key, same in groupby(events, key=_act)]
    return [_in_words(act[0], [event.service for event in act[::-1] if event.service]) for act in acts[:most]]


def _act(event: Event) -> tuple[object, ...]:
    about = (event.by_id, event.partner_id, event.customer_id, event.subscription_id)
    return event.kind, event.at, event.refused, event.facts, *about


def _in_words(event: Event, services: Sequence[Service]) -> Happening:
    before, after = _change(event)
    house = "room" if event.by is None else "partner" if event.by.partner_id else "admin"
    return Happening(
        at_iso=iso(event.at),
        at_text=moment(event.at),
        actor=_actor(event),
        action=_action(event),
        about=_about(event),
        what=listing(label(service) for service in services) or _setting(event) or _subscription(event),
        before=before,
        after=after,
        why=after if event.refused or event.kind is EventKind.END_DAP else "",
        kind="refused" if event.refused else "done",
        house=house,
    )


def _action(event: Event) -> str:
    """What was done; whoever only administers begins and ends no reseller relationship (R47, R70)."""
    if _just_listed(event):
        return str(JUST_LISTED[event.kind][0])
    return attempt(event.kind, EventKind(page) if (page := event.facts.get("page")) else None)


def attempt(kind: EventKind, page: EventKind | None = None) -> str:
    """What was done or tried; of a page that was merely opened, what that `page` is for."""
    return str(_("Open a page: %(act)s", act=label(page))) if page else label(kind)


def _just_listed(event: Event) -> bool:
    resells = event.partner is None or event.partner.kind.transacting
    return event.kind in JUST_LISTED and not resells and event.refused is None


def _actor(event: Event) -> str:
    if event.by:
        return beside([event.by.name, event.by.organisation.name])
    return str(_("automatic") if event.kind in due.KINDS.values() else _("the trainer"))


def _subscription(event: Event) -> str:
    """Which subscription, and whose licence or what of it; to whom, and of which house if nothing else says so."""
    names = [_called(event, event.subscription)] if event.subscription else []
    names += [str(event.facts[who]) for who in ("person", "of") if who in event.facts]
    return beside([*names, *([str(CHANGED[event.facts["what"]])] if event.facts.get("what") in CHANGED else [])])


def _called(event: Event, subscription: Subscription) -> str:
    """What it was called then: a nickname it was given later changes no entry (R81)."""
    before = event.facts.get("old" if event.facts.get("what") == "nickname" else "called")
    return str(before or offer_name(subscription.offer))


def _about(event: Event) -> str:
    names = (event.partner and event.partner.name, event.customer and event.customer.name)
    return together(" – ", (name for name in names if name))


def _change(event: Event) -> tuple[str, str]:
    """The old and the new value (R81); a refusal changed nothing and says why instead."""
    if event.refused:
        return "", _("%(why)s, rule %(rule)s", why=label(event.refused), rule=event.facts.get("rule", ""))
    if event.kind is EventKind.END_DAP:
        return _("held"), label(EndReason(event.facts["reason"]))
    if "setting" in event.facts:
        return _value(event, "old"), _value(event, "new")
    if event.kind in ABOUT_PEOPLE:
        return _roles(event, "old"), _roles(event, "new")
    if event.subscription and "new" in event.facts:
        return _shown(event, "old"), _shown(event, "new")
    if event.kind is EventKind.SUSPEND_SUBSCRIPTION and "reason" in event.facts:
        reason = label(SuspendReason(event.facts["reason"]))
        return label(Status.ACTIVE), _("%(status)s (%(reason)s)", status=label(Status.SUSPENDED), reason=reason)
    old, new = JUST_LISTED[event.kind][1:] if _just_listed(event) else CHANGES.get(event.kind, ("", ""))
    return str(old), str(new)


def _setting(event: Event) -> str:
    return str(SETTINGS.get(event.facts.get("setting", ""), ""))


def _roles(event: Event, when: str) -> str:
    """What somebody was or became; nothing before they were there and after they were gone."""
    if when not in event.facts:
        return ""
    return listing(label(Role(role)) for role in event.facts[when]) or no_role(at_partner=event.kind in AT_PARTNER)


def _shown(event: Event, when: str) -> str:
    """What something of a subscription was or became: an offer, a day, yes or no, a number, or what somebody typed."""
    value = event.facts.get(when)
    if value is None:
        return ""
    if event.kind is EventKind.UPGRADE_SUBSCRIPTION:
        return offer_name(OFFERS[value])
    if event.kind is EventKind.RENEW_SUBSCRIPTION:
        return day(date.fromisoformat(value))
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    return str(apart(value))


def _value(event: Event, when: str) -> str:
    """What a setting was or became: a moment, a word of ours, or what stood there, as it was typed."""
    setting, value = event.facts["setting"], event.facts[when]
    if setting == "clock":
        return moment(datetime.fromisoformat(value))
    return label(DapConflict(value)) if setting == "dap_conflict" else str(apart(value))


CHANGED = {
    "seats": _l("number of licences"),
    "nickname": _l("nickname"),
    "auto_renew": _l("automatic renewal"),
    "reseller": _l("reseller"),
}
SETTINGS = {
    "clock": _l("Room clock"),
    "dap_conflict": _l("Delegated admin held by another partner"),
    "market": _l("Country of the tenant's cloud"),
    "contact_name": _l("Contact person"),
    "contact_email": _l("Contact e-mail"),
    "contact_phone": _l("Contact phone"),
    "address": _l("Address"),
    "bill_to": _l("Bill to"),
    "billing_email": _l("E-mail for bills"),
    "billing_address": _l("Billing address"),
}
AT_PARTNER = (EventKind.ADD_PARTNER_USER, EventKind.CHANGE_PARTNER_USER, EventKind.REMOVE_PARTNER_USER)
ABOUT_PEOPLE = (
    *AT_PARTNER,
    EventKind.ADD_CUSTOMER_USER,
    EventKind.CHANGE_CUSTOMER_USER,
    EventKind.REMOVE_CUSTOMER_USER,
)
JUST_LISTED = {
    EventKind.ADD_RELATIONSHIP: (_l("Become a partner of the customer"), _l("no partner"), _l("partner")),
    EventKind.END_RELATIONSHIP: (_l("Stop being a partner of the customer"), _l("partner"), _l("no partner")),
}
CHANGES = {
    EventKind.GRANT_DAP: (_l("not held"), _l("held")),
    EventKind.ADD_CUSTOMER: (_l("no relationship"), _l("related")),
    EventKind.ADD_RELATIONSHIP: (_l("no relationship"), _l("related")),
    EventKind.END_RELATIONSHIP: (_l("related"), _l("no relationship")),
    EventKind.REACTIVATE_SUBSCRIPTION: (_l("Suspended"), _l("Active")),
    EventKind.CANCEL_SUBSCRIPTION: ("", _l("Cancelled")),
    EventKind.LAPSE_SUBSCRIPTION: ("", _l("Cancelled")),
    EventKind.DELETE_SUBSCRIPTION: ("", _l("Deleted")),
    EventKind.ASSIGN_LICENCE: (_l("not assigned"), _l("assigned")),
    EventKind.UNASSIGN_LICENCE: (_l("assigned"), _l("not assigned")),
    EventKind.SUSPEND_PARTNER: (_l("active"), _l("suspended")),
    EventKind.REACTIVATE_PARTNER: (_l("suspended"), _l("active")),
}
