"""The parts of a package as evidence knows them: name, media type, size and SHA-256, and one digest over all."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

from lienthong.errors import InvalidValue
from lienthong.evidence.canonical import canonical

MAX_LISTED = 48 << 10  # leaves the event's other fields 16 KiB of a 64 KiB log entry
_DIGEST = re.compile(r"[0-9a-f]{64}")


class PartLike(Protocol):
    """What any room's reference to a part looks like."""

    @property
    def name(self) -> str: ...
    @property
    def media_type(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def sha256(self) -> str: ...


@dataclass(frozen=True, slots=True)
class ManifestPart:
    """One part: size in bytes, SHA-256 in lower-case hex."""

    name: str
    media_type: str
    size: int
    sha256: str

    def __post_init__(self) -> None:
        if not is_digest(self.sha256) or self.size < 0:
            raise InvalidValue(f"manifest part {self.name!r}")

    @classmethod
    def of(cls, part: PartLike) -> "ManifestPart":
        """From any room's reference to a part."""
        return cls(part.name, part.media_type, part.size, part.sha256)

    def as_dict(self) -> dict[str, str | int]:
        """As JSON values."""
        return {"name": self.name, "media_type": self.media_type, "size": self.size, "sha256": self.sha256}


def manifest_digest(parts: Iterable[PartLike]) -> str:
    """The content digest of a package: SHA-256 (hex) of canonical JSON [[name, media_type, size, sha256],...]."""
    rows = [[part.name, part.media_type, part.size, part.sha256] for part in parts]
    return sha256(canonical(rows)).hexdigest()


def listable(parts: Iterable[PartLike]) -> tuple[ManifestPart, ...] | None:
    """The parts for an event to carry, or None when so many would burst its log entry: they go beside the receipt then.

    The digest in the event covers them either way.
    """
    listed = tuple(ManifestPart.of(part) for part in parts)
    return listed if len(canonical([part.as_dict() for part in listed])) <= MAX_LISTED else None


def is_digest(text: str) -> bool:
    """Whether it reads as a SHA-256 in lower-case hex."""
    return bool(_DIGEST.fullmatch(text))
