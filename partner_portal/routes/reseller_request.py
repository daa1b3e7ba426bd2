"""Customers > Request a reseller relationship: the letter with the one link, and the ways out of it (R11-R22)."""

from collections.abc import Sequence
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from shared.domain import history, invitations, relationships, users
from shared.domain.history import EventKind
from shared.domain.invitations import Invitation
from shared.domain.organisations import Customer
from shared.domain.permissions import Permission, Role
from shared.domain.refusals import Refusal
from shared.extensions import db
from shared.web import happenings, language, letters
from shared.web.errors import write_down
from shared.web.guards import requires
from shared.web.letters import Mail
from shared.web.notices import tell
from shared.web.refusal_words import refusal_text
from shared.world.pages import as_id

from ..blueprint import partner_portal
from ..forms import SEND, InvitationForm

SENDING = EventKind.SEND_INVITATION


@partner_portal.route("/customers/request-a-reseller-relationship", methods=["GET", "POST"])
@requires(Permission.REQUEST_RELATIONSHIP, trying=SENDING, opening=EventKind.ASK)
def reseller_request() -> Any:
    """The letter as it will look; posting rebuilds it on the server and takes one of the ways out."""
    if refusal := invitations.why_not_invite(current_user):
        raise refusal
    customer = _customer()
    form, offers = _form(customer)
    status = 200
    if form.is_submitted():
        form_is_good, wrong = form.validate(), _wrong_links(form, offers)
        if form_is_good and not wrong and form.act.data:
            return _way_out(form, _chosen(form, offers))
        status = 200 if form_is_good and not wrong else 422
        if wrong:
            write_down(next(iter(wrong.values())), SENDING)
            form, offers = _form(customer)
            for field, refusal in wrong.items():
                form[field].errors = [refusal_text(refusal)]
    return _page(form, _chosen(form, offers), customer), status


def _form(customer: Customer | None) -> tuple[InvitationForm, list[Invitation]]:
    """The form as typed or as it begins, addressed to who can accept for `customer`.

    An indirect reseller's is its provider's text, always (R69).
    """
    form, offers = InvitationForm(), invitations.on_offer(current_user.partner)
    people = users.others(current_user)
    form.offer([offer.reseller for offer in offers if offer.reseller], people)
    if customer and not form.is_submitted():
        able = (one for one in people if one.customer_id == customer.id and one.admin is Role.GLOBAL_ADMIN)
        form.to.data = next((str(one.id) for one in able), "")
    opening = letters.opening(offers[0].partner)
    if invitations.why_not_own_invitation(current_user):
        form.first.data, form.second.data = opening
    elif not form.is_submitted():
        form.first.data, form.second.data = _just_sent() or opening
    return form, offers


def _customer() -> Customer | None:
    """Which of the partner's customers is to be asked, where an address says so; the link never does (R16, R17)."""
    asked = request.args.get("customer")
    tie = relationships.listed(current_user.partner, asked) if asked else None
    return tie.customer if tie else None


def _just_sent() -> Sequence[str]:
    """The two paragraphs of the letter just sent, so that the next reader gets the same; none without one."""
    number = as_id(request.args.get("like", ""))
    sent = invitations.last_words(current_user, number) if number else None
    return (*sent, "", "")[:2] if sent is not None else ()


def _wrong_links(form: InvitationForm, offers: list[Invitation]) -> dict[str, Refusal]:
    """Why each of these fields cannot go out: what is wrong is said where it stands (R14)."""
    links = {letters.link_of(offer) for offer in offers}
    asked = {"link": invitations.why_not_link(form.link.data or "", links)}
    for field, paragraph in zip(("first", "second"), _paragraphs(form), strict=True):
        asked[field] = invitations.why_not_words(paragraph, links)
    return {field: refusal for field, refusal in asked.items() if refusal}


def _paragraphs(form: InvitationForm) -> list[str]:
    """Both of them, each in its place even when the other is empty (R13)."""
    return [letters.tidy(form.first.data), letters.tidy(form.second.data)]


def _chosen(form: InvitationForm, offers: list[Invitation]) -> Invitation:
    named = (offer for offer in offers if offer.reseller and offer.reseller.microsoft_id == form.reseller.data)
    return next(named, offers[0])


def _mail(form: InvitationForm, invitation: Invitation) -> Mail:
    return letters.invitation_mail(invitation, _paragraphs(form), language.now().tag)


def _way_out(form: InvitationForm, invitation: Invitation) -> AnyResponse:
    if form.act.data == SEND:
        return _send(form, invitation)
    headers = {"Content-Disposition": 'attachment; filename="invitation.eml"'}
    return Response(letters.draft(_mail(form, invitation)), mimetype="message/rfc822", headers=headers)


def _send(form: InvitationForm, invitation: Invitation) -> AnyResponse:
    reader = db.session.get_one(users.User, int(form.to.data))
    words, once = _paragraphs(form), form.once.data or None
    invitations.send(invitation, to=reader, by=current_user, language=language.now().tag, paragraphs=words, once=once)
    db.session.commit()
    sent = _("The e-mail is in the mailbox of %(person)s.", person=reader.name)
    other = _(
        "%(organisation)s finds it there; nothing changes until the link is accepted.", organisation=reader.organisation
    )
    door = url_for("classroom.mailbox", person=reader.id)
    box = Markup('<a href="{}">{}</a>').format(door, _("Mailbox of %(person)s", person=reader.name))
    tell(sent, other, box)
    return redirect(url_for("partner_portal.reseller_request", like=reader.id))


def _page(form: InvitationForm, invitation: Invitation, customer: Customer | None) -> str:
    mail = _mail(form, invitation)
    form.link.data = mail.link  # what was altered is put back (R14)
    return render_template(
        "partner_portal/reseller_request.html",
        form=form,
        invitation=invitation,
        mail=mail,
        mailto=letters.mailto(mail),
        mailto_prefix=letters.mailto_prefix(mail),
        refusal=invitations.why_not_own_invitation(current_user),
        customer=customer,
        sent=happenings.in_words(history.invitations_sent(current_user.partner).rows[:5]),
    )
