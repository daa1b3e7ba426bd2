"""The visitors: client processes that begin together, when the rest of the machine is calm."""

import os
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from . import load
from .figures import Run
from .load import Job
from .stage import Server

PROCESSES = 2
CALM = 0.2  # cores that others may keep busy
PATIENCE = 120.0
ACCEPTS_A_SECOND = 1000  # more than any server here does; when they are used up the round is over


@dataclass
class Side:
    """A server and what to ask it: one request again and again, or a supply of which each is good once."""

    server: Server
    requests: list[bytes]
    status: int = 200
    again: bool = True

    def queues(self, clients: int, seconds: float) -> list[list[bytes]]:
        """What each connection sends."""
        if self.again:
            return [self.requests] * clients
        number = int(ACCEPTS_A_SECOND * seconds)
        taken, self.requests = self.requests[:number], self.requests[number:]
        return [taken[client::clients] for client in range(clients)]


class Crowd:
    """Two client processes that begin together."""

    def __init__(self, executor: ProcessPoolExecutor) -> None:
        self.executor = executor
        self.cpu = self.answers = 0.0
        self.restless = 0  # runs that began while others kept the machine busy
        self.patience = PATIENCE

    def run(self, side: Side, clients: int, seconds: float) -> Run:
        """So many kept-alive connections for so long."""
        queues = side.queues(clients, seconds)
        self.wait_for_calm()
        cpu, begin = side.server.cpu(), time.monotonic() + 0.1
        shares = [queues[number::PROCESSES] for number in range(PROCESSES)]
        jobs = [Job(side.server.port, side.status, share, seconds, begin, side.again) for share in shares if share]
        done = list(self.executor.map(load.work, jobs))
        seconds = max(d.ended for d in done) - min(d.began for d in done)
        run = Run(seconds, [x for d in done for x in d.latencies], side.server.cpu() - cpu)
        self.cpu, self.answers = self.cpu + sum(d.cpu for d in done), self.answers + len(run.latencies)
        return run

    def wait_for_calm(self) -> None:
        """Let others finish what they do on this machine; the patience is for the whole benchmark."""
        while (load := busy_cores()) > CALM and self.patience > 0:
            time.sleep(1)
            self.patience -= 1
        self.restless += load > CALM

    @property
    def cost(self) -> float:
        """Microseconds of processor time the client takes for one answer."""
        return self.cpu / self.answers * 1e6 if self.answers else 0.0


def busy_cores(seconds: float = 0.2) -> float:
    """How many cores work while we do nothing."""
    before = _ticks()
    time.sleep(seconds)
    return (_ticks() - before) / os.sysconf("SC_CLK_TCK") / seconds


def _ticks() -> int:
    user, nice, system, _idle, _waiting, *rest = map(int, Path("/proc/stat").read_text().split("\n")[0].split()[1:])
    return user + nice + system + sum(rest[:3])


@contextmanager
def gathered() -> Iterator[Crowd]:
    """Gone afterwards."""
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as executor:
        yield Crowd(executor)
