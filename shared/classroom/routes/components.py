"""For developers: every token and component in all its states, on one page."""

from flask import render_template
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField

from ...domain.refusals import Code, Refusal
from ...web.forms import Form, choices
from ...web.guards import open_to_everyone
from ..blueprint import classroom

OPTIONS = [("one", "The first choice"), ("two", "The second choice")]


class SampleForm(Form):
    """A field of each kind."""

    name = StringField("Text")
    text = TextAreaField("Longer text")
    one = SelectField("Choice", choices=choices(OPTIONS))
    other = RadioField("One of two", choices=choices(OPTIONS), default="one")
    agreed = BooleanField("A tick")


@classroom.get("/components")
@open_to_everyone
def components() -> str:
    """Shown with an error at each kind of field and a refusal that unlocks nothing."""
    form = SampleForm()
    for field in (form.name, form.one, form.agreed):
        field.errors = ["This is what an error says."]
    return render_template("shared/components_page.html", form=form, refusal=Refusal(Code.LINK_UNKNOWN))
