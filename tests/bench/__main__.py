"""`python3 dev.py bench`: our pages against bare ones, on both databases, small and large."""

import argparse
import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

import dev

from . import figures, rounds, stage
from .crowd import CALM, PROCESSES, Crowd, gathered
from .figures import Comparison
from .rounds import Plan

SYSTEMS = ("sqlite", "postgresql")
SIZES = (1_000, 100_000)
QUICK_SIZES = (200, 1_000)


def options(arguments: list[str] | None = None) -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(prog="dev.py bench", description=__doc__)
    add = parser.add_argument
    add("--quick", action="store_true", help="one round of one second on little data: to try it, decides nothing")
    add("--database", choices=(*SYSTEMS, "both"), default="both")
    add("--only", default="", metavar="NAME", help="pages whose name contains this")
    add("--rounds", type=int, default=0, help="7 (quick: 1)")
    add("--seconds", type=float, default=0, help="of each run, 0.7 (quick: 1)")
    add("--json", type=Path, metavar="FILE", help="write all figures there too")
    found = parser.parse_args(arguments)
    found.rounds = found.rounds or (1 if found.quick else 7)  # many short ones: a machine's moods last longer than one
    found.seconds = found.seconds or (1.0 if found.quick else 0.7)
    return found


def note(text: str) -> None:
    """Progress goes to stderr, the report to stdout."""
    print(text, file=sys.stderr, flush=True)


def on_one_database(system: str, asked: argparse.Namespace, crowd: Crowd) -> list[Comparison]:
    """Fill small and large, serve both and the bare pages, and let them take turns."""
    plan, sizes = Plan(asked.rounds, asked.seconds), QUICK_SIZES if asked.quick else SIZES
    accepting = asked.only in rounds.ACCEPT
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        template = stack.enter_context(stage.database(system, folder))
        datasets = []
        for size in sizes:
            datasets.append(stack.enter_context(stage.filled(template, size, plan.fresh if accepting else 1)))
            note(f"{system}: {size:,} customers written in {datasets[-1].seconds:.1f} s")
        found = stack.enter_context(rounds.contests(datasets, system, folder, asked.only))
        for page, contests in found.items():
            rounds.measure(crowd, contests, plan)
            note(f"{system}: {page}: {', '.join(f'{c.figures.ratio:.2f}' for c in contests)}")
    return [contest.figures for contests in found.values() for contest in contests]


def report(found: list[Comparison], asked: argparse.Namespace, crowd: Crowd) -> str:
    """What came out, as Markdown."""
    growths = rounds.growths(found)
    packages = ", ".join(f"{name} {version(name)}" for name in ("granian", "flask", "jinja2", "sqlalchemy"))
    commit = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=False)
    pages = {
        f"{c.page} {c.bytes / 1024:.1f} KB, {c.expressions} expressions" for c in found if c.size == found[-1].size
    }
    lines = [
        f"# Counterpart against bare pages of the same bytes, {time.strftime('%Y-%m-%d %H:%M')}",
        f"{commit.stdout.strip()}; {os.cpu_count()} cores, Python {platform.python_version()}, {packages};",
        f"`{dev.GRANIAN}`; {rounds.CLIENTS} clients in {PROCESSES} processes,",
        f"{asked.rounds} rounds of {asked.seconds:g} s; the client takes {crowd.cost:.0f} us of processor an answer;",
        f"{crowd.restless} runs began while others kept more than {CALM} cores busy.",
        "",
        figures.table(figures.HEAD, [figures.row(comparison) for comparison in found]),
        "",
        figures.table(figures.GROWTH_HEAD, [figures.growth_row(growth) for growth in growths]),
        "",
        f"The bare pages: {'; '.join(sorted(pages))}.",
    ]
    return "\n".join(lines)


def main() -> int:
    """1 when a floor is missed or a page grows, except in a quick run."""
    asked, found = options(), []
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is ended on the way out
    with gathered() as crowd:
        for system in SYSTEMS if asked.database == "both" else (asked.database,):
            found += on_one_database(system, asked, crowd)
    print(report(found, asked, crowd))
    if asked.json:
        asked.json.write_text(json.dumps([{**asdict(comparison), "ratio": comparison.ratio} for comparison in found]))
    missed = not all(outcome.passed for outcome in (*found, *rounds.growths(found)))
    return 1 if missed and not asked.quick else 0


if __name__ == "__main__":
    sys.exit(main())
