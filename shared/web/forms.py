"""What the forms of both portals share."""

import json
from collections.abc import Iterable
from typing import Any

from babel.support import NullTranslations
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import StopValidation

from ..domain.edits import Facts
from ..world.pages import as_id
from . import language

LONGEST_SEARCH = 100


def choices(pairs: Iterable[tuple[str, Any]]) -> list[SelectChoice]:
    """Values and labels as WTForms wants them."""
    return [SelectChoice(value, label) for value, label in pairs]


class Form(FlaskForm):
    """A form; that it is one of ours `guards` has seen before, so it carries no token of its own."""

    class Meta(FlaskForm.Meta):
        csrf = False

        def get_translations(self, form: Any) -> NullTranslations:
            """Flask-WTF would read the file for every form."""
            return language.of_forms(language.now().tag)


class ShownForm(Form):
    """A form that knows what its page showed, so that nobody replaces unseen what somebody else wrote meanwhile."""

    seen = HiddenField()

    def remember(self, facts: Facts) -> None:
        """What the page shows from now on."""
        self.seen.data = json.dumps(facts)

    @property
    def shown(self) -> Facts:
        """What the page had shown; nothing where that cannot be read."""
        try:
            seen = json.loads(self.seen.data or "")
        except (ValueError, RecursionError):
            return {}
        return {str(field): str(fact) for field, fact in seen.items()} if isinstance(seen, dict) else {}


class WholeNumber(IntegerField):
    """A number as people type it: plain digits, few enough for either database."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Anything else is told so at the field."""
        self.data = as_id(valuelist[0].strip()) if valuelist else None
        if valuelist and valuelist[0].strip() and self.data is None:
            raise ValueError(_l("Type a whole number."))

    def pre_validate(self, _form: Any) -> None:
        """What is no number is not called too small as well."""
        if self.process_errors:
            raise StopValidation


def plain_text(_form: Any, field: Any) -> None:
    """Refuse characters no keyboard types, such as NUL, that no database or mail program takes."""
    if any(not c.isprintable() and c not in "\r\n\t\u200e\u200f\u200d" for c in field.data or ""):
        raise ValidationError(_l("Remove the invisible control characters."))
