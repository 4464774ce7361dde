"""`bench memory`: how far each process grows for one very large attachment, and for many gateways that only wait."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
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
from lienthong.cli.bench.packages import RECIPIENT, RECIPIENT_GATEWAY, SENDER, SENDER_GATEWAY
from lienthong.cli.bench.resident import peak, resident, watch
from lienthong.cli.bench.world import Running, require_store, running
from lienthong.cli.demo.build import Place, current_snapshot
from lienthong.client import Desk, File, Metadata
from lienthong.document import OrganisationCode
from lienthong.errors import Unavailable
from lienthong.registry import Gateway, Purpose, certificate_entry, publish

HOPS = ("axis", SENDER_GATEWAY, RECIPIENT_GATEWAY)
GROWTH_GOAL, IDLE_GOAL = 96.0, 50.0
_MB, _KB = 1e6, 1e3
PATIENCE = 900.0
"""Seconds a large attachment may take from desk to desk."""


@dataclass(frozen=True, slots=True)
class Weight:
    """What to measure: the attachment in bytes, how many gateways wait."""

    attachment: int = 500_000_000
    gateways: int = 1_000
    store: str = "sqlite"
    runs: int = 5
    folder: Path | None = None


def memory(weight: Weight, progress: Progress) -> Outcome:
    """Measure both; what memory was when nothing happened is taken off."""
    require_store(weight.store)
    progress("dựng các tiến trình / building the processes")
    grown: list[Mapping[str, float]] = []
    with running(("ca", *HOPS), weight.folder) as world:
        _send(world, 1_000_000, "warm")
        for run in range(weight.runs):
            progress(f"tệp lớn, lượt {run + 1} / the large file, run {run + 1}")
            before = {name: watch(world.processes.pid(name)) for name in HOPS}
            _send(world, weight.attachment, f"large-{run}")
            grown.append({name: (peak(world.processes.pid(name)) - before[name]) / _MB for name in HOPS})
    return _outcome(weight, grown, _idle_runs(weight, progress))


def _send(world: Running, size: int, name: str) -> None:
    """From desk to desk, every byte fetched; the file is sparse on our side and random in its first block alone."""
    place = world.place
    with _desk(place, SENDER, SENDER_GATEWAY) as sender, _desk(place, RECIPIENT, RECIPIENT_GATEWAY) as receiver:
        path = place.folder / f"{name}.bin"
        with path.open("wb") as file:
            file.write(os.urandom(1 << 16))
            file.truncate(size)
        said = Metadata("1", "UBND-MẪU", f"V/v đo bộ nhớ {name} (văn bản mẫu)", (RECIPIENT,), document_id=name)
        sender.send(said, [File("lon.bin", "application/octet-stream", path)], name)
        _taken(receiver, name, size, path.with_suffix(".back"))
        path.unlink()


def _taken(receiver: Desk, name: str, size: int, into: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        for entry in receiver.inbox(wait=10):
            if entry.document_id != name:
                continue
            taken = receiver.take(entry.id, entry.recipients[0].addressee)
            part = max(receiver.document(entry.id).parts, key=lambda each: each.size)
            receiver.save(entry.id, part, into)
            if into.stat().st_size != size:
                raise Unavailable(f"{name}: {into.stat().st_size} of {size}")
            into.unlink()
            receiver.acknowledge(entry.id, entry.recipients[0].addressee, taken.lock)
            return
    raise Unavailable(f"{name}: {PATIENCE:g} s")


def _desk(place: Place, code: str, gateway: str) -> Desk:
    return Desk(place.url(gateway), (place.folder / "tokens" / code).read_text("utf-8"), ca=place.root)


# ---------------------------------------------------------------- gateways that wait


def _idle_runs(weight: Weight, progress: Progress) -> list[float]:
    """Kilobytes of the axis for each waiting gateway; a fresh axis each time, since memory is seldom given back."""
    return [_idle_run(weight, run, progress) for run in range(weight.runs)]


def _idle_run(weight: Weight, run: int, progress: Progress) -> float:
    progress(f"máy chờ, lượt {run + 1} / waiting gateways, run {run + 1}")
    with running(("ca", "axis"), weight.folder) as world:
        _admit(world.place, weight.gateways)
        pid = world.processes.pid("axis")
        with _waiting(world.place, 10):  # what the first connections need is not the price of a gateway
            before = resident(pid)
            with _waiting(world.place, weight.gateways):
                return (resident(pid) - before) / weight.gateways / _KB


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


def _outcome(weight: Weight, grown: list[Mapping[str, float]], idle: list[float]) -> Outcome:
    large = [Series(f"tăng / growth {name}", "MB", tuple(each[name] for each in grown)) for name in HOPS]
    waiting = Series("trục, mỗi máy chờ / axis, each waiting gateway", "kB", tuple(idle))
    most = max(large, key=lambda each: each.median)
    return Outcome(
        command="memory",
        parameters={
            "attachment": weight.attachment,
            "gateways": weight.gateways,
            "store": weight.store,
            "runs": weight.runs,
        },
        series=(*large, waiting),
        ratios=(
            Ratio("tăng nhiều nhất most growth, MB", most.median, at_most=GROWTH_GOAL),
            Ratio("mỗi máy chờ each waiting gateway, kB", waiting.median, at_most=IDLE_GOAL),
        ),
        notes=("Đỉnh RSS của từng tiến trình, trừ lúc nghỉ. / Peak RSS of each process, less what it had at rest.",),
    )
