"""From what a desk asks for to an edXML message: new documents, recalls, updates, replacements, statuses."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Annotated

import msgspec

from lienthong.delivery import Package
from lienthong.delivery.status import NEEDS_REASON
from lienthong.document import VIETNAM, DocumentId, DocumentNumber, OrganisationCode, StatusCode, Urgency
from lienthong.envelope import (
    Attachment,
    Business,
    BusinessType,
    Content,
    Edoc,
    OtherInfo,
    Party,
    ReceiverChange,
    Replacement,
    ResponseFor,
    Signer,
    Staff,
    StatusMessage,
    TraceHop,
)
from lienthong.errors import InvalidValue, RecipientUnknown, SecretNotAllowed
from lienthong.registry import Directory, Organisation


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A file that was uploaded before: the upload's id, the file's name, and what its digest (hex SHA-256) is."""

    upload: str
    name: str
    sha256: str
    media_type: str = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a desk says of a document. Dates are ISO; codes of either generation; `business` 0 new, 3 replacement."""

    number: str
    notation: str
    subject: str
    recipients: tuple[str, ...]
    kind: str = "Công văn"
    document_id: str = ""  # empty: made from code, date and number
    issued: str = ""
    place: str = ""
    content: str = ""
    signer_name: str = ""
    signer_position: str = ""
    signer_competence: str = ""
    urgency: int = 0
    due: str = ""
    to_places: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()  # document ids this one responds to
    business: int = 0
    replaces: tuple[str, ...] = ()  # document ids
    reason: str = ""
    paper: bool = False
    pages: Annotated[int, msgspec.Meta(ge=0, le=100_000)] | None = None
    staff: str = ""
    secrecy: str = ""  # stated so that it can be refused
    uploads: tuple[Uploaded, ...] = ()  # files that were uploaded before, behind those that come along


@dataclass(frozen=True, slots=True)
class File:
    """A file as handed in."""

    name: str
    media_type: str
    content: bytes = field(repr=False)

    @property
    def sha256(self) -> str:
        """Hex digest of the content."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class LargeFile:
    """A file whose bytes lie in an upload of its agency."""

    name: str
    media_type: str
    size: int
    sha256: str
    upload: str


AnyFile = File | LargeFile


def request_digest(*asked: object) -> str:
    """What identifies a request, so that its repeat is known as one (bytes count by their digest)."""
    return hashlib.sha256(msgspec.json.encode(asked)).hexdigest()


def file_rows(files: Sequence[AnyFile | Uploaded]) -> list[tuple[str, str, str]]:
    """Files by name, type and digest."""
    return [(file.name, file.media_type, file.sha256) for file in files]


def said(metadata: Metadata) -> dict[str, object]:
    """The metadata without the ids of uploads: the same files uploaded anew are the same request."""
    plain: dict[str, object] = msgspec.to_builtins(metadata)
    del plain["uploads"]
    return plain


def edoc(
    metadata: Metadata, files: Sequence[AnyFile], sender: Organisation, directory: Directory, now: datetime
) -> Edoc:
    """The message of a new or replacing document. Raises `InvalidValue`, `RecipientUnknown`, `SecretNotAllowed`."""
    # edXML has no field for it, so nobody behind this line would see it (Decision 28/2018/QĐ-TTg, Article 1)
    if metadata.secrecy:
        raise SecretNotAllowed(metadata.secrecy)
    for name, text in (("number", metadata.number), ("notation", metadata.notation), ("subject", metadata.subject)):
        if not text.strip():
            raise InvalidValue(f"{name}: còn thiếu / is missing")
    issued = _day(metadata.issued, "issued") or now.astimezone(VIETNAM).date()
    number = DocumentNumber(metadata.number, metadata.notation)
    return Edoc(
        sender=party(sender),
        recipients=tuple(_recipient(code, directory) for code in metadata.recipients),
        document_id=_document_id(metadata, sender, issued, number),
        number=number,
        place=metadata.place,
        issued=issued,
        kind_name=metadata.kind,
        subject=metadata.subject,
        content=metadata.content or metadata.subject,
        signer=Signer(metadata.signer_competence, metadata.signer_position, metadata.signer_name),
        due=_day(metadata.due, "due"),
        other=OtherInfo(urgency=_urgency(metadata.urgency), pages=metadata.pages),
        responses=tuple(ResponseFor(None, DocumentId(answered)) for answered in metadata.answers),
        to_places=metadata.to_places,
        trace=(TraceHop(sender.code, now),),
        business=_business(metadata),
        attachments=tuple(_attachment(f"tep-{order}", file) for order, file in enumerate(files, start=1)),
    )


