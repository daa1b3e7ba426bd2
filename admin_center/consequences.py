"""What ends and what stays, in words, before a customer takes delegated admin back (R52, R54-R58)."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from shared.domain.organisations import Partner
from shared.domain.privileges import Privilege
from shared.web.labels import label

ONLY_ADMINISTERS = ("R54", "R60", "R61")
RESELLS = ("R54", "R55", "R56", "R57", "R60")


@dataclass(frozen=True)
class Consequences:
    """The two columns of a confirmation, and the rules that say so."""

    ends: Sequence[str]
    stays: Sequence[str]
    rules: Sequence[str] = ONLY_ADMINISTERS


def of_removal(partner: Partner) -> Consequences:
    """One partner loses the services ticked; whoever only administers is gone with the last of them."""
    ends = [_("Delegated admin of %(partner)s for what you tick: at once, open sessions included", partner=partner)]
    if partner.kind.transacting:
        return Consequences(ends, _commercial(), RESELLS)
    return Consequences([*ends, _gone(partner)], [_again(partner)])


def of_deletion(partner: Partner) -> Consequences:
    """A partner that sells nothing leaves the list: it has no reseller relationship that could end (R47, R70)."""
    gone = _("Delegated admin of %(partner)s: at once, open sessions included", partner=partner)
    ends = [_("Your place in the partner's customer list"), gone]
    return Consequences(ends, [_("Your subscriptions, all of them"), _again(partner)])


def of_removal_everywhere(held: Sequence[Privilege]) -> Consequences:
    """Nobody administers anything any more."""
    ends = [_("%(partner)s: %(service)s", partner=p.partner.name, service=label(p.service)) for p in held]
    administer = list(dict.fromkeys(p.partner for p in held if not p.transacting))
    ends += map(_gone, administer)
    if administer and all(not p.transacting for p in held):
        return Consequences(ends, list(dict.fromkeys(map(_again, administer))))
    return Consequences(ends, _commercial(), (*RESELLS, "R61") if administer else RESELLS)


def _gone(partner: Partner) -> str:
    """It is listed for what it administers alone (R47, state model 2.13)."""
    said = _("With its last service %(partner)s leaves your list, and you leave its customer list", partner=partner)
    return str(said)


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
