"""Reading edXML: tolerant of what real producers write (vn-rules §1.11, §1.12), strict about what could mislead."""

import hashlib
from dataclasses import dataclass, replace

from lienthong.document import DocumentId, DocumentNumber, StatusCode, edxml_date, is_absent, may_be_secret, secrecy_of
from lienthong.envelope.attachments import attachments_of
from lienthong.envelope.blocks import business_of, other_of, party_of, response_of, staff_of, trace_of
from lienthong.envelope.fields import Fields
from lienthong.envelope.layout import Pieces, pieces_of
from lienthong.envelope.limits import DEFAULT, Limits
from lienthong.envelope.markup import raw
from lienthong.envelope.model import (
    Attachment,
    BusinessType,
    Edoc,
    Party,
    Reading,
    ResponseFor,
    Signer,
    StatusMessage,
    XmlSignature,
)
from lienthong.envelope.node import Node
from lienthong.envelope.repairs import Repairs
from lienthong.envelope.tree import parse
from lienthong.errors import EnvelopeUnreadable, InvalidValue

_DSIG = "http://www.w3.org/2000/09/xmldsig#"
_CARRY_A_DOCUMENT = frozenset({BusinessType.NEW, BusinessType.REPLACE})


def read(data: bytes, limits: Limits = DEFAULT) -> Reading:
    """Read one edXML file, attachments unpacked and held.

    Needs the sender's code, one recipient with a code, a document id or number and, for a new or replacing document,
    an attachment; repairs the rest and says so in warnings. Raises EnvelopeUnreadable (with the reason),
    EnvelopeUnsafe (DOCTYPE, depth, ZIP bombs, ZIP paths), PackageTooLarge.
    """
    return _read(data, limits, keep=True)


def read_head(data: bytes, limits: Limits = DEFAULT) -> Reading:
    """As `read`, but attachments' contents are only counted, never held and never unzipped (see `Attachment`)."""
    return _read(data, limits, keep=False)


def _read(data: bytes, limits: Limits, *, keep: bool) -> Reading:
    repairs = Repairs()
    pieces = pieces_of(parse(data, limits, repairs, keep=keep), repairs)
    header = Fields(pieces.header, pieces.header.name, repairs)
    header.once("from", "documentid", "code", "statuscode", "responsefor" if header.has("statuscode") else "subject")
    attachments = attachments_of(pieces.references, pieces.attachments, limits, repairs, carries=pieces.carries)
    if header.has("statuscode"):
        message: Edoc | StatusMessage = _status(header)
    else:
        message = _edoc(header, pieces, attachments)
    digest = hashlib.sha256(data).hexdigest()
    return Reading(message, repairs.all(), digest, _signature(pieces.signature))


# ---------------------------------------------------------------- status


def _status(header: Fields) -> StatusMessage:
    if header.has("to"):
        raise EnvelopeUnreadable("vừa là văn bản vừa là trạng thái / both a document and a status")
    message = StatusMessage(
        sender=_sender(header),
        response=_status_response(header),
        code=_status_code(header),
        staff=staff_of(header.group("staffinfo")),
        description=header.lines("description"),
        at=header.time("timestamp"),
    )
    if message.at is None:
        header.note("value-missing", "timestamp")
    header.unknown()
    return message


def _status_code(header: Fields) -> StatusCode | str:
    try:
        return StatusCode.read(header.text("statuscode"))
    except InvalidValue as problem:
        raise EnvelopeUnreadable(problem.detail) from None


def _status_response(header: Fields) -> ResponseFor:
    response = response_of(header.group("responsefor"))
    if response.organisation is None:
        raise EnvelopeUnreadable("thiếu / missing ResponseFor/OrganId")
    if response.document_id is None:
        raise EnvelopeUnreadable("thiếu / missing ResponseFor/DocumentId")
    return response


# ---------------------------------------------------------------- edoc


@dataclass(frozen=True, slots=True)
class _Identity:
    """What the header must tell before anything else is worth reading."""

    sender: Party
    recipients: tuple[Party, ...]
    document_id: DocumentId
    number: DocumentNumber


