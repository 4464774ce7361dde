"""What a look at a file finds. Plain values, kept as JSON, so that a verdict can be worked out again years later."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

FACTS_VERSION = 1
"""Grows when a field changes its meaning."""


@dataclass(frozen=True, slots=True)
class Box:
    """A place on a page, from 0, in points from the page's lower left corner as people see it (rotation applied)."""

    page: int
    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True)
class StampFact:
    """One RFC 3161 token: `kind` is "signature", "content", "document"; `signer` its certificate (SHA-256, hex).

    `intact`: its own signature and its imprint hold; None when that could not be worked out (`fault` says why).
    `purpose`: its certificate is for time stamping, critically and alone (RFC 3161 §2.3); `binds_certificate`: the
    token names its certificate by digest. The rest is for stamps over the document, with the words of SignatureFact.
    """

    kind: str
    at: datetime | None
    intact: bool | None
    signer: str
    digest: str
    sha256: str
    coverage: str = ""
    fault: str = ""
    purpose: bool = False
    binds_certificate: bool = False
    field: str = ""
    modification: str = ""
    permitted: bool = False
    revision: int = 0
    embedded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SignatureFact:
    """One signature in a field.

    `coverage` is "file", "revision" or "unclear"; `modification` "none", "long-term", "form-filling" or "other";
    `intact` None when it could not be worked out; `signer` the certificate (SHA-256, hex) or empty; `digest` and
    `scheme` as "sha256", "rsa" | "rsa-pss" | "ecdsa"; `zoned`: the claimed time says its zone; `profile` is the
    SubFilter without its slash. `binds_certificate`: the signed attributes name exactly this certificate; with
    `binds_other` they name another one. `permissions` is the DocMDP level the signature asks for (1 to 3), 0 for none;
    `covered` how many bytes of the file it speaks of, from the start; `place` and `reason` are the signer's own words.
    """

    field: str
    profile: str
    intact: bool | None
    coverage: str
    modification: str
    permitted: bool
    signer: str
    digest: str
    scheme: str
    claimed_time: datetime | None
    zoned: bool
    binds_certificate: bool
    revision: int
    box: Box | None = None
    embedded: tuple[str, ...] = ()
    stamps: tuple[StampFact, ...] = ()
    certified: bool = False
    fault: str = ""
    binds_other: bool = False
    permissions: int = 0
    covered: int = 0
    reason: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text as it stands on the page; `size` in points, `font` as the file names it."""

    text: str
    box: Box
    size: float
    font: str
    colour: tuple[float, float, float] = (0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Picture:
    """A raster picture drawn on a page or in a signature's appearance (`field`, else empty).

    `hue` in degrees and `saturation` 0..1 are medians over the visible pixels; `transparent` the share of pixels that
    let the page through.
    """

    box: Box
    field: str
    hue: float
    saturation: float
    transparent: float


@dataclass(frozen=True, slots=True)
class Looks:
    """What a person sees, as far as the form rules ask: page sizes in points, lines, pictures, words in signatures."""

    pages: tuple[tuple[float, float], ...] = ()
    lines: tuple[Line, ...] = ()
    pictures: tuple[Picture, ...] = ()
    words: Mapping[str, tuple[Line, ...]] = field(default_factory=dict)
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """The whole file. `readable` is empty, or says why nothing could be read.

    `certificates`, `crls` and `ocsps` hold what is embedded anywhere, DER by SHA-256 (hex). `active` names scripts and
    actions that start by themselves; `odd` names irregularities of structure (byte ranges, ends, double fields).
    """

    sha256: str
    size: int
    readable: str = ""
    version: int = FACTS_VERSION
    encrypted: bool = False
    archival: str = ""
    active: tuple[str, ...] = ()
    odd: tuple[str, ...] = ()
    signatures: tuple[SignatureFact, ...] = ()
    document_stamps: tuple[StampFact, ...] = ()
    certificates: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    crls: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    ocsps: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    looks: Looks | None = None
