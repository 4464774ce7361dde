"""Documents on their way through a session: prepared with their place and picture, and put together again."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

import msgspec
from asn1crypto import cms as asn1
from pyhanko.pdf_utils.reader import PdfFileReader

from lienthong import signature
from lienthong.delivery.ports import Timestamper
from lienthong.errors import AlgorithmNotAllowed, InvalidValue, SignatureProblem, SigningDiffers
from lienthong.gateway.signing_places import appearance
from lienthong.gateway.signing_views import Paper, Wish
from lienthong.signature import Prepared, Role
from lienthong.signature.cms import signed_data
from lienthong.signature.facts.model import Facts
from lienthong.signature.keys import KeyKind, SigningKey
from lienthong.signature.model import OF_PERSONS
from lienthong.signature.session.checks import Trusting, require_leader, require_readable, require_usable
from lienthong.signature.session.keeping import Kept
from lienthong.signature.session.model import LIFETIME, Display, Level, Session
from lienthong.signature.session.returned import Awaited, take
from lienthong.signature.session.signer import Signer
from lienthong.signature.session.values import settled

_decoded = msgspec.msgpack.Decoder(Prepared).decode
_BY_HAND = frozenset({KeyKind.BROWSER, KeyKind.PLUGIN})


def prepared_papers(
    tenant: str,
    organisation: str,
    wish: Wish,
    files: Sequence[bytes],
    key: SigningKey | None,
    trusting: Trusting,
    now: datetime,
    looked: Sequence[Facts],
) -> list[tuple[Kept, bytes]]:
    """For each document what is kept of its session and the object that goes with it. Takes time: not in the loop.

    `looked` are the facts of the files, with their looks where places are to be found from the text. The session's id
    is still the wish's. Raises InvalidValue, SignatureProblem, AlgorithmNotAllowed.
    """
    by = _by(wish, key, organisation)
    if by.certificate:
        require_usable(by.certificate, by.chain, wish.role, trusting, now)
    for facts in looked:
        require_readable(facts)
        if wish.role is Role.SEAL:
            require_leader(facts, trusting, now)
    made = [
        (paper, file, *_prepared(paper, file, wish, by, (seen, now)))
        for paper, file, seen in zip(wish.documents, files, looked, strict=True)
    ]
    code = _code([prepared.digest for _, _, prepared, _ in made])
    return [
        _kept(tenant, wish, (paper, file), (prepared, placed), by, code, now) for paper, file, prepared, placed in made
    ]


def restored(blob: bytes) -> Prepared:
    """What was prepared, from its object."""
    return _decoded(blob)


async def assembled(prepared: Prepared, level: Level, stamper: Timestamper | None, value: bytes, cms: bytes) -> bytes:
    """The signed file of a value or a CMS. Raises SigningDiffers for what is not of this session; Unavailable."""
    try:
        content = cms or await asyncio.to_thread(_content, prepared, value)
        if level is not Level.B and stamper is not None:
            token = await stamper.stamp(hashlib.sha256(_value(content)).digest())
            content = await asyncio.to_thread(stamped, content, token)
        return await asyncio.to_thread(_filled, prepared, content)
    except SignatureProblem as error:
        raise SigningDiffers(error.detail) from error


def returned(kept: Kept, pdf: bytes, file: bytes, trusting: Trusting, now: datetime) -> tuple[bytes, bytes]:
    """A file signed by a person's own program, and the certificate it was signed with. Raises SigningDiffers."""
    own = kept.session
    known = frozenset({kept.certificate}) if kept.certificate else frozenset[str]()
    found = take(file, Awaited(pdf, Signer(own.role, kept.signer, known), own.created, own.expires))
    try:
        require_usable(found.certificate, (), own.role, trusting, now)
    except SignatureProblem as error:
        raise SigningDiffers(error.detail) from error
    return found.pdf, found.certificate


def _filled(prepared: Prepared, content: bytes) -> bytes:
    return signature.fill(prepared.pdf, prepared.gap, content)


def _content(prepared: Prepared, value: bytes) -> bytes:
    value = settled(prepared.certificate, prepared.to_be_signed, value)
    return signed_data(prepared.to_be_signed, value, prepared.certificate, prepared.chain)


