"""`bench latency`: how long a document takes from desk to desk when half of the capacity is used."""

from dataclasses import dataclass
from pathlib import Path

from lienthong.cli.bench.accept import Progress
from lienthong.cli.bench.frame import Outcome, Ratio, Series, percentile
from lienthong.cli.bench.journey import PROCESSES, travel
from lienthong.cli.bench.packages import sizes_of
from lienthong.cli.bench.world import require_store, running

GOAL = 5.0
CONCURRENCY = 16
LARGE = (
    "Chưa đo cạnh một lần gửi 500 MB: lệnh này chưa tạo lần gửi đó. "
    "/ Not measured beside a 500 MB transfer: this command does not make one yet."
)


@dataclass(frozen=True, slots=True)
class Pace:
    """What to measure."""

    size: str = "100k"
    store: str = "sqlite"
    runs: int = 5
    count: int = 60
    folder: Path | None = None


def latency(pace: Pace, progress: Progress) -> Outcome:
    """Find the capacity, then send at half of it, each document at its own moment."""
    require_store(pace.store)
    sizes_of(pace.size, 1, 0)
    progress("dựng các tiến trình / building the processes")
    with running(PROCESSES, pace.folder, store=pace.store) as world:
        place = world.place
        progress("tìm công suất / finding the capacity")
        travel(place, pace.size, "warm", 10, CONCURRENCY)
        seconds, waits = travel(place, pace.size, "capacity", pace.count, CONCURRENCY)
        rate = len(waits) / seconds / 2
        runs = []
        for run in range(pace.runs):
            progress(f"lượt {run + 1}/{pace.runs} / run {run + 1} of {pace.runs}")
            runs.append(travel(place, pace.size, f"run-{run}", pace.count, CONCURRENCY, rate)[1])
    return _outcome(pace, rate, runs)


def _outcome(pace: Pace, rate: float, runs: list[list[float]]) -> Outcome:
    p50, p99 = (
        Series(f"bàn đến bàn / desk to desk p{share:.0%}".rstrip("%"), "ms", _shares(runs, share))
        for share in (0.5, 0.99)
    )
    return Outcome(
        command=f"latency {pace.size}",
        parameters={
            "size": pace.size,
            "store": pace.store,
            "documents": pace.count,
            "documents_per_second": round(rate, 2),
            "runs": pace.runs,
        },
        series=(p50, p99),
        ratios=(Ratio("p99/p50", p99.median / p50.median, at_most=GOAL),),
        unmet=(LARGE,),
    )


def _shares(runs: list[list[float]], share: float) -> tuple[float, ...]:
    return tuple(1000 * percentile(waits, share) for waits in runs)
