"""Open a package: limits, seal, head. The same for the axis and for the recipient's gateway; trusts nothing.

    frame ─► loose: its parts and their digests ─► unfold: seal judged, envelope read ─► settled: the registry's codes

`unfold` needs the envelope, the digests, and what the registry says of the one key that the seal names, so it may run
in another process (`ports.Opener`), and files stay where they are.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import TypeVar

from lienthong.delivery.heads import canonical, refuse_secrets, registered, written_head
from lienthong.delivery.model import Contents, Head, PartRef
from lienthong.document import package_id
from lienthong.envelope import AnyPart, Frame, Limits, Part, Reading, content_digest, manifest, seal_in, unframe, unpack
from lienthong.envelope import PartRef as Ref
from lienthong.errors import LienThongError, PackageTooLarge, RegistryStale, SealInvalid, SenderNotRepresented
from lienthong.registry import Directory
from lienthong.seal import KeyEntry, SealingKey, SealResult, SealVerdict, judge, thumbprint_of, trace_of

T = TypeVar("T")
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
class Loose:
    """A package in its wire form taken apart; nothing of it is proved."""

    seal: str
    parts: tuple[AnyPart, ...]


@dataclass(frozen=True, slots=True)
class Folded:
    """All that opening asks: the envelope, the digests of all parts, what is known of the seal's key.

    Plain values, so that another process may be asked. `envelope` is None where it travels apart, which none may.
    """

    seal: str
    envelope: bytes | None
    parts: tuple[Ref, ...]
    trust: Listed
    moment: datetime
    limits: Limits

    @property
    def size(self) -> int:
        """Bytes to be read."""
        return len(self.envelope or b"")

    def readable(self) -> tuple[AnyPart, ...]:
        """The parts, the envelope with its bytes."""
        if self.envelope is None:
            return self.parts
        first, *files = self.parts
        return (Part(first.name, first.media_type, self.envelope), *files)


@dataclass(frozen=True, slots=True)
class Unfolded:
    """What seal and envelope of a package say, its seal proved; codes as they are written."""

    sender: str
    message_id: str
    signed_at: datetime | None
    expires_at: datetime | None
    author: str  # the sender that the envelope names
    head: Head
    addressees: tuple[str, ...]
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


Unfold = Callable[[Sequence[Folded]], Awaitable[Sequence[Unfolded | Exception]]]
"""As `ports.Opener` does."""


async def opened_all(
    frames: Sequence[Frame], unfold: Unfold, directory: Directory, moment: datetime, limits: Limits
) -> Sequence[Opened | Exception]:
    """Each package opened, or why it cannot be, in order."""
    packages = await _loosened(frames, limits)
    asked = [folded(each, directory, moment, limits) for each in packages if isinstance(each, Loose)]
    found = iter(await unfold(asked))
    return [each if isinstance(each, Exception) else _settled(next(found), each, directory) for each in packages]


def _settled(found: Unfolded | Exception, package: Loose, directory: Directory) -> Opened | Exception:
    return found if isinstance(found, Exception) else tried(partial(settled, found, package, directory))


async def _loosened(frames: Sequence[Frame], limits: Limits) -> Sequence[Loose | Exception]:
    """Taken apart, digests and all; in a thread when they are long."""
    work = partial(_loosened_here, frames, limits)
    return await asyncio.to_thread(work) if sum(map(len, frames)) > _LONG else work()


def _loosened_here(frames: Sequence[Frame], limits: Limits) -> list[Loose | Exception]:
    return [tried(partial(loose, frame, limits)) for frame in frames]


def loose(frame: Frame, limits: Limits) -> Loose:
    """Take a package apart and the digest of each part. Raises PackageMalformed, PackageTooLarge."""
    seal, parts = unframe(frame, limits)
    for part in parts[1:]:
        if isinstance(part, Part) and part.size > limits.attachment_bytes:
            raise PackageTooLarge(f"{part.name}: {part.size} > {limits.attachment_bytes}")
    manifest(parts)
    return Loose(seal, parts)


def folded(package: Loose, directory: Directory, moment: datetime, limits: Limits) -> Folded:
    """The question of `unfold`: files beside the envelope are nobody's to look into, their digests are enough."""
    entry = directory.sealing_key(thumbprint_of(package.seal))
    trust = Listed(None if entry is None else _key(entry), directory.fresh(moment))
    first = package.parts[0]
    envelope = first.content if isinstance(first, Part) else None
    return Folded(package.seal, envelope, manifest(package.parts), trust, moment, limits)


