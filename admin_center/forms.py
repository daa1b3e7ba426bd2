"""What a customer may answer and remove."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectMultipleField
from wtforms.validators import InputRequired

from shared.domain.acceptance import Choice
from shared.domain.invitations import Invitation
from shared.domain.organisations import Partner
from shared.domain.services import Service
from shared.web.forms import Form, choices
from shared.web.labels import label


class AcceptForm(Form):
    """The services ticked, as "partner/service", who held them when the page was drawn, and the one confirmation."""

    services = SelectMultipleField(_l("Services"))
    seen = HiddenField()
    agreed = BooleanField(
        _l("I have read the agreement and authorize this partner"),
        [InputRequired(_l("Tick the box to confirm that you have read the agreement."))],
    )

    def offer(self, invitation: Invitation) -> None:
        """What may be ticked: every service, for each partner of the invitation."""
        every = ((partner, service) for partner in invitation.partners for service in Service)
        self.services.choices = choices((key(partner, service), label(service)) for partner, service in every)
        if invitation.reseller:  # two are decided on (R71)
            names = {"partner": invitation.partner, "reseller": invitation.reseller}
            self.agreed.label.text = _("I have read the agreement and authorize %(partner)s and %(reseller)s", **names)

    def begin(self, offered: list[Choice]) -> None:
        """As the page opens: what is ticked at first, and who holds what (R27)."""
        self.services.data = [key(choice.partner, choice.service) for choice in offered if choice.ticked]
        self.remember(offered)

    def remember(self, offered: list[Choice]) -> None:
        """Who holds what as the page is drawn now."""
        self.seen.data = " ".join(sorted({f"{c.service}:{c.holder.id if c.holder else 0}" for c in offered}))

    def chosen(self, invitation: Invitation) -> dict[Partner, list[Service]]:
        """The services ticked for each partner."""
        ticked = {p: [s for s in Service if key(p, s) in (self.services.data or ())] for p in invitation.partners}
        return {partner: services for partner, services in ticked.items() if services}

    def holders_seen(self) -> dict[Service, int | None]:
        """Who held each service when the page was drawn; what cannot be read was seen held by nobody."""
        pairs = (entry.partition(":") for entry in (self.seen.data or "").split())
        known = {(service, number) for service, _colon, number in pairs if number.isdecimal() and number.isascii()}
        return {Service(s): int(number) or None for s, number in known if s in set(Service) and len(number) < 19}


def key(partner: Partner, service: Service) -> str:
    """How a tick is called in the form."""
    return f"{partner.microsoft_id}/{service}"


class RevokeForm(Form):
    """The services to take back."""

    services = SelectMultipleField(_l("Services"), [InputRequired(_l("Tick at least one service."))])

    def offer(self, held: list[Service], only: str = "") -> None:
        """Fill in what may be taken back; ticked at first is the service asked for, `only`, else everything (R53)."""
        self.services.choices = choices((service.value, label(service)) for service in Service)
        if not self.is_submitted():
            self.services.data = [only] if only in held else [service.value for service in held]

    def chosen(self) -> list[Service]:
        """The services ticked."""
        return [Service(service) for service in self.services.data or ()]


class ConfirmForm(Form):
    """A confirmation and nothing else."""
