"""Registry files on disk: what the axis hands out, and what a gateway keeps for the days without a centre.

registry.snapshot            the newest full snapshot, signed
registry.snapshot.d/8        the signed delta from version 7 to 8, and so on
"""

import errno
import re
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import structlog
from prometheus_client import Counter

from lienthong.adapters.files import write_whole
from lienthong.adapters.tracing import PROCESS
from lienthong.errors import SnapshotUntrusted, StorageFull, Unavailable
from lienthong.registry import DELTA, Book, kind_of

log = structlog.get_logger()
NOT_TRUSTED = Counter("lienthong_registry_refused_total", "Snapshots and deltas not trusted", registry=PROCESS)
FAR = 16
"""A gateway so many versions behind gets the full snapshot; one that keeps so many deltas asks for it."""


class RegistryFiles:
    """One full snapshot and the deltas after it."""

    def __init__(self, path: Path) -> None:
        self.path, self.folder = path, path.with_name(f"{path.name}.d")
        self._waiting: list[tuple[int, bytes]] = []

    def delta_from(self, version: int, newest: int) -> bytes | None:
        """The delta from this version to the next one, unless it is missing or the full snapshot is the better way."""
        path = self.folder / str(version + 1)
        near = 0 < version < newest <= version + FAR
        return path.read_bytes() if near and path.is_file() else None

    def load(self, book: Book, moment: datetime) -> None:
        """Take what is kept into force; a delta that does not fit ends it. SnapshotUntrusted for a bad full file."""
        if self.path.is_file():
            book.offer(self.path.read_bytes(), moment)
        with suppress(SnapshotUntrusted):  # the next one comes from the axis, in full if need be
            for version in self._deltas():
                if version > book.version:
                    book.offer((self.folder / str(version)).read_bytes(), moment)

    def crowded(self) -> bool:
        """Whether a full snapshot should come next, in place of all the deltas."""
        return len(self._deltas()) >= FAR

    def keep(self, version: int, signed: bytes) -> None:
        """Remember what came into force; `flush` writes it."""
        self._waiting.append((version, signed))

    def flush(self) -> None:
        """Write what waits. StorageFull, Unavailable: it is tried again the next time."""
        while self._waiting:
            try:
                self._write(*self._waiting[0])
            except OSError as error:
                full = error.errno in {errno.ENOSPC, errno.EDQUOT}
                raise (StorageFull if full else Unavailable)(f"{self.path}: {error.strerror}") from error
            del self._waiting[0]

    def refused(self, version: int, error: SnapshotUntrusted) -> None:
        """Tell people: a rollback, a fork, a stranger's signature. Counted, so that the operator's alert rings."""
        NOT_TRUSTED.inc()
        log.error("registry-refused", in_force=version, code=error.code, detail=error.detail)

    def _write(self, version: int, signed: bytes) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)  # with PostgreSQL and S3 nothing else made the folder
        if kind_of(signed) == DELTA:
            self.folder.mkdir(exist_ok=True)
            write_whole(self.folder / str(version), signed)
            return
        write_whole(self.path, signed)
        for older in self._deltas():
            (self.folder / str(older)).unlink(missing_ok=True)

    def _deltas(self) -> list[int]:
        if not self.folder.is_dir():
            return []
        return sorted(int(path.name) for path in self.folder.iterdir() if re.fullmatch(r"[1-9]\d{0,17}", path.name))
