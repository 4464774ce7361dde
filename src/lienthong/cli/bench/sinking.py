"""`bench floor`: the floor by itself."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from lienthong.cli.bench.accept import COUNTS, Progress, floor_cost
from lienthong.cli.bench.floor import Cost
from lienthong.cli.bench.frame import Outcome, Series
from lienthong.cli.bench.packages import Sealer, sizes_of
from lienthong.cli.bench.world import settle_disk
from lienthong.cli.demo.build import build


@dataclass(frozen=True, slots=True)
class Ground:
    """What to measure."""

    size: str = "100k"
    batch: int = 16
    runs: int = 5
    count: int = 0
    folder: Path | None = None

    @property
    def packages(self) -> int:
        """Packages a run."""
        return self.count or COUNTS.get(self.size, 600)


def sink(ground: Ground, progress: Progress) -> Outcome:
    """Measure on fresh packages each run."""
    sizes = sizes_of(ground.size, ground.packages, seed=1)
    progress("tạo gói / making packages")
    if ground.folder is not None:
        ground.folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="lienthong-bench-", dir=ground.folder) as home:
        sealer = Sealer.of(build(Path(home)))
        costs = [_cost(Path(home), sealer, ground, sizes, each, progress) for each in range(ground.runs)]
    return Outcome(
        command=f"floor {ground.size}",
        parameters={"size": ground.size, "packages": len(sizes), "batch": ground.batch, "runs": ground.runs},
        series=(
            Series("sàn / floor", "gói/s", tuple(len(sizes) / cost.seconds for cost in costs)),
            Series("CPU", "ms/gói", tuple(1000 * cost.cpu / len(sizes) for cost in costs)),
        ),
    )


def _cost(home: Path, sealer: Sealer, ground: Ground, sizes: list[int], run: int, progress: Progress) -> Cost:
    progress(f"lượt {run + 1}/{ground.runs} / run {run + 1} of {ground.runs}")
    frames = list(sealer.frames(sizes, f"run-{run}"))
    settle_disk()
    return floor_cost(home, sealer.signer.certificate, frames, ground.batch)
