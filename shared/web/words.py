"""The few words and times that every template may ask for."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.dates import format_date, format_time
from babel.numbers import format_currency
from flask import Flask
from flask_babel import gettext as _
from flask_babel import ngettext
from jinja2 import StrictUndefined

from ..domain import keeping
from ..domain.held import Held
from ..domain.prices import CURRENCY
from ..domain.privileges import Privilege
from ..domain.subscriptions import Subscription
from ..domain.users import User
from ..world.calendar import CHINA, day_of
from . import language
from .frame import Signed
from .labels import beside, label, listing
from .permission_words import no_role
from .product_words import offer_name, seller_name, subscription_name
from .refusal_words import refusal_text
from .rule_words import rule, rules
from .unlocks import refusal_unlock


def hang(app: Flask) -> None:
    """Templates are strict about names: a misspelt one is an error, never an empty place."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(day=day, moment=moment, label=label, iso=iso, ending=ending, listing=listing)
    app.jinja_env.filters.update(beside=beside, offer_name=offer_name, subscription_name=subscription_name, money=money)
    app.jinja_env.filters.update(time_left=time_left, seller_name=seller_name)
    globals_ = {f.__name__: f for f in (refusal_text, refusal_unlock, role_names, rule, rules)}
    app.jinja_env.globals.update(globals_)


def role_names(user: User | Signed) -> str:
    """What this person is, in words."""
    return listing(sorted(label(role) for role in user.roles)) or no_role(at_partner=user.partner_id is not None)


def day(when: datetime | date) -> str:
    """A date in the reader's language, as it is in China."""
    return _day(language.now().locale, day_of(when) if isinstance(when, datetime) else when)


@lru_cache(maxsize=4096)
def _day(locale: Locale, on: date) -> str:
    return format_date(on, format="medium", locale=locale)


def moment(when: datetime) -> str:
    """A date and time in the reader's language, China Standard Time."""
    return _moment(language.now().locale, when.astimezone(CHINA).replace(second=0))


@lru_cache(maxsize=4096)
def _moment(locale: Locale, local: datetime) -> str:
    return f"{format_date(local, 'medium', locale)} {format_time(local.time(), 'short', locale=locale)}"


def ending(held: Privilege | Held) -> str:
    """When delegated admin ended, and why (R59)."""
    if held.until is None or held.ended_by is None:
        return ""
    return str(_("%(day)s, %(reason)s", day=day(held.until), reason=label(held.ended_by)))


def time_left(subscription: Subscription) -> str:
    """How long its data is still kept, empty where it is not going to be deleted (S7, S8)."""
    match keeping.days_left(subscription):
        case None:
            return ""
        case 0:
            return str(_("Today is the last day"))
        case left:
            return str(ngettext("%(num)s day left", "%(num)s days left", left))


def told_apart(some: Iterable[Subscription]) -> dict[int, str]:
    """What to say beside the name and seller of each, by id: its size, and its number where two are alike in all that.

    RULING: the beginning of the number that its own page calls Subscription ID.
    """
    looks = {one: (one.customer_id, one.nickname or one.offer_key, one.seller_id, one.seats) for one in some}
    alike, told = Counter(looks.values()), {}
    for one, look in looks.items():
        number = [_("ID %(number)s…", number=one.microsoft_id[:8])] if alike[look] > 1 else []
        told[one.id] = beside([ngettext("%(num)s licence", "%(num)s licences", one.seats), *number])
    return told


def money(amount: Decimal) -> str:
    """An amount in yuan, as the reader's language writes it."""
    return format_currency(amount, CURRENCY, locale=language.now().locale)


def iso(when: datetime) -> str:
    """A time for machines."""
    return when.isoformat()
