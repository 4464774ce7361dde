"""The values of this room: roles, who signs, what is prepared, what a check found."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any, Protocol


class Role(Enum):
    """Whose signature it is (Decree 30/2020, Annex I, ô 7c, ô 8 and ô 14).

    INITIALS: who drafted or checked, before the leader. LEADER. SEAL: the agency's over the leader's. The agency alone:
    ANNEX on a separate annex, COPY on the electronic copy of a paper (Art. 25), INCOMING on a paper that was scanned.
    """

    INITIALS = "initials"
    LEADER = "leader"
    SEAL = "seal"
    ANNEX = "annex"
    COPY = "copy"
    INCOMING = "incoming"
    OTHER = "other"


FIELD_NAMES = {
    Role.INITIALS: "Initials1",
    Role.LEADER: "LeaderSignature1",
    Role.SEAL: "AgencySeal1",
    Role.ANNEX: "AnnexSignature1",
    Role.COPY: "CopySignature1",
    Role.INCOMING: "IncomingSignature1",
}
OF_PERSONS = frozenset({Role.INITIALS, Role.LEADER})
ALONE = frozenset({Role.ANNEX, Role.COPY, Role.INCOMING})
"""Roles in which the agency signs once, in the corner, with words and no picture."""


class DocumentSigner(Protocol):
    """A private key somewhere (file, token, HSM, remote service) with its certificate; loaded once by its owner."""

    @property
    def certificate(self) -> bytes:
        """The leaf certificate, DER."""
        ...

    @property
    def chain(self) -> Sequence[bytes]:
        """The certificates above the leaf, issuer first, DER; may be empty."""
        ...

    def sign(self, data: bytes) -> bytes:
        """The signature over `data` with SHA-256: RSA PKCS#1 v1.5, or ECDSA as DER."""
        ...


class Place(Protocol):
    """A box on a page in points from the lower left corner; `lienthong.layout.Rectangle` is one. Pages from 0."""

    @property
    def page(self) -> int: ...

    @property
    def left(self) -> float: ...

    @property
    def bottom(self) -> float: ...

    @property
    def right(self) -> float: ...

    @property
    def top(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Appearance:
    """How a signature looks: a transparent PNG, or a one-page PDF for words, over a place. Without both: invisible.

    `seal_place` is for the leader's signature only: where the agency's seal will go. With it the document is certified
    and only that seal may follow; without it the seal's field comes with the seal.
    """

    picture: bytes | None = None
    place: Place | None = None
    reason: str | None = None
    location: str | None = None
    seal_place: Place | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document waiting for its signature value: plain bytes and numbers, so that it can be stored between the steps.

    `to_be_signed` is the DER of the signed attributes, what a key signs with SHA-256; `digest` is their SHA-256 for
    tokens that take digests; `gap` is the byte range of the reserved hexadecimal string with its brackets.
    """

    pdf: bytes
    to_be_signed: bytes
    digest: bytes
    certificate: bytes
    chain: tuple[bytes, ...]
    gap: tuple[int, int]


class Verdict(Enum):
    """Three values; a boolean would lie."""

    VALID = "valid"
    INVALID = "invalid"
    CANNOT_TELL = "cannot tell"

    @property
    def vi(self) -> str:
        """The word in Vietnamese."""
        return {"valid": "hợp lệ", "invalid": "không hợp lệ", "cannot tell": "chưa kết luận được"}[self.value]


class LegalValue(Enum):
    """What the file may be used for."""

    ORIGINAL = "original"
    COPY = "copy"
    UNSETTLED = "unsettled"
    INFORMATION = "for information only"

    @property
    def vi(self) -> str:
        """The words in Vietnamese."""
        return {
            "original": "bản gốc điện tử",
            "copy": "bản sao điện tử",
            "unsettled": "chưa xác định giá trị",
            "for information only": "chỉ để biết",
        }[self.value]


@dataclass(frozen=True, slots=True)
class Note:
    """Something worth knowing that does not decide the verdict by itself."""

    code: str
    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class Check:
    """One question of the policy: `result` is "passed", "failed", "noted" or "not asked"."""

    code: str
    result: str


@dataclass(frozen=True, slots=True)
class SignatureFacts:
    """One signature: what was found, what follows, and the sentence for a person.

    `coverage` is "file", "revision" or "unclear"; `modification` is "none", "long-term", "form-filling" or "other";
    `integrity` is None when it could not be worked out; `chain` is "trusted", "unknown", "expired", "not-yet-valid",
    "revoked", "unfit" or "weak"; `reason` is the code of the sentence.
    `organisation` and `units` are O and each OU of the certificate, the highest body first.
    `level` is "B-B" … "B-LTA" (ETSI EN 319 142-1), "PKCS#7" or "PKCS#7+T"; `best_time` the earliest moment that a
    trusted stamp proves; `indication` and `sub_indication` are those of ETSI EN 319 102-1.
    """

    field: str
    role: Role
    signer: str
    organisation: str
    issuer: str
    serial: str
    thumbprint: str
    profile: str
    claimed_time: datetime | None
    coverage: str
    modification: str
    integrity: bool | None
    chain: str
    verdict: Verdict
    reason: str
    sentence_vi: str
    sentence_en: str
    notes: tuple[Note, ...] = ()
    level: str = ""
    best_time: datetime | None = None
    indication: str = ""
    sub_indication: str = ""
    checks: tuple[Check, ...] = ()
    units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """The whole file: every signature in order, a conclusion, and the legal value that follows.

    `policy`, `trust` and `revocation` name the versions it was judged by, `sha256` (hex) the file; with the stored
    facts of that file it can be worked out again.
    """

    conclusion: Verdict
    legal_value: LegalValue
    unsigned: bool
    sentence_vi: str
    sentence_en: str
    signatures: tuple[SignatureFacts, ...] = ()
    notes: tuple[Note, ...] = field(default=())
    sha256: str = ""
    size: int = 0
    policy: str = ""
    trust: str = ""
    revocation: str = ""
    validated_at: datetime | None = None

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON; moments in ISO 8601."""
        plain = _plain(asdict(self))
        assert isinstance(plain, dict)  # noqa: S101 - asdict of a dataclass
        return plain


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return str(value)  # a PDF library's kind of text is no plain value
    return value.isoformat() if isinstance(value, datetime) else value
