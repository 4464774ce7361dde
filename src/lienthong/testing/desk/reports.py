"""What the sample desk knows of files by their digest: a real check of the sample page, signed by a throw-away key."""

from collections.abc import Iterable
from datetime import datetime

from lienthong.client import CheckedFile, Entry, FileStand
from lienthong.errors import NotFound
from lienthong.signature import Report, validate
from lienthong.signature.reporting import Statement, state
from lienthong.testing.desk import story
from lienthong.testing.pki import MOMENT, pki


def known(sha256: str, entries: Iterable[Entry], now: datetime) -> CheckedFile:
    """The sample documents that hold the file, and the report on it. NotFound."""
    stands = tuple(FileStand(name, entry) for entry in entries for name in _names(entry, sha256))
    if not stands:
        raise NotFound(sha256)
    return CheckedFile(sha256, _report(stands[0], now).as_dict(), stands)


def signed(sha256: str, entries: Iterable[Entry], now: datetime) -> bytes:
    """The same as a gateway signs it."""
    stand = known(sha256, entries, now).stands[0]
    return state(Statement("gw-h29", _report(stand, now)), pki().gateway("gw-h29").seal_signer(), MOMENT).encode()


def _names(entry: Entry, sha256: str) -> list[str]:
    return [part.name for part in story.parts(entry) if part.sha256 == sha256]


def _report(stand: FileStand, now: datetime) -> Report:
    return validate(story.content(stand.document, stand.name), (), now)
