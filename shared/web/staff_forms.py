"""What admins type about the people of their organisation."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import DataRequired, InputRequired, Length, Regexp

from ..domain.organisations import Customer, Partner
from ..domain.permissions import Role
from ..domain.search import printable, writable
from ..domain.staff import side_of
from .forms import Form, ShownForm, choices, half_width, plain_text
from .labels import label

LOCAL = r"(?i)^\s*[a-z0-9._-]+\s*$"
WELL_PUNCTUATED = r"(?!\s*[._-]|.*[._-]\s*$|.*\.\.)"


class UserForm(Form):
    """Who somebody is, and what they may do: two settings at a partner (P1), one role at a customer."""

    name = StringField(
        _l("Full name"),
        [DataRequired(_l("Type a name.")), Length(max=100, message=_l("At most 100 characters.")), plain_text],
        filters=[lambda typed: printable(typed) if typed and writable(typed) else typed],
    )
    agent = SelectField(_l("Agent setting"), default="")
    admin = SelectField(_l("Admin setting"), default="")

    def offer(self, organisation: Partner | Customer) -> None:
        """Fill in what may be chosen at this organisation."""
        side = side_of(organisation)
        if isinstance(organisation, Customer):
            del self.agent
            self.admin.label.text = _l("Role")
            self.admin.choices = _choices(_l("User"), side.admins)
        else:
            self.agent.choices = _choices(_l("None"), side.agents)
            self.admin.choices = _choices(_l("No admin"), side.admins)

    def shown_as(self, setting: str, value: str) -> str:
        """What the page calls this value of a setting, or of the name."""
        labels = {choice.value: choice.label for choice in getattr(self[setting], "choices", ())}
        return str(labels.get(value, value))

    @property
    def settings(self) -> dict[str, Role | None]:
        """The settings chosen."""
        chosen = {"agent": self.agent.data if self.agent else None, "admin": self.admin.data}
        return {setting: Role(role) if role else None for setting, role in chosen.items()}


class ChangeUserForm(ShownForm, UserForm):
    """The same about somebody who is there already."""


class NewUserForm(UserForm):
    """The same, and the name to sign in with."""

    local = StringField(
        _l("Sign-in name, before the @"),
        [
            InputRequired(_l("Type a sign-in name.")),
            Length(max=40, message=_l("At most 40 characters.")),
            Regexp(LOCAL, message=_l("Use letters from a to z, digits, dots and hyphens.")),
            Regexp(
                WELL_PUNCTUATED, message=_l("Begin and end with a letter or a digit, and never put two dots together.")
            ),
        ],
        filters=[half_width],
    )


def _choices(none: Any, roles: Iterable[Role]) -> list[SelectChoice]:
    return choices([("", none), *((role.value, label(role)) for role in roles)])
