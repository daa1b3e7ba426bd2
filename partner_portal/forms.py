"""What a partner may type into the letter."""

from secrets import token_urlsafe

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import Length

from shared.domain.organisations import Partner
from shared.domain.users import User
from shared.web.forms import Form, choices, plain_text
from shared.web.labels import beside
from shared.web.words import role_names

PARAGRAPH = [Length(max=2000), plain_text]
SEND = "send"


class InvitationForm(Form):
    """The letter: two free paragraphs, the link as it was given out, and to whom it goes (R13, R14)."""

    first = TextAreaField(_l("First paragraph: who asks, and for what"), PARAGRAPH)
    second = TextAreaField(_l("Second paragraph: what to do"), PARAGRAPH)
    link = StringField(_l("Link"), [Length(max=2000)])
    reseller = SelectField(_l("Name one of your resellers in the link"), default="")
    to = SelectField(_l("Send to a mailbox of this room"), default="")
    once = HiddenField(validators=[Length(max=40), plain_text], default=lambda: token_urlsafe(16))
    act = HiddenField()

    def offer(self, resellers: list[Partner], people: list[User]) -> None:
        """Fill in whom the link may name (R71) and to whom the letter may go."""
        self.reseller.choices = choices([("", _("None")), *((r.microsoft_id, r.name) for r in resellers)])
        known = [(str(u.id), beside([u.name, u.organisation.name, role_names(u)])) for u in people]
        self.to.choices = choices([("", _("Choose a person")), *known])

    def validate_to(self, field: SelectField) -> None:
        """Sending needs an addressee."""
        if self.act.data == SEND and not field.data:
            raise ValidationError(_("Choose the person who should get the e-mail."))
