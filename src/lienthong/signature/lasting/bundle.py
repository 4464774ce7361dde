"""One document's full evidence as one ZIP: contents, what was known of them, and the chain of proofs.

README.txt
files/…            the document as it was received or sent
long-term/…        own files raised to B-LTA: the same bytes and more on top
facts/… reports/…  what was seen in each PDF, and what it was worth
certificates/… revocation/…   by the SHA-256 of their DER
stamps/…           time-stamp tokens (RFC 3161) by their SHA-256
proof/1/record.txt path.json  proof/2/…   the links, oldest first
receipts.json      receipts of the journey (`lienthong-bundle/1`)
"""

import hashlib
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, LargeZipFile, ZipFile, ZipInfo

from lienthong.errors import EvidenceBroken
from lienthong.signature.lasting.link import Path
from lienthong.signature.lasting.record import is_plain

README, RECEIPTS = "README.txt", "receipts.json"
FILES, ENVELOPE, LONG_TERM = "files/", "envelope/", "long-term/"
FACTS, REPORTS = "facts/", "reports/"
CERTIFICATES, REVOCATION, STAMPS = "certificates/", "revocation/", "stamps/"
MOST_FILES = 20_000
MOST_BYTES = 512 << 20
"""Of a bundle once unpacked."""
MOST_LINKS = 500
_UNPACKING = (
    BadZipFile,
    LargeZipFile,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OSError,
    EOFError,
    OverflowError,
    struct.error,
    zlib.error,
)
_SIGNS = (b"PK\x03\x04", b"PK\x05\x06")
_WHEN = (1980, 1, 1, 0, 0, 0)  # the first moment a ZIP can name: the same evidence is the same file


@dataclass(frozen=True, slots=True)
class Link:
    """A record's bytes and where they stand."""

    record: bytes = field(repr=False)
    path: Path


@dataclass(frozen=True, slots=True)
class Bundle:
    """Everything by name."""

    files: Mapping[str, bytes] = field(repr=False)

    def links(self) -> tuple[Link, ...]:
        """The chain, oldest first. EvidenceBroken for a bundle without one, or with one that cannot be read."""
        found = tuple(self._links())
        if not found:
            raise EvidenceBroken("there is no proof in the bundle")
        return found

    def under(self, folder: str) -> dict[str, bytes]:
        """The files of a folder by their names in it."""
        return {name.removeprefix(folder): data for name, data in self.files.items() if name.startswith(folder)}

    def to_zip(self) -> bytes:
        """Always the same bytes for the same files."""
        output = BytesIO()
        with ZipFile(output, "w", ZIP_DEFLATED) as archive:
            for name in sorted(self.files):
                entry = ZipInfo(name, _WHEN)
                entry.compress_type, entry.external_attr = ZIP_DEFLATED, 0o644 << 16
                archive.writestr(entry, self.files[name])
        return output.getvalue()

    @classmethod
    def from_zip(cls, data: bytes) -> "Bundle":
        """EvidenceBroken for what is no ZIP, hides names, or would fill the memory."""
        try:
            with ZipFile(BytesIO(data)) as archive:
                return cls(_unpacked(archive))
        except _UNPACKING as error:
            raise EvidenceBroken(f"the bundle cannot be unpacked: {type(error).__name__}") from error

    def _links(self) -> Iterator[Link]:
        for number in range(1, MOST_LINKS + 1):
            record, path = (self.files.get(name) for name in (record_name(number), path_name(number)))
            if record is None or path is None:
                return
            yield Link(record, Path.from_json(path))


def is_bundle(data: bytes) -> bool:
    """Whether it begins like a ZIP."""
    return data.startswith(_SIGNS)


def record_name(number: int) -> str:
    """Of a link, from 1."""
    return f"proof/{number}/record.txt"


def path_name(number: int) -> str:
    """Of a link, from 1."""
    return f"proof/{number}/path.json"


def certificate_name(der: bytes) -> str:
    """By the SHA-256 of the DER."""
    return f"{CERTIFICATES}{hashlib.sha256(der).hexdigest()}.cer"


def stamp_name(root: bytes, token: bytes) -> str:
    """By the root it is over and the SHA-256 of the token."""
    return f"{STAMPS}{root.hex()}/{hashlib.sha256(token).hexdigest()}.tst"


def _unpacked(archive: ZipFile) -> dict[str, bytes]:
    entries = [entry for entry in archive.infolist() if not entry.filename.endswith("/")]
    if len(entries) > MOST_FILES or sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise EvidenceBroken("the bundle is too large")
    names = [entry.filename for entry in entries]
    if any(entry.compress_type not in {ZIP_STORED, ZIP_DEFLATED} for entry in entries):
        raise EvidenceBroken("the bundle is packed in a way that is not taken here")
    if len(set(names)) != len(names) or not all(is_plain(name) for name in names):
        raise EvidenceBroken("the bundle names a file twice, or one outside itself")
    return {entry.filename: _read(archive, entry) for entry in entries}


def _read(archive: ZipFile, entry: ZipInfo) -> bytes:
    """Not a byte more than it said it holds."""
    with archive.open(entry) as opened:
        data = opened.read(entry.file_size + 1)
    if len(data) != entry.file_size:
        raise EvidenceBroken("a file in the bundle is larger than it says")
    return data
