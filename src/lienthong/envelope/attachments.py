"""Attached files out of an envelope: pairing, unwrapping ZIPs, names (vn-rules §1.11)."""

import io
import itertools
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from lienthong.envelope.fields import Fields
from lienthong.envelope.limits import Limits
from lienthong.envelope.model import Attachment, Content
from lienthong.envelope.naming import extension, safe_name, safe_type, type_by_name
from lienthong.envelope.node import Node
from lienthong.envelope.payload import Payload
from lienthong.envelope.repairs import Repairs
from lienthong.errors import EnvelopeUnreadable, EnvelopeUnsafe, PackageTooLarge

ZIP_TYPES = frozenset({"application/zip", "application/x-zip-compressed", "application/x-zip"})
# Formats that are ZIPs themselves: these stay closed unless the sender says it wrapped them.
_ZIP_BASED = """
    zip docx docm dotx xlsx xlsm xltx pptx pptm ppsx potx vsdx odt ods odp odg odf ott epub jar war ear apk aar ipa
    kmz 3mf xps oxps pages numbers key cbz xpi whl asice asics bdoc sce
"""
ZIP_BASED = frozenset(_ZIP_BASED.split())
_WRAPPED = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\.(?P<end>\w+)", re.IGNORECASE)
TEXTS = frozenset({"txt", "csv", "xml", "edxml", "html", "htm", "json", "md", "rtf", "svg", ""})
_REPLACED = "\N{REPLACEMENT CHARACTER}".encode()
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OverflowError, NotImplementedError, RuntimeError)
_CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class _Described:
    """What a Reference or an Attachment element says of a file."""

    content_id: str
    name: str = ""
    media_type: str = ""
    description: str = ""
    payload: Payload | None = None


def attachments_of(
    references: Sequence[Node], carried: Sequence[Node], limits: Limits, repairs: Repairs, *, carries: bool
) -> tuple[Attachment, ...]:
    """The attachments in the order of the references, then those no reference names.

    `carries`: contents are expected inside the file, so that each one missing is noted. Raises PackageTooLarge,
    EnvelopeUnsafe, EnvelopeUnreadable.
    """
    if max(len(references), len(carried)) > limits.parts:
        raise PackageTooLarge(f"> {limits.parts} tệp đính kèm / attachments")
    listed = [_described(Fields(node, "Reference", repairs)) for node in references]
    inside = [_described(Fields(node, "Attachment", repairs)) for node in carried]
    pairs = list(_pairs(listed, inside, repairs))
    if carries:
        _note_unlisted(pairs, repairs)
    ids = _content_ids([reference or found for reference, found in pairs], repairs)
    opener = _Opener(limits, repairs, carries=carries)
    return tuple(
        opener.attachment(content_id, order, *pair)
        for order, (content_id, pair) in enumerate(zip(ids, pairs, strict=True), start=1)
    )


def _described(fields: Fields) -> _Described:
    href = next((value for name, value in fields.node.attributes.items() if name.lower() == "href"), "")
    written = fields.text("contentid") or href.strip()
    content_id = written.removeprefix("cid:").strip()
    if written and content_id == written:
        fields.repairs.note("content-id-plain", content_id)
    payloads = (child.payload for child in fields.node.children if child.payload is not None)
    return _Described(
        content_id,
        fields.text("attachmentname", "filename"),
        fields.text("contenttype", "filetype"),
        fields.text("description"),
        next(payloads, None),
    )


_Pair = tuple[_Described | None, _Described | None]


def _pairs(listed: list[_Described], inside: list[_Described], repairs: Repairs) -> Iterator[_Pair]:
    """Pair by content id, the rest by order; what stays alone stays alone."""
    by_id = _by_id(inside)
    matched = [by_id[item.content_id].pop(0) if by_id.get(item.content_id) else None for item in listed]
    taken = {id(found) for found in matched if found}
    spare = iter([item for item in inside if id(item) not in taken])
    for reference, found in zip(listed, matched, strict=True):
        other = found or next(spare, None)
        if other and not found:
            repairs.note("matched-by-order", other.name or reference.name)
        yield reference, other
    for item in spare:
        yield None, item


def _note_unlisted(pairs: Iterable[_Pair], repairs: Repairs) -> None:
    for reference, found in pairs:
        if reference is None and found is not None:
            repairs.note("reference-missing", found.name)


def _by_id(items: Iterable[_Described]) -> dict[str, list[_Described]]:
    found: dict[str, list[_Described]] = {}
    for item in items:
        if item.content_id:
            found.setdefault(item.content_id, []).append(item)
    return found


def _content_ids(items: Sequence[_Described | None], repairs: Repairs) -> Iterator[str]:
    """A content id for each, none twice."""
    used: set[str] = set()
    for order, item in enumerate(items, start=1):
        content_id = item.content_id if item else ""
        if not content_id or content_id in used:
            repairs.note("content-id-made", item.name if item else "")
            content_id = _free(used | {other.content_id for other in items if other}, order)
        used.add(content_id)
        yield content_id


def _free(used: set[str], order: int) -> str:
    return next(name for number in itertools.count(order) if (name := f"tep-{number}") not in used)


