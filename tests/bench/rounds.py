"""Ours, bare, ours, bare: each page on each size, several times in one run, so that the machine's moods cancel out."""

import http.client
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from . import bare, likeness, load, plain
from .crowd import ACCEPTS_A_SECOND, Crowd, Side
from .figures import Comparison, Growth
from .load import encode
from .stage import SECRET, Dataset, Server, served

CLIENTS = 8
WARM_UP = 0.3
ACCEPT = "accept"


@dataclass(frozen=True)
class Plan:
    """How long it takes."""

    rounds: int
    seconds: float

    @property
    def accepts(self) -> int:
        """How many acceptances each run may use up."""
        return int(ACCEPTS_A_SECOND * self.seconds)

    @property
    def fresh(self) -> int:
        """How many customers without a partner that takes: two runs a round and the warm-up."""
        return self.accepts * 2 * self.rounds + int(ACCEPTS_A_SECOND * WARM_UP)


@dataclass
class Contest:
    """One page on one dataset."""

    figures: Comparison
    ours: Side
    bare: Side
    plain: Side | None = None  # of a form, the plainest one

    @property
    def other(self) -> Side:
        """What else to measure it against: limit 2, a bare list of 25 rows and 29 KB; for a form the plainest one."""
        return self.plain or Side(self.bare.server, [encode("GET", bare.LIMIT_2)])


def measure(crowd: Crowd, contests: Sequence[Contest], plan: Plan) -> None:
    """One page on each size, in turns."""
    for contest in contests:
        for side in (contest.ours, contest.bare):
            crowd.run(side, CLIENTS, WARM_UP)
    for _ in range(plan.rounds):
        for contest in contests:
            contest.figures.ours.append(crowd.run(contest.ours, CLIENTS, plan.seconds))
            contest.figures.bare.append(crowd.run(contest.bare, CLIENTS, plan.seconds))
            contest.figures.other.append(crowd.run(contest.other, CLIENTS, plan.seconds))
        for contest in contests:
            contest.figures.alone.append(crowd.run(contest.ours, 1, plan.seconds))


def growths(found: Sequence[Comparison]) -> list[Growth]:
    """The smallest size of each page against the largest."""
    by_page: dict[tuple[str, str], list[Comparison]] = {}
    for comparison in found:
        by_page.setdefault((comparison.page, comparison.database), []).append(comparison)
    return [Growth(several[0], several[-1]) for several in by_page.values() if len(several) > 1]


@contextmanager
def contests(datasets: Sequence[Dataset], system: str, folder: Path, only: str) -> Iterator[dict[str, list[Contest]]]:
    """Every page whose name has `only` in it, by name, with the servers it needs."""
    with ExitStack() as stack:
        found: dict[str, list[Contest]] = {}
        for dataset in datasets:
            server = stack.enter_context(served("wsgi:app", DATABASE_URL=dataset.address, SECRET_KEY=SECRET))
            for contest in _contests(dataset, system, server, folder, only):
                found.setdefault(contest.figures.page, []).append(contest)
        limit = stack.enter_context(served("tests.bench.bare:app", BENCH_BARE=str(folder)))
        for contest in (contest for several in found.values() for contest in several):
            contest.bare.server = limit
            if contest.ours.again:
                _check(contest, folder)
        if ACCEPT in found:
            requests = plain.furnish(address := datasets[0].address)
            server = stack.enter_context(served("tests.bench.plain:app", BENCH_PLAIN=address))
            for contest in found[ACCEPT]:
                contest.plain = Side(server, requests, 302)
        yield found


def _contests(dataset: Dataset, system: str, server: Server, folder: Path, only: str) -> Iterator[Contest]:
    for page, request in dataset.requests().items():
        if only in page:
            text = fetch(server, request)
            like, name = likeness.of(text), f"{page.replace(',', '').replace(' ', '-')}-{dataset.size}"
            bare.write(folder, name, like, text)
            comparison = Comparison(page, dataset.size, system, len(text.encode()), like.expressions)
            yield Contest(comparison, Side(server, [request]), Side(server, [encode("GET", f"/{name}")]))
    if only in ACCEPT:
        requests = dataset.accepts()
        body = requests[0].partition(b"\r\n\r\n")[2]
        ours, limit = Side(server, requests, 302, False), Side(server, [encode("POST", bare.FORM, body=body)], 302)
        yield Contest(Comparison(ACCEPT, dataset.size, system, len(body), 0), ours, limit)


def fetch(server: Server, request: bytes) -> str:
    """One page, asked for as the benchmark asks."""
    method, address, headers, body = load.decode(request)
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=load.LONGEST_WAIT)
    try:
        connection.request(method, address, body or None, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
    finally:
        connection.close()
    if answer.status != 200:
        raise load.WrongAnswer(f"{address}: {answer.status}\n{text[:2000]}")
    return text


def _check(contest: Contest, folder: Path) -> None:
    """The bare page is ours, byte for byte."""
    request = contest.bare.requests[0]
    name = request.split(b" ")[1].decode().removeprefix("/")
    if fetch(contest.bare.server, request) != bare.original(folder, name):
        raise load.WrongAnswer(f"the bare page {name} is not ours")
