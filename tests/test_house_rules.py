"""The house tests itself by reading the code: guards, import direction, commits, words for every refusal, addresses."""

import ast
import re
from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from pathlib import Path

import pytest
from flask import Flask

from shared.domain import capabilities, permissions, refusals
from shared.domain.refusals import Code
from shared.domain.rules import RULES
from shared.extensions import Model
from shared.web import guards, permission_words
from shared.web.labels import LABELS
from shared.web.refusal_words import SENTENCES
from shared.web.rule_words import SAYS
from shared.web.unlocks import UNLOCKS
from shared.world.rooms import InRoom, Room

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("shared", "partner_portal", "admin_center")
LEVELS = {
    "shared.extensions": 0,
    "shared.settings": 0,
    "shared.world": 1,
    "shared.domain": 2,
    "shared.web": 3,
    "shared.classroom": 4,
    "partner_portal": 4,
    "admin_center": 4,
    "shared.app": 5,
    "wsgi": 6,
}
OF_THE_DATABASE = ("db", "Model", "LightSession")
MAY_ALSO = {("shared.domain.users", "flask_login.UserMixin")}
WEB_PACKAGES = ("flask", "flask_babel", "flask_login", "flask_wtf", "wtforms", "werkzeug", "jinja2", "babel", "gettext")
VIEW, FILE_SIZE = 25, 260


def files(*endings: str) -> list[Path]:
    """The product's own files; migrations are written by a tool."""
    found = [path for room in ROOMS for path in (ROOT / room).rglob("*") if path.suffix in endings]
    return sorted([*found, ROOT / "wsgi.py"] if ".py" in endings else found)


@cache
def code() -> list[tuple[str, ast.Module]]:
    """Every module of the product by its dotted name, read once."""
    read = []
    for path in files(".py"):
        if "migrations" not in path.parts:
            dotted = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            read.append((dotted, ast.parse(path.read_text("utf-8"))))
    return read


def is_package(name: str) -> bool:
    """Whether a module is a folder."""
    return (ROOT / Path(*name.split("."))).is_dir()


def imports(name: str, module: ast.Module) -> Iterator[str]:
    """What a module imports, every name with its full path."""
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            here = name.split(".") if is_package(name) else name.split(".")[:-1]
            base = here[: len(here) - node.level + 1] if node.level else []
            start = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{start}.{alias.name}" for alias in node.names)


def room_of(dotted: str) -> str | None:
    """The room a module or name belongs to; None for somebody else's package."""
    return next((room for room in LEVELS if dotted == room or dotted.startswith(f"{room}.")), None)


def in_the_core(name: str) -> bool:
    """Whether a module knows rules or the stage, and nothing of the web."""
    return name.startswith(("shared.world", "shared.domain"))


def test_the_reading_of_imports_finds_what_is_there() -> None:
    known = dict(code())
    assert "shared.domain.privileges.grant" not in set(
        imports("shared.domain.acceptance", known["shared.domain.acceptance"])
    )
    assert {"shared.world.mailbox", "shared.domain.history.EventKind"} <= set(
        imports("shared.domain.acceptance", known["shared.domain.acceptance"])
    )
    assert "partner_portal.blueprint.partner_portal" in set(imports("partner_portal", known["partner_portal"]))
    assert len(known) > 50


def test_each_room_imports_only_what_stands_left_of_it() -> None:
    wrong = []
    for name, module in code():
        mine = room_of(name)
        for wanted in imports(name, module):
            theirs = room_of(wanted)
            if mine and theirs and theirs != mine and LEVELS[theirs] >= LEVELS[mine]:
                wrong.append((name, wanted))
    assert wrong == []


def test_every_module_stands_in_a_room() -> None:
    assert [name for name, _module in code() if room_of(name) is None and name != "shared"] == []


