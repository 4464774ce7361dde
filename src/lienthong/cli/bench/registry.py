"""`bench registry`: what a gateway pays to take a country's registry into force, whole and by a delta, and to ask."""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from lienthong.adapters.files import write_whole
from lienthong.adapters.keys import SoftSigner
from lienthong.ca import requests
from lienthong.ca.ceremony import create_authority
from lienthong.cli.bench.accept import Progress
from lienthong.cli.bench.frame import Outcome, Ratio, Series
from lienthong.cli.bench.nation import nation
from lienthong.errors import Unavailable
from lienthong.registry import Snapshot, sign, sign_delta

TOWN = 1_000
ROOM_GOAL, FLAT_GOAL = 200.0, 1.3
_MB = 1e6


@dataclass(frozen=True, slots=True)
class Country:
    """How many organisations, each with a certificate; how many of them a delta changes."""

    organisations: int = 111_000
    changed: int = 100
    runs: int = 5
    folder: Path | None = None


def registry(country: Country, progress: Progress) -> Outcome:
    """Measure in children of their own; large and small country take turns."""
    with TemporaryDirectory(prefix="lienthong-bench-", dir=country.folder) as home:
        progress("dựng danh bạ / building the registry")
        signer, root = _signer(Path(home))
        large = _written(Path(home, "large"), country.organisations, country.changed, signer, root)
        small = _written(Path(home, "small"), TOWN, 1, signer, root)
        told: list[tuple[Mapping[str, float], Mapping[str, float]]] = []
        for run in range(country.runs):
            progress(f"lượt {run + 1} / run {run + 1}")
            told.append((_child(large), _child(small)))
        sizes = {name: (large / name).stat().st_size / _MB for name in ("full", "delta")}
    return _outcome(country, told, sizes)


def _signer(home: Path) -> tuple[SoftSigner, bytes]:
    now = datetime.now(UTC)
    authority = create_authority(home / "authority", now)
    authority.issue(requests.registry(), now, "registry", home)
    return SoftSigner.load(home / "registry.key", home / "registry.pem"), authority.authority.root_pem


def _written(folder: Path, count: int, changed: int, signer: SoftSigner, root: bytes) -> Path:
    folder.mkdir()
    now = datetime.now(UTC)
    before = replace(nation(count), issued_at=now, expires_at=now + timedelta(days=7))
    after = _later(before, changed)
    write_whole(folder / "full", sign(before, signer))
    write_whole(folder / "delta", sign_delta(before, after, signer))
    write_whole(folder / "root.pem", root)
    return folder


def _later(before: Snapshot, changed: int) -> Snapshot:
    """The next version, every so-manieth name another."""
    step = max(1, len(before.organisations) // changed)
    renamed = tuple(
        each if number % step else replace(each, name=f"{each.name}, đổi tên")
        for number, each in enumerate(before.organisations)
    )
    return replace(before, version=before.version + 1, previous_digest=before.digest(), organisations=renamed)


def _child(folder: Path) -> Mapping[str, float]:
    command = [sys.executable, "-m", "lienthong.cli.bench.registry_apply", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  our own module
    if done.returncode:
        raise Unavailable(done.stderr[-400:])
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _outcome(
    country: Country, told: list[tuple[Mapping[str, float], Mapping[str, float]]], sizes: Mapping[str, float]
) -> Outcome:
    def of(name: str, key: str, unit: str, which: int = 0, scale: float = 1.0) -> Series:
        return Series(name, unit, tuple(scale * run[which][key] for run in told))

    full = of(f"nạp cả {country.organisations:,} cơ quan / full applied", "full", "s CPU")
    floor = of("chỉ giải nén và đọc JSON / unpacking and JSON alone", "floor", "s CPU")
    delta = of(f"bản thay đổi {country.changed:,} tên / delta applied", "delta", "s CPU")
    room = of("bộ nhớ thêm khi nạp cả / grown by, full", "full_bytes", "MB", scale=1 / _MB)
    more = of("bộ nhớ thêm khi nạp bản thay đổi / grown by, delta", "delta_bytes", "MB", scale=1 / _MB)
    empty = of("chương trình cổng trước khi nạp / gateway before", "empty", "MB", scale=1 / _MB)
    whole = of("cả tiến trình cổng, nhiều nhất / whole gateway", "whole", "MB", scale=1 / _MB)
    look, near = (
        of(f"tra cứu trong {country.organisations:,} / look-up", "look", "µs"),
        of(f"tra cứu trong {TOWN:,} / look-up in {TOWN:,}", "look", "µs", which=1),
    )
    rate = Series("tra cứu / look-ups", "/s", tuple(1e6 / each for each in look.values))
    return Outcome(
        command="registry",
        parameters={"organisations": country.organisations, "changed": country.changed, "runs": country.runs}
        | {f"{name} (MB)": round(size, 3) for name, size in sizes.items()},
        series=(full, floor, delta, room, more, empty, whole, near, look, rate),
        ratios=(
            Ratio("nạp cả/JSON full/floor", full.median / floor.median),
            Ratio("thay đổi/nạp cả delta/full", delta.median / full.median),
            Ratio("cả tiến trình whole process/200 MB", whole.high / ROOM_GOAL, at_most=1.0),
            Ratio(f"tra cứu look-up {country.organisations:,}/{TOWN:,}", look.median / near.median, at_most=FLAT_GOAL),
        ),
        notes=("Mỗi lượt một tiến trình riêng, mỗi cơ quan một chứng thư. / A process a run, a certificate each.",),
    )
