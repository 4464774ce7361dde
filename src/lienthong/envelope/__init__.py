"""How it travels: edXML reading (tolerant) and writing (strict), the package of parts, limits. Pure."""

from lienthong.envelope.limits import DEFAULT, Limits
from lienthong.envelope.model import (
    Attachment,
    Business,
    BusinessType,
    Content,
    Edoc,
    OtherInfo,
    Party,
    Reading,
    ReceiverChange,
    Replacement,
    ResponseFor,
    Signer,
    Staff,
    StatusMessage,
    TraceHop,
    Warning,  # noqa: A004  the word of the trade; nobody raises Python's own in this room
    XmlSignature,
    attach,
)
from lienthong.envelope.naming import clean_name
from lienthong.envelope.package import (
    MESSAGE_PART,
    MESSAGE_TYPE,
    AnyPart,
    Part,
    PartRef,
    content_digest,
    manifest,
    pack,
    unpack,
)
from lienthong.envelope.reader import read, read_head
from lienthong.envelope.wire import frame, seal_in, unframe
from lienthong.envelope.writer import write, write_around

__all__ = [
    "DEFAULT",
    "MESSAGE_PART",
    "MESSAGE_TYPE",
    "AnyPart",
    "Attachment",
    "Business",
    "BusinessType",
    "Content",
    "Edoc",
    "Limits",
    "OtherInfo",
    "Part",
    "PartRef",
    "Party",
    "Reading",
    "ReceiverChange",
    "Replacement",
    "ResponseFor",
    "Signer",
    "Staff",
    "StatusMessage",
    "TraceHop",
    "Warning",
    "XmlSignature",
    "attach",
    "clean_name",
    "content_digest",
    "frame",
    "manifest",
    "pack",
    "read",
    "read_head",
    "seal_in",
    "unframe",
    "unpack",
    "write",
    "write_around",
]
