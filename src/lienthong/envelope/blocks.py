"""The groups of fields inside a message header (vn-rules §1.3, §1.5, §1.6), legacy names beside today's."""

from lienthong.document import OrganisationCode, Urgency
from lienthong.envelope.fields import Fields
from lienthong.envelope.model import (
    Business,
    BusinessType,
    OtherInfo,
    Party,
    ReceiverChange,
    Replacement,
    ResponseFor,
    Staff,
    TraceHop,
)
from lienthong.errors import EnvelopeUnreadable, InvalidValue


def party_of(fields: Fields) -> Party:
    """`From` or `To`. A missing code gives None, a missing name is noted."""
    return Party(
        code=fields.code("organid"),
        name=fields.required("organname"),
        in_charge=fields.text("organizationincharge"),
        address=fields.text("organadd"),
        email=fields.text("email"),
        telephone=fields.text("telephone"),
        fax=fields.text("fax"),
        website=fields.text("website"),
    )


def staff_of(fields: Fields) -> Staff:
    """`StaffInfo`."""
    return Staff(
        name=fields.text("staff"),
        id=fields.text("staffid"),
        department=fields.text("department"),
        department_id=fields.text("departmentid"),
        email=fields.text("email"),
        mobile=fields.text("mobile"),
    )


def response_of(fields: Fields) -> ResponseFor:
    """`ResponseFor`: any of its fields may be missing."""
    return ResponseFor(
        organisation=fields.code("organid"),
        document_id=fields.document_id("documentid"),
        number=fields.number() or None,
        issued=fields.date("promulgationdate"),
    )


def other_of(fields: Fields) -> OtherInfo:
    """`OtherInfo`."""
    return OtherInfo(
        urgency=_urgency(fields, fields.text("priority")),
        sphere=fields.text("sphereofpromulgation"),
        typist=fields.text("typernotation"),
        copies=fields.integer("promulgationamount") or None,
        pages=fields.integer("pageamount") or None,
        direction=fields.flag("direction"),
        reply_fors=fields.text("replyfors"),
        reference_codes=fields.text("referencecodes"),
        appendixes=fields.group("appendixes").texts("appendix"),
    )


def _urgency(fields: Fields, written: str) -> Urgency:
    if not written:
        return Urgency.NORMAL
    level = Urgency.read(written)
    if level is None:
        fields.note("value-unreadable", "priority")
    elif written == "5":
        fields.note("priority-other-list", "priority")
    return level or Urgency.NORMAL


def trace_of(fields: Fields) -> tuple[TraceHop, ...]:
    """`TraceHeader`s in order. One without a time tells nothing and is left out."""
    hops = ((hop.code("organid", "sender"), hop.time("timestamp")) for hop in fields.groups("traceheader"))
    return tuple(TraceHop(code, at) for code, at in hops if at is not None)


def business_of(trace: Fields) -> Business:
    """The business block of a `TraceHeaderList`; its absence means a new document.

    Raises `EnvelopeUnreadable` for a type outside 0…3: taking a recall for a new document would mislead an agency.
    """
    trace.once("bussiness")
    fields = trace.group("bussiness", "business")
    fields.once("bussinessdoctype")
    info = fields.group("bussinessdocumentinfo")
    info.text("documentreceiver")  # told again by the list of receivers
    return Business(
        type=_business_type(fields),
        document_id=fields.document_id("documentid"),
        reason=fields.lines("bussinessdocreason", "businessdocreason"),
        paper=bool(fields.flag("paper")),
        receivers=_receivers(info),
        updates_document=bool(info.flag("documentinfo")),
        replaces=_replacements(fields.group("replacementinfolist")),
        staff=staff_of(fields.group("staffinfo")),
    )


def _business_type(fields: Fields) -> BusinessType:
    text = fields.text("bussinessdoctype", "businessdoctype")
    if text and text not in {"0", "1", "2", "3"}:
        raise EnvelopeUnreadable(f"BussinessDocType: {text[:20]!r}")
    return BusinessType(int(text or 0))


def _receivers(info: Fields) -> tuple[ReceiverChange, ...]:
    return tuple(
        ReceiverChange(_needed(receiver), _added(receiver))
        for receiver in info.group("receiverlist").groups("receiver")
    )


def _needed(fields: Fields) -> OrganisationCode:
    """A code that decides who gets or loses a document; it is never guessed and never skipped."""
    code = fields.code("organid")
    if code is None:
        raise EnvelopeUnreadable(f"thiếu / missing {fields.where}/OrganId")
    return code


def _legal(text: str, where: str) -> OrganisationCode:
    try:
        return OrganisationCode.parse(text)
    except InvalidValue as problem:
        raise EnvelopeUnreadable(f"{where}: {problem.detail}") from None


def _added(fields: Fields) -> bool:
    added = fields.flag("receivertype")
    if added is None:
        raise EnvelopeUnreadable(f"thiếu / missing {fields.where}/ReceiverType")
    return added


def _replacements(fields: Fields) -> tuple[Replacement, ...]:
    return tuple(_replacement(info) for info in fields.groups("replacementinfo"))


def _replacement(info: Fields) -> Replacement:
    document_id = info.document_id("documentid")
    if document_id is None:
        raise EnvelopeUnreadable(f"thiếu / missing {info.where}/DocumentId")
    codes = info.group("organidlist")
    return Replacement(document_id, tuple(_legal(text, codes.where) for text in codes.texts("organid")))