def test_extensions_and_settings_know_nobody_and_the_app_is_handed_its_portals() -> None:
    known = {name: set(imports(name, module)) for name, module in code()}
    assert [wanted for wanted in known["shared.extensions"] | known["shared.settings"] if room_of(wanted)] == []
    assert [wanted for wanted in known["shared.app"] if wanted.startswith(("partner_portal", "admin_center"))] == []
    ours = {wanted for wanted in known["wsgi"] if room_of(wanted)}
    assert ours == {"admin_center.admin_center", "partner_portal.partner_portal", "shared.app.build_app"}


def test_world_and_domain_know_nothing_of_the_web() -> None:
    wrong = []
    for name, module in code():
        for wanted in imports(name, module) if in_the_core(name) else ():
            package = wanted.partition(".")[0]
            if package in WEB_PACKAGES and (name, wanted) not in MAY_ALSO:
                wrong.append((name, wanted))
            if wanted.startswith("shared.extensions") and wanted.rpartition(".")[2] not in OF_THE_DATABASE:
                wrong.append((name, wanted))
    assert wrong == []


def test_world_and_domain_never_commit() -> None:
    wrong = [
        f"{name}:{node.lineno}"
        for name, module in code()
        if in_the_core(name) and name != "shared.world.database"
        for node in ast.walk(module)
        if isinstance(node, ast.Attribute) and node.attr == "commit"
    ]
    assert wrong == []


def test_only_the_stage_speaks_to_the_database_past_the_room() -> None:
    """Raw tables, connections and bulk inserts are not narrowed to the room we are in."""
    past = ("__table__", "exec_driver_sql", "connection", "bulk_save_objects", "bulk_insert_mappings", "get_bind")
    wrong = [
        f"{name}:{node.lineno} {node.attr}"
        for name, module in code()
        if not name.startswith("shared.world.")
        for node in ast.walk(module)
        if isinstance(node, ast.Attribute) and node.attr in past
    ]
    wrong += [
        name
        for name, module in code()
        if not name.startswith("shared.world.")
        and {"sqlalchemy.insert", "sqlalchemy.literal_column"} & {*imports(name, module)}
    ]
    assert wrong == []


def test_words_for_people_stand_in_the_web_alone() -> None:
    spoken = {"_", "_l", "gettext", "ngettext", "lazy_gettext"}
    wrong = [
        f"{name}:{node.lineno}"
        for name, module in code()
        if in_the_core(name)
        for node in ast.walk(module)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in spoken
    ]
    assert wrong == []


def test_every_route_says_who_may_enter(site: Flask) -> None:
    assert [name for name, view in site.view_functions.items() if guards.of(view) is None] == []


def test_a_route_without_a_guard_stops_the_site_from_starting() -> None:
    house = Flask("a house")
    house.add_url_rule("/open", "open", lambda: "come in")
    with pytest.raises(LookupError, match="open"):
        guards.check_every_route(house)


@pytest.mark.rule("R40", "P7")
@pytest.mark.parametrize("refusal", Code)
def test_every_refusal_has_a_sentence_and_a_rule(refusal: Code) -> None:
    assert str(SENTENCES[refusal]).endswith(".")
    assert refusals.RULE_OF[refusal] in RULES


def test_no_sentence_and_no_way_out_stands_for_a_refusal_that_is_gone() -> None:
    assert set(SENTENCES) == set(refusals.RULE_OF) == set(Code)
    assert set(UNLOCKS) <= set(Code)


@pytest.mark.rule("P7")
def test_what_a_role_does_not_allow_is_told_in_one_place() -> None:
    told = {path.stem for path in files(".py") if "Refusal(Code.ROLE" in path.read_text("utf-8")}
    assert told == {"users", "licences"}  # licences go by the agent setting and not by a permission (R36)


def test_every_rule_that_says_no_is_known_and_has_words() -> None:
    needed = {rule for needs in capabilities.NEEDS.values() for rule in vars(needs).values() if rule}
    named = set(re.findall(r'\brule="([A-Z]\d+)"', "".join(path.read_text("utf-8") for path in files(".py"))))
    asked = needed | named | set(permissions.RULE_OF.values()) | set(refusals.RULE_OF.values())
    assert sorted(number for number in asked if number not in RULES or number not in SAYS) == []