def _key(entry: SealingKey) -> KeyEntry:
    validity = entry.valid_from, entry.valid_to, entry.revoked_at
    return KeyEntry(entry.thumbprint, entry.certificate, entry.holder, entry.purpose, *validity)


def unfold(package: Folded) -> Unfolded:
    """The first half of opening.

    What lies in the envelope is unpacked too: a bomb or a missing part is refused here, not met at somebody's desk.
    Raises PackageMalformed, PackageTooLarge, the seal's reason, PartMissing, PartUnexpected, EnvelopeUnreadable,
    EnvelopeUnsafe, SecretNotAllowed, RegistryStale.
    """
    verdict = _sealed(package.seal, package.parts, package.trust, package.moment)
    return unfolded(package.parts, unpack(package.readable(), package.limits), verdict)


class Here:
    """`ports.Opener` in this very process: a long one in a thread, the others between two turns of the loop."""

    async def unfold(self, packages: Sequence[Folded]) -> Sequence[Unfolded | Exception]:
        """Each by itself."""
        found = []
        for package in packages:
            work = partial(tried, partial(unfold, package))
            found.append(await asyncio.to_thread(work) if package.size > _LONG else work())
            await asyncio.sleep(0)  # a group is no longer in the way of others than a package
        return found


def tried(work: Callable[[], T]) -> T | Exception:
    """What it gives, or why it cannot: the fault of a package is its own and nobody else's."""
    try:
        return work()
    except Exception as error:  # noqa: BLE001  whatever it is, the others go on
        return error


def trace_in(frame: Frame) -> str:
    """The trace a package in its wire form was handed in with; empty for what is no package."""
    try:
        return trace_of(seal_in(frame))
    except LienThongError:
        return ""


def _sealed(seal: str, parts: Sequence[Ref], trust: Listed, moment: datetime) -> SealVerdict:
    verdict = judge(seal, parts, trust, moment)
    if verdict.result is SealResult.VALID:
        return verdict
    raise (verdict.reason or SealInvalid if verdict.result is SealResult.INVALID else RegistryStale)(verdict.detail)


def opened(package: Loose, reading: Reading, verdict: SealVerdict, directory: Directory) -> Opened:
    """Put together what a seal of our own and the head say."""
    return settled(unfolded(manifest(package.parts), reading, verdict), package, directory)


def unfolded(parts: Sequence[Ref], reading: Reading, verdict: SealVerdict) -> Unfolded:
    """What the seal and the head say. Raises SecretNotAllowed, EnvelopeUnreadable."""
    refuse_secrets(reading)
    head, addressees = written_head(reading)
    return Unfolded(
        sender=verdict.sender,
        message_id=verdict.message_id,
        signed_at=verdict.signed_at,
        expires_at=verdict.expires_at,
        author=str(reading.message.sender.code or ""),
        head=replace(head, answers=verdict.answers) if verdict.answers else head,
        addressees=addressees,
        digest=content_digest(parts),
    )


def settled(found: Unfolded, package: Loose, directory: Directory) -> Opened:
    """The second half: what was unfolded, with the registry's codes and the contents that are here.

    Raises SenderNotRepresented: the sealed sender is not the one in the envelope.
    """
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
        parts=tuple(map(_row, package.parts)),
        digest=found.digest,
        seal=package.seal,
        contents={part.sha256: part.content for part in package.parts if isinstance(part, Part)},
        apart=tuple(_row(part) for part in package.parts if not isinstance(part, Part)),
        signed_at=found.signed_at,
        expires_at=found.expires_at,
    )


def _row(part: AnyPart) -> PartRef:
    return PartRef(part.name, part.media_type, part.size, part.sha256)
