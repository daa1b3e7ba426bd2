"""What ends and what stays, in words, before a customer takes delegated admin back (R52, R54-R58)."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from shared.domain.organisations import Partner
from shared.domain.partner_list import PartnerRow
from shared.domain.privileges import Privilege
from shared.web.labels import label


@dataclass(frozen=True)
class Consequences:
    """The two columns of a confirmation."""

    ends: Sequence[str]
    stays: Sequence[str]


def of_removal(partner: Partner) -> Consequences:
    """One partner loses the services ticked."""
    return Consequences([_at_once(partner.name)], _commercial() if partner.kind.transacting else [_again(partner)])


def of_deletion(row: PartnerRow) -> Consequences:
    """A partner that sells nothing leaves the list: it has no reseller relationship that could end (R47, R70)."""
    ends = [_("Your place in the partner's customer list"), _at_once(row.partner.name)] if row.services else []
    return Consequences(ends, [_("Your subscriptions, all of them"), _again(row.partner)])


def of_removal_everywhere(held: Sequence[Privilege]) -> Consequences:
    """Nobody administers anything any more."""
    ends = [_("%(partner)s: %(service)s", partner=p.partner.name, service=label(p.service)) for p in held]
    return Consequences(ends, _commercial())


def _at_once(partner: str) -> str:
    return str(_("Access of %(partner)s to what you remove: at once, open sessions included", partner=partner))


def _again(partner: Partner | None = None) -> str:
    """Through which link: an indirect reseller has none of its own (R69)."""
    if partner and partner.provider:
        return str(_("%(provider)s can ask again with a link that names this partner", provider=partner.provider))
    return str(_("The partner can ask again with the same link"))


def _commercial() -> list[str]:
    return [
        _("The reseller relationship, and your place in the partner's customer list"),
        _("Subscriptions keep running, and their seller keeps being billed"),
        _("The partner's duty to support anything it sold"),
        _again(),
    ]
