"""The values of the form check."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from lienthong.signature.facts.model import Box


class Severity(Enum):
    """How much a finding weighs: an error is to be mended before sending."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Part(Enum):
    """What of a package a file is."""

    MAIN = "main"
    ANNEX = "annex"
    COPY = "copy"


@dataclass(frozen=True, slots=True)
class Expected:
    """What the message says of the file; an empty field is not compared. `seal_width` in points.

    `codes` are tax and budget codes of the issuing body ("MST:…", "MNS:…"); `parents` the names of bodies above it,
    which a person's certificate may name in its place. `seen`: when the check is made.
    """

    part: Part = Part.MAIN
    organisation: str = ""
    codes: tuple[str, ...] = ()
    signer: str = ""
    competence: str = ""
    number: str = ""
    notation: str = ""
    issued: date | None = None
    copy_form: str = ""
    seal_width: float | None = None
    parents: tuple[str, ...] = ()
    seen: datetime | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be, where, and the sentence a clerk can act on."""

    code: str
    severity: Severity
    vi: str
    en: str
    box: Box | None = None
    field: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON; a box with its page from 0 and its edges in points."""
        return asdict(self) | {"severity": self.severity.value}

    @classmethod
    def from_dict(cls, told: dict[str, Any]) -> "Finding":
        """The finding `as_dict` told. Raises KeyError, TypeError or ValueError for anything else."""
        box = Box(**told["box"]) if told.get("box") else None
        words = {name: str(told[name]) for name in ("code", "vi", "en", "field")}
        return cls(severity=Severity(told["severity"]), box=box, **words)
