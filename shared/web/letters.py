"""Letters in words: the invitation as mail programs want it, and what the service writes to both sides."""

from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from typing import TypeVar
from urllib.parse import quote

from flask import url_for
from flask_babel import gettext as _
from markupsafe import escape
from sqlalchemy import select

from ..domain.invitations import Invitation
from ..domain.organisations import Customer, Partner, PartnerKind
from ..domain.services import Service
from ..extensions import db
from ..world.mailbox import Letter
from .labels import label, listing
from .language import IN_PAGES, plain, speaking


@dataclass(frozen=True)
class Mail:
    """A letter in words: paragraphs before the link, the link if any, and what follows it.

    `language` is what browsers call the one it was written in, where it is not read in everybody's own.
    """

    subject: str
    paragraphs: Sequence[str]
    link: str = ""
    after: str = ""
    language: str = ""

    @property
    def fixed(self) -> str:
        """The part nobody edits: link and note (R13)."""
        return f"{self.link}\n\n{self.after}"

    @property
    def text(self) -> str:
        """The whole mail as plain text."""
        return "\n\n".join(part for part in (*self.paragraphs, self.link, self.after) if part)


def link_of(invitation: Invitation) -> str:
    """The one address that leads to this invitation, the same every time (R16, R17)."""
    return url_for("admin_center.invitation", side="admin", _external=True, **invitation.query)


def opening(partner: Partner) -> tuple[str, str]:
    """The two paragraphs a partner may edit or delete: who asks and for what, and what to do (R13, R15).

    They stand in fields, so they hold nothing that nobody could type.
    """
    if partner.kind is PartnerKind.ADVISOR:
        asks = _("%(partner)s offers to administer your services, and asks you for delegated admin.", partner=partner)
    else:
        asks = _(
            "%(partner)s would like to be your reseller, and asks you for delegated admin so that we can set up and "
            "manage your services for you.",
            partner=partner,
        )
    todo = _("Please follow the link below, sign in to your admin center with your work account, and accept.")
    return plain(asks), todo


def _subject(partner: Partner) -> str:
    if partner.kind is PartnerKind.ADVISOR:
        return str(_("%(partner)s offers delegated administration", partner=partner))
    return str(_("%(partner)s requests a reseller relationship", partner=partner))


def invitation_mail(invitation: Invitation, paragraphs: Sequence[str], language: str) -> Mail:
    """The mail a partner hands on, in `language` ("en", "de", "zh"); the server alone puts the link in (R14)."""
    with speaking(language):
        return Mail(
            subject=_subject(invitation.partner),
            paragraphs=[paragraph for paragraph in map(tidy, paragraphs) if paragraph],
            link=link_of(invitation),
            after=_note(invitation),
            language=IN_PAGES[language],
        )


def tidy(paragraph: str | None) -> str:
    """A paragraph as it is kept, however a browser ends lines; empty when it was deleted (R13)."""
    return "\n".join((paragraph or "").strip().splitlines())


def _note(invitation: Invitation) -> str:
    """Who is needed to accept, and everybody the link names (R16, R71)."""
    partner, reseller = invitation.partner.name, invitation.reseller and invitation.reseller.name
    if reseller:
        said = _(
            "Only a Global admin of your organisation can accept. The link identifies %(partner)s and its reseller "
            "%(reseller)s, and says nothing about you. You decide on each of the two.",
            partner=partner,
            reseller=reseller,
        )
    else:
        said = _(
            "Only a Global admin of your organisation can accept. The link identifies %(partner)s and says "
            "nothing about you.",
            partner=partner,
        )
    return str(said)


def mailto_prefix(mail: Mail) -> str:
    """The start of an address that opens the mail in the reader's own program; the body follows."""
    return f"mailto:?subject={quote(plain(mail.subject))}&body="


def mailto(mail: Mail) -> str:
    """An address that opens the whole mail in the reader's own program."""
    return mailto_prefix(mail) + quote(mail.text.replace("\n", "\r\n"))


def draft(mail: Mail) -> bytes:
    """The mail as an .eml file that mail programs open as an unsent draft: plain text and HTML."""
    message = EmailMessage()
    message["Subject"] = plain(mail.subject)
    message["X-Unsent"] = "1"
    message.set_content(mail.text)
    parts = [str(escape(paragraph)).replace("\n", "<br>\n") for paragraph in mail.paragraphs]
    parts += [f'<a href="{escape(mail.link)}">{escape(mail.link)}</a>', str(escape(mail.after))]
    message.add_alternative("\n".join(f"<p>{part}</p>" for part in parts), subtype="html")
    return message.as_bytes()


def in_words(letters: Sequence[Letter]) -> dict[int, Mail]:
    """What each of these letters says in the reader's language, by its id; two queries for all of them."""
    partners = _named(
        Partner, {letter.facts.get(key) for letter in letters for key in ("partner", "reseller", "owner")}
    )
    customers = _named(Customer, {letter.facts.get("customer") for letter in letters})
    return {letter.id: _mail(letter, partners, customers) for letter in letters}


