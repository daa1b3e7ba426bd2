"""What a partner may say about a customer's subscriptions."""

from collections.abc import Iterable
from secrets import token_urlsafe

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from shared.domain import edits
from shared.domain.edits import Facts
from shared.domain.offers import Offer
from shared.domain.organisations import Partner
from shared.domain.subscription_changes import SuspendReason
from shared.domain.subscriptions import TAKEN_OFF, Subscription
from shared.web.forms import Form, ShownForm, WholeNumber, choices, plain_text
from shared.web.labels import LABELS, beside
from shared.web.product_words import offer_name
from shared.world.pages import as_id

MOST = 99_999  # licences in one form: a slip of the finger is not an order
SEATS = [InputRequired(_l("Say how many licences.")), NumberRange(1, MOST)]


class OrderForm(Form):
    """An offer, or an add-on, and how many licences of it (S1)."""

    offer = SelectField(_l("Offer"))
    seats = WholeNumber(_l("Number of licences"), SEATS, default=1)
    once = HiddenField(validators=[Length(max=40), plain_text], default=lambda: token_urlsafe(16))

    def sell(self, offers: Iterable[Offer]) -> None:
        """What there is to choose from."""
        self.offer.choices = choices((offer.key, offer_name(offer)) for offer in offers)


class SeenForm(ShownForm):
    """A form about a subscription as its page showed it."""

    @property
    def version(self) -> int:
        """The version the page showed; none there ever was, when the form does not say."""
        return as_id(self.shown.get("version", "")) or 0

    @property
    def typed(self) -> Facts:
        """What was typed, of what is asked."""
        asked = {field.name: field.data for field in self if field is not self.seen}
        return {
            name: ("yes" if typed else "") if name == "auto_renew" else str(typed or "").strip()
            for name, typed in asked.items()
        }

    def put(self, field: str, fact: str) -> None:
        """A number and a tick are more than their text."""
        super().put(field, fact)
        if field in ("seats", "auto_renew"):
            self[field].data = int(fact) if field == "seats" else bool(fact)

    def show(self, subscription: Subscription) -> None:
        """From now on it is about the subscription as it is; whoever left a field alone does not undo it unasked."""
        now = facts_of(subscription)
        self.catch_up(now, edits.untouched(self.typed, now, self.shown) if self.is_submitted() else {})


class ChangeForm(SeenForm):
    """Licences, nickname and renewal; what may not change is not asked."""

    seats = WholeNumber(_l("Number of licences"), SEATS)
    nickname = StringField(_l("Nickname"), [Length(max=60), plain_text])
    auto_renew = BooleanField(_l("Renew at the end of the term"))
    reseller = SelectField(_l("Reseller (MPN ID)"))

    def resell(self, provider: Partner, resellers: Iterable[Partner]) -> None:
        """Who may have sold it, or nobody any more (R72)."""
        named = [
            (one.microsoft_id, beside([one.name, one.mpn_id or provider.mpn_id])) for one in (provider, *resellers)
        ]
        self.reseller.choices = choices([*named, ("", beside([_("No reseller"), TAKEN_OFF]))])


def facts_of(subscription: Subscription) -> Facts:
    """What a page shows of a subscription that somebody else may change meanwhile."""
    record = subscription.partner_of_record
    return {
        "version": str(subscription.version),
        "status": subscription.status.value,
        "seats": str(subscription.seats),
        "nickname": subscription.nickname,
        "auto_renew": "yes" if subscription.auto_renew else "",
        "reseller": record.microsoft_id if record else "",
    }


class SuspendForm(SeenForm):
    """Why it is suspended (S6)."""

    reason = RadioField(
        _l("Reason"),
        [InputRequired(_l("Choose a reason."))],
        choices=choices((reason.value, LABELS[SuspendReason][reason]) for reason in SuspendReason),
    )


class UpgradeForm(SeenForm):
    """What it becomes, and how many licences of it (S12)."""

    target = RadioField(_l("New offer"), [InputRequired(_l("Choose an offer."))])
    seats = WholeNumber(_l("Number of licences"), SEATS)
