"""Reading DER, and the BER with open lengths that some signing software writes: no models, no copies (X.690).

A reader of our own because the models of asn1crypto cost milliseconds a signature; this one looks only where asked.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from asn1crypto import core

SEQUENCE, SET, OID, OCTETS, INTEGER = 0x30, 0x31, 0x06, 0x04, 0x02
UTC_TIME, GENERALIZED_TIME = 0x17, 0x18
_CONSTRUCTED = 0x20
_DEEPEST = 24  # CMS with certificates needs about 12
_MOST = 4096  # children of one element: a CRL's entries are never taken apart here


@dataclass(frozen=True, slots=True)
class Element:
    """One value: `data[start:end]` with its header, `data[body:close]` without; `close` < `end` for open lengths."""

    data: bytes
    tag: int
    start: int
    body: int
    close: int
    end: int

    @property
    def whole(self) -> bytes:
        return self.data[self.start : self.end]

    @property
    def content(self) -> bytes:
        return self.data[self.body : self.close]

    @property
    def children(self) -> tuple["Element", ...]:
        """The values inside. Raises ValueError for what is no DER or too much of it."""
        return tuple(_inside(self.data, self.body, self.close, _DEEPEST))

    @property
    def octets(self) -> bytes:
        """An octet string, also one in pieces."""
        if not self.tag & _CONSTRUCTED:
            return self.content
        return b"".join(piece.octets for piece in self.children)

    @property
    def oid(self) -> str:
        """Dotted. Raises ValueError unless this is an object identifier."""
        return str(core.ObjectIdentifier.load(self.expect(OID).whole).dotted)

    @property
    def number(self) -> int:
        return int.from_bytes(self.expect(INTEGER).content, "big", signed=True)

    @property
    def moment(self) -> datetime:
        """UTCTime or GeneralizedTime in UTC. Raises ValueError for any other form."""
        text = self.content.decode("ascii")
        if self.tag == UTC_TIME:
            text = ("19" if text >= "50" else "20") + text  # RFC 5280 §4.1.2.5.1
        elif self.tag != GENERALIZED_TIME:
            raise ValueError("no moment")
        form = "%Y%m%d%H%M%S.%fZ" if "." in text else "%Y%m%d%H%M%SZ"
        return datetime.strptime(text, form).replace(tzinfo=UTC)

    def expect(self, tag: int) -> "Element":
        if self.tag != tag:
            raise ValueError(f"expected tag {tag:#04x}, found {self.tag:#04x}")
        return self


def read(data: bytes, *, tail: bool = False) -> Element:
    """The one value in `data`; with `tail` what follows does not matter. Raises ValueError."""
    element = _element(data, 0, len(data), _DEEPEST)
    if not tail and element.end != len(data):
        raise ValueError("bytes after the end")
    return element


def _element(data: bytes, at: int, limit: int, deep: int) -> Element:
    if deep < 0:
        raise ValueError("too deep")
    if at + 2 > limit:
        raise ValueError("cut off")
    tag, first = data[at], data[at + 1]
    if tag & 0x1F == 0x1F:
        raise ValueError("a tag of more than one byte")
    if first == 0x80:
        return _open(data, at, limit, deep)
    body, length = (at + 2, first) if first < 0x80 else _long(data, at, limit)
    if length > limit - body:
        raise ValueError("a length beyond the end")
    return Element(data, tag, at, body, body + length, body + length)


def _long(data: bytes, at: int, limit: int) -> tuple[int, int]:
    octets = data[at + 1] & 0x7F
    if octets > 4 or at + 2 + octets > limit:
        raise ValueError("a length beyond reason")
    body = at + 2 + octets
    return body, int.from_bytes(data[at + 2 : body], "big")


def _open(data: bytes, at: int, limit: int, deep: int) -> Element:
    """An open length ends with two zero bytes. (X.690 §8.1.3.6)"""
    if not data[at] & _CONSTRUCTED:
        raise ValueError("an open length on a plain value")
    place = at + 2
    while data[place : min(place + 2, limit)] != b"\0\0":
        place = _element(data, place, limit, deep - 1).end
    return Element(data, data[at], at, at + 2, place, place + 2)


def _inside(data: bytes, at: int, end: int, deep: int) -> Iterator[Element]:
    for _ in range(_MOST):
        if at == end:
            return
        element = _element(data, at, end, deep)
        yield element
        at = element.end
    raise ValueError("too many values")