def _value(content: bytes) -> bytes:
    try:
        return bytes(_signer_info(asn1.ContentInfo.load(content))["signature"].native)
    except (ValueError, TypeError, KeyError, IndexError) as error:
        raise SigningDiffers(f"CMS: {type(error).__name__}") from error


def stamped(content: bytes, token: bytes) -> bytes:
    """A CMS with a time-stamp token over its signature value (RFC 3161, Appendix A)."""
    parsed = asn1.ContentInfo.load(content)
    attribute = {"type": "signature_time_stamp_token", "values": [asn1.ContentInfo.load(token)]}
    _signer_info(parsed)["unsigned_attrs"] = asn1.CMSAttributes([attribute])
    return bytes(parsed.dump())


def _signer_info(content: asn1.ContentInfo) -> asn1.SignerInfo:
    return content["content"]["signer_infos"][0]


@dataclass(frozen=True, slots=True)
class _By:
    """With what is signed, and for whom."""

    kind: KeyKind
    certificate: bytes
    chain: tuple[bytes, ...]
    organisation: str
    signer: str


def _by(wish: Wish, key: SigningKey | None, organisation: str) -> _By:
    signer = wish.person if wish.role in OF_PERSONS else organisation
    if key is not None:
        return _By(key.kind, key.certificate, tuple(key.chain), organisation, signer)
    if wish.kind not in _BY_HAND or not (wish.certificate or wish.kind is KeyKind.PLUGIN):
        raise InvalidValue("key, hoặc/or kind: browser + certificate | plugin")
    return _By(wish.kind, wish.certificate, wish.chain, organisation, signer)


def _prepared(paper: Paper, file: bytes, wish: Wish, by: _By, seen: tuple[Facts, datetime]) -> tuple[Prepared, str]:
    """What is to be signed, and how its place was found."""
    facts, now = seen
    if by.kind is KeyKind.PLUGIN:  # its program writes the signature into the file itself
        digest = hashlib.sha256(file).digest()
        return Prepared(file, b"", digest, by.certificate, by.chain, (0, 0)), ""
    try:
        look, placed = appearance(paper, _pages(file), wish, by.organisation, facts, now)
        return signature.prepare(file, wish.role, by.certificate, by.chain, look, now), placed
    except (AlgorithmNotAllowed, SignatureProblem):
        raise
    except (ValueError, TypeError, KeyError) as error:
        raise SignatureProblem(f"{type(error).__name__}: {error}") from error


def _kept(
    tenant: str, wish: Wish, given: tuple[Paper, bytes], made: tuple[Prepared, str], by: _By, code: str, now: datetime
) -> tuple[Kept, bytes]:
    (paper, file), (prepared, placed) = given, made
    sha256 = hashlib.sha256(file).hexdigest()
    session = Session(
        id=wish.id,
        tenant=tenant,
        document=sha256,
        person=wish.person,
        role=wish.role,
        level=wish.level,
        key=wish.key,
        kind=by.kind,
        display=Display(paper.title, paper.number, sha256, _pages(file)),
        code=code,
        digest=prepared.digest,
        created=now,
        expires=now + LIFETIME,
        batch=wish.id if len(wish.documents) > 1 else "",
    )
    blob = msgspec.msgpack.encode(prepared)
    digest = hashlib.sha256(blob).hexdigest()
    kept = Kept(
        session,
        "",
        digest,
        len(blob),
        len(file),
        to_be_signed=prepared.to_be_signed,
        signer=by.signer,
        certificate=_sha256(by.certificate),
        placed=placed,
    )
    return kept, blob


def _sha256(certificate: bytes) -> str:
    return hashlib.sha256(certificate).hexdigest() if certificate else ""


def _code(digests: Sequence[bytes]) -> str:
    """Four digits that follow from all that is signed: one that differs on the device shows another order."""
    return f"{int.from_bytes(hashlib.sha256(b''.join(digests)).digest()[:8], 'big') % 10_000:04d}"


def _pages(file: bytes) -> int:
    try:
        count = PdfFileReader(BytesIO(file), strict=False).root["/Pages"]["/Count"]
        return int(count)
    except Exception as error:  # hostile files provoke anything in the parser
        raise SignatureProblem(f"this is not a readable PDF: {type(error).__name__}") from error
