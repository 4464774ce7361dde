"""`bench latency`: how long a document takes from desk to desk when half of the capacity is used."""

from dataclasses import dataclass
from pathlib import Path

from lienthong.cli.bench.accept import Progress
from lienthong.cli.bench.frame import Outcome, Ratio, Series, percentile
from lienthong.cli.bench.journey import PROCESSES, travel
from lienthong.cli.bench.large import carrying
from lienthong.cli.bench.packages import sizes_of
from lienthong.cli.bench.world import require_store, running

GOAL = 5.0
CONCURRENCY = 16
LARGE_GOAL = 1.5
"""A large transfer may cost small documents so many times what they take alone."""
NO_LARGE = "Chưa đo cạnh một lần gửi tệp lớn. / Not measured beside a large transfer."


@dataclass(frozen=True, slots=True)
class Pace:
    """What to measure."""

    size: str = "100k"
    store: str = "sqlite"
    runs: int = 5
    count: int = 60
    folder: Path | None = None
    large: int = 500_000_000
    """Bytes of the transfer beside which it is measured again; 0: none."""


def latency(pace: Pace, progress: Progress) -> Outcome:
    """Find the capacity, then send at half of it, each document at its own moment: alone and beside a large transfer.

    The two take turns, run by run, so that what else the machine does falls on both.
    """
    require_store(pace.store)
    sizes_of(pace.size, 1, 0)
    progress("dựng các tiến trình / building the processes")
    with running(PROCESSES, pace.folder, store=pace.store) as world:
        place = world.place
        progress("tìm công suất / finding the capacity")
        travel(place, pace.size, "warm", 10, CONCURRENCY)
        seconds, waits = travel(place, pace.size, "capacity", pace.count, CONCURRENCY)
        rate = len(waits) / seconds / 2
        alone, beside = list[list[float]](), list[list[float]]()
        for run in range(pace.runs):
            progress(f"lượt {run + 1}/{pace.runs} / run {run + 1} of {pace.runs}")
            alone.append(travel(place, pace.size, f"run-{run}", pace.count, CONCURRENCY, rate)[1])
            if pace.large:
                with carrying(place, pace.large, f"large-{run}"):
                    beside.append(travel(place, pace.size, f"beside-{run}", pace.count, CONCURRENCY, rate)[1])
    return _outcome(pace, rate, alone, beside)


def _outcome(pace: Pace, rate: float, alone: list[list[float]], beside: list[list[float]]) -> Outcome:
    p50, p99 = _percentiles("bàn đến bàn / desk to desk", alone)
    series, ratios = [p50, p99], [Ratio("p99/p50", p99.median / p50.median, at_most=GOAL)]
    if beside:
        slowed = _percentiles("cạnh tệp lớn / beside a large transfer", beside)
        series += slowed
        cost = slowed[0].median / p50.median
        ratios.append(Ratio("p50 cạnh tệp lớn / beside a large transfer", cost, at_most=LARGE_GOAL))
    return Outcome(
        command=f"latency {pace.size}",
        parameters={
            "size": pace.size,
            "store": pace.store,
            "documents": pace.count,
            "documents_per_second": round(rate, 2),
            "large": pace.large,
            "runs": pace.runs,
        },
        series=tuple(series),
        ratios=tuple(ratios),
        unmet=() if beside else (NO_LARGE,),
    )


def _percentiles(what: str, runs: list[list[float]]) -> tuple[Series, Series]:
    return Series(f"{what} p50", "ms", _shares(runs, 0.5)), Series(f"{what} p99", "ms", _shares(runs, 0.99))


def _shares(runs: list[list[float]], share: float) -> tuple[float, ...]:
    return tuple(1000 * percentile(waits, share) for waits in runs)
