"""What a gateway knows of files and their signatures, as values."""

from dataclasses import dataclass, field
from typing import Any

from lienthong.client.model import Entry


@dataclass(frozen=True, slots=True)
class FileStand:
    """A document that holds a file, under the name it has there."""

    name: str
    document: Entry


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """What a gateway knows of a file: where it stands, and the report on its signatures as of now.

    `report` is none where the contents are no longer there; `facts` the SHA-256 of what was found in the file.
    """

    sha256: str
    report: dict[str, Any] | None = None
    stands: tuple[FileStand, ...] = ()
    facts: str = field(default="", repr=False)
