"""The floor: the least any program must do for the same bytes, in one process, one thread, without HTTP.

For each package: take the frame apart, SHA-256 of every part against the sealed digests, verify one P-256 signature.
For each batch: the packages' rows and small parts in one SQLite transaction with a full fsync, large parts as files
behind one barrier, one Ed25519 signature over the batch. No journey, no legs, no log, no receipt, no registry.
"""

import hashlib
import os
import sqlite3
import time
from base64 import urlsafe_b64decode
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from lienthong.adapters.objects import sync_filesystem
from lienthong.errors import PartChanged

INLINE = 64 * 1024
"""As the product decides it: parts up to this many bytes in the row, larger ones as files."""
_CREATE = "CREATE TABLE package (id TEXT PRIMARY KEY, seal TEXT NOT NULL, small BLOB NOT NULL)"


class _Part(msgspec.Struct):
    name: str
    size: int


class _Head(msgspec.Struct):
    seal: str
    parts: list[_Part]


class _Digests(msgspec.Struct):
    hashV: list[str]  # noqa: N815  the name in TS 119 182-1


class _Protected(msgspec.Struct):
    sigD: _Digests  # noqa: N815  the name in TS 119 182-1


_head = msgspec.json.Decoder(_Head).decode
_protected = msgspec.json.Decoder(_Protected).decode


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds by the clock, and of the processor."""

    seconds: float
    cpu: float


class Floor:
    """One empty store, one known sealing key, one log key."""

    def __init__(self, folder: Path, certificate: bytes) -> None:
        self._folder = folder
        self._objects = folder / "objects"
        self._objects.mkdir(parents=True)
        self._connection = sqlite3.connect(folder / "floor.sqlite3", isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._connection.execute(_CREATE)
        public = x509.load_der_x509_certificate(certificate).public_key()
        assert isinstance(public, EllipticCurvePublicKey)  # noqa: S101  our own sample key
        self._public, self._log = public, Ed25519PrivateKey.generate()

    def cost(self, frames: Sequence[bytes], batch: int) -> Cost:
        """What it takes to make all of them durable, `batch` at a time."""
        begun, spent = time.perf_counter(), time.process_time()
        for start in range(0, len(frames), batch):
            self._keep([self._opened(each) for each in frames[start : start + batch]])
        return Cost(time.perf_counter() - begun, time.process_time() - spent)

    def close(self) -> None:
        """Let the store go."""
        self._connection.close()

    def _opened(self, frame: bytes) -> tuple[str, dict[str, bytes]]:
        """The seal, and the contents by digest, once both have been seen to hold. PartChanged, InvalidSignature."""
        start = 8 + int(frame[:8], 16)
        head = _head(frame[8:start])
        protected, _, signature = head.seal.split(".")
        raw = urlsafe_b64decode(signature + "==")
        der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
        self._public.verify(der, f"{protected}.".encode(), ECDSA(hashes.SHA256()))
        parts = {hashlib.sha256(part).hexdigest(): part for part in _cut(frame, start, head.parts)}
        sealed = _protected(urlsafe_b64decode(protected + "==")).sigD.hashV
        if [urlsafe_b64decode(each + "=").hex() for each in sealed] != list(parts):
            raise PartChanged
        return head.seal, parts

    def _keep(self, opened: Sequence[tuple[str, dict[str, bytes]]]) -> None:
        large = [item for _, parts in opened for item in parts.items() if len(item[1]) > INLINE]
        for digest, data in large:
            _put(self._objects / digest[:2] / digest, data)
        if large and not sync_filesystem(self._objects):
            os.sync()
        rows = [(hashlib.sha256(seal.encode()).hexdigest(), seal, _small(parts)) for seal, parts in opened]
        self._log.sign("".join(row[0] for row in rows).encode())
        with closing(self._connection.cursor()) as cursor:
            cursor.execute("BEGIN IMMEDIATE")
            cursor.executemany("INSERT INTO package VALUES (?, ?, ?)", rows)
            cursor.execute("COMMIT")


def _cut(frame: bytes, start: int, parts: Sequence[_Part]) -> Iterator[bytes]:
    for part in parts:
        yield frame[start : start + part.size]
        start += part.size


def _small(parts: dict[str, bytes]) -> bytes:
    return b"".join(data for data in parts.values() if len(data) <= INLINE)


def _put(path: Path, data: bytes) -> None:
    """Whole or not there: written aside, then renamed, as the product does."""
    path.parent.mkdir(exist_ok=True)
    aside = path.with_suffix(".new")
    aside.write_bytes(data)
    aside.rename(path)
