"""The clock of a room: what comes next, and the way there."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from ...domain import due
from ...extensions import db
from ...web.guards import open_to_everyone
from ...web.notices import tell
from ...web.words import moment
from ...world import clock as room_clock
from ..blueprint import classroom
from ..forms import ClockForm

SHOWN = 10


@classroom.route("/w/<room>/clock", methods=["GET", "POST"])
@open_to_everyone
def clock() -> Any:
    """Move time on; before the jump the page says what will happen on the way."""
    ahead = due.ahead(SHOWN)
    form = ClockForm(soonest=ahead[0][1] if ahead else None)
    if request.method == "POST" and form.validate() and form.target:
        happened = due.move_clock(form.target)
        db.session.commit()
        tell(
            _("It is %(moment)s in this room now.", moment=moment(room_clock.now())),
            ngettext("%(num)s thing happened on the way.", "%(num)s things happened on the way.", happened)
            if happened
            else _("Nothing was due on the way."),
        )
        return redirect(url_for("classroom.clock"))
    return render_template("classroom/clock.html", form=form, ahead=ahead), 422 if form.errors else 200
