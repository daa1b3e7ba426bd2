"""What people type to come in and to set a password."""

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length

from ..domain.passwords import LONGEST, SHORTEST
from .forms import Form, half_width, plain_text

NEW = [
    InputRequired(_l("Type a new password.")),
    Length(
        SHORTEST,
        LONGEST,
        _l("A password has %(least)s to %(most)s characters.", least=SHORTEST, most=LONGEST),
    ),
    plain_text,
]
AGAIN = [InputRequired(_l("Type the new password once more.")), EqualTo("new", _l("The two are not the same."))]
NAME = [InputRequired(_l("Type the sign-in name.")), Length(max=100), plain_text]


class SignInForm(Form):
    """A sign-in name and its password."""

    email = StringField(_l("Sign-in name"), NAME, filters=[half_width])
    password = PasswordField(_l("Password"), [InputRequired(_l("Type the password.")), Length(max=LONGEST)])


class ChangePasswordForm(Form):
    """The password there is, and the new one twice."""

    current = PasswordField(
        _l("Current password"), [InputRequired(_l("Type the current password.")), Length(max=LONGEST)]
    )
    new = PasswordField(_l("New password"), NEW)
    again = PasswordField(_l("New password, again"), AGAIN)


class RecoveryForm(Form):
    """Whose password is to be recovered."""

    email = StringField(_l("Sign-in name"), NAME, filters=[half_width])


class NewPasswordForm(Form):
    """A new password, twice."""

    new = PasswordField(_l("New password"), NEW)
    again = PasswordField(_l("New password, again"), AGAIN)
