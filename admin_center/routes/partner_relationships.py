"""Settings > Partner relationships: who sells, and who administers what (R44-R50)."""

from collections.abc import Sequence
from typing import Any

from flask import abort, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from shared.domain import partner_list, revocation
from shared.domain.held import Held
from shared.domain.partner_list import PartnerRow, Shown
from shared.domain.permissions import Permission
from shared.domain.privileges import EndReason
from shared.domain.refusals import Refusal
from shared.domain.search import printable
from shared.domain.services import Service
from shared.web.forms import LONGEST_SEARCH
from shared.web.guards import requires
from shared.web.keysets import after_key
from shared.web.sessions import next_stop
from shared.web.words import day, ending

from ..blueprint import admin_center
from ..tenant import tenant

FILTERS = {shown.value: shown for shown in Shown}


@admin_center.get("/settings/partner-relationships")
@requires(Permission.VIEW_PARTNER_RELATIONSHIPS)
def partner_relationships() -> str:
    """Every partner, what it sells and what it administers, service by service."""
    asked, after = request.args.to_dict(), after_key()
    wanted, shown = printable(asked.get("q", ""))[:LONGEST_SEARCH], FILTERS.get(asked.get("show", ""), Shown.ACTIVE)
    page = partner_list.partners_of(tenant(), wanted=wanted, shown=shown, after=after)
    may_not = revocation.why_not_revoke(current_user._get_current_object())
    return render_template(
        "admin_center/partner_relationships.html",
        page=page,
        wanted=wanted,
        shown=shown,
        further=bool(after),
        filters=Shown,
        services=tuple(Service),
        keys=tuple(row.row for row in page.rows),
        came_from=came_from(),
        may_remove=may_not is None,
        cells=lambda: [_cells(row) for row in page.rows],
        still_reseller=still_reseller,
        refusal=may_not or _why_nothing_to_remove(page.rows),
    )


@admin_center.get("/settings/partner-relationships/<microsoft_id>")
@requires(Permission.VIEW_PARTNER_RELATIONSHIPS)
def partner_relationship(microsoft_id: str) -> str:
    """One partner: who it is, what it may do, and what can be done about it (R48)."""
    row = row_or_404(microsoft_id)
    return render_template(
        "admin_center/partner_relationship.html",
        row=row,
        services=list(Service),
        still_reseller=still_reseller,
        refusal=revocation.why_not_revoke(current_user),
        undeletable=revocation.why_not_delete(row.partner, tenant()),
        came_from=came_from(),
    )


def _why_nothing_to_remove(rows: Sequence[PartnerRow]) -> Refusal | None:
    """Where somebody shown administers something, nobody need look further."""
    return revocation.why_not_any(tenant(), held=[row for row in rows if row.administers] or None)


def row_or_404(microsoft_id: str) -> PartnerRow:
    """One partner of this tenant, active or ended; 404 for any other."""
    return partner_list.row_of(tenant(), microsoft_id) or abort(404)


def came_from() -> str | None:
    """Where somebody was who has to do something here first, as at an invitation (R43)."""
    wanted = request.args.get("next")
    return wanted if wanted and next_stop(wanted, "admin") == wanted else None


def still_reseller(row: PartnerRow) -> str:
    """Why a partner without delegated admin is still listed (R55)."""
    if not row.sold:
        return str(_("Still your reseller: sells you no live subscription now."))
    return str(
        ngettext(
            "Still your reseller: sells %(num)s subscription.",
            "Still your reseller: sells %(num)s subscriptions.",
            row.sold,
        )
    )


def _cells(row: PartnerRow) -> dict[str, Any]:
    """One line of the picture: what this partner holds, held, or never had, service by service."""
    href = url_for("admin_center.partner_relationship", microsoft_id=row.partner.microsoft_id, next=came_from())
    return {"name": row.partner.name, "href": href, "cells": [_cell(held) for held in row.lines]}


def _cell(held: Held | None) -> dict[str, str]:
    if held is None:
        return {"state": "no", "text": _("no"), "note": ""}
    if held.in_force:
        return {"state": "yes", "text": _("yes"), "note": _("since %(day)s", day=day(held.since))}
    state = "moved" if held.ended_by is EndReason.MOVED else "ended"
    return {"state": state, "text": _("ended"), "note": ending(held)}
