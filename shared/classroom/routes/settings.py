"""The settings of a room: how conflicts are answered, who is suspended, whose cloud is elsewhere."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from ...domain import room_settings
from ...domain.organisations import HOME_MARKET
from ...extensions import db
from ...web.forms import choices
from ...web.guards import open_to_everyone
from ...web.notices import tell
from ...world.rooms import DapConflict, here
from ..blueprint import classroom
from ..forms import RoomSettingsForm


@classroom.route("/w/<room>/settings", methods=["GET", "POST"])
@open_to_everyone
def settings() -> Any:
    """Set the stage so that every refusal can be met and lifted again."""
    partners, customers = room_settings.partners(), room_settings.customers()
    form = RoomSettingsForm(
        dap_conflict=here().dap_conflict.value,
        suspended=[partner.microsoft_id for partner in partners if partner.suspended],
        abroad=[customer.microsoft_id for customer in customers if customer.market != HOME_MARKET],
    )
    form.suspended.choices = choices((partner.microsoft_id, partner.name) for partner in partners)
    form.abroad.choices = choices((customer.microsoft_id, customer.name) for customer in customers)
    if request.method == "POST" and form.validate():
        chosen = DapConflict(form.dap_conflict.data)
        room_settings.change(chosen, suspended=form.suspended.data or (), abroad=form.abroad.data or ())
        db.session.commit()
        tell(_("Settings saved."), _("Both portals follow them from the next click."))
        return redirect(url_for("classroom.settings"))
    return render_template("classroom/settings.html", form=form), 422 if form.errors else 200
