"""`python -m tests.bench.parts [page]`: where the time of one request goes, by looking at the stack every millisecond.

Without a server, in one process, by its own processor time, ours and the bare pages in turns: other work on the machine
hardly matters to the shares, and little to the ratios. Those lack what a server adds to both sides.
"""

import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from flask import Flask
from werkzeug.test import EnvironBuilder

from . import bare, likeness, stage
from .figures import percentile, table
from .load import decode, encode

Ask = Callable[[], bytes]

SIZE = 1_000
SECONDS = 5.0
TURNS = 300
EVERY = 0.001

# Which part a moment belongs to: the innermost of these on the stack. File ending, function ("" is any), part.
PARTS = (
    ("flask_babel/__init__.py", "", "gettext and locale"),
    ("jinja2/ext.py", "", "gettext and locale"),
    ("flask/app.py", "url_for", "url_for"),
    ("web/words.py", "", "filters: day, label, moment"),
    ("web/labels.py", "", "filters: day, label, moment"),
    ("web/rule_words.py", "", "rules in words"),
    ("flask_login/utils.py", "_get_user", "current_user"),
    ("flask_login/login_manager.py", "", "current_user"),
    ("domain/arrivals.py", "", "query: room and person"),
    ("world/mailbox.py", "unread_count", "query: unread letters"),
    ("domain/customer_list.py", "", "query: list"),
    ("domain/partner_list.py", "", "query: partners"),
    ("domain/privileges.py", "", "query: privileges"),
    ("domain/subscriptions.py", "", "query: subscriptions"),
    ("domain/invitations.py", "_partner", "query: partner of the link"),
    ("flask/sessions.py", "", "session cookie"),
    ("web/sessions.py", "", "session cookie"),
    ("flask_wtf/csrf.py", "", "CSRF token"),
    ("web/frame.py", "", "frame"),
    ("web/headers.py", "", "headers"),
    ("web/doors.py", "step_out", "leave the room"),
    ("flask_sqlalchemy/extension.py", "_teardown_session", "close the database session"),
    ("web/doors.py", "", "doors and guards"),
    ("web/guards.py", "", "doors and guards"),
    ("web/language.py", "", "language of the reader"),
    ("flask/ctx.py", "match_request", "routing"),
    (".html", "", "template"),
    ("flask/templating.py", "", "template: context and start"),
    ("flask/app.py", "make_response", "response"),
    ("werkzeug/wrappers/response.py", "", "response"),
    ("flask/app.py", "", "flask, else"),
)


def part_of(frame: FrameType | None, details: Counter[str]) -> str:
    """The part this moment belongs to; a template also counts by its name."""
    while frame is not None:
        file, function = frame.f_code.co_filename, frame.f_code.co_name
        for ending, wanted, part in PARTS:
            if file.endswith(ending) and wanted in ("", function):
                if part == "template":
                    details[f"{file.rpartition('templates/')[2]} {function}"] += 1
                return part
        frame = frame.f_back
    return "outside"


def sampled(ask: Ask) -> tuple[Counter[str], Counter[str]]:
    """Moments by part and by template."""
    found, details = Counter[str](), Counter[str]()

    def look(_number: int, frame: FrameType | None) -> None:
        found[part_of(frame, details)] += 1

    signal.signal(signal.SIGPROF, look)
    signal.setitimer(signal.ITIMER_PROF, EVERY, EVERY)
    began = time.process_time()
    while time.process_time() - began < SECONDS:
        ask()
    signal.setitimer(signal.ITIMER_PROF, 0)
    return found, details


def in_turns(*asks: Ask) -> list[float]:
    """Microseconds each of these takes when hardly disturbed: the lowest tenth of many turns."""
    taken: list[list[float]] = [[] for _ in asks]
    for _ in range(TURNS):
        for ask, times in zip(asks, taken, strict=True):
            began = time.process_time()
            ask()
            times.append(time.process_time() - began)
    return [percentile(times, 10) * 1e6 for times in taken]


def asking(app: Flask, request: bytes) -> Ask:
    """Ask an app without a server."""
    _method, path, headers, _body = decode(request)
    environ = EnvironBuilder(path=path, headers=headers).get_environ()

    def ask() -> bytes:
        body = app.wsgi_app(dict(environ), lambda *_: None)
        try:
            return b"".join(body)
        finally:
            body.close()  # type: ignore[attr-defined]

    return ask


def report(page: str, dataset: stage.Dataset, request: bytes, folder: Path) -> str:
    """The ranking as Markdown."""
    ask = asking(dataset.app, request)
    text = ask().decode()
    bare.write(folder, "page", likeness.of(text), text)
    limit = bare.create_app(folder)
    bare_page, limit_2 = (asking(limit, encode("GET", path)) for path in ("/page", bare.LIMIT_2))
    assert bare_page().decode() == text
    ours, same, list_of_25 = in_turns(ask, bare_page, limit_2)
    ratios = f"{same / ours:.2f} of bare ({same:.0f} us), {list_of_25 / ours:.2f} of limit 2 ({list_of_25:.0f} us)"
    found, details = sampled(ask)

    def rows(counted: list[tuple[str, int]]) -> list[list[str]]:
        return [[name, f"{ours * n / found.total():.0f}", f"{n / found.total():.1%}"] for name, n in counted]

    parts = table(("part", "us", "share"), rows(found.most_common()))
    templates = table(("template", "us", "share"), rows(details.most_common(8)))
    return f"\n## {page}: {ours:.0f} us of processor time a request, {ratios}\n\n{parts}\n\n{templates}"


def main() -> None:
    """The named pages, or all."""
    asked = sys.argv[1:]
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        stage.database("sqlite", Path(folder)) as template,
        stage.filled(template, SIZE, 1) as dataset,
    ):
        for page, request in dataset.requests().items():
            if page in asked or not asked:
                print(report(page, dataset, request, Path(folder)))


if __name__ == "__main__":
    main()
