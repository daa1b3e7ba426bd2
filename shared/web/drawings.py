"""What is drawn once for what it says, and kept: looking it up costs a hundredth of drawing it.

In templates, `{% kept a, b %} ... {% endkept %}` keeps a part of a page and `{{ kept("chip", a, b) }}` a component. The
key is everything it says: the values named there, the reader's language, and the room its addresses lead to. So it is
never out of date, and nothing has to be thrown away when something changes. What belongs to one moment or one session,
such as a form's token, stands outside.
"""

from collections.abc import Callable, Hashable
from pathlib import Path
from typing import cast

from flask import Flask, current_app
from jinja2 import nodes
from jinja2.ext import Extension
from jinja2.parser import Parser
from jinja2.runtime import Macro
from markupsafe import Markup

from ..world import rooms
from . import language

MOST = 16_000_000  # characters kept; then everything is drawn anew

_kept: dict[Hashable, Markup] = {}
_room_left = MOST


def hang(app: Flask) -> None:
    """Every component is at hand in every page without an import, and both ways to keep what was drawn."""
    app.jinja_env.add_extension(KeptPart)
    app.jinja_env.globals.update(kept=kept, kept_part=kept_part)
    for file in sorted((Path(__file__).parent / "templates/shared/components").glob("*.html")):
        drawing = app.jinja_env.get_template(f"shared/components/{file.name}").module
        macros = {name: part for name, part in vars(drawing).items() if isinstance(part, Macro)}
        app.jinja_env.globals.update(macros)


def kept(component: str, *words: Hashable) -> Markup:
    """The component of this name drawn with these words."""
    draw = cast(Callable[..., str], current_app.jinja_env.globals[component])
    return kept_part(component, words, lambda: draw(*words))


def kept_part(place: str, says: Hashable, caller: Callable[[], str]) -> Markup:
    """The part at this place of a template, for whoever reads this here."""
    key = (place, says, language.now().tag, rooms.key_here())
    return _kept.get(key) or _keep(key, Markup(caller()))  # noqa: S704 - a template has escaped it


def _keep(key: Hashable, drawn: Markup) -> Markup:
    global _room_left
    _room_left -= len(drawn)
    if _room_left < 0:
        _kept.clear()
        _room_left = MOST
    _kept[key] = drawn
    return drawn


class KeptPart(Extension):
    """The tag: what it names is worked out each time; what stands inside, only when it is new."""

    tags = {"kept"}  # noqa: RUF012 - as Jinja wants it

    def parse(self, parser: Parser) -> nodes.Node:
        """A call of `kept_part` with the tag's place and values, and its body to draw if need be."""
        line = next(parser.stream).lineno
        says = parser.parse_tuple(with_condexpr=True, explicit_parentheses=True)
        body = parser.parse_statements(("name:endkept",), drop_needle=True)
        words: list[nodes.Expr] = [nodes.Const(f"{parser.name}:{line}"), says]
        call = nodes.Call(nodes.Name("kept_part", "load"), words, [], None, None)
        return nodes.CallBlock(call, [], [], body).set_lineno(line)
