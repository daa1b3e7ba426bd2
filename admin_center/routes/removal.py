"""Taking delegated admin back, each way behind a confirmation that says what ends and what stays (R51-R57, R61)."""

from collections.abc import Collection
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from shared.domain import capabilities, privileges, relationships, revocation
from shared.domain.history import EventKind
from shared.domain.organisations import Partner
from shared.domain.partner_list import PartnerRow
from shared.domain.permissions import Permission
from shared.domain.services import Service
from shared.extensions import db
from shared.web.forms import Form
from shared.web.guards import requires
from shared.web.labels import label, listing
from shared.web.notices import mention, tell

from .. import consequences
from ..blueprint import admin_center
from ..consequences import Consequences
from ..forms import ConfirmForm, RevokeForm
from ..tenant import tenant
from .partner_relationships import came_from, row_or_404

REVOKING = (Permission.REMOVE_PRIVILEGES, EventKind.END_DAP)


@admin_center.route("/settings/partner-relationships/<microsoft_id>/remove", methods=["GET", "POST"])
@requires(*REVOKING)
def partner_relationship_remove(microsoft_id: str) -> Any:
    """Remove delegated admin from one partner: all services, or those ticked (R52, R53)."""
    row, form = row_or_404(microsoft_id), RevokeForm()
    form.offer(row.services, only=request.args.get("service", ""))
    if form.validate_on_submit():
        ended = revocation.revoke(row.partner, form.chosen(), by=current_user)
        there = _there([row.partner])
        db.session.commit()
        return _back(row, ended, there)
    status = 422 if form.errors else 200
    sells = capabilities.why_not_sell(row.partner, tenant(), row.relationship) is None
    what, nothing = consequences.of_removal(row.partner), revocation.why_not_any(tenant(), row.partner, row.services)
    return _confirm("remove_delegated_admin", form, what, row=row, sells=sells, nothing=nothing), status


@admin_center.route("/settings/partner-relationships/<microsoft_id>/delete", methods=["GET", "POST"])
@requires(*REVOKING)
def partner_relationship_delete(microsoft_id: str) -> Any:
    """Delete an advisor or delegated administrator; a reseller cannot be deleted (R61)."""
    row, form = row_or_404(microsoft_id), ConfirmForm()
    if refusal := revocation.why_not_delete(row.partner, tenant()):
        raise refusal
    if form.validate_on_submit():
        ended = revocation.delete_partner(row.partner, by=current_user)
        db.session.commit()
        if ended:
            gone = _("%(partner)s is deleted from your list.", partner=row.partner)
            tell(gone, _("It can no longer administer anything here."))
        else:
            mention(_("%(partner)s is off your list already; nothing changed.", partner=row.partner))
        return _done()
    nothing = revocation.why_not_any(tenant(), row.partner, row.services)
    return _confirm("delete_partner", form, consequences.of_deletion(row.partner), row=row, nothing=nothing)


@admin_center.route("/settings/partner-relationships/remove-all", methods=["GET", "POST"])
@requires(*REVOKING)
def partner_relationships_remove_all() -> Any:
    """Remove delegated admin from every partner at once (R53)."""
    form = ConfirmForm()
    if form.validate_on_submit():
        ended = revocation.revoke_everywhere(by=current_user)
        there = _there(ended)
        db.session.commit()
        if ended:
            names = listing(partner.name for partner in ended)
            gone = _("Nobody holds delegated admin any more; it ended for %(partners)s.", partners=names)
            tell(gone, *there)
        else:
            mention(_("No partner held delegated admin; nothing changed."))
        return _done()
    held = [privilege for privilege in privileges.privileges_on(tenant()) if privilege.in_force]
    what, nothing = consequences.of_removal_everywhere(held), revocation.why_not_any(tenant(), held=held)
    return _confirm("remove_everywhere", form, what, nothing=nothing)


def _confirm(page: str, form: Form, what: Consequences, row: PartnerRow | None = None, **facts: Any) -> str:
    back = url_for("admin_center.partner_relationships")
    if row:
        back = url_for("admin_center.partner_relationship", microsoft_id=row.partner.microsoft_id)
    there = came_from()
    facts = {"nothing": None, "consequences": what, "row": row, "back": there or back, "came_from": there} | facts
    return render_template(f"admin_center/{page}.html", form=form, **facts)


def _back(row: PartnerRow, ended: list[Service], there: list[str]) -> Response:
    if ended:
        services = listing(label(service) for service in ended)
        here = _("%(partner)s no longer administers %(services)s.", partner=row.partner, services=services)
        tell(here, *there)
    else:
        mention(_("%(partner)s did not hold this any more; nothing changed.", partner=row.partner))
    return _done()


def _done() -> Response:
    return redirect(came_from() or url_for("admin_center.partner_relationships"))


def _there(partners: Collection[Partner]) -> list[str]:
    """What those who lost delegated admin see now: whoever only administered is gone with it (R55, R60, R61).

    Asked before it is committed: afterwards one would have to wait for another turn.
    """
    tied, said = relationships.partners_of(tenant()), []
    if still := [partner.name for partner in partners if partner.id in tied]:
        said.append(_("You stay in the customer list of %(partners)s, with the end date.", partners=listing(still)))
    if gone := [partner.name for partner in partners if partner.id not in tied]:
        said.append(_("You and %(partners)s are off each other's lists.", partners=listing(gone)))
    return [*said, _("Both sides got an e-mail.")]
