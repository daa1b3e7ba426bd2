"""The clock of a room: what comes next, and the way there."""

from datetime import datetime
from typing import Any

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from ...domain import due, history
from ...domain.history import Event
from ...domain.subscriptions import Due, Subscription
from ...extensions import db
from ...web.guards import open_to_everyone
from ...web.keysets import after_id
from ...web.notices import tell
from ...web.words import moment, told_apart
from ...world import clock as room_clock
from ..blueprint import classroom
from ..forms import ClockForm

SHOWN = 10


@classroom.route("/w/<room>/clock", methods=["GET", "POST"])
@open_to_everyone
def clock() -> Any:
    """Move time on; before the jump the page says what will happen on the way, and after it what has."""
    ahead = due.ahead(SHOWN)
    form = ClockForm(soonest=ahead[0][1] if ahead else None)
    if form.validate_on_submit() and form.target:
        before = history.newest_id()
        happened = due.move_clock(form.target)
        db.session.commit()
        tell(
            _("It is %(moment)s in this room now.", moment=moment(room_clock.now())),
            ngettext("%(num)s thing happened on the way.", "%(num)s things happened on the way.", happened)
            if happened
            else _("Nothing was due on the way."),
        )
        return redirect(url_for("classroom.clock", after=before if happened else None))
    return _page(form, ahead), 422 if form.errors else 200


def _page(form: ClockForm, ahead: list[tuple[Subscription, datetime, Due]]) -> str:
    """The page; `after` in its address is the last thing that had happened before the jump."""
    after = after_id()
    done, more = due.brought_about(after, SHOWN) if after is not None else ([], 0)
    fired = [(event, what, _door_to(event)) for event, what in done]
    named = [bought for bought, _at, _what in ahead] + [event.subscription for event, _what in done]
    notes = told_apart(bought for bought in named if bought)
    return render_template("classroom/clock.html", form=form, ahead=ahead, notes=notes, fired=fired, more=more)


def _door_to(event: Event) -> str:
    """Through the door to the subscription: at its seller, or, where 21Vianet itself sold it, at the customer."""
    if event.subscription is None or event.customer is None:
        return ""
    bought = event.subscription.microsoft_id
    if event.partner is None:
        return url_for("admin_center.sign_in", next=url_for("admin_center.licences_of", microsoft_id=bought))
    whose = event.customer.microsoft_id
    page = url_for("partner_portal.customer_subscription", customer=whose, subscription=bought)
    return url_for("partner_portal.sign_in", next=page)
