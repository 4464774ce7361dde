"""What is asked of the signing addresses and what they answer."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

import msgspec
from asn1crypto import x509

from lienthong.errors import by_code
from lienthong.signature.keys import KeyKind, SigningKey
from lienthong.signature.model import Role
from lienthong.signature.roles import kind_of
from lienthong.signature.session.keeping import Kept
from lienthong.signature.session.model import Level

# a dollar alone would let a newline through at the end
Id = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9._:~-]{1,100}$(?!\n)")]
Words = Annotated[str, msgspec.Meta(max_length=500)]


@dataclass(frozen=True, slots=True)
class Box:
    """A place on a page, in points from the lower left corner; pages from 0."""

    page: Annotated[int, msgspec.Meta(ge=0, le=100_000)]
    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True)
class Paper:
    """One document of a request; its bytes are the file at the same place of `files`.

    `place` is where the signature is drawn; without it `placing` says `auto` (found by the gateway) or `none`
    (invisible). `seal_place` beside a leader's place keeps the seal's place free.
    """

    title: Words = ""
    number: Words = ""
    place: Box | None = None
    seal_place: Box | None = None
    placing: Annotated[str, msgspec.Meta(pattern="^(auto|none)$(?!\n)")] = "auto"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be signed, by whom, with which key.

    `id` is the caller's own: the same again gives the same sessions. `key` is one of `/v1/signatures/keys`; for a key
    in a person's hands `kind` is `browser`, with its `certificate` (and `chain`) in base64 of DER, or `plugin`, whose
    certificate may come only with the file: then it must be of `person`, or of the agency.
    `picture` is the signature's picture, base64 of a transparent PNG. `copied` is the form of a copy (Decree 30/2020,
    Art. 25) for the role `copy`.
    """

    id: Id
    role: Role
    person: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    documents: Annotated[tuple[Paper, ...], msgspec.Meta(min_length=1, max_length=200)]
    key: Annotated[str, msgspec.Meta(max_length=100)] = ""
    kind: KeyKind = KeyKind.BROWSER
    certificate: bytes = b""
    chain: Annotated[tuple[bytes, ...], msgspec.Meta(max_length=8)] = ()
    level: Level = Level.B
    picture: bytes = b""
    copied: Annotated[str, msgspec.Meta(pattern="^(SAO Y|SAO LỤC|TRÍCH SAO)$(?!\n)")] = "SAO Y"


@dataclass(frozen=True, slots=True)
class Answer:
    """What completes a session: a signature value or a CMS (base64), or, for a key of the gateway, its PIN or code.

    All empty asks a key that needs no secret.
    """

    value: bytes = b""
    cms: bytes = b""
    secret: Annotated[str, msgspec.Meta(max_length=200)] = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class SessionView:
    """One document's signing session.

    `state`: prepared, waiting, signed, rejected, expired, failed. `to_be_signed` is signed with SHA-256, `digest` is
    that SHA-256; `code` stands on both screens. `sha256` is the document as it came, `result` the signed one.
    """

    id: str
    batch: str
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
    to_be_signed: bytes
    sha256: str
    created: datetime
    expires: datetime
    result: str = ""
    placed: str = ""
    problem: str = ""
    problem_vi: str = ""
    problem_en: str = ""


@dataclass(frozen=True, slots=True)
class KeyView:
    """A key the agency may sign with here.

    `role` is what its certificate is made for: leader, seal or other; `levels` how much proof its signatures may carry.
    """

    id: str
    kind: str
    name: str
    organisation: str
    role: str
    serial: str
    valid_from: datetime
    valid_to: datetime
    certificate: bytes
    levels: tuple[str, ...] = ()


def session_view(kept: Kept) -> SessionView:
    """A session as its agency sees it."""
    own = kept.session
    problem = by_code(own.problem) if own.problem else None
    return SessionView(
        id=own.id,
        batch=own.batch,
        state=own.state.value,
        role=own.role.value,
        level=own.level.value,
        person=own.person,
        key=own.key,
        kind=own.kind.value,
        title=own.display.title,
        number=own.display.number,
        pages=own.display.pages,
        display=own.display.text,
        code=own.code,
        digest=own.digest.hex(),
        to_be_signed=kept.to_be_signed,
        sha256=own.document,
        created=own.created,
        expires=own.expires,
        result=own.result,
        placed=kept.placed,
        problem=own.problem,
        problem_vi=problem.vi if problem else "",
        problem_en=problem.en if problem else "",
    )


def key_view(key: SigningKey, levels: Sequence[Level]) -> KeyView:
    """A key with what its certificate says."""
    certificate = x509.Certificate.load(key.certificate)
    subject = certificate.subject.native
    return KeyView(
        id=key.id,
        kind=key.kind.value,
        name=_text(subject.get("common_name", "")),
        organisation=_text(subject.get("organization_name", "")),
        role=kind_of(certificate).value,
        serial=f"{certificate.serial_number:x}",
        valid_from=certificate.not_valid_before,
        valid_to=certificate.not_valid_after,
        certificate=key.certificate,
        levels=tuple(each.value for each in levels),
    )


def _text(value: str | Sequence[str]) -> str:
    return value if isinstance(value, str) else ", ".join(value)
