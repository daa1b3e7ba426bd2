"""The one door to Counterpart: set it up, run it, test it. Needs nothing but Python 3.11 and works on Windows too."""

from __future__ import annotations

import argparse
import errno
import hashlib
import http.client
import os
import platform
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = str(VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
UV = "uv==0.13.9"
RUNTIME, DEVELOPMENT = "requirements.txt", "requirements-dev.txt"
TRANSLATIONS = ROOT / "shared" / "translations"
LANGUAGES = ("de", "zh_Hans_CN")

# What is run below is a module of the virtual environment, with the repository as its folder.
MIGRATE = "flask --app wsgi db upgrade -d shared/migrations"
PYBABEL = "import sys; from babel.messages.frontend import main; sys.exit(main())"  # -m would always report success
COMPILE = "pybabel -q compile -d shared/translations"
EXTRACT = (
    "pybabel -q extract -F babel.cfg -o .venv/messages.pot --project=Counterpart --no-wrap"
    " --sort-by-file --add-location=file -k _l -k lazy_gettext -k lazy_ngettext:1,2 -k lazy_pgettext:1c,2 ."
)
UPDATE = (
    "pybabel -q update -i .venv/messages.pot -d shared/translations --init-missing --no-wrap"
    " --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date -l"
)
# One thread a worker: more would only wait for each other. The timeout ends workers that a slow page holds up.
GRANIAN = (
    "granian --interface wsgi --http 1 --no-ws --workers 2 --blocking-threads 1 --respawn-failed-workers"
    " --workers-kill-timeout 2 --no-access-log --log-level warning wsgi:app"
)
WAITRESS = "waitress --threads=8 wsgi:app"
LINT = {
    "ruff check": "ruff check .",
    "ruff format": "ruff format --check .",
    "mypy": "mypy",
    "djlint": "djlint --lint --quiet --profile=jinja shared partner_portal admin_center",
}
TESTS = {
    "translations": COMPILE,
    "pytest on SQLite": "pytest -n 2 --dist worksteal --ignore=tests/browser tests",
    "pytest on PostgreSQL": "pytest -n 2 --dist worksteal --ignore=tests/browser tests",
    "pytest in a browser": "pytest -n 2 --dist worksteal tests/browser",
}


def environment(**more: str) -> dict[str, str]:
    """What a child sees: UTF-8 everywhere, so German and Chinese survive a Windows console.

    What Python compiles may be kept: tests are many processes, and each would compile every package anew.
    """
    return {**os.environ, "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "", **more}


def module(words: str, *arguments: str) -> list[str]:
    name, *given = words.split()
    start = ["-c", PYBABEL] if name == "pybabel" else ["-m", name]
    return [PYTHON, *start, *given, *arguments]


def openly(command: list[str], **more: str) -> int:
    """Run a command and let it speak."""
    sys.stdout.flush()
    return subprocess.run(command, cwd=ROOT, env=environment(**more), check=False).returncode


def quietly(command: list[str], **more: str) -> str:
    """Run a command unseen: nothing when all went well, otherwise all it said."""
    out = subprocess.PIPE
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=environment(**more), check=False, stdout=out, stderr=subprocess.STDOUT
        )
    except OSError as error:
        return str(error)
    said = done.stdout.decode(errors="replace").strip()
    return (said or f"{command[0]} failed without a word") if done.returncode else ""


def stop(sentence: str, trouble: str = "") -> SystemExit:
    """The end of the road: the details first, the sentence that matters last."""
    return SystemExit(f"{trouble}\n\n{sentence}" if trouble else sentence)


def apt_get(what: str, *packages: str) -> None:
    """Install Debian packages where we may; everywhere else say what is missing."""
    advice = f"{what} is missing. Install it (on Debian: apt-get install {' '.join(packages)}) and try again."
    is_root = getattr(os, "geteuid", lambda: 1)() == 0
    if not (is_root and shutil.which("apt-get")):
        raise stop(advice)
    print(f"Installing {' '.join(packages)} ...", flush=True)
    quietly(["apt-get", "update", "-qq"])
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    if trouble := quietly(install, DEBIAN_FRONTEND="noninteractive"):
        raise stop(advice, trouble)


def make_venv() -> None:
    """A fresh virtual environment, unless a usable one is there. Debian keeps venv in a package of its own."""
    if not quietly(module("pip --version")):
        return
    make = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    if not quietly(make):
        return
    apt_get("Python's venv module", f"python3.{sys.version_info.minor}-venv")
    if trouble := quietly(make):
        raise stop("The virtual environment could not be made.", trouble)


def install(requirements: str) -> None:
    """Install a locked set with its hashes, once: a stamp remembers which. uv is fast, pip alone works everywhere."""
    locked = hashlib.sha256((ROOT / requirements).read_bytes()).hexdigest()
    stamp = VENV / f"{requirements}.stamp"
    if os.path.exists(PYTHON) and stamp.exists() and stamp.read_text() == locked:
        return
    make_venv()
    print(f"Installing {requirements} ...", flush=True)
    pip, exactly = "pip install -q --disable-pip-version-check", ("--require-hashes", "-r", requirements)
    if quietly(module(pip, UV)) or quietly(module("uv pip install -q --python", PYTHON, *exactly)):
        print("uv does not work here, so pip does it alone; this takes longer ...", flush=True)
        if trouble := quietly(module(pip, *exactly)):
            raise stop("The packages could not be installed.", trouble)
    stamp.write_text(locked)


def install_test_tools() -> None:
    """What the tests lean on besides packages. Whatever cannot be had stops us: nothing passes by not running."""
    install(DEVELOPMENT)
    if not any(map(shutil.which, (os.environ.get("CHROMIUM", ""), "chromium-headless-shell", "chromium"))):
        apt_get("Chromium, for the browser tests,", "chromium-headless-shell")
    if not has_chinese_font():
        apt_get("A font with Chinese characters, for the browser tests,", "fonts-noto-cjk", "fontconfig")


def has_chinese_font() -> bool:
    if platform.system() in ("Windows", "Darwin"):
        return True  # these systems bring one
    if not shutil.which("fc-list"):
        return False
    return bool(subprocess.run(["fc-list", ":lang=zh-cn"], check=False, stdout=subprocess.PIPE).stdout.strip())


def compile_translations() -> None:
    """Turn the catalogues that people edit into those that gettext reads, where one has changed."""

    def changed(catalogue: Path) -> bool:
        compiled = catalogue.with_suffix(".mo")
        return not compiled.exists() or catalogue.stat().st_mtime > compiled.stat().st_mtime

    if any(map(changed, TRANSLATIONS.rglob("*.po"))) and (trouble := quietly(module(COMPILE))):
        raise stop("The translations could not be compiled.", trouble)


def prepare(**chosen: str) -> None:
    """From a bare checkout to an application that starts, with today's tables."""
    install(RUNTIME)
    compile_translations()
    if trouble := quietly(module(MIGRATE), **chosen):
        asked = " Is the address after --database right?" if chosen else ""
        raise stop(f"The database could not be brought up to date.{asked}", trouble)


def database_url(name: str) -> str:
    """A bare file name means SQLite; an address goes on as it is."""
    if "://" in name:
        return name
    if "?" in name:
        raise stop("The name of a database file cannot have a ? in it: that begins the settings of an address.")
    try:
        path = Path(name).expanduser().resolve()
        path.parent.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError) as error:  # RuntimeError: nobody has the home that ~ names
        why = getattr(error, "strerror", None) or str(error).rstrip(".")
        raise stop(f"There can be no database at {name}: {why}.") from None
    return f"sqlite:///{path.as_posix()}"


