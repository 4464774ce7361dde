"""Open a package: limits, seal, head. The same for the axis and for the recipient's gateway; trusts nothing.

Opening has two halves. `unfold` needs nothing but the package and what the registry says of the one key its seal
names, so it may run in another process (`ports.Opener`); `settled` gives its codes the registry's own spelling.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import accumulate, pairwise

from lienthong.delivery.heads import canonical, refuse_secrets, registered, written_head
from lienthong.delivery.model import Contents, Head, PartRef
from lienthong.document import package_id
from lienthong.envelope import AnyPart, Limits, Part, Reading, content_digest, manifest, seal_in, unframe, unpack
from lienthong.errors import LienThongError, RegistryStale, SealInvalid, SenderNotRepresented
from lienthong.registry import Directory
from lienthong.seal import KeyEntry, SealingKey, SealResult, SealVerdict, judge, thumbprint_of, trace_of

_LONG = 256 * 1024
"""Bytes; below them the way to a thread and back costs more than it frees. A circular to thousands is longer."""


@dataclass(frozen=True, slots=True)
class Listed:
    """What the registry says of the one key that a seal names; the `Trust` of its judge."""

    key: KeyEntry | None
    current: bool

    def sealing_key(self, thumbprint: str) -> KeyEntry | None:
        """The key, if it is that one."""
        return self.key if self.key is not None and self.key.thumbprint == thumbprint else None

    def fresh(self, _moment: datetime) -> bool:
        """Whether the registry could be relied on when it was asked."""
        return self.current


@dataclass(frozen=True, slots=True)
class Folded:
    """A package in its wire form, and all that is needed to open it."""

    frame: bytes
    trust: Listed
    moment: datetime
    limits: Limits


@dataclass(frozen=True, slots=True)
class Unfolded:
    """A package whose seal holds and whose head was read, without its contents; codes as they are written."""

    seal: str
    sender: str
    message_id: str
    signed_at: datetime | None
    expires_at: datetime | None
    author: str  # the sender that the envelope names
    head: Head
    addressees: tuple[str, ...]
    parts: tuple[PartRef, ...]
    apart: tuple[PartRef, ...]  # those of them whose bytes travel apart
    digest: str


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


def folded(frame: bytes, directory: Directory, moment: datetime, limits: Limits) -> Folded:
    """The question of `unfold`. What is no package names no key, and is refused there."""
    try:
        entry = directory.sealing_key(thumbprint_of(seal_in(frame)))
    except LienThongError:
        entry = None
    return Folded(frame, Listed(None if entry is None else _key(entry), directory.fresh(moment)), moment, limits)


def _key(entry: SealingKey) -> KeyEntry:
    validity = entry.valid_from, entry.valid_to, entry.revoked_at
    return KeyEntry(entry.thumbprint, entry.certificate, entry.holder, entry.purpose, *validity)


def unfold(package: Folded) -> Unfolded:
    """The first half of opening.

    The files inside are unpacked too: a bomb or a missing part is refused here, not met at somebody's desk. Raises
    PackageMalformed, PackageTooLarge, the seal's reason, PartMissing, PartUnexpected, EnvelopeUnreadable,
    EnvelopeUnsafe, SecretNotAllowed, RegistryStale.
    """
    seal, parts = unframe(package.frame, package.limits)
    verdict = _sealed(seal, parts, package.trust, package.moment)
    return unfolded(seal, parts, unpack(parts, package.limits), verdict)


def opened_of(frame: bytes, found: Unfolded, directory: Directory) -> Opened:
    """The second half: what was unfolded, with the contents that lie in the frame.

    Raises SenderNotRepresented: the sealed sender is not the one in the envelope.
    """
    travelling = {part.name for part in found.apart}
    inline = [part for part in found.parts if part.name not in travelling]
    ends = accumulate((part.size for part in inline), initial=len(frame) - sum(part.size for part in inline))
    contents = {part.sha256: frame[start:end] for part, (start, end) in zip(inline, pairwise(ends), strict=True)}
    return settled(found, contents, directory)


class Here:
    """`ports.Opener` in this very process: a long one in a thread, the others between two turns of the loop."""

    async def unfold(self, packages: Sequence[Folded]) -> Sequence[Unfolded | Exception]:
        """Each by itself."""
        found = []
        for package in packages:
            long = len(package.frame) > _LONG
            found.append(await asyncio.to_thread(tried, package) if long else tried(package))
            await asyncio.sleep(0)  # a group is no longer in the way of others than a package
        return found


def tried(package: Folded) -> Unfolded | Exception:
    """What it holds, or why it cannot be opened: its fault is its own and nobody else's."""
    try:
        return unfold(package)
    except Exception as error:  # noqa: BLE001  whatever it is, the others go on
        return error


def trace_in(frame: bytes) -> str:
    """The trace a package in its wire form was handed in with; empty for what is no package."""
    try:
        return trace_of(seal_in(frame))
    except LienThongError:
        return ""


def _sealed(seal: str, parts: Sequence[AnyPart], trust: Listed, moment: datetime) -> SealVerdict:
    verdict = judge(seal, manifest(parts), trust, moment)
    if verdict.result is SealResult.VALID:
        return verdict
    raise (verdict.reason or SealInvalid if verdict.result is SealResult.INVALID else RegistryStale)(verdict.detail)


def opened(seal: str, parts: Sequence[AnyPart], reading: Reading, verdict: SealVerdict, directory: Directory) -> Opened:
    """Put together what a seal of our own and the head say."""
    contents = {part.sha256: part.content for part in parts if isinstance(part, Part)}
    return settled(unfolded(seal, parts, reading, verdict), contents, directory)


def unfolded(seal: str, parts: Sequence[AnyPart], reading: Reading, verdict: SealVerdict) -> Unfolded:
    """What the seal and the head say. Raises SecretNotAllowed, EnvelopeUnreadable."""
    refuse_secrets(reading)
    head, addressees = written_head(reading)
    refs = manifest(parts)
    return Unfolded(
        seal=seal,
        sender=verdict.sender,
        message_id=verdict.message_id,
        signed_at=verdict.signed_at,
        expires_at=verdict.expires_at,
        author=str(reading.message.sender.code or ""),
        head=replace(head, answers=verdict.answers) if verdict.answers else head,
        addressees=addressees,
        parts=tuple(PartRef(*_row(ref)) for ref in refs),
        apart=tuple(PartRef(*_row(part)) for part in parts if not isinstance(part, Part)),
        digest=content_digest(refs),
    )


def settled(found: Unfolded, contents: Mapping[str, bytes], directory: Directory) -> Opened:
    """With the registry's codes; seal and head must speak of the same sender. Raises SenderNotRepresented."""
    head, recipients = registered(found.head, found.addressees, directory)
    author = canonical(directory, found.author)
    if author != found.sender:
        raise SenderNotRepresented(f"{author} ≠ {found.sender}")
    return Opened(
        id=package_id(found.sender, found.message_id),
        sender=found.sender,
        message_id=found.message_id,
        head=head,
        recipients=recipients,
        parts=found.parts,
        digest=found.digest,
        seal=found.seal,
        contents=contents,
        apart=found.apart,
        signed_at=found.signed_at,
        expires_at=found.expires_at,
    )


def _row(part: AnyPart) -> tuple[str, str, int, str]:
    return part.name, part.media_type, part.size, part.sha256
