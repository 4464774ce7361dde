"""Writing edXML: complete, prefixed, in the order of the axis's own samples (vn-rules §1.3, §6.4).

Fields that some bus requires are always there; those we have nothing for are empty, or `0` where a number must stand.
"""

import base64
from collections.abc import Mapping

from lienthong.document import OrganisationCode, StatusCode, edxml_date, edxml_time
from lienthong.envelope.layout import QCVN_102
from lienthong.envelope.limits import DEFAULT
from lienthong.envelope.markup import group, leaf, raw, text_of
from lienthong.envelope.model import (
    Attachment,
    Business,
    BusinessType,
    Edoc,
    OtherInfo,
    Party,
    Replacement,
    ResponseFor,
    Signer,
    Staff,
    StatusMessage,
)
from lienthong.envelope.repairs import Repairs
from lienthong.envelope.tree import parse
from lienthong.errors import EnvelopeUnreadable, EnvelopeUnsafe, InvalidValue, PackageTooLarge, PartMissing

_CLOSING = b"</edXML:ContentTransferEncoded>"


def write(message: Edoc | StatusMessage, contents: Mapping[str, bytes] | None = None) -> bytes:
    """The edXML file (UTF-8) of a message.

    With `contents` (content id → bytes, `{}` when the attachments hold theirs) every attachment stands inline as plain
    base64, not zipped. Without, the references name sibling parts and no content is written. The file always starts
    with `<?xml`. Raises InvalidValue (no code of sender or recipient, repeated content id, no such status,
    characters XML cannot carry), PartMissing (an inline content nobody holds).
    """
    if isinstance(message, StatusMessage):
        return _document(_status_header(message), "", "")
    _check(message)
    body = group("edXMLBody", _manifest(message.attachments)) if message.attachments else ""
    inline = "" if contents is None else _encoded(message.attachments, contents)
    header = group("MessageHeader", *_header(message)) + _trace(message) + leaf("ErrorList")
    return _document(header, body, inline)


def write_around(message: Edoc) -> tuple[bytes, ...]:
    """The file with every attachment inline, cut where each one's base64 belongs: one piece more than attachments.

    For contents too large to be held. Raises as `write`.
    """
    whole = write(message, {attachment.content_id: b"" for attachment in message.attachments})
    # counted from the end: what we do not know in the header may have any name
    first, *rest = whole.rsplit(_CLOSING, len(message.attachments))
    return (first, *(_CLOSING + piece for piece in rest))


def _document(header: str, body: str, inline: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<edXML xmlns="{QCVN_102}"><edXML:edXMLEnvelope xmlns:edXML="{QCVN_102}">'
        f"{group('edXMLHeader', header)}{body}</edXML:edXMLEnvelope>{inline}</edXML>\n"
    ).encode()


def _check(message: Edoc) -> None:
    if message.sender.code is None or not message.recipients or not all(party.code for party in message.recipients):
        raise InvalidValue("thiếu mã cơ quan gửi hoặc nhận / sender or recipient without a code")
    ids = [attachment.content_id for attachment in message.attachments]
    if len(set(ids)) < len(ids) or not all(ids):
        raise InvalidValue("mã nội dung trống hoặc trùng / empty or repeated content id")


# ---------------------------------------------------------------- status


def _status_header(message: StatusMessage) -> str:
    if message.sender.code is None or message.response.organisation is None or message.response.document_id is None:
        raise InvalidValue("trạng thái thiếu cơ quan hoặc mã văn bản / status without agency or document id")
    return group(
        "MessageHeader",
        _party("From", message.sender),
        _response(message.response),
        _staff(message.staff),
        leaf("StatusCode", StatusCode.read(message.code)),
        leaf("Description", message.description),
        leaf("Timestamp", edxml_time(message.at) if message.at else ""),
    )


# ---------------------------------------------------------------- edoc


def _header(message: Edoc) -> list[str]:
    return [
        _party("From", message.sender),
        *(_party("To", party) for party in message.recipients),
        leaf("DocumentId", message.document_id),
        group("Code", leaf("CodeNumber", message.number.number), leaf("CodeNotation", message.number.notation)),
        _issue(message),
        _kind(message),
        leaf("Subject", message.subject),
        leaf("Content", message.content or message.subject),
        _signer(message.signer),
        leaf("DueDate", edxml_date(message.due) if message.due else ""),
        _other(message.other),
        *map(_response, message.responses),
        leaf("SteeringType", message.steering) if message.steering is not None else "",
        group("ToPlaces", *(leaf("Place", place) for place in message.to_places)),
        *map(_unknown, message.unknown),
    ]


def _party(name: str, party: Party) -> str:
    return group(
        name,
        leaf("OrganId", party.code),
        leaf("OrganizationInCharge", party.in_charge),
        leaf("OrganName", party.name),
        leaf("OrganAdd", party.address),
        leaf("Email", party.email),
        leaf("Telephone", party.telephone),
        leaf("Fax", party.fax),
        leaf("Website", party.website),
    )


def _issue(message: Edoc) -> str:
    day = edxml_date(message.issued) if message.issued else ""
    return group("PromulgationInfo", leaf("Place", message.place), leaf("PromulgationDate", day))


def _kind(message: Edoc) -> str:
    number = leaf("Type", message.kind_number or 0)
    return group("DocumentType", number, leaf("TypeDetail", 0), leaf("TypeName", message.kind_name))


