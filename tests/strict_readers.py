"""Twins of strict readers met outside, made from what is known of them (reference, §1.2–1.6, V6); each names its grounds.

They raise `Refused`. What we write must get past all of them; what we only read need not.
"""

import re
from collections.abc import Iterator

from lxml import etree

QCVN = "http://www.mic.gov.vn/TBT/QCVN_102_2016"
BARE = {"edXML", "AttachmentEncoded", "Attachment", "ContentId", "AttachmentName", "Description", "ContentType"}
AGENCY = ["OrganId", "OrganizationInCharge", "OrganName", "OrganAdd", "Email", "Telephone", "Fax", "Website"]
EDOC_ORDER = [
    "From",
    "To",
    "DocumentId",
    "Code",
    "PromulgationInfo",
    "DocumentType",
    "Subject",
    "Content",
    "SignerInfo",
    "DueDate",
    "OtherInfo",
    "ResponseFor",
    "SteeringType",
    "ToPlaces",
]
STATUS_ORDER = ["From", "ResponseFor", "StaffInfo", "StatusCode", "Description", "Timestamp"]
REQUIRED = {
    "From": AGENCY,
    "To": [name for name in AGENCY if name != "OrganizationInCharge"],
    "Code": ["CodeNumber", "CodeNotation"],
    "PromulgationInfo": ["Place", "PromulgationDate"],
    "DocumentType": ["Type", "TypeName"],
    "SignerInfo": ["Competence", "Position", "FullName"],
    "OtherInfo": [
        "Priority",
        "SphereOfPromulgation",
        "TyperNotation",
        "PromulgationAmount",
        "PageAmount",
        "Appendixes",
    ],
    "Subject": [],
    "Content": [],
    "DueDate": [],
    "ToPlaces": [],
}
"""What the checker of one provincial bus demands of every document; a field may be empty, it may not be missing."""
DAY, MOMENT = re.compile(r"(\d{4}/\d\d/\d\d)?"), re.compile(r"(\d{4}/\d\d/\d\d \d\d:\d\d:\d\d)?")
INTEGERS = {
    "Type",
    "TypeDetail",
    "Priority",
    "PromulgationAmount",
    "PageAmount",
    "SteeringType",
    "BussinessDocType",
    "Paper",
}


class Refused(Exception):
    """A strict reader will not have it."""


def serializer(data: bytes) -> None:
    """A reader made from classes: exact names and namespace, children of the envelope prefixed, the rest not."""
    root = _parsed(data)
    for element in root.iter():
        name = etree.QName(element)
        if name.namespace != QCVN:
            raise Refused(f"namespace: {element.tag}")
        wanted = None if _is_bare(element) else "edXML"
        if element.prefix != wanted:
            raise Refused(f"prefix: {element.prefix}:{name.localname}")
    if [etree.QName(child).localname for child in root] not in (
        ["edXMLEnvelope"],
        ["edXMLEnvelope", "AttachmentEncoded"],
    ):
        raise Refused("children of the root")


def _is_bare(element: etree._Element) -> bool:
    inside = any(etree.QName(above).localname == "edXMLEnvelope" for above in (element, *element.iterancestors()))
    return not inside and etree.QName(element).localname in BARE


def checker(data: bytes) -> None:
    """The checker of a bus: required fields by their paths, as its codes name them (`N` missing, `M` malformed)."""
    header = _header(_parsed(data))
    message = _one(header, "MessageHeader")
    if message.find(f"{{{QCVN}}}StatusCode") is None:
        for group, names in REQUIRED.items():
            for found in _all(message, group):
                for name in names:
                    _one(found, name)
        _one(_one(header, "TraceHeaderList"), "TraceHeader")
        _one(header, "ErrorList")
    for element in header.iter():
        _well_formed(element)


def _well_formed(element: etree._Element) -> None:
    name, text = etree.QName(element).localname, element.text or ""
    if name.endswith("Date") and not DAY.fullmatch(text):
        raise Refused(f"M.{name}: {text}")
    if name == "Timestamp" and not MOMENT.fullmatch(text):
        raise Refused(f"M.{name}: {text}")
    if name in INTEGERS and not text.isdigit():
        raise Refused(f"M.{name}: {text}")


def sequence(data: bytes) -> None:
    """A reader that goes through the message header in the samples' order and stops at what comes out of it."""
    whole = _header(_parsed(data))
    names = [etree.QName(child).localname for child in _one(whole, "MessageHeader")]
    order = STATUS_ORDER if "StatusCode" in names else EDOC_ORDER
    known = [order.index(name) for name in names if name in order]
    if known != sorted(known):
        raise Refused(f"order: {names}")
    header = [etree.QName(child).localname for child in whole]
    if header not in (["MessageHeader"], ["MessageHeader", "TraceHeaderList", "ErrorList"]):
        raise Refused(f"order: {header}")


READERS = (serializer, checker, sequence)


def _parsed(data: bytes) -> etree._Element:
    if not data.startswith(b"<?xml "):
        raise Refused("the file must begin with its declaration")
    return etree.fromstring(data)


def _header(root: etree._Element) -> etree._Element:
    return _one(_one(root, "edXMLEnvelope"), "edXMLHeader")


def _one(parent: etree._Element, name: str) -> etree._Element:
    return next(_all(parent, name))


def _all(parent: etree._Element, name: str) -> Iterator[etree._Element]:
    found = parent.findall(f"{{{QCVN}}}{name}")
    if not found:
        raise Refused(f"N.{etree.QName(parent).localname}.{name}")
    return iter(found)
