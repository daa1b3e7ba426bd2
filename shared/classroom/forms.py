"""What may be set in a room."""

from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, RadioField, SelectMultipleField, StringField, ValidationError
from wtforms.validators import AnyOf, InputRequired, StopValidation
from wtforms.widgets import CheckboxInput, ListWidget

from ..domain import due
from ..web.forms import Form, ShownForm, choices
from ..web.labels import LABELS
from ..world import clock
from ..world.calendar import months_after, start_of, today
from ..world.rooms import DapConflict, here


class RoomSettingsForm(ShownForm):
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

    def put(self, field: str, fact: str) -> None:
        """Whom a list of ticks names is kept in one line."""
        super().put(field, fact)
        if field != "dap_conflict":
            self[field].data = fact.split()


DAY, WEEK, MONTH, SOONEST, DATE = "day", "week", "month", "soonest", "date"


def only_to_go_to_a_day(form: Any, field: DateField) -> None:
    """The steps do not look at the day, whatever stands there; going to one needs it."""
    if form.jump.data != DATE:
        field.errors = []
        raise StopValidation
    if not any(field.raw_data or ()):
        field.errors = []
        raise StopValidation(_l("Choose a day."))


class ClockForm(Form):
    """How far to move the clock: a step, to the next thing that is due, or to the beginning of a day."""

    jump = StringField(_l("Move the clock"), [InputRequired(), AnyOf([DAY, WEEK, MONTH, SOONEST, DATE])])
    to = DateField(_l("Or to the beginning of a day"), [only_to_go_to_a_day])
    ahead = HiddenField()  # how far the clock had been moved when the page was drawn: pressed twice, moved once

    def __init__(self, soonest: datetime | None, **more: Any) -> None:
        super().__init__(**more)
        self.soonest = soonest
        self.shown, self.ahead.data = self.ahead.data, str(here().clock_ahead)

    @property
    def target(self) -> datetime | None:
        """The moment that was asked for, if there is one."""
        if self.jump.data == DATE:
            return start_of(self.to.data) if self.to.data else None
        if self.jump.data == SOONEST:
            return self.soonest
        month = start_of(months_after(today(), 1)) - start_of(today())
        return clock.now() + {DAY: timedelta(days=1), WEEK: timedelta(weeks=1)}.get(self.jump.data or "", month)

    def validate_jump(self, field: StringField) -> None:
        """There must be something to go to, from where the page was."""
        if self.shown and self.shown != self.ahead.data:
            raise ValidationError(_l("The clock was moved meanwhile. Look what time it is, then decide again."))
        if field.data == SOONEST and self.soonest is None:
            raise ValidationError(_l("Nothing is due."))
        if field.data != DATE and self.target and self.target > due.furthest():
            raise ValidationError(_l("That is too far away."))

    def validate_to(self, field: DateField) -> None:
        """A day after today, and not out of sight."""
        if field.data and field.data <= today():
            raise ValidationError(_l("The clock only moves forward: choose a day after today."))
        if field.data and field.data > due.furthest().date():
            raise ValidationError(_l("That is too far away."))
