"""Signing through the gateway: what is asked and what comes back, as values."""

from dataclasses import dataclass, field
from datetime import datetime

ENDS = frozenset({"signed", "rejected", "expired", "failed"})


@dataclass(frozen=True, slots=True)
class SignaturePlace:
    """A place on a page, in points from the lower left corner; pages from 0."""

    page: int
    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True)
class Paper:
    """A PDF to sign, with what the signer is shown and where the signature is drawn (`placing`: auto or none)."""

    pdf: bytes = field(repr=False)
    title: str = ""
    number: str = ""
    place: SignaturePlace | None = None
    seal_place: SignaturePlace | None = None
    placing: str = "auto"


@dataclass(frozen=True, slots=True)
class SigningKeyView:
    """A key the agency may sign with at its gateway."""

    id: str
    kind: str
    name: str
    organisation: str
    role: str
    serial: str
    valid_from: datetime
    valid_to: datetime
    certificate: bytes = field(repr=False)
    levels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SigningSession:
    """One document's signing session; `to_be_signed` is signed with SHA-256, `code` stands on both screens."""

    id: str
    state: str
    role: str
    level: str
    person: str
    key: str
    kind: str
    title: str
    number: str
    pages: int
    display: str
    code: str
    digest: str
    to_be_signed: bytes = field(repr=False)
    sha256: str
    created: datetime
    expires: datetime
    batch: str = ""
    result: str = ""
    problem: str = ""
    problem_vi: str = ""
    problem_en: str = ""

    @property
    def over(self) -> bool:
        """Whether it has ended."""
        return self.state in ENDS
