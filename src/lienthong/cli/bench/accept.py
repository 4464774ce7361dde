"""`bench accept`: the axis takes sealed packages over HTTPS, durable, receipted; beside the floor of the same run."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

from lienthong.cli.bench.floor import Cost, Floor
from lienthong.cli.bench.frame import Outcome, Series, percentile, ratio_of
from lienthong.cli.bench.packages import Sealer, sizes_of, write_frames
from lienthong.cli.bench.world import Running, child, require_store, running, settle_disk
from lienthong.delivery.together import MANY

COUNTS = {"2k": 1500, "10k": 1500, "100k": 600, "1M": 80, "2M": 40, "10M": 10, "mix": 1000}
AT_ONCE = 64
"""Packages on their way at a time: four gateways with a queue, or as many as have a place at work one by one."""
GOALS = {("100k", "sqlite"): 0.5, ("100k", "postgresql"): 0.35}
"""Of the floor, which is SQLite's in both."""
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Wish:
    """What to measure."""

    size: str = "100k"
    store: str = "sqlite"
    runs: int = 5
    count: int = 0  # 0: by size
    concurrency: int = 0  # requests at a time; 0: by the size of a group
    profile: Path | None = None
    folder: Path | None = None
    group: int = 0  # packages a request; 0: as many as a gateway puts in one

    @property
    def requests(self) -> int:
        """Requests at a time."""
        return self.concurrency or AT_ONCE // self.together

    @property
    def together(self) -> int:
        """Packages a request, at most."""
        return self.group or MANY

    @property
    def packages(self) -> int:
        """Packages a run."""
        return self.count or COUNTS.get(self.size, 600)


@dataclass(frozen=True, slots=True)
class Run:
    """One run: both rates (packages/s), what a sender waited (ms), packages a batch, processor time a package (ms)."""

    accepted: float
    floor: float
    p50: float
    p99: float
    batch: float
    cpu: float
    load_cpu: float
    floor_cpu: float


def accept(wish: Wish, progress: Progress) -> Outcome:
    """Measure; each run submits new packages, then takes the same bytes to the floor in batches as large."""
    require_store(wish.store)
    sizes_of(wish.size, 1, 0)
    progress("dựng trục / building an axis")
    profile = ("axis", wish.profile) if wish.profile else None
    with running(["ca", "axis"], wish.folder, profile, wish.store) as world:
        sealer = Sealer.of(world.place)
        _run(world, sealer, wish, "warm", Wish(size=wish.size).packages // 10)
        runs = []
        for each in range(wish.runs):
            progress(f"lượt {each + 1}/{wish.runs} / run {each + 1} of {wish.runs}")
            runs.append(_run(world, sealer, wish, f"run-{each}", wish.packages))
    return _outcome(wish, runs)


def _run(world: Running, sealer: Sealer, wish: Wish, name: str, count: int) -> Run:
    place = world.place
    frames = list(sealer.frames(sizes_of(wish.size, count, seed=1), name))
    path = place.folder / "frames"
    write_frames(path, frames)
    settle_disk()
    before, spent = world.growth("axis"), world.cpu("axis")
    task = {"folder": str(place.folder), "frames": str(path), "concurrency": wish.requests, "group": wish.together}
    found = child("load", task)
    batch, cpu = world.growth("axis").since(before), world.cpu("axis") - spent
    settle_disk()
    sunk = floor_cost(place.folder, sealer.signer.certificate, frames, round(batch))
    waits = found["latencies"]
    p50, p99 = (1000 * percentile(waits, share) for share in (0.5, 0.99))
    each = 1000 / len(frames)
    spendings = (cpu * each, found["cpu"] * each, sunk.cpu * each)
    return Run(len(waits) / found["seconds"], len(frames) / sunk.seconds, p50, p99, batch, *spendings)


def floor_cost(folder: Path, certificate: bytes, frames: list[bytes], batch: int) -> Cost:
    """One run of the floor on an empty store beside the measured one, which stays until all runs are over.

    ext4 passes what was deleted in the last minutes file by file when it looks for room for a new one, so what one run
    throws away the next would pay for.
    """
    floor = Floor(Path(mkdtemp(prefix="floor-", dir=folder)), certificate)
    try:
        return floor.cost(frames, batch)
    finally:
        floor.close()


def _outcome(wish: Wish, runs: list[Run]) -> Outcome:
    accepted = Series("nhận / accepted", "gói/s", tuple(run.accepted for run in runs))
    floor = Series("sàn / floor", "gói/s", tuple(run.floor for run in runs))
    others = (
        Series("chờ p50 / wait p50", "ms", tuple(run.p50 for run in runs)),
        Series("chờ p99 / wait p99", "ms", tuple(run.p99 for run in runs)),
        Series("CPU của trục / of the axis", "ms/gói", tuple(run.cpu for run in runs)),
        Series("CPU của sàn / of the floor", "ms/gói", tuple(run.floor_cpu for run in runs)),
        Series("CPU tạo tải / of the load", "ms/gói", tuple(run.load_cpu for run in runs)),
        Series("gói mỗi lô / packages a batch", "", tuple(run.batch for run in runs)),
    )
    return Outcome(
        command=f"accept {wish.size}",
        parameters={
            "size": wish.size,
            "store": wish.store,
            "packages": wish.packages,
            "concurrency": wish.requests,
            "group": wish.together,
            "runs": wish.runs,
            "tls": "1.3, mutual",
        },
        series=(accepted, floor, *others),
        ratios=(ratio_of("nhận/sàn accepted/floor", accepted, floor, GOALS.get((wish.size, wish.store))),),
        notes=("Bộ tạo tải chạy cùng máy. / The load generator shares the machine.",),
    )
