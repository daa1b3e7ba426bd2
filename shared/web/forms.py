"""What the forms of both portals share."""

import json
import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from babel.support import NullTranslations
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, IntegerField, PasswordField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import StopValidation

from ..domain.edits import Facts
from ..domain.search import plain_spaces, writable
from ..world.pages import as_id
from . import language

LONGEST_SEARCH = 100
DOTS = str.maketrans("。｡", "..")
LARGEST = 999_999_999  # the largest number either database takes, with room to spare


def choices(pairs: Iterable[tuple[str, Any]]) -> list[SelectChoice]:
    """Values and labels as WTForms wants them."""
    return [SelectChoice(value, label) for value, label in pairs]


class Form(FlaskForm):
    """A form; that it is one of ours `guards` has seen before, so it carries no token of its own."""

    class Meta(FlaskForm.Meta):
        csrf = False

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Field:
            """Whatever text is typed comes in with plain spaces; a password is left as it is."""
            field: Field = super().bind_field(form, unbound_field, options)
            if isinstance(field, StringField) and not isinstance(field, PasswordField):
                field.filters = [_with_plain_spaces, *field.filters]
            return field

        def get_translations(self, form: Any) -> NullTranslations:
            """Flask-WTF would read the file for every form."""
            return language.of_forms(language.now().tag)


class ShownForm(Form):
    """A form that knows what its page showed, so that nobody replaces unseen what somebody else wrote meanwhile."""

    seen = HiddenField()

    def remember(self, facts: Facts) -> None:
        """What the page shows from now on."""
        self.seen.data = json.dumps(facts)

    def catch_up(self, now: Facts, untouched: Facts) -> None:
        """Keep what was typed; what was left alone is as it stands now, so that nobody undoes it unasked."""
        for field, fact in untouched.items():
            self.put(field, fact)
        self.remember(now)

    def put(self, field: str, fact: str) -> None:
        """Show this in a field, whatever was typed there."""
        self[field].raw_data, self[field].data = None, fact

    @property
    def shown(self) -> Facts:
        """What the page had shown; nothing where that cannot be read."""
        try:
            seen = json.loads(self.seen.data or "")
        except (ValueError, RecursionError):
            return {}
        return {str(field): str(fact) for field, fact in seen.items()} if isinstance(seen, dict) else {}


class WholeNumber(IntegerField):
    """A number as people type it, full-width digits too; what no database takes is as large as one does."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """What is no number is told so at the field; one too small or too large is told by whoever knows the limits."""
        self.data = None
        if typed := half_width(valuelist[0]).strip() if valuelist else "":
            found = re.fullmatch(r"([-−]?)0*([0-9]+)", typed)
            if not found:
                raise ValueError(_l("Type a whole number."))
            size = as_id(found[2])
            size = LARGEST if size is None else size
            self.data = -size if found[1] else size

    def pre_validate(self, _form: Any) -> None:
        """What is no number is not called too small as well."""
        if self.process_errors:
            raise StopValidation


def half_width(typed: str | None) -> str:
    """Letters, digits and signs of full width as ordinary ones, and the dot a Chinese keyboard writes as one."""
    typed = plain_spaces(typed or "").translate(DOTS)
    return "".join(unicodedata.normalize("NFKC", c) if "！" <= c <= "～" else c for c in typed)


def plain_text(_form: Any, field: Any) -> None:
    """Refuse characters no keyboard types, such as NUL, that no database or mail program takes."""
    if not writable(field.data or ""):
        raise ValidationError(_l("Remove the invisible control characters."))


def _with_plain_spaces(typed: Any) -> Any:
    return plain_spaces(typed) if isinstance(typed, str) else typed
