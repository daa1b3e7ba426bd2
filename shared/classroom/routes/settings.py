"""The settings of a room: how conflicts are answered, who is suspended, whose cloud is elsewhere."""

from typing import Any

from flask import redirect, render_template, url_for
from flask_babel import gettext as _

from ...domain import room_settings
from ...domain.edits import EditedMeanwhile
from ...extensions import db
from ...web.forms import choices
from ...web.guards import open_to_everyone
from ...web.labels import listing
from ...web.notices import tell
from ...world.rooms import DapConflict
from ..blueprint import classroom
from ..forms import RoomSettingsForm


@classroom.route("/w/<room>/settings", methods=["GET", "POST"])
@open_to_everyone
def settings() -> Any:
    """Set the stage so that every refusal can be met and lifted again."""
    partners, customers = room_settings.partners(), room_settings.customers()
    now = room_settings.facts(partners, customers)
    form = RoomSettingsForm(
        dap_conflict=now["dap_conflict"], suspended=now["suspended"].split(), abroad=now["abroad"].split()
    )
    form.suspended.choices = choices((partner.microsoft_id, partner.name) for partner in partners)
    form.abroad.choices = choices((customer.microsoft_id, customer.name) for customer in customers)
    if not form.is_submitted():
        form.remember(now)
    elif form.validate():
        try:
            return _save(form)
        except EditedMeanwhile as outdated:
            form.catch_up(outdated.now, outdated.untouched)
            return _page(form, outdated.changes), 409
    return _page(form, {}), 422 if form.errors else 200


def _save(form: RoomSettingsForm) -> Any:
    chosen, suspended, abroad = DapConflict(form.dap_conflict.data), form.suspended.data or (), form.abroad.data or ()
    room_settings.change(chosen, suspended=suspended, abroad=abroad, seen=form.shown)
    db.session.commit()
    tell(_("Settings saved."), _("Both portals follow them from the next click."))
    return redirect(url_for("classroom.settings"))


def _page(form: RoomSettingsForm, outdated: dict[str, tuple[str, str]]) -> str:
    changes = [
        (form[field].label.text, *(_named(form[field], fact) for fact in both)) for field, both in outdated.items()
    ]
    return render_template("classroom/settings.html", form=form, changes=changes)


def _named(field: Any, fact: str) -> str:
    """A setting as people read it: the names of whom it ticks."""
    return listing(str(choice.label) for choice in field.choices if choice.value in fact.split()) or _("nobody")