@pytest.mark.parametrize("kind", LABELS, ids=lambda kind: kind.__name__)
def test_every_word_of_the_domain_has_a_label(kind: type[StrEnum]) -> None:
    assert set(LABELS[kind]) == set(kind)
    assert all(str(label) for label in LABELS[kind].values())


def test_every_permission_is_said_in_plain_words() -> None:
    assert set(permission_words.SAYS) == set(permissions.Permission)


def test_every_rule_shown_on_a_page_has_words_and_an_origin() -> None:
    shown = {
        number
        for path in files(".html", ".py")
        for call in re.findall(r"\brules?\(([^()]*)\)", path.read_text("utf-8"))
        for number in re.findall(r"[\"']([A-Z]\d+)[\"']", call)
    }
    assert len(shown) > 20
    assert sorted(shown - set(SAYS)) == []
    assert sorted(set(SAYS) - set(RULES)) == []


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("an inline style", r"\sstyle\s*="),
        ("a style block", r"<style\b"),
        ("a script of its own", r"<script\b(?![^>]*\ssrc=)"),
        ("a handler", r"\son[a-z]+\s*="),
        ("a javascript: address", r"javascript:"),
    ],
)
def test_no_template_holds(what: str, pattern: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{number}: {what}"
        for path in files(".html")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if re.search(pattern, line, re.IGNORECASE)
    ]
    assert wrong == []


def test_no_file_and_no_view_outgrows_its_room() -> None:
    sizes = {path: len(path.read_text("utf-8").splitlines()) for path in files(".py") if "migrations" not in path.parts}
    assert {str(path.relative_to(ROOT)): size for path, size in sizes.items() if size > FILE_SIZE} == {}
    views = [
        (name, node)
        for name, module in code()
        for node in ast.walk(module)
        if isinstance(node, ast.FunctionDef) and is_view(node)
    ]
    assert len(views) > 15
    lengths = {f"{name}.{node.name}": (node.end_lineno or 0) - node.lineno + 1 for name, node in views}
    assert {view: length for view, length in lengths.items() if length > VIEW} == {}


def is_view(node: ast.FunctionDef) -> bool:
    """Whether a function answers an address."""
    return any(
        isinstance(mark, ast.Call)
        and isinstance(mark.func, ast.Attribute)
        and mark.func.attr in ("get", "post", "route")
        for mark in node.decorator_list
    )


def test_every_mapped_class_but_the_room_belongs_to_a_room() -> None:
    outside = {mapper.class_ for mapper in Model.registry.mappers if not issubclass(mapper.class_, InRoom)}
    assert outside == {Room}


HOST = re.compile(r"(?:https?:)?//([A-Za-z0-9][A-Za-z0-9.-]*\.[a-z]{2,}|localhost|\d+\.\d+\.\d+\.\d+)\b")
NAMED = re.compile(r"\b[\w-]+(?:\.[\w-]+)*\.(?:com|cn|net|org|io|de|eu|us|cloud|gov)\b(?!\()")
NAMESPACE = "www.w3.org"  # the name of a format, never asked for


def test_the_product_names_no_host_but_localhost_and_invented_ones() -> None:
    wrong = []
    for path in files(".py", ".html", ".js", ".css", ".svg"):
        text = path.read_text("utf-8")
        found = {*HOST.findall(text), *NAMED.findall(text)} - {NAMESPACE, "localhost", "127.0.0.1", "0.0.0.0"}  # noqa: S104
        wrong += [(str(path.relative_to(ROOT)), host) for host in sorted(found) if not host.endswith(".example")]
    assert wrong == []


def test_the_product_reads_nothing_outside_its_own_folder() -> None:
    outside = re.compile(r"\.\./shared|/work/|parent\.parent\.parent\.parent")
    wrong = [
        str(path.relative_to(ROOT)) for path in files(".py", ".html", ".js", ".css") if outside.search(path.read_text())
    ]
    assert wrong == []
