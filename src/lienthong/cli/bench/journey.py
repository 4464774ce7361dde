"""`bench journey`: from desk A through three processes to desk B, and everything that comes back to A."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lienthong.cli.bench.accept import Progress
from lienthong.cli.bench.as4env import environment
from lienthong.cli.bench.frame import Outcome, Ratio, Series, ratio_of
from lienthong.cli.bench.packages import RECIPIENT_GATEWAY, SENDER_GATEWAY, SIZES, sizes_of
from lienthong.cli.bench.world import Running, child, require_store, running, settle_disk
from lienthong.cli.bench.yardstick import VERSION, interpreter, rate
from lienthong.cli.demo.build import Place
from lienthong.errors import ConfigurationInvalid

PROCESSES = ("ca", "axis", SENDER_GATEWAY, RECIPIENT_GATEWAY)
GOAL = 5.0
NO_AS4 = (
    f"Chưa so được với as4 {VERSION}: gói này không có ở đây (--as4, --as4-python). "
    f"/ No ratio to as4 {VERSION}: the package is not here (--as4, --as4-python)."
)

SHARED = (
    "Hai bàn văn thư và dịch vụ dấu thời gian chạy cùng máy. / Both desks and the time-stamp service share the machine."
)


@dataclass(frozen=True, slots=True)
class Trip:
    """What to measure."""

    size: str = "100k"
    store: str = "sqlite"
    runs: int = 5
    count: int = 100
    concurrency: int = 16
    as4_python: str = ""
    folder: Path | None = None
    profile: str = ""
    as4: bool = False


def journey(trip: Trip, progress: Progress) -> Outcome:
    """Measure; where as4 is installed, each run is followed by its own, so that both meet the same machine."""
    require_store(trip.store)
    sizes_of(trip.size, 1, 0)
    python = interpreter(trip.as4_python)
    if trip.as4 and not python:
        progress(f"cài as4 {VERSION} / installing as4 {VERSION}")
        python = environment()
    progress("dựng các tiến trình / building the processes")
    rates, spendings, yardsticks = [], [], []
    with running(PROCESSES, trip.folder, profiled(trip.profile), trip.store) as world:
        place = world.place
        progress("làm nóng / warming up")
        travel(place, trip.size, "warm", 10, trip.concurrency)
        for run in range(trip.runs):
            progress(f"lượt {run + 1}/{trip.runs} / run {run + 1} of {trip.runs}")
            before = _spent(world)
            seconds, waits = travel(place, trip.size, f"run-{run}", trip.count, trip.concurrency)
            rates.append(len(waits) / seconds)
            spendings.append(
                {name: 1000 * (spent - before[name]) / len(waits) for name, spent in _spent(world).items()}
            )
            if python:
                yardsticks.append(rate(python, SIZES.get(trip.size, SIZES["100k"])))
    return _outcome(trip, tuple(rates), spendings, tuple(yardsticks))


def _spent(world: Running) -> dict[str, float]:
    return {name: world.cpu(name) for name in PROCESSES}


def profiled(wish: str) -> tuple[str, Path] | None:
    """`axis=FILE` as the process to sample and where to tell. ConfigurationInvalid."""
    name, _, path = wish.partition("=")
    if not wish:
        return None
    if name not in PROCESSES or not path:
        raise ConfigurationInvalid(f"--profile {wish}: {'|'.join(PROCESSES)}=FILE")
    return name, Path(path)


def travel(
    place: Place, size: str, name: str, count: int, concurrency: int, rate: float = 0.0
) -> tuple[float, list[float]]:
    """One run: its seconds, and how long each document took from desk to desk."""
    settle_disk()
    task = {"folder": str(place.folder), "name": name, "sizes": sizes_of(size, count, seed=1)}
    found = child("desks", {**task, "concurrency": concurrency, "rate": rate})
    return found["seconds"], found["latencies"]


def _outcome(
    trip: Trip, rates: tuple[float, ...], spendings: Sequence[Mapping[str, float]], yardsticks: tuple[float, ...]
) -> Outcome:
    journeys = Series("hành trình / journeys", "văn bản/s", rates)
    series, ratios = [journeys], list[Ratio]()
    series += [Series(f"CPU {name}", "ms/văn bản", tuple(each[name] for each in spendings)) for name in PROCESSES]
    if yardsticks:
        beside = Series(f"as4 {VERSION}", "thông điệp/s", yardsticks)
        series.append(beside)
        ratios.append(ratio_of(f"so với as4 / to as4 {VERSION}", journeys, beside, GOAL))
    return Outcome(
        command=f"journey {trip.size}",
        parameters={
            "size": trip.size,
            "store": trip.store,
            "documents": trip.count,
            "concurrency": trip.concurrency,
            "runs": trip.runs,
        },
        series=tuple(series),
        ratios=tuple(ratios),
        notes=(SHARED,),
        unmet=() if yardsticks else (NO_AS4,),
    )