class _Opener:
    """Makes attachments of pairs and keeps the sum of what they unpack to under the package's limit."""

    def __init__(self, limits: Limits, repairs: Repairs, *, carries: bool) -> None:
        self._limits = limits
        self._repairs = repairs
        self._carries = carries
        self._total = 0

    def attachment(
        self, content_id: str, order: int, reference: _Described | None, found: _Described | None
    ) -> Attachment:
        written, carried = reference or _Described(""), found or _Described("")
        media_type = written.media_type or carried.media_type
        name = safe_name(written.name or carried.name, order, media_type, self._repairs)
        description = written.description or carried.description
        if carried.payload is None:
            return self._elsewhere(Attachment(content_id, name, media_type, description=description))
        if carried.payload.kept is None:
            media_type = safe_type(media_type, name, self._repairs)
            return Attachment(content_id, name, media_type, carried.payload.size, description=description)
        data, unwrapped = self._opened(name, carried.media_type, bytes(carried.payload.kept))
        if _was_taken_for_text(name, data):
            self._repairs.note("content-damaged", name)
        if unwrapped and media_type.lower() in ZIP_TYPES:  # it told of the wrapping; the name tells of the file
            media_type = type_by_name(name)
        return Attachment.of(content_id, name, safe_type(media_type, name, self._repairs), data, description)

    def _elsewhere(self, attachment: Attachment) -> Attachment:
        if self._carries:
            self._repairs.note("attachment-elsewhere", attachment.name)
        media_type = safe_type(attachment.media_type, attachment.name, self._repairs)
        part = Content(part=attachment.content_id)
        return Attachment(
            attachment.content_id, attachment.name, media_type, description=attachment.description, content=part
        )

    def _opened(self, name: str, declared: str, data: bytes) -> tuple[bytes, bool]:
        inner = unzipped(name, declared, data, self._limits)
        opened = data if inner is None else inner
        self._total += len(opened)
        if self._total > self._limits.bytes:
            raise PackageTooLarge(f"các tệp mở ra / files unpacked > {self._limits.bytes}")
        if inner is not None:
            announced = declared.lower() in ZIP_TYPES
            self._repairs.note("unzipped" if announced else "unzipped-unannounced", name)
        return opened, inner is not None


def _was_taken_for_text(name: str, data: bytes) -> bool:
    """Bytes that went through a text string: what was no UTF-8 became U+FFFD, so all of it is UTF-8 now (§1.11)."""
    if extension(name) in TEXTS or _REPLACED not in data:
        return False
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def unzipped(name: str, declared: str, data: bytes, limits: Limits) -> bytes | None:
    """The file inside the ZIP that a sender wrapped it in, or None when the bytes are the file itself.

    The name tells what the file should be. A ZIP under a name that is not a ZIP-based format is a wrapping; a ZIP-based
    format is unwrapped only when declared a ZIP with one entry named `<uuid>.<same extension>`. Raises EnvelopeUnsafe
    (several entries, paths, a bomb), EnvelopeUnreadable (broken, encrypted, odd method), PackageTooLarge.
    """
    if not data.startswith(b"PK\x03\x04"):
        return None
    native = extension(name) in ZIP_BASED
    if native and declared.lower() not in ZIP_TYPES:
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _entry(archive, name, len(data), limits, native=native)
    except _BROKEN as problem:
        if native:
            return None  # a file that is a ZIP itself is the recipient's to judge
        raise EnvelopeUnreadable(f"{name}: ZIP hỏng / broken ZIP: {problem}"[:200]) from None


def _entry(archive: zipfile.ZipFile, name: str, size: int, limits: Limits, *, native: bool) -> bytes | None:
    entries = archive.infolist()
    if native and not (len(entries) == 1 and _is_wrapped(entries[0].filename, extension(name))):
        return None
    if len(entries) != 1:
        raise EnvelopeUnsafe(f"{name}: ZIP có {len(entries)} tệp / entries")
    entry = entries[0]
    if any(sign in entry.orig_filename for sign in "/\\:\0") or entry.orig_filename in {".", ".."}:
        raise EnvelopeUnsafe(f"{name}: đường dẫn trong ZIP / a path inside the ZIP: {entry.filename[:80]!r}")
    if entry.flag_bits & 0x1 or entry.compress_type not in _METHODS:
        raise EnvelopeUnreadable(f"{name}: ZIP mã hóa hoặc nén lạ / encrypted ZIP or odd method")
    return _inflated(archive, entry, name, min(entry.compress_size, size), limits)


def _is_wrapped(entry: str, end: str) -> bool:
    found = _WRAPPED.fullmatch(entry)
    return found is not None and found["end"].lower() == end


def _inflated(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, packed: int, limits: Limits) -> bytes:
    """Inflate by pieces and stop at a limit; the sizes a ZIP claims are never believed."""
    bomb = max(limits.zip_floor, packed * limits.zip_ratio)
    opened = bytearray()
    with archive.open(entry) as stream:
        while piece := stream.read(_CHUNK):
            opened += piece
            if len(opened) > bomb:
                raise EnvelopeUnsafe(f"{name}: bom nén / ZIP bomb (> {limits.zip_ratio}:1)")
            if len(opened) > limits.attachment_bytes:
                raise PackageTooLarge(f"{name} > {limits.attachment_bytes}")
    return bytes(opened)
