"""The arithmetic: ratios round by round, percentiles, and what a page has to reach (see performance.md, section 7)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

MOST_GROWTH = 1.25


@dataclass(frozen=True)
class Bar:
    """The share of a limit's requests a second that a page must reach (floor) and should reach (goal).

    The limit is the bare page of the same bytes; for pages much smaller than a list it is limit 2, the bare list of
    25 rows and 29 KB that performance.md measured them against: what is asked beside drawing is the same for them all.
    """

    floor: float
    goal: float
    of_limit_2: bool = False


BARS = {
    "customer list": {"sqlite": Bar(0.50, 0.65), "postgresql": Bar(0.40, 0.50)},
    "deep page": {"sqlite": Bar(0.50, 0.62), "postgresql": Bar(0.33, 0.45)},
    "search, one match": {"sqlite": Bar(0.65, 0.75, True), "postgresql": Bar(0.42, 0.55, True)},
    "search, no match": {"sqlite": Bar(0.65, 0.75, True), "postgresql": Bar(0.42, 0.55, True)},
    "search, many matches": {"sqlite": Bar(0.50, 0.60), "postgresql": Bar(0.34, 0.45)},
    "partner relationships": {"sqlite": Bar(0.75, 0.88, True), "postgresql": Bar(0.47, 0.65, True)},
    "accept": {"sqlite": Bar(0.17, 0.25), "postgresql": Bar(0.13, 0.17)},
}


@dataclass
class Run:
    """What one side did for a while: how many answers in how many seconds, and how long each took."""

    seconds: float
    latencies: list[float] = field(repr=False)
    cpu: float = 0.0  # seconds of processor time of the server's workers

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.latencies) / self.seconds

    @property
    def cost(self) -> float:
        """Microseconds of the workers' processor time for one answer; a database server's own time is not in it."""
        return self.cpu / len(self.latencies) * 1e6


@dataclass
class Comparison:
    """One page on one size of data and one database: our runs and the bare page's, round by round."""

    page: str
    size: int
    database: str
    bytes: int
    expressions: int
    ours: list[Run] = field(default_factory=list)
    bare: list[Run] = field(default_factory=list)
    other: list[Run] = field(default_factory=list)  # limit 2; for a form, the plainest one
    alone: list[Run] = field(default_factory=list)  # ours with one client

    def ratios(self, limit: list[Run]) -> list[float]:
        """Ours over a limit in each round."""
        return [ours.rate / most.rate for ours, most in zip(self.ours, limit, strict=True)]

    @property
    def ratio(self) -> float:
        """What counts: the median of the rounds."""
        return median(self.ratios(self.other if self.bar and self.bar.of_limit_2 else self.bare))

    @property
    def bar(self) -> Bar | None:
        """What it is held to, if anything."""
        return BARS.get(self.page, {}).get(self.database)

    @property
    def passed(self) -> bool:
        """Whether the floor holds."""
        return self.bar is None or self.ratio >= self.bar.floor

    @property
    def verdict(self) -> str:
        """In one word."""
        if self.bar is None:
            return "-"
        return "MISSED" if not self.passed else "goal" if self.ratio >= self.bar.goal else "pass"

    @property
    def p50_alone(self) -> float:
        """The median time of an answer for a client that is alone."""
        return median(percentile(run.latencies, 50) for run in self.alone)


@dataclass(frozen=True)
class Growth:
    """How much longer one page takes on the larger data, one client, in interleaved rounds."""

    small: Comparison
    large: Comparison

    @property
    def factor(self) -> float:
        """The median over the rounds of large over small."""
        pairs = zip(self.small.alone, self.large.alone, strict=True)
        return median(percentile(large.latencies, 50) / percentile(small.latencies, 50) for small, large in pairs)

    @property
    def passed(self) -> bool:
        """Whether the page stays nearly as fast."""
        return self.factor <= MOST_GROWTH


def percentile(values: Sequence[float], percent: float) -> float:
    """The value that so many percent do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def pooled(runs: Sequence[Run], percent: float) -> float:
    """A percentile over all rounds together, in milliseconds."""
    return percentile([latency for run in runs for latency in run.latencies], percent) * 1000


def row(found: Comparison) -> list[str]:
    """One line of the report."""
    bar = found.bar
    return [
        found.page,
        f"{found.size:,}",
        found.database,
        f"{median(run.rate for run in found.ours):.0f}",
        f"{median(run.rate for run in found.bare):.0f}",
        _spread(found.ratios(found.bare)),
        _spread(found.ratios(found.other)),
        f"{median(run.cost for run in found.ours):.0f} / {median(run.cost for run in found.bare):.0f}",
        f"{pooled(found.ours, 50):.1f} / {pooled(found.ours, 95):.1f}",
        f"{bar.floor:.2f} / {bar.goal:.2f} of {'limit 2' if bar.of_limit_2 else 'bare'}" if bar else "-",
        found.verdict,
    ]


def _spread(ratios: Sequence[float]) -> str:
    return f"{median(ratios):.2f} ({min(ratios):.2f}-{max(ratios):.2f})"


HEAD = (
    "page",
    "customers",
    "database",
    "ours/s",
    "bare/s",
    "of bare",
    "of limit 2 (accept: of the plainest form)",
    "worker us, ours / bare",
    "p50 / p95 ms",
    "floor / goal",
    "",
)
GROWTH_HEAD = ("page", "database", "sizes", "p50 ms alone", "growth", f"at most {MOST_GROWTH}")


def growth_row(found: Growth) -> list[str]:
    """One line of the second table."""
    small, large = found.small, found.large
    return [
        small.page,
        small.database,
        f"{small.size:,} / {large.size:,}",
        f"{small.p50_alone * 1000:.2f} / {large.p50_alone * 1000:.2f}",
        f"{found.factor:.2f}",
        "pass" if found.passed else "MISSED",
    ]


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """As Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
