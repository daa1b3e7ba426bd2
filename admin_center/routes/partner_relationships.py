"""Settings > Partner relationships: who holds delegated admin, and how to take it back (R44-R57, R61)."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from shared.domain import partner_list, privileges, revocation
from shared.domain.history import EventKind
from shared.domain.partner_list import PartnerRow, Shown
from shared.domain.permissions import Permission
from shared.domain.privileges import Privilege
from shared.domain.search import printable
from shared.domain.services import Service
from shared.extensions import db
from shared.web.guards import requires
from shared.web.keysets import after_key
from shared.web.labels import label
from shared.web.words import day

from .. import consequences
from ..blueprint import admin_center
from ..consequences import Consequences
from ..forms import ConfirmForm, RevokeForm
from ..tenant import tenant

REVOKING = (Permission.REMOVE_PRIVILEGES, EventKind.END_DAP)


@admin_center.get("/settings/partner-relationships")
@requires(Permission.VIEW_PARTNER_RELATIONSHIPS)
def partner_relationships() -> str:
    """Every partner, what it sells and what it administers, service by service."""
    wanted, after = printable(request.args.get("q", "")), after_key()
    asked = request.args.get("show")
    shown = next((choice for choice in Shown if choice == asked), Shown.ACTIVE)
    page = partner_list.partners_of(tenant(), wanted=wanted, shown=shown, after=after)
    return render_template(
        "admin_center/partner_relationships.html",
        page=page,
        wanted=wanted,
        shown=shown,
        further=bool(after),
        filters=list(Shown),
        services=list(Service),
        cells=[_cells(row) for row in page.rows],
        still_reseller=still_reseller,
        refusal=revocation.why_not_revoke(current_user),
    )


@admin_center.get("/settings/partner-relationships/<microsoft_id>")
@requires(Permission.VIEW_PARTNER_RELATIONSHIPS)
def partner_relationship(microsoft_id: str) -> str:
    """One partner: who it is, what it may do, and what can be done about it (R48)."""
    row = _row(microsoft_id)
    return render_template(
        "admin_center/partner_relationship.html",
        row=row,
        services=list(Service),
        still_reseller=still_reseller,
        refusal=revocation.why_not_revoke(current_user),
        undeletable=revocation.why_not_delete(row.partner, tenant()),
    )


@admin_center.route("/settings/partner-relationships/<microsoft_id>/remove", methods=["GET", "POST"])
@requires(*REVOKING)
def partner_relationship_remove(microsoft_id: str) -> Any:
    """Remove delegated admin from one partner: all services, or those ticked (R52, R53)."""
    row, form = _row(microsoft_id), RevokeForm()
    form.offer(row.services)
    if request.method == "POST" and form.validate():
        ended = revocation.revoke(row.partner, [Service(s) for s in form.services.data], by=current_user)
        db.session.commit()
        return _back(row, ended)
    status = 422 if form.errors else 200
    return _confirm("remove_delegated_admin", form, consequences.of_removal(row.partner), row=row), status


@admin_center.route("/settings/partner-relationships/<microsoft_id>/delete", methods=["GET", "POST"])
@requires(*REVOKING)
def partner_relationship_delete(microsoft_id: str) -> Any:
    """Delete an advisor or delegated administrator; a reseller cannot be deleted (R61)."""
    row, form = _row(microsoft_id), ConfirmForm()
    if refusal := revocation.why_not_delete(row.partner, tenant()):
        raise refusal
    if form.validate_on_submit():
        revocation.delete_partner(row.partner, by=current_user)
        db.session.commit()
        gone = _("%(partner)s is off your list.", partner=row.partner)
        flash([gone, _("It can no longer administer anything here.")], "success")
        return redirect(url_for("admin_center.partner_relationships"))
    return _confirm("delete_partner", form, consequences.of_deletion(row), row=row)


@admin_center.route("/settings/partner-relationships/remove-all", methods=["GET", "POST"])
@requires(*REVOKING)
def partner_relationships_remove_all() -> Any:
    """Remove delegated admin from every partner at once (R53)."""
    form = ConfirmForm()
    if form.validate_on_submit():
        ended = revocation.revoke_everywhere(by=current_user)
        db.session.commit()
        if ended:
            names = ", ".join(partner.name for partner in ended)
            gone = _("Nobody holds delegated admin any more; it ended for %(partners)s.", partners=names)
            flash([gone, _("Each of them sees the end in its customer list and got an e-mail.")], "success")
        else:
            flash(_("No partner held delegated admin; nothing changed."), "info")
        return redirect(url_for("admin_center.partner_relationships"))
    held = [privilege for privilege in privileges.privileges_on(tenant()) if privilege.in_force]
    return _confirm("remove_everywhere", form, consequences.of_removal_everywhere(held))


def _confirm(page: str, form: FlaskForm, what: Consequences, row: PartnerRow | None = None) -> str:
    known = {"microsoft_id": row.partner.microsoft_id} if row else {}
    back = url_for("admin_center.partner_relationship" if row else "admin_center.partner_relationships", **known)
    return render_template(f"admin_center/{page}.html", form=form, consequences=what, row=row, back=back)


def still_reseller(row: PartnerRow) -> str:
    """Why a partner without delegated admin is still listed (R55)."""
    sold = row.sold
    return ngettext(
        "Still your reseller: sells %(num)s subscription.", "Still your reseller: sells %(num)s subscriptions.", sold
    )


def _cells(row: PartnerRow) -> dict[str, Any]:
    """One line of the picture: what this partner holds, held, or never had, service by service."""
    href = url_for("admin_center.partner_relationship", microsoft_id=row.partner.microsoft_id)
    return {"name": row.partner.name, "href": href, "cells": [_cell(row.held.get(service)) for service in Service]}


def _cell(held: Privilege | None) -> dict[str, str]:
    if held is None:
        return {"state": "no", "text": _("no"), "note": ""}
    if held.in_force:
        return {"state": "yes", "text": _("yes"), "note": _("since %(day)s", day=day(held.since))}
    assert held.until and held.ended_by  # noqa: S101 - it has ended
    return {"state": "ended", "text": _("ended"), "note": f"{day(held.until)}, {label(held.ended_by)}"}


def _row(microsoft_id: str) -> PartnerRow:
    return partner_list.row_of(tenant(), microsoft_id) or abort(404)


def _back(row: PartnerRow, ended: list[Service]) -> Response:
    if ended:
        services = ", ".join(label(service) for service in ended)
        here = _("%(partner)s no longer administers %(services)s.", partner=row.partner, services=services)
        there = _(
            "%(partner)s still sees you in its customer list, with the end date, and got an e-mail.",
            partner=row.partner,
        )
        flash([here, there], "success")
    else:
        flash(_("%(partner)s did not hold this any more; nothing changed.", partner=row.partner), "info")
    return redirect(url_for("admin_center.partner_relationships"))