def _attachment(content_id: str, file: AnyFile) -> Attachment:
    if isinstance(file, File):
        return Attachment.of(content_id, file.name, file.media_type, file.content)
    part = Content(part=content_id)
    return Attachment(content_id, file.name, file.media_type, file.size, file.sha256, content=part)


def _urgency(level: int) -> Urgency:
    try:
        return Urgency(level)
    except ValueError as error:
        raise InvalidValue(f"urgency: {level}") from error


def _business(metadata: Metadata) -> Business:
    # recalls and updates speak of a document that is already here; they have addresses of their own
    if metadata.business not in {BusinessType.NEW, BusinessType.REPLACE}:
        raise InvalidValue(f"business: {metadata.business}")
    return Business(
        type=BusinessType(metadata.business),
        reason=metadata.reason,
        paper=metadata.paper,
        replaces=tuple(Replacement(DocumentId(document_id)) for document_id in metadata.replaces),
        staff=Staff(name=metadata.staff),
    )


def _document_id(metadata: Metadata, sender: Organisation, issued: date, number: DocumentNumber) -> DocumentId:
    """The form of the axis's samples: `OrganId,yyyy/MM/dd,Number/Notation` (vn-rules §1.4)."""
    return DocumentId(metadata.document_id or f"{sender.code},{issued:%Y/%m/%d},{number}")


def recalled(original: Edoc, reason: str, added: Sequence[str], directory: Directory, now: datetime) -> Edoc:
    """A recall of a document: the same header, no files, to everybody it went to, those added later included."""
    business = Business(type=BusinessType.RECALL, document_id=original.document_id, reason=reason)
    recipients = (*original.recipients, *_others(original, added, directory))
    return replace(original, recipients=recipients, business=business, trace=_hop(original, now), attachments=())


def updated(
    original: Edoc, reason: str, add: Sequence[str], remove: Sequence[str], directory: Directory, now: datetime
) -> Edoc:
    """An update of the receivers; everyone concerned hears of it, the files go along for those who are added."""
    changes = [ReceiverChange(OrganisationCode.parse(code), added=True) for code in add]
    changes += [ReceiverChange(OrganisationCode.parse(code), added=False) for code in remove]
    business = Business(
        type=BusinessType.UPDATE, document_id=original.document_id, reason=reason, receivers=tuple(changes)
    )
    recipients = (*original.recipients, *_others(original, add, directory))
    return replace(original, recipients=recipients, business=business, trace=_hop(original, now))


def status(
    package: Package, sender: Organisation, code: str, description: str, staff: str, now: datetime
) -> StatusMessage:
    """A business status about a document that was received."""
    head, said = package.head, StatusCode.read(code)
    if said in NEEDS_REASON and not description.strip():
        raise InvalidValue(f"description: {code} phải kèm lý do / needs a reason")
    return StatusMessage(
        sender=party(sender),
        response=ResponseFor(
            OrganisationCode.parse(package.sender),
            DocumentId(head.document_id),
            DocumentNumber(head.number, head.notation),
            _day(head.issued, "issued"),
        ),
        staff=Staff(name=staff),
        code=said,
        description=description,
        at=now,
    )


def party(organisation: Organisation, parent: str = "") -> Party:
    """An organisation as an envelope names it."""
    return Party(organisation.code, organisation.name, parent)


def _others(original: Edoc, codes: Sequence[str], directory: Directory) -> tuple[Party, ...]:
    """Receivers beyond those the document was first sent to."""
    known = {party.code for party in original.recipients}
    found = (_recipient(code, directory) for code in dict.fromkeys(codes))
    return tuple(party for party in found if party.code not in known)


def _hop(original: Edoc, now: datetime) -> tuple[TraceHop, ...]:
    return (*original.trace, TraceHop(original.sender.code, now))


def _recipient(code: str, directory: Directory) -> Party:
    found = directory.organisation(OrganisationCode.parse(code))
    if found is None:
        raise RecipientUnknown(code)
    return party(found)


def _day(text: str, field_name: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise InvalidValue(f"{field_name}: {text} (yyyy-mm-dd)") from error
