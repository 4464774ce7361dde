"""Answers signed beforehand, a file each. They can be made again at any time, so nothing is synced to the disk."""

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from lienthong.errors import StorageFull


class FolderAnswers:
    """`<folder>/<issuer>/<last two digits>/<serial>.ocsp`, which any web server can serve as well."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: set[Path] = set()

    def keep(self, issuer: str, answers: Mapping[int, bytes]) -> None:
        """Replace each in one step: a reader sees the old answer or the new. StorageFull."""
        try:
            for serial, data in answers.items():
                self._write(self._path(issuer, serial), data)
        except OSError as error:
            raise StorageFull(f"{self._folder}: {error.strerror}") from error

    def read(self, issuer: str, serial: int) -> tuple[bytes, datetime] | None:
        """The answer and when it was written."""
        try:
            with self._path(issuer, serial).open("rb") as file:
                return file.read(), datetime.fromtimestamp(os.fstat(file.fileno()).st_mtime, UTC)
        except OSError:
            return None

    def _path(self, issuer: str, serial: int) -> Path:
        name = f"{serial:x}"
        return self._folder / issuer / name[-2:] / f"{name}.ocsp"

    def _write(self, path: Path, data: bytes) -> None:
        if path.parent not in self._made:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._made.add(path.parent)
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.write_bytes(data)
        fresh.replace(path)
