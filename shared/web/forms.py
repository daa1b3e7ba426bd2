"""What the forms of both portals share."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import StopValidation

from ..world.pages import as_id

LONGEST_SEARCH = 100


def choices(pairs: Iterable[tuple[str, Any]]) -> list[SelectChoice]:
    """Values and labels as WTForms wants them."""
    return [SelectChoice(value, label) for value, label in pairs]


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
