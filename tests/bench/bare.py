"""The limit to measure against: Flask and Jinja with nothing else, drawing what a folder of likenesses says.

Served with the command line that serves Counterpart; BENCH_BARE names the folder.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask, redirect, render_template, request

from .likeness import Likeness

FORM = "/form"
LIMIT_2 = "/limit-2"
CELLS = 15
ROW = "".join(
    f'<td class="cell" data-label="C {n}">{{{{ row[{n}] }}}} <span class="x"></span></td>' for n in range(CELLS)
)
TABLE = "<!doctype html><title>Limit 2</title><table>{% for row in rows %}<tr>" + ROW + "</tr>{% endfor %}</table>"


def write(folder: Path, name: str, likeness: Likeness, page: str) -> None:
    """Put one page where the bare app finds it, and what it shall look like beside it."""
    (folder / f"{name}.txt").write_text(page, newline="")
    (folder / f"{name}.html").write_text(likeness.template, newline="")
    (folder / f"{name}.json").write_text(json.dumps(likeness.tables))


def original(folder: Path, name: str) -> str:
    """The page as it was."""
    with (folder / f"{name}.txt").open(newline="") as file:
        return file.read()


def create_app(folder: Path) -> Flask:
    """One address for each page, `/name`, and one that takes a form and redirects."""
    app = Flask(__name__, template_folder=str(folder), static_folder=None)
    app.jinja_options = {"keep_trailing_newline": True}
    for file in folder.glob("*.json"):
        app.add_url_rule(f"/{file.stem}", file.stem, _view(f"{file.stem}.html", json.loads(file.read_text())))
    rows, limit = [[f"Value {n} & {m}" for m in range(CELLS)] for n in range(25)], app.jinja_env.from_string(TABLE)
    app.add_url_rule(LIMIT_2, "limit_2", lambda: render_template(limit, rows=rows))
    app.add_url_rule(FORM, "form", _take_form, methods=["POST"])
    return app


def _view(template: str, tables: list[Any]) -> Callable[[], str]:
    return lambda: render_template(template, tables=tables)


def _take_form() -> Any:
    return redirect(f"/to/{len(request.form.getlist('services'))}")


def __getattr__(name: str) -> Any:
    """`tests.bench.bare:app` is built when a server asks for it."""
    if name == "app":
        globals()["app"] = create_app(Path(os.environ["BENCH_BARE"]))
        return globals()["app"]
    raise AttributeError(name)
