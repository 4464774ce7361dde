"""A large annex from desk to desk through real processes: resumed after kills, and never whole in anybody's memory."""

import hashlib
from pathlib import Path

import pytest

from lienthong.cli.demo.build import build
from lienthong.cli.demo.processes import Processes
from lienthong.client import File, Metadata
from lienthong.envelope import DEFAULT
from running_country import CITY, GOVERNMENT, Country, until

pytestmark = pytest.mark.acceptance
MIB = 2**20
SIZE = 60 * MIB
GROWTH = 64 * MIB
"""A whole copy of the annex would not fit; pieces, blocks and the allocator's slack do."""
HOPS = (CITY, "axis", GOVERNMENT)
PATIENCE = 300.0


def annex(folder: Path) -> tuple[Path, str]:
    """A file that is like no other, written piece by piece."""
    path, digest = folder / "ban-do.tif", hashlib.sha256()
    with path.open("wb") as file:
        for count in range(SIZE // MIB):
            block = hashlib.sha256(str(count).encode()).digest() * (MIB // 32)
            digest.update(block)
            file.write(block)
    return path, digest.hexdigest()


def memory(processes: Processes, name: str, field: str) -> int:
    """Bytes of `VmRSS` now or `VmHWM` at most, of a running process."""
    status = Path(f"/proc/{processes._running[name].pid}/status").read_text("ascii")
    return int(status.partition(f"{field}:")[2].split()[0]) * 1024


def test_a_large_annex_passes_in_pieces(tmp_path: Path) -> None:
    place = build(tmp_path / "here")
    processes = Processes(place)
    country = Country(place, processes)
    try:
        processes.start()
        path, digest = annex(tmp_path)
        desk = country.desk("H29")
        small = desk.send(
            Metadata("1", "QĐ-MẪU", "V/v làm nóng", ("G09",)), [File("a.pdf", "application/pdf", b"%PDF-1.7 a")]
        )
        country.delivered("H29", small.entry.id)
        before = {hop: memory(processes, hop, "VmRSS") for hop in HOPS}
        sent = desk.send(
            Metadata("2", "QĐ-MẪU", "V/v bản đồ", ("G09",)), [File("ban-do.tif", "image/tiff", path)], "large-1"
        )
        assert (sent.parts[-1].size, sent.parts[-1].sha256) == (SIZE, digest)
        country.delivered("H29", sent.entry.id)
        received = country.arrived("G09", sent.entry.id)
        saved = tmp_path / "saved.tif"
        saved.write_bytes(path.read_bytes()[: 3 * MIB])  # what an earlier try left
        assert country.desk("G09").save(sent.entry.id, received.parts[-1], saved) == digest
        grown = {hop: memory(processes, hop, "VmHWM") - before[hop] for hop in HOPS}
        print({hop: f"{count / MIB:.0f} MiB" for hop, count in grown.items()})  # noqa: T201  for who runs it by hand
        assert max(grown.values()) < GROWTH, grown
    finally:
        country.close()
        processes.stop()
    assert DEFAULT.large_bytes > SIZE


def test_killed_in_the_middle_it_goes_on(tmp_path: Path) -> None:
    place = build(tmp_path / "here")
    processes = Processes(place)
    country = Country(place, processes)
    try:
        processes.start()
        path, digest = annex(tmp_path)
        sent = country.desk("H29").send(
            Metadata("2", "QĐ-MẪU", "V/v bản đồ", ("G09",)), [File("ban-do.tif", "image/tiff", path)], "large-2"
        )
        for hop, killed in (("axis", "axis"), (GOVERNMENT, "axis"), (GOVERNMENT, GOVERNMENT)):
            staging = place.folder / hop / "data" / "objects-staging"
            until(lambda staging=staging: half(staging) or there(country, digest), f"{hop}: half an upload")  # type: ignore[misc]  # bound now
            processes.kill(killed)
            processes.restart(killed)
        country.delivered("H29", sent.entry.id)
        received = country.arrived("G09", sent.entry.id)
        assert received.parts[-1].sha256 == digest
        assert country.desk("G09").save(sent.entry.id, received.parts[-1], tmp_path / "saved.tif") == digest
        steps = [step.kind for step in country.desk("H29").document(sent.entry.id).steps]
        assert steps.count("submission-accepted") == 2
    finally:
        country.close()
        processes.stop()


def half(staging: Path) -> bool:
    """Whether something of a part is here."""
    return any(path.stat().st_size for path in staging.glob("*.part"))


def there(country: Country, digest: str) -> bool:
    """Whether the part is at the recipient's gateway already: it was faster than we looked."""
    objects = country.place.folder / GOVERNMENT / "data" / "objects"
    return (objects / digest[:2] / digest[2:4] / digest).exists()
