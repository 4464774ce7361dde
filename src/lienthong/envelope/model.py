"""What an envelope says. Plain values; empty text means absent."""

import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum
from typing import BinaryIO

from lienthong.document import DocumentId, DocumentNumber, OrganisationCode, StatusCode, Urgency
from lienthong.errors import PartMissing


@dataclass(frozen=True, slots=True)
class Party:
    """An agency as the sender describes it (QCVN 102, `From` and `To`)."""

    code: OrganisationCode | None
    name: str = ""
    in_charge: str = ""
    address: str = ""
    email: str = ""
    telephone: str = ""
    fax: str = ""
    website: str = ""


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signed: authority (`TL. BỘ TRƯỞNG`), position, name."""

    competence: str = ""
    position: str = ""
    full_name: str = ""


@dataclass(frozen=True, slots=True)
class Staff:
    """The clerk in charge."""

    name: str = ""
    id: str = ""
    department: str = ""
    department_id: str = ""
    email: str = ""
    mobile: str = ""


@dataclass(frozen=True, slots=True)
class OtherInfo:
    """The lesser fields. Amounts are None when not given; 0 is read as not given."""

    urgency: Urgency = Urgency.NORMAL
    sphere: str = ""
    typist: str = ""
    copies: int | None = None
    pages: int | None = None
    direction: bool | None = None
    reply_fors: str = ""
    reference_codes: str = ""
    appendixes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ResponseFor:
    """The earlier document a message speaks of. In a status message organisation and document id are always there."""

    organisation: OrganisationCode | None
    document_id: DocumentId | None
    number: DocumentNumber | None = None
    issued: date | None = None

    def __bool__(self) -> bool:
        """Whether it names anything."""
        return any((self.organisation, self.document_id, self.number, self.issued))


@dataclass(frozen=True, slots=True)
class TraceHop:
    """One system a package passed through, by its own word."""

    code: OrganisationCode | None
    at: datetime


class BusinessType(IntEnum):
    """What an `edoc` does (QCVN 102, `BussinessDocType`)."""

    NEW = 0
    RECALL = 1
    UPDATE = 2
    REPLACE = 3

    @property
    def vi(self) -> str:
        """The type in Vietnamese."""
        return _BUSINESS_WORDS[self][0]

    @property
    def en(self) -> str:
        """The type in English."""
        return _BUSINESS_WORDS[self][1]


_BUSINESS_WORDS = {
    BusinessType.NEW: ("Văn bản mới", "new document"),
    BusinessType.RECALL: ("Thu hồi văn bản", "recall"),
    BusinessType.UPDATE: ("Cập nhật văn bản", "update"),
    BusinessType.REPLACE: ("Thay thế văn bản", "replacement"),
}


@dataclass(frozen=True, slots=True)
class ReceiverChange:
    """An update adds or removes a receiver."""

    code: OrganisationCode
    added: bool


@dataclass(frozen=True, slots=True)
class Replacement:
    """An earlier document that is replaced, for some receivers (none named: for all)."""

    document_id: DocumentId
    recipients: tuple[OrganisationCode, ...] = ()


@dataclass(frozen=True, slots=True)
class Business:
    """The business block; its absence means a new document."""

    type: BusinessType = BusinessType.NEW
    document_id: DocumentId | None = None
    reason: str = ""
    paper: bool = False
    receivers: tuple[ReceiverChange, ...] = ()
    updates_document: bool = False
    replaces: tuple[Replacement, ...] = ()
    staff: Staff = field(default_factory=Staff)


@dataclass(frozen=True, slots=True)
class Content:
    """Where an attachment's bytes are: held here, in a sibling part of that name, or left out (`read_head`)."""

    held: bytes | None = field(default=None, repr=False)
    part: str | None = None

    @property
    def data(self) -> bytes:
        """The bytes. Raises `PartMissing` when they are not held here."""
        if self.held is None:
            raise PartMissing(self.part or "")
        return self.held

    def open(self) -> BinaryIO:
        """The bytes as a readable stream. Raises `PartMissing` when they are not held here."""
        return io.BytesIO(self.data)


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file. `content_id` is without `cid:`; `name` is safe as a file name.

    Size (bytes) and hex SHA-256 are the file's own when its content is held. After `read_head` the size is that of
    the bytes carried (perhaps zipped) and the digest is empty; both are 0 and empty when a sibling part holds it.
    """

    content_id: str
    name: str
    media_type: str
    size: int = 0
    sha256: str = ""
    description: str = ""
    content: Content = field(default_factory=Content)

    @classmethod
    def of(cls, content_id: str, name: str, media_type: str, data: bytes, description: str = "") -> "Attachment":
        """An attachment that holds its content."""
        digest = hashlib.sha256(data).hexdigest()
        return cls(content_id, name, media_type, len(data), digest, description, Content(held=data))


def attach(files: Iterable[tuple[str, str, bytes]]) -> tuple[Attachment, ...]:
    """Attachments from (name, media type, content), with content ids `tep-1`, `tep-2`, …"""
    return tuple(Attachment.of(f"tep-{order}", *file) for order, file in enumerate(files, start=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Edoc:
    """A document on its way: new, recalled, updated or replacing.

    `secrecy` is a classification found in the header: who accepts packages must refuse it (Decision 28/2018, Art. 1).
    `unknown` are header elements we do not know, as XML, kept for forwarding.
    """

    sender: Party
    recipients: tuple[Party, ...]
    document_id: DocumentId
    number: DocumentNumber = field(default_factory=DocumentNumber)
    place: str = ""
    issued: date | None = None
    kind_name: str = ""
    kind_number: int | None = None
    subject: str = ""
    content: str = ""
    signer: Signer = field(default_factory=Signer)
    due: date | None = None
    other: OtherInfo = field(default_factory=OtherInfo)
    responses: tuple[ResponseFor, ...] = ()
    steering: int | None = None
    to_places: tuple[str, ...] = ()
    trace: tuple[TraceHop, ...] = ()
    business: Business = field(default_factory=Business)
    attachments: tuple[Attachment, ...] = ()
    secrecy: str | None = None
    unknown: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusMessage:
    """A business status about an earlier document. Its receiver is `response.organisation`; there is no `To`."""

    sender: Party
    response: ResponseFor
    code: StatusCode | str
    staff: Staff = field(default_factory=Staff)
    description: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Warning:  # noqa: A001  the word of the trade; nobody raises Python's own in this room
    """Something the reader repaired or wants a person to know: stable code, where, one sentence each language."""

    code: str
    where: str
    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class XmlSignature:
    """The XML signature element of a received envelope, as it claims: reported, never trusted (vn-rules §1.8)."""

    algorithm: str = ""
    subject: str = ""
    standard_namespace: bool = True


@dataclass(frozen=True, slots=True)
class Reading:
    """A message, what had to be repaired to read it, and the SHA-256 of the bytes it was read from."""

    message: Edoc | StatusMessage
    warnings: tuple[Warning, ...]
    original_sha256: str
    signature: XmlSignature | None = None
