"""The address book in force at a hop: the newest snapshot that could be trusted, by a full file or by deltas."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from lienthong.errors import RegistryStale
from lienthong.registry.delta import open_delta
from lienthong.registry.directory import Directory
from lienthong.registry.signing import DELTA, kind_of, open_signed, succession_of
from lienthong.registry.snapshot import Snapshot
from lienthong.registry.succession import Succession


class Book:
    """Holds one directory and swaps it whole; readers keep the one they have.

    `signed` is the newest full file as it came, for hops that hand it on; those that do not (`serving` false) save its
    room. `succession` are the statements by which the registry's key was replaced, as far as known here.
    """

    def __init__(self, trusted: Sequence[bytes], *, serving: bool = True) -> None:
        self._trusted = tuple(trusted)
        self._directory: Directory | None = None
        self._serving, self._last = serving, b""
        self.signed = b""
        self.succession: Succession = ()

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
        """Take a signed snapshot, or a delta from the one in force, if it is newer.

        Raises `SnapshotUntrusted` and keeps the present one.
        """
        mark = sha256(signed).digest()
        if mark == self._last:
            return False
        known = self._directory.snapshot if self._directory else None
        snapshot = self._opened(signed, moment, known)
        if known is not None and snapshot.version == known.version:
            return False
        self._directory, self._last, self.succession = Directory(snapshot), mark, succession_of(signed)
        if self._serving:
            self.signed = signed
        return True

    def _opened(self, signed: bytes, moment: datetime, known: Snapshot | None) -> Snapshot:
        if known is not None and kind_of(signed) == DELTA:
            return open_delta(signed, self._trusted, moment, known, self.succession)
        return open_signed(signed, self._trusted, moment, known, succession=self.succession)
