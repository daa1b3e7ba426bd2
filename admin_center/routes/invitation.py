"""Where a partner's link leads (R22-R30): read the request; accepting is a press of the button, never of the link."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from shared.domain import acceptance, invitations, relationships
from shared.domain.acceptance import Answer
from shared.domain.history import EventKind
from shared.domain.invitations import Invitation
from shared.domain.organisations import Customer, Partner
from shared.domain.refusals import Code, Refusal
from shared.domain.services import Service
from shared.extensions import db
from shared.web.errors import STATUS, write_down
from shared.web.guards import signed_in
from shared.web.labels import label, listing
from shared.web.letters import link_of
from shared.web.notices import tell
from shared.web.refusal_words import refusal_text

from ..blueprint import admin_center
from ..forms import AcceptForm

AT_THE_FORM = (Code.ALL_HELD, Code.NO_SERVICE, Code.CHANGED_MEANWHILE, Code.DAP_HELD)


@admin_center.get("/partner/partnersignup.aspx")
@signed_in(opening=EventKind.OPEN_LINK)
def invitation() -> Any:
    """Opening changes nothing; whoever cannot accept reads why (R25, R40, R76)."""
    asked = _asked()
    refusal = invitations.why_not_answer(asked, current_user)
    if refusal and refusal.code is Code.NEEDS_GLOBAL_ADMIN:
        write_down(refusal, EventKind.OPEN_LINK)
        asked = _asked()
        wanted = _wanted(asked, known=_known(asked.partner, current_user.customer))
        page = render_template(
            "admin_center/ask_global_admin.html", refusal=refusal, wanted=wanted, link=link_of(asked)
        )
        return page, STATUS[refusal.code]
    if refusal:
        raise refusal
    return _page(asked, AcceptForm())


@admin_center.get("/Adminportal/Home")
@signed_in(opening=EventKind.OPEN_LINK)
def later_invitation() -> Response:
    """The link in the form of later portals leads to the same page (R22)."""
    return redirect(url_for("admin_center.invitation", **dict[str, Any](_asked().query)))


@admin_center.post("/partner/partnersignup.aspx")
@signed_in(trying=EventKind.GRANT_DAP)
def accept() -> Any:
    """Accept & Authorize: everything at once, or nothing."""
    form, user = AcceptForm(), current_user._get_current_object()
    asked = _asked()
    if refusal := invitations.why_not_answer(asked, user):
        raise refusal
    form.offer(asked)
    if not form.validate():
        return _page(asked, form), 422
    try:
        answer = acceptance.accept(asked, form.chosen(asked), by=user, seen=form.holders_seen())
    except Refusal as refusal:
        if refusal.code not in AT_THE_FORM:
            raise
        return _again(form, refusal)
    db.session.commit()
    _say(asked, user.customer, answer)
    return redirect(url_for("admin_center.partner_relationships"))


def _again(form: AcceptForm, refusal: Refusal) -> tuple[str, int]:
    """The page as it is now, with what was ticked and why it was refused."""
    said = refusal_text(refusal)
    write_down(refusal, EventKind.GRANT_DAP)
    asked = _asked()
    form.services.errors = [said]
    return _page(asked, form), 409


def _page(asked: Invitation, form: AcceptForm) -> str:
    customer: Customer = current_user.customer
    offered, known = acceptance.choices(asked, customer), _known(asked.partner, customer)
    form.offer(asked)
    if not form.is_submitted():
        form.begin(offered)
    elif form.services.errors:
        form.remember(offered)
    return render_template(
        "admin_center/invitation.html",
        form=form,
        invitation=asked,
        customer=customer,
        offered=offered,
        known=known,
        wanted=_wanted(asked, known=known),
        refusal=acceptance.why_nothing_to_tick(asked, {c.service: c.holder for c in offered if c.holder}),
        settled=not form.is_submitted() and all(choice.held for choice in offered),
    )


def _asked() -> Invitation:
    """What is behind this address; said twice, nothing is any longer what the link said (R40)."""
    return invitations.behind({name: " ".join(said) for name, said in request.args.lists()})


def _known(partner: Partner, customer: Customer) -> bool:
    """Whether it is in the customer's list already, so that only delegated admin is asked for (R62)."""
    tie = relationships.between(partner, customer)
    return tie is not None and tie.active


def _wanted(asked: Invitation, *, known: bool) -> str:
    """What the link asks for, in one sentence without its full stop."""
    partner = asked.partner
    if not partner.kind.transacting:
        return str(_("%(partner)s offers to administer for you", partner=partner))
    if known:
        return str(_("%(partner)s asks for delegated admin", partner=partner))
    return str(_("%(partner)s asks to be your reseller", partner=partner))


def _say(asked: Invitation, customer: Customer, answer: Answer) -> None:
    here = _("%(partner)s is one of your partners.", partner=asked.partner)
    if not answer.given:
        return tell(here, _("What you ticked was given before, so nothing changed."))
    given = [
        _given(partner, customer, _named(services), new=partner in answer.welcome)
        for partner, services in answer.given.items()
        if services
    ]
    lost = [
        _("%(partner)s no longer administers %(services)s.", partner=partner, services=_named(services))
        for partner, services in answer.lost.items()
    ]
    return tell(here, *given, *lost)


def _given(partner: Partner, customer: Customer, services: str, *, new: bool) -> str:
    """Who never left the list is not in it only now (R62)."""
    if not new:
        return str(_("%(partner)s now administers %(services)s.", partner=partner, services=services))
    said = _(
        "%(partner)s now sees %(customer)s in its customer list and administers %(services)s.",
        partner=partner,
        customer=customer,
        services=services,
    )
    return str(said)


def _named(services: list[Service]) -> str:
    return listing(label(service) for service in services)
