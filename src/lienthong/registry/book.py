"""The address book in force at a hop: the newest snapshot that could be trusted, kept signed as it came."""

from collections.abc import Sequence
from datetime import datetime

from lienthong.errors import RegistryStale
from lienthong.registry.directory import Directory
from lienthong.registry.signing import open_signed


class Book:
    """Holds one directory and swaps it whole; readers keep the one they have."""

    def __init__(self, trusted: Sequence[bytes]) -> None:
        self._trusted = tuple(trusted)
        self._directory: Directory | None = None
        self.signed = b""

    @property
    def version(self) -> int:
        """The version in force, 0 before the first."""
        return self._directory.snapshot.version if self._directory else 0

    def directory(self) -> Directory:
        """The directory in force; raises `RegistryStale` before the first snapshot."""
        if self._directory is None:
            raise RegistryStale("chưa có danh bạ / no registry yet")
        return self._directory

    def offer(self, signed: bytes, moment: datetime) -> bool:
        """Take a signed snapshot into force if it is newer; raises `SnapshotUntrusted` and keeps the present one."""
        if signed == self.signed:
            return False
        known = self._directory.snapshot if self._directory else None
        snapshot = open_signed(signed, self._trusted, moment, known)
        if known is not None and snapshot.version == known.version:
            return False
        self._directory, self.signed = Directory(snapshot), signed
        return True
