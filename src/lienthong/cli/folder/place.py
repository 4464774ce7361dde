"""The drop folder on disk: four folders for people and software, one of our own; a move is whole or not at all.

`outgoing/` is written by the agency's software, `sent/`, `incoming/` and `failed/` by us. `.lienthong/` holds what is
on its way between them, so all must lie on one file system: every step from one to the other is a rename.
"""

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from lienthong.adapters.files import write_whole
from lienthong.cli.keeping import short, sync
from lienthong.cli.printing import files_here
from lienthong.envelope import clean_name
from lienthong.errors import FileUnusable

KEPT = 90 * 86400.0
"""Seconds for which it is remembered what was taken: much longer than any gateway offers it again."""


@dataclass(frozen=True, slots=True)
class DropFolder:
    """One agency's folder. `code` is whose; `ca` the root that evidence is verified with, if it has one."""

    base: Path
    code: str
    ca: Path | None = None

    @property
    def outgoing(self) -> Path:
        """What the software wants sent."""
        return self.base / "outgoing"

    @property
    def sent(self) -> Path:
        """What was handed in, each with a JSON file that follows its journey."""
        return self.base / "sent"

    @property
    def incoming(self) -> Path:
        """What came, one folder a document."""
        return self.base / "incoming"

    @property
    def failed(self) -> Path:
        """What was refused for good, each with the reason as text."""
        return self.base / "failed"

    @property
    def sending(self) -> Path:
        """Taken from outgoing, not answered yet."""
        return self.base / ".lienthong" / "sending"

    @property
    def building(self) -> Path:
        """Coming in, not whole yet."""
        return self.base / ".lienthong" / "building"

    @property
    def taken(self) -> Path:
        """A mark for each document that came."""
        return self.base / ".lienthong" / "taken"

    @property
    def reported(self) -> Path:
        """A mark for each of which arrival is reported."""
        return self.base / ".lienthong" / "reported"

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Make what is missing, and keep every other worker out. FileUnusable, StorageFull."""
        with files_here():
            for each in (self.outgoing, self.sent, self.incoming, self.failed, self.sending, self.building):
                each.mkdir(parents=True, exist_ok=True)
            for each in (self.taken, self.reported):
                each.mkdir(exist_ok=True)
            _require_owner(self.base / ".lienthong" / "agency", self.code)
            handle = os.open(self.base / ".lienthong" / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(handle, self.base)
            self._forget_old()
            yield
        finally:
            os.close(handle)

    def _forget_old(self) -> None:
        ends = time.time() - KEPT
        for folder in (self.taken, self.reported):
            for mark in folder.iterdir():
                if mark.stat().st_mtime < ends:
                    mark.unlink(missing_ok=True)


def _require_owner(mark: Path, code: str) -> None:
    owner = mark.read_text("utf-8").strip() if mark.exists() else ""
    if owner and owner != code:
        raise FileUnusable(f"{mark.parent.parent}: thư mục của cơ quan khác / another agency's folder ({owner})")
    if not owner:
        write_whole(mark, code.encode())


def _lock(handle: int, base: Path) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise FileUnusable(f"{base}: đã có tiến trình khác trông / another process minds it") from error


def moved(source: Path, target: Path) -> None:
    """One step: it is there or here, and after a crash as well."""
    source.rename(target)
    sync(target.parent)
    sync(source.parent)


def removed(path: Path) -> None:
    """A file or a folder of ours, gone."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink(missing_ok=True)


def safe(name: str) -> str:
    """A name from anywhere as a file name: no control characters, no paths, not too long."""
    return short(clean_name(name.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))) or "tep"


def free(folder: Path, name: str, *companions: str) -> str:
    """The name, or the first like it under which nothing lies, nor under it with these endings."""
    stem, dot, end = name.rpartition(".")
    stem, end = (stem, dot + end) if stem and len(end) < 10 else (name, "")
    count, found = 1, name
    while any(os.path.lexists(folder / f"{found}{ending}") for ending in ("", *companions)):
        count += 1
        found = f"{stem} ({count}){end}"
    return found
