"""Keeping a document on this machine: its files, its evidence and the root, whole or not there at all.

`<folder>/<package id>/` holds `files/` (exactly the sealed parts, so that `lienthong verify evidence.json files` proves
every one), `extracted/` (attachments that lie inside the edXML itself), `evidence.json`, `document.json`, `root.pem`.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from lienthong.adapters.files import write_whole
from lienthong.cli.finding import is_package_id
from lienthong.cli.printing import files_here
from lienthong.client import Desk
from lienthong.envelope import clean_name
from lienthong.errors import EvidenceBroken, FileUnusable, InvalidValue, PartChanged

EVIDENCE, ROOT, FILES, EXTRACTED = "evidence.json", "root.pem", "files", "extracted"
_OWNER = ".lienthong-agency"
_UNREPORTED = ".arrival-not-reported"
_PARTIAL = ".taking-"
_NAME_BYTES = 220


@dataclass(frozen=True, slots=True)
class Shelf:
    """A folder where one agency keeps what it takes."""

    folder: Path
    code: str
    root: Path | None

    @classmethod
    def open(cls, folder: Path, code: str, root: Path | None) -> "Shelf":
        """The folder, made if need be. Raises `FileUnusable`, also if it is another agency's."""
        with files_here():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            mark = folder / _OWNER
            owner = mark.read_text("utf-8").strip() if mark.exists() else ""
            if owner and owner != code:
                raise FileUnusable(f"{folder}: thư mục của cơ quan khác / another agency's folder ({owner})")
            if not owner:
                write_whole(mark, code.encode())
        return cls(folder, code, root)

    def place(self, package: str) -> Path:
        """Where a package lies. Raises `InvalidValue` for an id that could lead elsewhere."""
        return named(self.folder, package)

    def keep(self, desk: Desk, package: str, *, report_owed: bool) -> Path:
        """Store a package durably, once; what was stored before is left as it is."""
        place = self.place(package)
        if not place.is_dir():
            with files_here():
                self._store(desk, package, report_owed=report_owed)
        return place

    def _store(self, desk: Desk, package: str, *, report_owed: bool) -> None:
        place = self.place(package)
        partial = Path(tempfile.mkdtemp(dir=self.folder, prefix=f"{_PARTIAL}{package}-"))
        try:
            save(desk, package, partial, self.root)
            if report_owed:
                write_whole(partial / _UNREPORTED, b"")
            sync(partial)
            partial.rename(place)
            sync(self.folder)
        finally:
            for left in self.folder.glob(f"{_PARTIAL}{package}-*"):  # ours, and those of runs that were killed
                shutil.rmtree(left, ignore_errors=True)

    def owed(self) -> list[str]:
        """Packages whose arrival is not reported yet: an earlier run was stopped before it could."""
        return sorted(mark.parent.name for mark in self.folder.glob(f"*/{_UNREPORTED}"))

    def reported(self, package: str) -> None:
        """The arrival is reported."""
        with files_here():
            (self.place(package) / _UNREPORTED).unlink(missing_ok=True)


def named(folder: Path, package: str, ending: str = "") -> Path:
    """A place in a folder named by a package. Raises `InvalidValue` for an id that could lead elsewhere."""
    if not is_package_id(package):
        raise InvalidValue(f"mã gói tin / package id: {package[:40]!r}")
    return folder / f"{package}{ending}"


def save(desk: Desk, package: str, folder: Path, root: Path | None) -> None:
    """Everything of one package into its own folder, over what an earlier run put there.

    Raises `PartChanged` if a file is not what was listed.
    """
    document = desk.document(package)
    bundle = desk.evidence(package)
    sealed = {row["sha256"] for row in listed(bundle)}
    for name in (FILES, EXTRACTED):
        shutil.rmtree(folder / name, ignore_errors=True)
    for name, data in _contents(desk, package, bundle, {part.name: part.sha256 for part in document.parts}):
        inside = folder / (FILES if _digest(data) in sealed else EXTRACTED)
        inside.mkdir(mode=0o700, exist_ok=True)
        write_whole(_free(inside, name), data)
    write_whole(folder / "document.json", msgspec.json.format(msgspec.json.encode(document), indent=1))
    save_evidence(bundle, folder / EVIDENCE, root)
    for name in (FILES, EXTRACTED):
        if (folder / name).is_dir():
            sync(folder / name)


def save_evidence(bundle: dict[str, Any], file: Path, root: Path | None) -> None:
    """The bundle, and beside it the root that `lienthong verify` looks for there."""
    write_whole(file, msgspec.json.format(msgspec.json.encode(bundle), indent=1))
    beside = file.parent / ROOT
    if root is not None and not beside.exists():
        write_whole(beside, root.read_bytes())


def listed(bundle: dict[str, Any]) -> list[dict[str, str]]:
    """The parts that were sealed, as the bundle lists them. Raises `EvidenceBroken`."""
    rows = bundle.get("manifest", [])
    if not isinstance(rows, list) or not all(
        isinstance(row, dict) and {"name", "sha256"} <= row.keys() for row in rows
    ):
        raise EvidenceBroken("manifest")
    return rows


def _contents(desk: Desk, package: str, bundle: dict[str, Any], files: dict[str, str]) -> Iterator[tuple[str, bytes]]:
    """The message and every attachment, each checked against its digest."""
    rows = listed(bundle)
    first = {row["name"]: row["sha256"] for row in rows[:1] if row["name"] not in files}
    for name, sha256 in (first | files).items():
        data = desk.part(package, name)
        if _digest(data) != sha256:
            raise PartChanged(name)
        yield name, data


def _free(folder: Path, name: str) -> Path:
    """A path for a name from outside: never out of the folder, never over another file."""
    safe = short(clean_name(name)) or "tep"
    count, path = 1, folder / safe
    while path.exists():
        count += 1
        path = folder / f"({count}) {safe}"
    return path


def short(name: str) -> str:
    """File systems count bytes: 255 of them, some of which a whole write needs for its own name beside."""
    stem, dot, end = name.rpartition(".")
    tail = dot + end if stem and len(end) < 10 else ""
    kept = name.removesuffix(tail).encode()[: _NAME_BYTES - len(tail.encode())].decode("utf-8", "ignore")
    return kept + tail


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def sync(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        with suppress(OSError):
            os.close(handle)
