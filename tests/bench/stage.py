"""Databases full of data, and servers on them: everything the benchmark starts, it also ends."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask, session
from flask_wtf.csrf import generate_csrf
from sqlalchemy import create_engine

import dev
from shared.domain.services import Service
from shared.extensions import db
from tests import databases
from wsgi import create_app

from .load import encode
from .population import MANY, NOWHERE, RARE, People, populate

ROOT = Path(__file__).resolve().parents[2]
SECRET = "of the benchmark"
PATIENCE = 30.0


def signed_in(app: Flask, address: str, user_id: int) -> tuple[str, str]:
    """What a browser holds that signed in there and has seen a form: its cookie and its CSRF token."""
    with app.test_request_context(address):
        session.update({"_user_id": str(user_id), "_fresh": True})
        token, interface = generate_csrf(), app.session_interface
        signed = interface.get_signing_serializer(app).dumps(dict(session))  # type: ignore[attr-defined]
        return f"{interface.get_cookie_name(app)}={signed}", token


@dataclass
class Dataset:
    """One database with `size` customers of one partner."""

    address: str
    size: int
    people: People
    app: Flask
    seconds: float  # to fill it

    def cookie(self, side: str, user_id: int) -> tuple[str, str]:
        """The same for somebody in a portal of the room."""
        return signed_in(self.app, f"/w/{self.people.room_key}/{side}/", user_id)

    def requests(self) -> dict[str, bytes]:
        """The pages to measure."""
        here, people = f"/w/{self.people.room_key}", self.people
        agent, _ = self.cookie("partner", people.agent_id)
        settled, _ = self.cookie("admin", people.settled_admin_id)
        fresh, _ = self.cookie("admin", people.fresh_admin_ids[0])
        customers, deep = f"{here}/partner/customers", urlencode({"name": people.deep[0], "after": people.deep[1]})
        asked = {
            "customer list": (customers, agent),
            "deep page": (f"{customers}?{deep}", agent),
            "search, one match": (f"{customers}?q={RARE}", agent),
            "search, no match": (f"{customers}?q={NOWHERE}", agent),
            "search, many matches": (f"{customers}?q={MANY[:4]}", agent),
            "partner relationships": (f"{here}/admin/settings/partner-relationships", settled),
            "accept page": (self.invitation, fresh),
        }
        return {name: encode("GET", address, cookie=cookie) for name, (address, cookie) in asked.items()}

    @property
    def invitation(self) -> str:
        """The link the large partner hands out."""
        query = {"type": "ResellerRelationship", "id": self.people.partner_microsoft_id, "csp": "1", "msppid": "0"}
        return f"/w/{self.people.room_key}/admin/partner/partnersignup.aspx?{urlencode(query)}"

    def accepts(self) -> list[bytes]:
        """One acceptance for each customer that has no partner yet, all services ticked."""
        ticked = [f"{self.people.partner_microsoft_id}/{service}" for service in Service]
        seen = " ".join(sorted(f"{service}:0" for service in Service))
        made = []
        for admin in self.people.fresh_admin_ids:
            cookie, token = self.cookie("admin", admin)
            form = {"csrf_token": token, "seen": seen, "services": ticked, "agreed": "y"}
            body = urlencode(form, doseq=True).encode()
            made.append(encode("POST", self.invitation, cookie=cookie, body=body))
        return made


@contextmanager
def database(system: str, folder: Path) -> Iterator[databases.Template]:
    """An empty, migrated template of "sqlite" or "postgresql"."""
    if system == "sqlite":
        yield databases.SqliteTemplate(folder)
        return
    with databases.postgres_server(durable=True) as server:
        template = databases.PostgresTemplate(server)
        try:
            yield template
        finally:
            template.server.dispose()


@contextmanager
def filled(template: databases.Template, size: int, fresh: int) -> Iterator[Dataset]:
    """A copy of the template with data in it."""
    with template.copy() as address:
        began, engine = time.monotonic(), create_engine(address)
        with engine.connect() as connection:
            people = populate(connection, size, fresh)
        engine.dispose()
        app = create_app(DATABASE_URL=address, SECRET_KEY=SECRET)
        try:
            yield Dataset(address, size, people, app, time.monotonic() - began)
        finally:
            with app.app_context():
                db.engine.dispose()


@dataclass(frozen=True)
class Server:
    """Where it listens, and its number, which is that of the group its workers are in."""

    port: int
    number: int

    def cpu(self) -> float:
        """Seconds of processor time its processes have taken."""
        seconds = 0.0
        for file in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                fields = file.read_text().rpartition(")")[2].split()
                if int(fields[2]) == self.number:
                    seconds += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        return seconds


@contextmanager
def served(target: str, **environment: str) -> Iterator["Server"]:
    """A server of our own, started with the command line `dev.py run` uses; ended with its workers."""
    port = free_port()
    command = dev.module(dev.GRANIAN.replace("wsgi:app", target), "--host", "127.0.0.1", "--port", str(port))
    command[0] = sys.executable
    with tempfile.TemporaryFile() as said:
        server = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **environment}, stdout=said, stderr=said, process_group=0
        )
        try:
            deadline = time.monotonic() + PATIENCE
            while server.poll() is None and time.monotonic() < deadline and not dev.answers("127.0.0.1", port):
                time.sleep(0.05)
            if server.poll() is not None or time.monotonic() > deadline:
                said.seek(0)
                raise RuntimeError(f"{target} did not start:\n{said.read().decode(errors='replace')}")
            yield Server(port, server.pid)
        finally:
            _end(server)


def _end(server: subprocess.Popen[bytes]) -> None:
    """Ask, wait, and then make sure of the workers: they are the only others in the group that we opened."""
    server.terminate()
    with suppress(subprocess.TimeoutExpired):
        server.wait(timeout=PATIENCE)
    with suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)
    server.wait()


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
