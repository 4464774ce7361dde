"""`bench memory`: how far each process grows for one very large attachment, and for many gateways that only wait."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from lienthong.adapters.files import write_whole
from lienthong.adapters.keys import SoftSigner
from lienthong.ca import requests
from lienthong.ca.ceremony import AuthorityFolder
from lienthong.cli.bench.accept import Progress
from lienthong.cli.bench.frame import Outcome, Ratio, Series
from lienthong.cli.bench.idlers import name_of
from lienthong.cli.bench.large import carried
from lienthong.cli.bench.packages import RECIPIENT_GATEWAY, SENDER, SENDER_GATEWAY
from lienthong.cli.bench.proxied import NGINX
from lienthong.cli.bench.resident import peak, resident, watch
from lienthong.cli.bench.world import require_store, running
from lienthong.cli.demo.build import Place, current_snapshot
from lienthong.document import OrganisationCode
from lienthong.errors import Unavailable
from lienthong.registry import Gateway, Purpose, certificate_entry, publish

HOPS = ("axis", SENDER_GATEWAY, RECIPIENT_GATEWAY)
GROWTH_GOAL, IDLE_GOAL = 96.0, 50.0
_MB, _KB = 1e6, 1e3


@dataclass(frozen=True, slots=True)
class Weight:
    """What to measure: the attachment in bytes, how many gateways wait."""

    attachment: int = 500_000_000
    gateways: int = 1_000
    store: str = "sqlite"
    runs: int = 5
    folder: Path | None = None
    proxy: Path | None = None
    """The folder of nginx's sites as shipped, for the axis behind nginx; without it the axis speaks TLS itself."""

    @property
    def facing(self) -> tuple[str, ...]:
        """What gateways' connections cost: the axis, and nginx before it."""
        return ("axis", NGINX) if self.proxy else ("axis",)


def memory(weight: Weight, progress: Progress) -> Outcome:
    """Measure both; what memory was when nothing happened is taken off."""
    require_store(weight.store)
    progress("dựng các tiến trình / building the processes")
    grown: list[Mapping[str, float]] = []
    names = dict.fromkeys((*HOPS, *weight.facing))
    with running(("ca", *HOPS), weight.folder, proxy=weight.proxy) as world:
        carried(world.place, 1_000_000, "warm")
        for run in range(weight.runs):
            progress(f"tệp lớn, lượt {run + 1} / the large file, run {run + 1}")
            before = {name: watch(world.pids(name)) for name in names}
            carried(world.place, weight.attachment, f"large-{run}")
            grown.append({name: (peak(world.pids(name)) - before[name]) / _MB for name in names})
    return _outcome(weight, grown, _idle_runs(weight, progress))


# ---------------------------------------------------------------- gateways that wait


def _idle_runs(weight: Weight, progress: Progress) -> list[Mapping[str, float]]:
    """Kilobytes of each process for a waiting gateway; a fresh axis each time, since memory is seldom given back."""
    return [_idle_run(weight, run, progress) for run in range(weight.runs)]


def _idle_run(weight: Weight, run: int, progress: Progress) -> Mapping[str, float]:
    progress(f"máy chờ, lượt {run + 1} / waiting gateways, run {run + 1}")
    with running(("ca", "axis"), weight.folder, proxy=weight.proxy) as world:
        _admit(world.place, weight.gateways)
        with _waiting(world.place, 10):  # what the first connections need is not the price of a gateway
            before = {name: resident(world.pids(name)) for name in weight.facing}
            with _waiting(world.place, weight.gateways):
                return {
                    name: (resident(world.pids(name)) - held) / weight.gateways / _KB for name, held in before.items()
                }


def _admit(place: Place, count: int) -> None:
    """Certificates and registry rows for idle gateways; the axis reads the new version by itself."""
    authority, now = AuthorityFolder.load(place.folder / "authority"), datetime.now(UTC)
    names = [name_of(number) for number in range(count)]
    issued = {}
    for name in names:
        folder = place.folder / name
        folder.mkdir()
        issued[name] = authority.issue(requests.gateway(name), now, "hop", folder).certificate
    before = current_snapshot(place)
    operator = OrganisationCode(SENDER)
    grown = replace(
        before,
        version=before.version + 1,
        issued_at=now,
        previous_digest=before.digest(),
        gateways=(*before.gateways, *(Gateway(name, "Máy chủ mẫu", operator) for name in names)),
        certificates=(
            *before.certificates,
            *(certificate_entry(issued[name], f"gateway:{name}", Purpose.GATEWAY) for name in names),
        ),
    )
    folder = place.folder / "registry"
    signer = SoftSigner.load(folder / "registry.key", folder / "registry.pem")
    write_whole(place.snapshot, publish(grown, signer))


@contextmanager
def _waiting(place: Place, count: int) -> Iterator[None]:
    """So many gateways hold their connections for as long as the block lasts."""
    process = subprocess.Popen(
        [sys.executable, "-m", "lienthong.cli.bench.idlers"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        into, out = _pipes(process)
        into.write(json.dumps({"folder": str(place.folder), "count": count}) + "\n")
        into.flush()
        if not out.readline():
            raise Unavailable(f"{count} gateways")
        yield
    finally:
        process.kill()
        process.communicate()


def _pipes(process: "subprocess.Popen[str]") -> tuple[IO[str], IO[str]]:
    if process.stdin is None or process.stdout is None:
        raise Unavailable("idlers")
    return process.stdin, process.stdout


def _outcome(weight: Weight, grown: list[Mapping[str, float]], idle: list[Mapping[str, float]]) -> Outcome:
    large = _series("tăng / growth", "MB", grown)
    waiting = _series("mỗi máy chờ / each waiting gateway,", "kB", idle)
    most, dearest = (max(each, key=lambda one: one.median) for each in (large, waiting))
    return Outcome(
        command="memory",
        parameters={
            "attachment": weight.attachment,
            "gateways": weight.gateways,
            "store": weight.store,
            "proxy": NGINX if weight.proxy else "",
            "runs": weight.runs,
        },
        series=(*large, *waiting),
        ratios=(
            Ratio("tăng nhiều nhất most growth, MB", most.median, at_most=GROWTH_GOAL),
            Ratio("mỗi máy chờ each waiting gateway, kB", dearest.median, at_most=IDLE_GOAL),
        ),
        notes=("Đỉnh RSS của từng tiến trình, trừ lúc nghỉ. / Peak RSS of each process, less what it had at rest.",),
    )


def _series(what: str, unit: str, runs: Sequence[Mapping[str, float]]) -> list[Series]:
    return [Series(f"{what} {name}", unit, tuple(each[name] for each in runs)) for name in runs[0]]
