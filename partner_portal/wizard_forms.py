"""Add customer: what its three steps ask; each page carries along what the others hold."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from wtforms import Field, StringField, ValidationError
from wtforms.validators import InputRequired, Length, Optional, Regexp

from shared.domain.offers import OFFERS
from shared.domain.search import printable
from shared.web.forms import Form, half_width, plain_text
from shared.web.product_words import offer_name
from shared.world.pages import as_id

from .account_forms import e_mail, needed
from .subscription_forms import MOST

DOMAIN = r"(?i)^\s*([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+example\s*$"


class AccountForm(Form):
    """Company, default domain and primary contact."""

    name = StringField(_l("Company name"), needed(100))
    domain = StringField(
        _l("Default domain"),
        [
            InputRequired(_l("Fill this in.")),
            Length(max=59),  # with the 40 letters before the @ no sign-in name is too long
            Regexp(DOMAIN, message=_l("Write it as company.example: everything here is invented.")),
        ],
        filters=[half_width],
    )
    contact_name = StringField(_l("Contact person"), needed(100))
    contact_email = StringField(_l("Contact e-mail"), e_mail(), filters=[half_width])
    contact_phone = StringField(_l("Contact phone"), [Optional(), Length(max=40), plain_text])
    address = StringField(_l("Address"), [Optional(), Length(max=200), plain_text])

    @property
    def typed(self) -> dict[str, str]:
        """What was typed, each in one line, by field."""
        return {field.name: printable(field.data or "") for field in visible(self)}


class OrderForm(Form):
    """A number of licences for each offer; those left empty are not ordered."""

    def validate(self, extra_validators: Any = None) -> bool:
        """There is something to order."""
        if not super().validate(extra_validators):
            return False
        if not self.seats:
            visible(self)[0].errors = [_("Order at least one offer: type how many licences.")]
        return not self.errors

    @property
    def seats(self) -> dict[str, int]:
        """How many licences of each offer, by its key."""
        return {field.name: int(field.data) for field in visible(self) if (field.data or "").strip()}


def orderable(_form: Form, field: Field) -> None:
    """Refuse what its subscription's own page would not save."""
    if not 1 <= (as_id(field.data.strip()) or 0) <= MOST:
        raise ValidationError(_("Type a number from 1 to %(most)s.", most=MOST))


for offer in (offer for offer in OFFERS.values() if not offer.is_add_on):
    name = LazyString(offer_name, offer)  # as the reader's language calls it
    seats = StringField(name, [Optional(), orderable], filters=[half_width])
    setattr(OrderForm, offer.key, seats)


def visible(form: Form) -> list[Field]:
    """The fields people fill in."""
    return [field for field in form if isinstance(field, StringField)]


def typed(*forms: Form) -> dict[str, str]:
    """What stands in them, as it was typed but for the space around it, by field."""
    found = {field.name: (field.data or "").strip() for form in forms for field in visible(form)}
    return {name: text for name, text in found.items() if text}
