"""`bench overload`: three times as much as the axis can do, most of it from one gateway; what becomes of the rest."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lienthong.adapters.keys import SoftSigner
from lienthong.cli.bench.frame import Outcome, Ratio, Series, percentile
from lienthong.cli.bench.packages import Sealer, sizes_of, write_frames
from lienthong.cli.bench.world import Running, child, require_store, running, settle_disk
from lienthong.cli.demo.build import Place

GREEDY, MODEST = ("gw-h29", "H29"), (("gw-h27", "H27"), ("gw-g22", "G22"))
TIMES = 3.0
"""What is offered, as a multiple of what the axis can do."""
MODEST_SHARE = 0.15
"""What each modest gateway offers, of what the axis can do: less than its fair third."""
LATEST = 10.0
"""Seconds an accepted one may have waited at most (p99): the patience of the gate and as much again."""
LEAST = 100
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Wish:
    """What to measure. `seconds`: how long the flood lasts."""

    size: str = "10k"
    store: str = "sqlite"
    runs: int = 5
    seconds: float = 6.0
    folder: Path | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """One run: rates, in packages a second; shares of what the modest offered that was accepted."""

    capacity: float
    throughput: float
    offered: float
    modest: float
    p99: float
    lost: int


def overload(wish: Wish, progress: Progress) -> Outcome:
    """Measure; each run finds the capacity anew and then offers three times that."""
    require_store(wish.store)
    progress("dựng trục / building an axis")
    with running(["ca", "axis"], wish.folder, store=wish.store) as world:
        crowd = Crowd(world, wish)
        crowd.capacity("warm", 1.0)
        runs = []
        for each in range(wish.runs):
            progress(f"lượt {each + 1}/{wish.runs} / run {each + 1} of {wish.runs}")
            runs.append(crowd.run(f"run-{each}"))
    return _outcome(wish, runs)


class Crowd:
    """The gateways that call one axis."""

    def __init__(self, world: Running, wish: Wish) -> None:
        self._world, self._place, self._wish = world, world.place, wish
        self._sealers = {gateway: _sealer(world.place, gateway, code) for gateway, code in (GREEDY, *MODEST)}
        self._best = float(LEAST)

    def capacity(self, name: str, seconds: float) -> float:
        """Packages a second with 32 submissions under way: what there is to be had."""
        frames = list(
            self._sealers[GREEDY[0]].frames(sizes_of(self._wish.size, int(self._best * seconds) + 1, 1), name)
        )
        path = self._place.folder / "frames"
        write_frames(path, frames)
        settle_disk()
        found = child("load", {"folder": str(self._place.folder), "frames": str(path), "concurrency": 32, "group": 1})
        self._best = len(frames) / found["seconds"]
        return self._best

    def run(self, name: str) -> Run:
        """Find the capacity, flood, count; then look for every accepted package in the axis's own store."""
        best, seconds = self.capacity(f"{name}-best", self._wish.seconds / 2), self._wish.seconds
        rates = {gateway: best * MODEST_SHARE for gateway, _ in MODEST}
        rates[GREEDY[0]] = best * (TIMES - MODEST_SHARE * len(MODEST))
        streams = [self._frames(name, gateway, rate, seconds) for gateway, rate in rates.items()]
        settle_disk()
        found = child("flood", {"folder": str(self._place.folder), "streams": streams, "seconds": seconds})
        told: list[dict[str, Any]] = found["streams"]
        accepted = [package for each in told for package in each["accepted"]]
        shares = [len(each["accepted"]) / each["offered"] for each in told if each["gateway"] != GREEDY[0]]
        waits = [wait for each in told for wait in each["waits"]]
        return Run(
            capacity=best,
            throughput=len(accepted) / found["seconds"],
            offered=sum(each["offered"] for each in told) / seconds,
            modest=min(shares),
            p99=percentile(waits, 0.99),
            lost=len(set(accepted) - {row[0] for row in self._world.ask("axis", "SELECT id FROM package")}),
        )

    def _frames(self, name: str, gateway: str, rate: float, seconds: float) -> dict[str, Any]:
        sizes = sizes_of(self._wish.size, max(round(rate * seconds), 1), 1)
        path = self._place.folder / f"frames-{gateway}"
        write_frames(path, list(self._sealers[gateway].frames(sizes, f"{name}-{gateway}")))
        return {"gateway": gateway, "rate": rate, "frames": str(path)}


def _sealer(place: Place, gateway: str, code: str) -> Sealer:
    folder = place.folder / gateway / "tenants" / code
    signer = SoftSigner.load(folder / "seal.key", folder / "seal.pem")
    return Sealer(Sealer.of(place).directory, signer, code)


def _outcome(wish: Wish, runs: Sequence[Run]) -> Outcome:
    throughput = Series("nhận khi quá tải / accepted under overload", "gói/s", tuple(run.throughput for run in runs))
    best = Series("công suất / capacity", "gói/s", tuple(run.capacity for run in runs))
    ratios = Series("tỉ lệ / ratio", "", tuple(run.throughput / run.capacity for run in runs))
    modest = Series("phần được nhận của bên vừa phải / share the modest got", "", tuple(run.modest for run in runs))
    waits = Series("chờ p99 / wait p99", "s", tuple(run.p99 for run in runs))
    lost = Series("đã nhận mà mất / accepted and lost", "gói", tuple(float(run.lost) for run in runs))
    offered = Series("được đưa tới / offered", "gói/s", tuple(run.offered for run in runs))
    return Outcome(
        command=f"overload {wish.size}",
        parameters={
            "size": wish.size,
            "store": wish.store,
            "runs": wish.runs,
            "seconds": wish.seconds,
            "times": TIMES,
            "gateways": 1 + len(MODEST),
        },
        series=(throughput, best, ratios, offered, modest, waits, lost),
        ratios=(
            Ratio("quá tải/công suất overloaded/capacity", ratios.median, at_least=0.8),
            Ratio("bên vừa phải được nhận / modest got", modest.median, at_least=0.9),
            Ratio("chờ p99, giây / wait p99, s", waits.high, at_most=LATEST),
            Ratio("mất / lost", lost.high, at_most=0.0),
        ),
        notes=("Bộ tạo tải chạy cùng máy. / The load generator shares the machine.",),
    )