Named = TypeVar("Named", Partner, Customer)


def _named(kind: type[Named], ids: set[int | None]) -> dict[int, Named]:
    wanted = ids - {None}
    return {row.id: row for row in db.session.scalars(select(kind).where(kind.id.in_(wanted)))} if wanted else {}


def _mail(letter: Letter, partners: dict[int, Partner], customers: dict[int, Customer]) -> Mail:
    facts = letter.facts
    partner = partners.get(facts.get("partner", 0))
    if letter.kind == "invitation" and partner:
        invitation = Invitation(partner, partners.get(facts["reseller"]) if facts["reseller"] else None)
        return invitation_mail(invitation, facts["paragraphs"], facts["language"])
    if letter.kind == "recovery":
        return _recovery(letter)
    services = listing(label(Service(service)) for service in facts["services"])
    customer = customers[facts["customer"]].name
    if letter.kind == "accepted":
        return _accepted(customer, services, known=facts.get("known", False))
    if letter.kind == "removed" and partner and not partner.kind.transacting:
        return _let_go(customer, partner, services, left=facts.get("left", False))
    if letter.kind == "ended" and partner:
        return _ended(customer, partner.name, services, owner=partners.get(facts.get("owner", 0), partner).name)
    return WORDS[letter.kind](customer, partner.name if partner else "", services)


def _recovery(letter: Letter) -> Mail:
    portal = "partner_portal" if letter.facts["side"] == "partner" else "admin_center"
    link = url_for(f"{portal}.new_password", account=letter.to_id, token=letter.facts["token"], _external=True)
    return Mail(
        subject=_("Set a new password"),
        paragraphs=[_("Somebody, presumably you, cannot get into your account. This link sets a new password:")],
        link=link,
        after=_("It works once and for one hour, by the clock of this room. If it was not you, do nothing."),
    )


def _accepted(customer: str, services: str, *, known: bool) -> Mail:
    """Whoever stayed in the list is given delegated admin alone, perhaps back (R62)."""
    told = [_("%(customer)s is now in your customer list.", customer=customer)]
    if known:
        told = [_("%(customer)s stays in your customer list.", customer=customer)]
    if services:
        told.append(_("It gave delegated admin for: %(services)s.", services=services))
    return Mail(_("%(customer)s accepted your request", customer=customer), told)


def _moved(customer: str, _partner: str, services: str) -> Mail:
    return Mail(
        _("%(customer)s moved delegated admin to another partner", customer=customer),
        [
            _("Your delegated admin ended for: %(services)s.", services=services),
            _("Your relationship, any subscriptions you sold and their bills stay as they are."),
            _("Need it again? Send %(customer)s the same invitation.", customer=customer),
        ],
    )


def _removed(customer: str, partner: str, services: str) -> Mail:
    return Mail(
        _("Delegated admin of %(partner)s at %(customer)s was removed", partner=partner, customer=customer),
        [
            _("A Global admin of %(customer)s ended it for: %(services)s.", customer=customer, services=services),
            _("Relationship, subscriptions, bills and the duty to support stay as they are."),
            _("The same invitation can restore it."),
        ],
    )


def _let_go(customer: str, partner: Partner, services: str, *, left: bool) -> Mail:
    """Whoever only administers sold nothing, and is off the list with its last service (R61)."""
    removed = _removed(customer, partner.name, services)
    told = [removed.paragraphs[0]]
    if left:
        told.append(_("%(partner)s is no longer a partner of %(customer)s.", partner=partner, customer=customer))
    told.append(_("No subscription changes."))
    if partner.kind is PartnerKind.INDIRECT_RESELLER:
        told.append(_("A link of its indirect provider that names it can restore it."))
    else:
        told.append(_("The same invitation can restore it."))
    return Mail(removed.subject, told)


def _ended(customer: str, partner: str, services: str, *, owner: str) -> Mail:
    """An indirect reseller goes with the relationship that its provider, the `owner`, ended (R66, R70)."""
    subject = _("%(partner)s is no longer reseller of %(customer)s", partner=partner, customer=customer)
    told = [_("%(partner)s ended its reseller relationship with %(customer)s.", partner=owner, customer=customer)]
    if owner != partner:
        subject = _("%(partner)s is no longer a partner of %(customer)s", partner=partner, customer=customer)
        told.append(_("%(partner)s is no longer a partner of %(customer)s.", partner=partner, customer=customer))
    if services:
        told.append(_("With it ended delegated admin for: %(services)s.", services=services))
    told.append(_("A new request from %(partner)s, accepted as usual, begins it again.", partner=owner))
    told.append(_("This e-mail is no legal notice: %(partner)s gives that itself.", partner=owner))
    return Mail(subject, told)


WORDS = {"moved": _moved, "removed": _removed}
