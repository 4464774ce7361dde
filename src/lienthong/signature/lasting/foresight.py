"""What will stop being provable, and when: as operators are told."""

from dataclasses import dataclass
from datetime import datetime

from lienthong.signature.lasting.keeping import Standing


@dataclass(frozen=True, slots=True)
class Concern:
    """One thing that needs a person: `of` names it, `ends` when proof is lost (None: it is not there yet)."""

    code: str
    of: str
    ends: datetime | None
    vi: str
    en: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Foresight:
    """How proofs stand, and what is to be done, the most urgent first."""

    standing: Standing
    concerns: tuple[Concern, ...]