def _signer(signer: Signer) -> str:
    return group(
        "SignerInfo",
        leaf("Competence", signer.competence),
        leaf("Position", signer.position),
        leaf("FullName", signer.full_name),
    )


def _other(other: OtherInfo) -> str:
    return group(
        "OtherInfo",
        leaf("Priority", int(other.urgency)),
        leaf("SphereOfPromulgation", other.sphere),
        leaf("TyperNotation", other.typist),
        leaf("PromulgationAmount", other.copies or 0),
        leaf("PageAmount", other.pages or 0),
        leaf("Direction", str(other.direction).lower()) if other.direction is not None else "",
        leaf("ReplyFors", other.reply_fors) if other.reply_fors else "",
        leaf("ReferenceCodes", other.reference_codes) if other.reference_codes else "",
        group("Appendixes", *(leaf("Appendix", title) for title in other.appendixes)),
    )


def _response(response: ResponseFor) -> str:
    return group(
        "ResponseFor",
        _optional("OrganId", response.organisation),
        _optional("Code", response.number),
        _optional("PromulgationDate", edxml_date(response.issued) if response.issued else None),
        _optional("DocumentId", response.document_id),
    )


def _optional(name: str, value: object) -> str:
    return leaf(name, value) if value else ""


def _unknown(element: bytes) -> str:
    """An element we do not know travels on, but never as bytes nobody parsed: they could close what we opened."""
    try:
        return raw(parse(element, DEFAULT, Repairs(), keep=False)).decode()
    except (EnvelopeUnreadable, EnvelopeUnsafe, PackageTooLarge) as problem:
        raise InvalidValue(f"phần tử lạ / unknown element: {problem}"[:200]) from None


# ---------------------------------------------------------------- trace and business


def _trace(message: Edoc) -> str:
    hops = [(hop.code, edxml_time(hop.at)) for hop in message.trace] or [(message.sender.code, "")]
    return group("TraceHeaderList", *(_hop(code, at) for code, at in hops), _business(message.business))


def _hop(code: OrganisationCode | None, at: str) -> str:
    return group("TraceHeader", _optional("OrganId", code), leaf("Timestamp", at))


def _business(business: Business) -> str:
    return group(
        "Bussiness",
        _optional("DocumentId", business.document_id),
        leaf("BussinessDocType", int(business.type)),
        leaf("BussinessDocReason", business.reason),
        leaf("Paper", int(business.paper)),
        _changes(business) if _tells_changes(business) else "",
        group("ReplacementInfoList", *map(_replacement, business.replaces)) if business.replaces else "",
        _staff(business.staff),
    )


def _tells_changes(business: Business) -> bool:
    return business.type is BusinessType.UPDATE or business.updates_document or bool(business.receivers)


def _changes(business: Business) -> str:
    receivers = (
        group("Receiver", leaf("OrganId", change.code), leaf("ReceiverType", int(change.added)))
        for change in business.receivers
    )
    return group(
        "BussinessDocumentInfo",
        leaf("DocumentInfo", int(business.updates_document)),
        leaf("DocumentReceiver", int(bool(business.receivers))),
        group("ReceiverList", *receivers),
    )


def _replacement(replacement: Replacement) -> str:
    codes = (leaf("OrganId", code) for code in replacement.recipients)
    return group("ReplacementInfo", leaf("DocumentId", replacement.document_id), group("OrganIdList", *codes))


def _staff(staff: Staff) -> str:
    return group(
        "StaffInfo",
        leaf("Department", staff.department),
        _optional("DepartmentId", staff.department_id),
        leaf("Staff", staff.name),
        _optional("StaffId", staff.id),
        leaf("Mobile", staff.mobile),
        leaf("Email", staff.email),
    )


# ---------------------------------------------------------------- attachments


def _manifest(attachments: tuple[Attachment, ...]) -> str:
    references = "".join(map(_reference, attachments))
    return f'<edXML:edXMLManifest version="1.0">{references}</edXML:edXMLManifest>'


def _reference(attachment: Attachment) -> str:
    return group(
        "Reference",
        leaf("ContentId", f"cid:{attachment.content_id}"),
        leaf("ContentType", attachment.media_type),
        leaf("Description", attachment.description),
        leaf("AttachmentName", attachment.name),
    )


def _encoded(attachments: tuple[Attachment, ...], contents: Mapping[str, bytes]) -> str:
    inner = "".join(_attachment(attachment, contents) for attachment in attachments)
    return f"<AttachmentEncoded>{inner}</AttachmentEncoded>"


def _attachment(attachment: Attachment, contents: Mapping[str, bytes]) -> str:
    data = contents.get(attachment.content_id, attachment.content.held)
    if data is None:
        raise PartMissing(f"{attachment.content_id}: {attachment.name}")
    values = {
        "ContentId": f"cid:{attachment.content_id}",
        "AttachmentName": attachment.name,
        "Description": attachment.description,
        "ContentType": attachment.media_type,
    }
    plain = "".join(f"<{name}>{text_of(value)}</{name}>" for name, value in values.items())
    encoded = base64.b64encode(data).decode()
    return (
        f"<Attachment>{plain}"
        f'<edXML:ContentTransferEncoded xmlns:edXML="{QCVN_102}">{encoded}</edXML:ContentTransferEncoded></Attachment>'
    )