def _edoc(header: Fields, pieces: Pieces, attachments: tuple[Attachment, ...]) -> Edoc:
    identity = _identity(header)
    trace = Fields(pieces.trace or Node("TraceHeaderList"), "TraceHeaderList", header.repairs)
    business = business_of(trace)
    if not attachments and business.type in _CARRY_A_DOCUMENT:
        raise EnvelopeUnreadable("không có tệp đính kèm / no attachment")
    other = header.group("otherinfo")
    issue = header.group("promulgationinfo")
    kind = header.group("documenttype", "type")
    signer = header.group("signerinfo", "author")
    edoc = Edoc(
        sender=identity.sender,
        recipients=identity.recipients,
        document_id=identity.document_id,
        number=identity.number,
        place=issue.text("place"),
        issued=issue.date("promulgationdate", "date"),
        kind_name=kind.required("typename", "description"),
        kind_number=kind.integer("type", "value") or None,
        subject=header.required("subject"),
        content=header.lines("content"),
        signer=_signer(signer),
        due=header.date("duedate"),
        other=other_of(other),
        responses=tuple(filter(None, (response_of(each) for each in header.groups("responsefor")))),
        steering=header.integer("steeringtype"),
        to_places=header.group("toplaces").texts("place"),
        trace=trace_of(trace),
        business=business,
        attachments=attachments,
    )
    astray = (*other.unknown(), *trace.unknown(), *_noted(pieces.beside, header))
    strange = (*header.unknown(), *(node for node in astray if not header.knows(node.key)))
    return replace(edoc, secrecy=_secrecy(pieces), unknown=tuple(map(raw, strange)))


def _noted(nodes: tuple[Node, ...], header: Fields) -> tuple[Node, ...]:
    for node in nodes:
        header.repairs.note("unknown-element", node.name)
    return nodes


def _secrecy(pieces: Pieces) -> str | None:
    """A classification stated as a value anywhere in the header: no field is meant for one, producers invent theirs."""
    places = filter(None, (pieces.header, pieces.trace, *pieces.beside))
    values = [text for place in places for node in place.walk() if (text := node.text)]
    if not may_be_secret("\n".join(values)):  # nearly always, and much sooner known of all values together
        return None
    return next(filter(None, map(secrecy_of, values)), None)


def _signer(signer: Fields) -> Signer:
    return Signer(signer.text("competence"), signer.text("position", "function"), signer.required("fullname"))


def _identity(header: Fields) -> _Identity:
    sender = _sender(header)
    number = header.number()
    return _Identity(sender, _recipients(header), _document_id(header, sender, number), number)


def _sender(header: Fields) -> Party:
    sender = party_of(header.group("from"))
    if sender.code is None:
        raise EnvelopeUnreadable("thiếu mã cơ quan gửi / missing From/OrganId")
    return sender


def _recipients(header: Fields) -> tuple[Party, ...]:
    parties = tuple(party_of(group) for group in header.groups("to"))
    for party in parties:
        if party.code is None:
            header.note("recipient-without-code", party.name)
    known = tuple(party for party in parties if party.code)
    if not known:
        raise EnvelopeUnreadable("không có cơ quan nhận / no To/OrganId")
    return known


def _document_id(header: Fields, sender: Party, number: DocumentNumber) -> DocumentId:
    written = header.document_id("documentid")
    if written:
        return written
    if not number:
        raise EnvelopeUnreadable("thiếu mã và số văn bản / missing DocumentId and Code")
    header.note("document-id-made")
    issued = header.group("promulgationinfo").date("promulgationdate", "date")
    pieces = (str(sender.code), edxml_date(issued) if issued else "", str(number))
    return _made_id(",".join(filter(None, pieces)))


def _made_id(text: str) -> DocumentId:
    try:
        return DocumentId(text)
    except InvalidValue as problem:
        raise EnvelopeUnreadable(problem.detail) from None


# ---------------------------------------------------------------- signature


def _signature(node: Node | None) -> XmlSignature | None:
    """What an XML signature claims; empty elements (V14's cousins) are none."""
    if node is None or not node.children:
        return None
    everything = list(node.walk())
    methods = (value for part in everything if part.key == "signaturemethod" for value in part.attributes.values())
    subjects = (part.text for part in everything if part.key == "x509subjectname" and not is_absent(part.text))
    algorithm = next(methods, "").rpartition("#")[2]
    return XmlSignature(algorithm, next(subjects, ""), node.namespace == _DSIG)