def check_port(host: str, port: int) -> None:
    """Find a taken port now: the server would say so with a traceback."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            if os.name != "nt":  # there it would let two programs share the port
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise stop(f"Port {port} is taken. Stop what uses it, or choose another with --port.") from None
        raise stop(f"Counterpart cannot listen on {host}, port {port}: {error.strerror}.") from None


def answers(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=10)
    try:
        connection.request("HEAD", "/")
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def endings() -> list[signal.Signals]:
    """The signals that mean stop, save those that nohup and the like have switched off."""
    named = [number for number in signal.Signals if number.name in ("SIGINT", "SIGTERM", "SIGHUP")]
    return [number for number in named if signal.getsignal(number) is not signal.SIG_IGN]


def serve(host: str, port: int, **chosen: str) -> int:
    """Start the server, say when it answers, and take it along however we are told to end."""
    visitor = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - read, not bound
    where = f"[{visitor}]:{port}" if ":" in visitor else f"{visitor}:{port}"
    bound = where.replace(visitor, host)
    windows, posix = module(WAITRESS, f"--listen={bound}"), module(GRANIAN, "--host", host, "--port", str(port))
    for number in endings():
        signal.signal(number, signal.default_int_handler)
    command, group = (windows, None) if os.name == "nt" else (posix, 0)  # workers that feel Ctrl-C themselves get stuck
    server = subprocess.Popen(command, cwd=ROOT, env=environment(**chosen), process_group=group)
    try:
        while server.poll() is None and not answers(visitor, port):
            time.sleep(0.1)
        if server.poll() is None:
            print(f"Counterpart is ready: http://{where}", flush=True)
        return server.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        for number in endings():  # an impatient second Ctrl-C would leave workers behind
            signal.signal(number, signal.SIG_IGN)
        server.terminate()
        server.wait()


def setup(_options: argparse.Namespace, _rest: list[str]) -> int:
    prepare()
    return 0


def run(options: argparse.Namespace, _rest: list[str]) -> int:
    chosen = {"DATABASE_URL": database_url(options.database)} if options.database else {}
    check_port(options.host, options.port)
    prepare(**chosen)
    return serve(options.host, options.port, **chosen)


def one_after_another(steps: dict[str, str]) -> int:
    """Stop at the first failure. Times go to stderr, so that stdout ends with pytest's own summary."""
    for name, words in steps.items():
        print(f"\n== {name}", flush=True)
        began = time.monotonic()
        failed = openly(module(words), TEST_DATABASE="postgresql" if "PostgreSQL" in name else "sqlite")
        print(f"-- {name}{' failed' if failed else ''}: {time.monotonic() - began:.1f} s", file=sys.stderr, flush=True)
        if failed:
            return failed
    return 0


