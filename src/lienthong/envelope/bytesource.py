"""From raw bytes to bytes an XML parser may see: junk, byte order marks and encodings (vn-rules §1.12, V2)."""

import codecs
import re

from lienthong.envelope.limits import Limits
from lienthong.envelope.repairs import Repairs
from lienthong.errors import EnvelopeUnreadable, EnvelopeUnsafe, PackageTooLarge

_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_DOCTYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_OTHER_FORMATS = {b"PK\x03\x04": "ZIP", b"%PDF": "PDF", b"\xd0\xcf\x11\xe0": "Microsoft Office", b"{": "JSON"}


def prepared(data: bytes, limits: Limits, repairs: Repairs) -> bytes:
    """UTF-8 bytes that start with `<`. Raises PackageTooLarge, EnvelopeUnreadable, EnvelopeUnsafe (any DOCTYPE)."""
    if len(data) > limits.bytes:
        raise PackageTooLarge(f"{len(data)} > {limits.bytes}")
    _refuse_other_formats(data)
    utf16 = data[:2] in _UTF16
    data = _without_junk(_utf8(data, repairs), limits, repairs)
    # The word may stand harmlessly in a comment or CDATA section; no producer puts it there, so refuse it anywhere.
    # This is the first of two locks: the parser's doctype event is the second.
    if _DOCTYPE.search(data):
        raise EnvelopeUnsafe("DOCTYPE")
    declared = _DECLARED.match(data)
    if declared and not utf16 and declared[1].lower() not in {b"utf-8", b"utf8", b"us-ascii"}:
        repairs.note("encoding-declared", declared[1].decode())
    return data


def _refuse_other_formats(data: bytes) -> None:
    if not data or data.isspace():
        raise EnvelopeUnreadable("tệp rỗng / empty file")
    for start, name in _OTHER_FORMATS.items():
        if data.startswith(start):
            raise EnvelopeUnreadable(f"đây là tệp {name}, không phải edXML / this is {name}, not edXML")


def _utf8(data: bytes, repairs: Repairs) -> bytes:
    if data.startswith(codecs.BOM_UTF8):
        repairs.note("byte-order-mark")
        return data[len(codecs.BOM_UTF8) :]
    encoding = _UTF16.get(data[:2])
    if encoding is None:
        return data
    repairs.note("encoding-utf16")
    try:
        return data[2:].decode(encoding).encode()
    except UnicodeError:
        raise EnvelopeUnreadable("UTF-16 hỏng / broken UTF-16") from None


def _without_junk(data: bytes, limits: Limits, repairs: Repairs) -> bytes:
    start = data.find(b"<", 0, limits.junk_bytes + 1)
    if start < 0:
        raise EnvelopeUnreadable("không phải XML / not XML")
    if data[:start].replace(codecs.BOM_UTF8, b"").strip():
        repairs.note("junk-before-prolog")
    elif codecs.BOM_UTF8 in data[:start]:
        repairs.note("byte-order-mark")
    return data[start:]
