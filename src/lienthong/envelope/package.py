"""A package as ordered parts: part 0 is the edXML message, the others are its attachments."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from lienthong.envelope.limits import DEFAULT, Limits
from lienthong.envelope.model import Attachment, Content, Edoc, Reading, StatusMessage
from lienthong.envelope.reader import read
from lienthong.envelope.writer import write
from lienthong.errors import PackageMalformed, PackageTooLarge, PartMissing, PartUnexpected

MESSAGE_PART = "message.edxml"
MESSAGE_TYPE = "application/xml"

_NAME = re.compile(r"[^/\\\x00-\x1f\x7f\s][^/\\\x00-\x1f\x7f]{0,199}")
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9.+*!#$&^_-]{1,100}/[A-Za-z0-9.+*!#$&^_-]{1,100}(;[ -~]{0,100})?")


def check_part(name: str, media_type: str) -> None:
    """Raises `PackageMalformed` for a part name that could be a path or a media type that is none."""
    if not _NAME.fullmatch(name) or not name.isprintable() or name in {".", ".."}:
        raise PackageMalformed(f"tên phần / part name: {name[:60]!r}")
    if not _MEDIA_TYPE.fullmatch(media_type):
        raise PackageMalformed(f"kiểu nội dung / media type: {media_type[:60]!r}")


@dataclass(frozen=True, slots=True)
class Part:
    """One part with its bytes. Raises `PackageMalformed` on a name or media type that could do harm."""

    name: str
    media_type: str
    content: bytes = field(repr=False)
    _digest: str = field(init=False, default="", repr=False, compare=False)

    def __post_init__(self) -> None:
        check_part(self.name, self.media_type)

    @property
    def size(self) -> int:
        """Bytes of the content."""
        return len(self.content)

    @property
    def sha256(self) -> str:
        """Hex SHA-256 of the content; taken once, for seal, manifest and store all ask."""
        if not self._digest:
            object.__setattr__(self, "_digest", hashlib.sha256(self.content).hexdigest())
        return self._digest


@dataclass(frozen=True, slots=True)
class PartRef:
    """One part by name, media type, size in bytes and hex SHA-256: its bytes are elsewhere, or are not asked for."""

    name: str
    media_type: str
    size: int
    sha256: str


AnyPart = Part | PartRef
"""A part with its bytes, or one whose bytes travel apart."""


def manifest(parts: Sequence[AnyPart]) -> tuple[PartRef, ...]:
    """The parts without their bytes, in order."""
    return tuple(PartRef(part.name, part.media_type, part.size, part.sha256) for part in parts)


def content_digest(refs: Sequence[PartRef]) -> str:
    """Hex SHA-256 of the canonical JSON `[[name, media_type, size, sha256], …]` (no spaces, UTF-8, as they stand)."""
    rows = [[ref.name, ref.media_type, ref.size, ref.sha256] for ref in refs]
    text = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def pack(message: Edoc | StatusMessage, files: Mapping[str, bytes] | None = None) -> tuple[AnyPart, ...]:
    """The parts of a message: strict edXML first, then each attachment as a sibling named by its content id.

    `files` (content id → bytes) gives contents the attachments do not hold themselves; one whose size and digest are
    known stays without its bytes. Raises `PartMissing`, `PartUnexpected`, and what `write` raises.
    """
    attachments = message.attachments if isinstance(message, Edoc) else ()
    given = files or {}
    stray = given.keys() - {attachment.content_id for attachment in attachments}
    if stray:
        raise PartUnexpected(", ".join(sorted(stray)))
    first = Part(MESSAGE_PART, MESSAGE_TYPE, write(message, None))
    return (first, *(_part(attachment, given) for attachment in attachments))


def _part(attachment: Attachment, files: Mapping[str, bytes]) -> AnyPart:
    given = files.get(attachment.content_id)
    if given is None and attachment.content.held is None and attachment.sha256:
        check_part(attachment.content_id, attachment.media_type)
        return PartRef(attachment.content_id, attachment.media_type, attachment.size, attachment.sha256)
    data = attachment.content.data if given is None else given
    return Part(attachment.content_id, attachment.media_type, data)


def unpack(parts: Sequence[AnyPart], limits: Limits = DEFAULT) -> Reading:
    """Read a package: the message of part 0, its attachments' contents from inline or from sibling parts.

    A sibling is the file itself: it is never unpacked, so one whose bytes are elsewhere is taken by size and digest.
    Raises what `read` raises, `PartMissing` for an attachment found nowhere, `PartUnexpected` for a part nothing
    refers to, `PackageTooLarge`, and `PackageMalformed` for no parts at all.
    """
    if not parts:
        raise PackageMalformed("không có phần nào / no parts")
    if len(parts) > limits.parts:
        raise PackageTooLarge(f"{len(parts)} > {limits.parts} phần / parts")
    if not isinstance(parts[0], Part):
        raise PackageMalformed("phong bì không đi riêng / the envelope does not travel apart")
    _check_sizes(parts, limits)
    reading = read(parts[0].content, limits)
    siblings = {part.name: part for part in parts[1:]}
    if len(siblings) < len(parts) - 1:
        raise PackageMalformed("tên phần trùng nhau / repeated part name")
    return _resolved(reading, siblings, limits)


def _check_sizes(parts: Sequence[AnyPart], limits: Limits) -> None:
    for part in parts:
        if isinstance(part, PartRef) and part.size > limits.large_bytes:
            raise PackageTooLarge(f"{part.name}: {part.size} > {limits.large_bytes}")
    total = sum(part.size for part in parts)
    if total > limits.total_bytes:
        raise PackageTooLarge(f"{total} > {limits.total_bytes}")


def _resolved(reading: Reading, siblings: Mapping[str, AnyPart], limits: Limits) -> Reading:
    message = reading.message
    attachments = message.attachments if isinstance(message, Edoc) else ()
    stray = siblings.keys() - {attachment.content.part for attachment in attachments}
    if stray:
        raise PartUnexpected(", ".join(sorted(stray)))
    found = tuple(_with_content(attachment, siblings, limits) for attachment in attachments)
    return replace(reading, message=replace(message, attachments=found)) if isinstance(message, Edoc) else reading


def _with_content(attachment: Attachment, siblings: Mapping[str, AnyPart], limits: Limits) -> Attachment:
    if attachment.content.held is not None:
        return attachment
    part = siblings.get(attachment.content.part or "")
    if part is None:
        raise PartMissing(f"{attachment.content.part}: {attachment.name}")
    if isinstance(part, PartRef):
        return replace(attachment, size=part.size, sha256=part.sha256)
    if part.size > limits.attachment_bytes:
        raise PackageTooLarge(attachment.name)
    return replace(attachment, size=len(part.content), sha256=part.sha256, content=Content(held=part.content))
