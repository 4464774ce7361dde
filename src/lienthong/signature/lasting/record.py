"""What a leaf of a proof tree says: names with their digests, written so that `sha256sum --check` reads it.

    0a4b…  files/15-QD.pdf
    77c1…  reports/15-QD.pdf.json

One form for everything that is to last: a document with what was known of it, or an earlier time stamp that is renewed.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lienthong.errors import EvidenceBroken, InvalidValue

MAX_LINES = 10_000
MAX_BYTES = 4 << 20
_LENGTHS = {64: "sha256", 96: "sha384", 128: "sha512"}
_LINE = re.compile(r"([0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})  ([^\\\x00-\x1f\x7f]{1,400})")


@dataclass(frozen=True, slots=True)
class Record:
    """`digests` are hex, by name, all of one `algorithm` (hashlib's name), in the order of the names."""

    algorithm: str
    digests: Mapping[str, str]

    @property
    def text(self) -> bytes:
        """The leaf's bytes."""
        return "".join(f"{digest}  {name}\n" for name, digest in self.digests.items()).encode()

    def holds(self, name: str, data: bytes) -> bool:
        """Whether it speaks of exactly these bytes under that name."""
        return self.digests.get(name) == hashlib.new(self.algorithm, data).hexdigest()


def make_record(algorithm: str, digests: Mapping[str, str]) -> Record:
    """The record of these names, sorted. InvalidValue for a name or a digest that cannot stand in a line."""
    record = Record(algorithm, dict(sorted(digests.items())))
    try:
        if read_record(record.text).algorithm != algorithm:
            raise InvalidValue(algorithm)
    except EvidenceBroken as problem:
        raise InvalidValue(problem.detail) from problem
    return record


def digests_of(algorithm: str, files: Mapping[str, bytes]) -> dict[str, str]:
    """Hex digests by name."""
    return {name: hashlib.new(algorithm, data).hexdigest() for name, data in files.items()}


def read_record(data: bytes) -> Record:
    """A record from its bytes. EvidenceBroken for whatever is not exactly one."""
    if not 0 < len(data) <= MAX_BYTES or not data.endswith(b"\n"):
        raise EvidenceBroken("a record is lines of digests and names")
    try:
        rows = [_row(line) for line in data.decode()[:-1].split("\n")]
    except UnicodeDecodeError as error:
        raise EvidenceBroken("a record is UTF-8") from error
    digests = {name: digest for digest, name in rows}
    lengths = {len(digest) for digest in digests.values()}
    if len(rows) > MAX_LINES or len(lengths) != 1 or list(digests) != sorted(set(digests)) or len(digests) != len(rows):
        raise EvidenceBroken("a record names each thing once, in order, by one kind of digest")
    return Record(_LENGTHS[lengths.pop()], digests)


def _row(line: str) -> tuple[str, str]:
    found = _LINE.fullmatch(line)
    if found is None or not is_plain(found[2]):
        raise EvidenceBroken(f"no line of a record: {line[:80]!r}")
    return found[1], found[2]


def is_plain(name: str) -> bool:
    """Whether a name is a relative path that leads nowhere else."""
    steps = name.split("/")
    return bool(name) and all(step not in {"", ".", ".."} for step in steps) and "\\" not in name


def unnamed(record: Record, names: Iterable[str]) -> list[str]:
    """Which of the names it does not speak of."""
    return [name for name in names if name not in record.digests]
