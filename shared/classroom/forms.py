"""What may be set in a room."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from ..web.forms import choices
from ..web.labels import LABELS
from ..world.rooms import DapConflict


class RoomSettingsForm(FlaskForm):
    """How a room answers; the choices of partners and customers are filled in by the route."""

    dap_conflict = RadioField(
        _l("When another partner already holds delegated admin on a service"),
        choices=choices((word.value, LABELS[DapConflict][word]) for word in DapConflict),
    )
    suspended = SelectMultipleField(
        _l("Suspended partner accounts"), option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False)
    )
    abroad = SelectMultipleField(
        _l("Tenants in another country's cloud"), option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False)
    )
