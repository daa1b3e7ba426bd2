"""What is drawn once for what it says, and kept: looking it up costs a hundredth of drawing it.

In templates, `{% kept a, b %} ... {% endkept %}` keeps a part of a page and `{{ kept("chip", a, b) }}` a component. The
key is everything it says: the values named there, the reader's language, and the room and side of the admin center its
addresses lead to. So it is never out of date, and nothing has to be thrown away when something changes. What belongs to
one moment or one session, such as a form's token, stands outside.
"""

from collections.abc import Callable, Hashable
from pathlib import Path
from typing import cast

from flask import Flask, current_app, g
from jinja2 import nodes, pass_context
from jinja2.ext import Extension
from jinja2.parser import Parser
from jinja2.runtime import Context, Macro
from markupsafe import Markup

from ..world import rooms
from . import language

MOST = 16_000_000  # characters kept; then everything is drawn anew

_kept: dict[Hashable, Markup] = {}
_room_left = MOST


def hang(app: Flask) -> None:
    """Every component is at hand in every page without an import, and both ways to keep what was drawn."""
    app.jinja_env.add_extension(KeptPart)
    app.jinja_env.globals.update(kept=kept, keep_part=keep)
    app.jinja_env.filters.update(key_of_part=key_of_part, find_part=find)  # filters are called without a detour
    for file in sorted((Path(__file__).parent / "templates/shared/components").glob("*.html")):
        drawing = app.jinja_env.get_template(f"shared/components/{file.name}").module
        macros = {name: part for name, part in vars(drawing).items() if isinstance(part, Macro)}
        app.jinja_env.globals.update(macros)


def kept(component: str, *words: Hashable) -> Markup:
    """The component of this name drawn with these words."""
    key = key_of(words, component)
    if (drawn := find(key)) is None:
        draw = cast(Callable[..., str], current_app.jinja_env.globals[component])
        drawn = keep(key, lambda: draw(*words))
    return drawn


def key_of(says: Hashable, place: str) -> Hashable:
    """What a part is kept under: what it says, where it stands, to whom it says it, and where its addresses lead."""
    return (place, says, language.now().tag, rooms.key_here(), g._get_current_object().get("on_behalf", False))


@pass_context
def key_of_part(_context: Context, says: Hashable, place: str) -> Hashable:
    """The same for a tag; with the context, so that Jinja asks each time: constants it would work out once for all."""
    return key_of(says, place)


find = _kept.get


def keep(key: Hashable, caller: Callable[[], str]) -> Markup:
    """Draw a part, and keep it under this key."""
    global _room_left
    drawn = Markup(_spelt(caller()))  # noqa: S704 - a template has escaped it
    _room_left -= len(drawn)
    if _room_left < 0:
        _kept.clear()
        _room_left = MOST
    _kept[key] = drawn
    return drawn


def _spelt(text: str) -> str:
    """In English, the odd dot or dash as a reference: a page of ASCII alone is joined and sent in half the time."""
    return text.encode("ascii", "xmlcharrefreplace").decode() if language.now().tag == "en" else text


class KeptPart(Extension):
    """The tag: what it names is worked out each time; what stands inside, only when it is new."""

    tags = {"kept"}  # noqa: RUF012 - as Jinja wants it

    def parse(self, parser: Parser) -> nodes.Node:
        """With `key = key_of(place, values)` and `drawn = find(key)`: either it, or `keep(key)` of the body."""
        line = next(parser.stream).lineno
        says = parser.parse_tuple(with_condexpr=True, explicit_parentheses=True)
        body = parser.parse_statements(("name:endkept",), drop_needle=True)
        key, drawn = parser.free_identifier().name, parser.free_identifier().name

        def through(name: str, value: nodes.Expr, *arguments: nodes.Expr) -> nodes.Filter:
            return nodes.Filter(value, name, list(arguments), [], None, None)

        place = nodes.Const(f"{parser.name}:{line}")
        found = nodes.Compare(nodes.Name(drawn, "load"), [nodes.Operand("eq", nodes.Const(None))])
        keeping = nodes.Call(nodes.Name("keep_part", "load"), [nodes.Name(key, "load")], [], None, None)
        anew = nodes.CallBlock(keeping, [], [], body)
        either = nodes.If(found, [anew], [], [nodes.Output([nodes.Name(drawn, "load")])])
        looked_up = through("find_part", nodes.Name(key, "load"))
        inner = nodes.With([nodes.Name(drawn, "param")], [looked_up], [either])
        outer = nodes.With([nodes.Name(key, "param")], [through("key_of_part", says, place)], [inner])
        return outer.set_lineno(line)
