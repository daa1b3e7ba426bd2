"""What a partner may type about a customer."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField
from wtforms.validators import DataRequired, Email, InputRequired, Length, Optional

from shared.domain.accounts import FIELDS, Part
from shared.domain.edits import Facts
from shared.domain.search import printable
from shared.web.forms import Form, ShownForm, half_width, plain_text


def needed(most: int) -> list[Any]:
    """A line that has to be there."""
    return [DataRequired(_l("Fill this in.")), Length(max=most), plain_text]


def e_mail() -> list[Any]:
    """An address that letters could go to."""
    return [
        DataRequired(_l("Fill this in.")),
        Length(max=100),
        plain_text,
        Email(_l("Write it as name@company.example.")),
    ]


class PartForm(ShownForm):
    """Some of what is kept about a customer."""

    part: Part

    def show(self, facts: Facts) -> None:
        """Fill in what is kept now, and remember that this is what the page shows."""
        if not self.is_submitted():
            for field, fact in facts.items():
                self[field].data = fact
            self.remember(facts)

    @property
    def typed(self) -> Facts:
        """What was typed, each in one line."""
        return {field: printable(self[field].data or "") for field in FIELDS[self.part]}


class ContactForm(PartForm):
    """Whom to call, and where they sit."""

    part = Part.CONTACT
    contact_name = StringField(_l("Contact person"), needed(100))
    contact_email = StringField(_l("Contact e-mail"), e_mail(), filters=[half_width])
    contact_phone = StringField(_l("Contact phone"), [Optional(), Length(max=40), plain_text])
    address = StringField(_l("Address"), [Optional(), Length(max=200), plain_text])


class BillingForm(PartForm):
    """Whose name stands on the bill, and where it goes."""

    part = Part.BILLING
    bill_to = StringField(_l("Bill to"), needed(100))
    billing_email = StringField(_l("E-mail for bills"), e_mail(), filters=[half_width])
    billing_address = StringField(_l("Billing address"), [Optional(), Length(max=200), plain_text])


class EndForm(Form):
    """The one tick before a relationship ends."""

    agreed = BooleanField(
        _l("I act in good faith and will give the customer legal notice myself: the e-mail sent from here is not one"),
        [InputRequired(_l("Tick the box to confirm: legal notice is yours to give."))],
    )
