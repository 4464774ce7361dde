"""Open a package: limits, seal, head. The same for the axis and for the recipient's gateway; trusts nothing."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from lienthong.delivery.heads import canonical, head_of, refuse_secrets
from lienthong.delivery.model import Contents, Head, PartRef
from lienthong.document import package_id
from lienthong.envelope import AnyPart, Limits, Part, Reading, content_digest, manifest, seal_in, unframe, unpack
from lienthong.errors import LienThongError, RegistryStale, SealInvalid, SenderNotRepresented
from lienthong.registry import Directory
from lienthong.seal import SealResult, SealVerdict, judge, trace_of

_LONG = 256 * 1024
"""Bytes; below them the way to a thread and back costs more than it frees."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A package whose seal holds and whose head was read."""

    id: str
    sender: str
    message_id: str
    head: Head
    recipients: tuple[str, ...]  # canonical codes, in order, without repeats
    parts: tuple[PartRef, ...]
    digest: str
    seal: str
    contents: Contents
    apart: tuple[PartRef, ...]  # parts whose bytes are not among the contents: they travel apart
    signed_at: datetime | None
    expires_at: datetime | None


def open_frame(frame: bytes, directory: Directory, moment: datetime, limits: Limits) -> Opened:
    """Open the wire form of a package.

    The files inside are unpacked too: a bomb or a missing part is refused here, not met at somebody's desk. Raises
    PackageMalformed, PackageTooLarge, the seal's reason, PartMissing, PartUnexpected, EnvelopeUnreadable,
    EnvelopeUnsafe, SecretNotAllowed, SenderNotRepresented (the sealed sender is not the one in the envelope),
    RegistryStale.
    """
    seal, parts = unframe(frame, limits)
    verdict = _sealed(seal, parts, directory, moment)
    return opened(seal, parts, unpack(parts, limits), verdict, directory)


async def open_beside(frame: bytes, directory: Directory, moment: datetime, limits: Limits) -> Opened:
    """As `open_frame`; a long one in a thread, so that a circular to thousands holds nobody else up."""
    if len(frame) <= _LONG:
        return open_frame(frame, directory, moment, limits)
    return await asyncio.to_thread(open_frame, frame, directory, moment, limits)


def trace_in(frame: bytes) -> str:
    """The trace a package in its wire form was handed in with; empty for what is no package."""
    try:
        return trace_of(seal_in(frame))
    except LienThongError:
        return ""


def _sealed(seal: str, parts: Sequence[AnyPart], directory: Directory, moment: datetime) -> SealVerdict:
    verdict = judge(seal, manifest(parts), directory, moment)
    if verdict.result is SealResult.VALID:
        return verdict
    raise (verdict.reason or SealInvalid if verdict.result is SealResult.INVALID else RegistryStale)(verdict.detail)


def opened(seal: str, parts: Sequence[AnyPart], reading: Reading, verdict: SealVerdict, directory: Directory) -> Opened:
    """Put together what the seal and the head say, and check that they speak of the same sender."""
    refuse_secrets(reading)
    head, addressees = head_of(reading, directory)
    envelope_sender = canonical(directory, reading.message.sender.code)
    if envelope_sender != verdict.sender:
        raise SenderNotRepresented(f"{envelope_sender} ≠ {verdict.sender}")
    refs = manifest(parts)
    return Opened(
        id=package_id(verdict.sender, verdict.message_id),
        sender=verdict.sender,
        message_id=verdict.message_id,
        head=replace(head, answers=verdict.answers) if verdict.answers else head,
        recipients=addressees,
        parts=tuple(PartRef(*_row(ref)) for ref in refs),
        digest=content_digest(refs),
        seal=seal,
        contents={part.sha256: part.content for part in parts if isinstance(part, Part)},
        apart=tuple(PartRef(*_row(part)) for part in parts if not isinstance(part, Part)),
        signed_at=verdict.signed_at,
        expires_at=verdict.expires_at,
    )


def _row(part: AnyPart) -> tuple[str, str, int, str]:
    return part.name, part.media_type, part.size, part.sha256
