"""What a verification found, in values and in plain words."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self


class ProofResult(StrEnum):
    """Three-valued: a doubt is not a proof, and not a forgery either."""

    PROVED = "proved"
    NOT_PROVED = "not-proved"
    CANNOT_TELL = "cannot-tell"

    @property
    def vi(self) -> str:
        words = {"proved": "ĐÃ CHỨNG MINH", "not-proved": "KHÔNG CHỨNG MINH ĐƯỢC", "cannot-tell": "CHƯA KẾT LUẬN ĐƯỢC"}
        return words[self]

    @property
    def en(self) -> str:
        return {"proved": "PROVED", "not-proved": "NOT PROVED", "cannot-tell": "CANNOT TELL"}[self]


@dataclass(frozen=True, slots=True)
class Words:
    """One sentence, Vietnamese first."""

    vi: str
    en: str

    def sentence(self, language: str = "vi") -> str:
        return self.vi if language == "vi" else self.en


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `code` is stable; `ok` is None when it cannot be told; `about` names a file or receipt."""

    code: str
    ok: bool | None
    vi: str
    en: str
    about: str = ""

    def sentence(self, language: str = "vi") -> str:
        """The finding in words."""
        return self.vi if language == "vi" else self.en


@dataclass(frozen=True, slots=True)
class Proof:
    """The findings, and what even a full proof does not say (`limits`)."""

    findings: tuple[Finding, ...]
    limits: tuple[Words, ...] = ()

    @property
    def result(self) -> ProofResult:
        """The worst of the findings."""
        return {True: ProofResult.PROVED, False: ProofResult.NOT_PROVED, None: ProofResult.CANNOT_TELL}[self.certain]

    @property
    def certain(self) -> bool | None:
        """The result as a finding would have it; None when nothing was looked at."""
        return _worst([finding.ok for finding in self.findings])

    def found(self, code: str) -> bool | None:
        """What was found under a code; False if any was false, None if it was not looked at or not certain."""
        return _worst([finding.ok for finding in self.findings if finding.code == code])

    def joined(self, other: Self) -> "Proof":
        """Both proofs as one; limits stand once."""
        return Proof(self.findings + other.findings, tuple(dict.fromkeys(self.limits + other.limits)))

    def as_dict(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "result": self.result.value,
            "findings": [
                {"code": f.code, "ok": f.ok, "vi": f.vi, "en": f.en} | ({"about": f.about} if f.about else {})
                for f in self.findings
            ],
            "limits": [{"vi": words.vi, "en": words.en} for words in self.limits],
        }


def _worst(values: list[bool | None]) -> bool | None:
    if False in values:
        return False
    return True if values and None not in values else None