def test(_options: argparse.Namespace, rest: list[str]) -> int:
    install_test_tools()
    if not rest:
        return one_after_another(LINT | TESTS)
    compile_translations()
    return openly(module("pytest", *rest), TEST_DATABASE="sqlite")


def lint(options: argparse.Namespace, _rest: list[str]) -> int:
    install(DEVELOPMENT)
    if options.fix:
        openly(module("ruff check --fix --quiet --exit-zero ."))
        openly(module("ruff format ."))
    return one_after_another(LINT)


def translate(_options: argparse.Namespace, _rest: list[str]) -> int:
    """New words enter each catalogue untranslated: a guess from a similar one reads like the truth."""
    install(DEVELOPMENT)
    return openly(module(EXTRACT)) or max(openly(module(UPDATE, language)) for language in LANGUAGES)


def from_tests(name: str) -> Callable[[argparse.Namespace, list[str]], int]:
    """A command that lives beside the tests; its arguments are its own business."""

    def command(_options: argparse.Namespace, rest: list[str]) -> int:
        install_test_tools() if name == "tests.screenshots" else install(DEVELOPMENT)
        compile_translations()
        return openly(module(name, *rest))

    return command


COMMANDS = {
    "setup": (setup, "make .venv, install what is needed, compile translations, migrate the database"),
    "run": (run, "set up, then serve Counterpart"),
    "test": (test, "everything that must pass; with arguments, pytest alone with these, on SQLite"),
    "lint": (lint, "ruff, mypy and djlint"),
    "translate": (translate, "bring the German and Chinese catalogues up to the words in the source"),
    "bench": (from_tests("tests.bench"), "measure; arguments go to tests/bench/"),
    "screenshots": (from_tests("tests.screenshots"), "photograph the pages; arguments go to tests/screenshots.py"),
    "rules": (from_tests("tests.rule_table"), "rewrite docs/rules.md, the table of rules and the tests that hold them"),
}
TAKES_MORE = ("test", "bench", "screenshots", "rules")


def port(text: str) -> int:
    if not (text.isdecimal() and 0 < int(text) < 65536):
        raise argparse.ArgumentTypeError(f"{text} is not a port between 1 and 65535")
    return int(text)


def parser() -> argparse.ArgumentParser:
    door = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    commands = door.add_subparsers(dest="command", required=True, metavar="command")
    for name, (_, words) in COMMANDS.items():
        commands.add_parser(name, help=words, description=words[0].upper() + words[1:] + ".", allow_abbrev=False)
    add = commands.choices["run"].add_argument
    add("--host", default="127.0.0.1", help="address to listen on (%(default)s; 0.0.0.0 lets the room in)")
    add("--port", default=8000, type=port, help="port to listen on (%(default)s)")
    add("--database", metavar="URL_OR_PATH", help="a SQLite file, or postgresql://user:password@host/name")
    commands.choices["lint"].add_argument("--fix", action="store_true", help="first let ruff repair what it can")
    return door


def main() -> int:
    options, rest = parser().parse_known_args()
    if rest and options.command not in TAKES_MORE:
        parser().error(f"{options.command} does not know {' '.join(rest)}")
    try:
        return COMMANDS[options.command][0](options, rest)
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever has an older one should read why
        sys.exit("Counterpart needs Python 3.11 or newer.")
    sys.exit(main())
