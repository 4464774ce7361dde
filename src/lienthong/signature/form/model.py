"""The values of the form check."""

from dataclasses import dataclass
from datetime import date
from enum import Enum

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
    """What the message says of the file; an empty field is not compared. `seal_width` in points."""

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


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be, where, and the sentence a clerk can act on."""

    code: str
    severity: Severity
    vi: str
    en: str
    box: Box | None = None
    field: str = ""
