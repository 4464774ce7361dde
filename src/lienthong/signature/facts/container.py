"""What a CMS container says, taken apart once: SignedData with one signer (RFC 5652 §5). No verdicts here."""

from dataclasses import dataclass, field

from lienthong.signature.facts.der import OCTETS, SEQUENCE, SET, Element, read

SIGNED_DATA = "1.2.840.113549.1.7.2"
DATA = "1.2.840.113549.1.7.1"
TST_INFO = "1.2.840.113549.1.9.16.1.4"
CONTENT_TYPE, MESSAGE_DIGEST = "1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4"
SIGNING_TIME = "1.2.840.113549.1.9.5"
SIGNING_CERTIFICATE, SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.12", "1.2.840.113549.1.9.16.2.47"
SIGNATURE_STAMP = "1.2.840.113549.1.9.16.2.14"
CONTENT_STAMP = "1.2.840.113549.1.9.16.2.20"
ADOBE_REVOCATION = "1.2.840.113583.1.1.8"
_SUBJECT_KEY = "2.5.29.14"
_MOST_CERTIFICATES = 64


@dataclass(frozen=True, slots=True)
class Container:
    """One signer's SignedData.

    `attributes` is the DER SET a key signs (empty without signed attributes); `signed` and `unsigned` map OID to the
    values; `certificates` are DER; `content` the enclosed content or None; `scheme` and `digest` the algorithm
    identifiers as they stand.
    """

    content_type: str
    content: bytes | None
    certificates: tuple[bytes, ...]
    crls: tuple[bytes, ...]
    digest: Element
    scheme: Element
    value: bytes
    attributes: bytes
    signer: bytes | None
    signed: dict[str, tuple[Element, ...]] = field(default_factory=dict)
    unsigned: dict[str, tuple[Element, ...]] = field(default_factory=dict)


def open_container(data: bytes, *, padded: bool = False) -> Container:
    """The container in `data`; `padded` allows the zeros a PDF's reserved room ends with. Raises ValueError."""
    whole = read(data, tail=padded)
    if padded and data[whole.end :].strip(b"\0"):
        raise ValueError("something hides behind the container")
    kind, wrapped = whole.expect(SEQUENCE).children
    if kind.oid != SIGNED_DATA:
        raise ValueError("no signed data")
    (signed,) = wrapped.expect(0xA0).children
    return _signed_data(signed.expect(SEQUENCE))


def _signed_data(signed: Element) -> Container:
    parts = signed.children
    enclosed = parts[2].expect(SEQUENCE).children
    (info,) = _one(parts[-1].expect(SET).children)
    optional = {part.tag: part for part in parts[3:-1]}
    certificates = tuple(item.whole for item in optional[0xA0].children) if 0xA0 in optional else ()
    if len(certificates) > _MOST_CERTIFICATES:
        raise ValueError("too many certificates")
    crls = tuple(item.whole for item in optional[0xA1].children if item.tag == SEQUENCE) if 0xA1 in optional else ()
    content = enclosed[1].expect(0xA0).children[0] if len(enclosed) > 1 else None
    octets = content.octets if content is not None and content.tag in {OCTETS, 0x24} else None
    return _signer(info.expect(SEQUENCE), enclosed[0].oid, octets, certificates, crls)


def _one(signers: tuple[Element, ...]) -> tuple[Element]:
    """A PDF's signature has exactly one signer. (ISO 32000-2 §12.8.3.3)"""
    if len(signers) != 1:
        raise ValueError(f"{len(signers)} signers in one signature")
    return (signers[0],)


def _signer(
    info: Element, kind: str, content: bytes | None, certificates: tuple[bytes, ...], crls: tuple[bytes, ...]
) -> Container:
    parts = list(info.children[1:])
    identifier, digest = parts.pop(0), parts.pop(0).expect(SEQUENCE)
    attributes = parts.pop(0) if parts[0].tag == 0xA0 else None
    scheme, value = parts.pop(0).expect(SEQUENCE), parts.pop(0)
    return Container(
        kind,
        content,
        certificates,
        crls,
        digest,
        scheme,
        value.octets,
        _as_set(attributes),
        next((one for one in certificates if _meant(identifier, one)), None),
        _mapped(attributes),
        _mapped(parts[0] if parts else None),
    )


def _as_set(attributes: Element | None) -> bytes:
    """RFC 5652 §5.4: what is signed is the SET OF, not the [0]."""
    if attributes is None:
        return b""
    if attributes.close != attributes.end:
        raise ValueError("signed attributes with an open length")
    return b"\x31" + attributes.whole[1:]


def _mapped(attributes: Element | None) -> dict[str, tuple[Element, ...]]:
    found: dict[str, tuple[Element, ...]] = {}
    for attribute in attributes.children if attributes is not None else ():
        kind, values = attribute.expect(SEQUENCE).children
        if kind.oid in found:
            raise ValueError("an attribute twice")
        found[kind.oid] = values.expect(SET).children
    return found


def _meant(identifier: Element, certificate: bytes) -> bool:
    """Issuer and serial number as bytes, or the subject key identifier. (RFC 5652 §5.3)"""
    try:
        fields = tbs(certificate)
        if identifier.tag == SEQUENCE:
            issuer, serial = identifier.children
            return fields[2].whole == issuer.whole and fields[0].content == serial.content
        return identifier.tag == 0x80 and _key_identifier(fields) == identifier.content
    except (ValueError, IndexError):
        return False


def tbs(certificate: bytes) -> tuple[Element, ...]:
    """A certificate's fields from the serial number on. (RFC 5280 §4.1)"""
    fields = read(certificate).expect(SEQUENCE).children[0].expect(SEQUENCE).children
    return fields[1:] if fields[0].tag == 0xA0 else fields


def extension(fields: tuple[Element, ...], kind: str) -> tuple[bool, bytes] | None:
    """Critical or not, and the value, of one extension."""
    outer = next((part for part in fields if part.tag == 0xA3), None)
    for item in outer.children[0].children if outer is not None else ():
        parts = item.children
        if parts[0].oid == kind:
            return len(parts) == 3 and parts[1].content != b"\0", parts[-1].octets
    return None


def _key_identifier(fields: tuple[Element, ...]) -> bytes | None:
    found = extension(fields, _SUBJECT_KEY)
    return read(found[1]).content if found else None
