"""Names in certificates: Vietnamese subjects within X.520's bounds, and the URNs that say whose key it is."""

import ipaddress
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

from cryptography import x509
from cryptography.x509.oid import NameOID, ObjectIdentifier

from lienthong.errors import InvalidValue
from lienthong.signature.cms import SEQUENCE, der

LOOPBACK = ("localhost", "127.0.0.1")
_URN = "urn:lienthong:"
_URN_SAFE = "/:@!$&'()*+,;=~"  # RFC 8141 §2: pchar and slash; everything else is percent-encoded
_ELLIPSIS = "…"

# Upper bounds in characters (RFC 5280, appendix A.1: ub-common-name and the others).
_BOUNDS: dict[ObjectIdentifier, int] = {
    NameOID.COUNTRY_NAME: 2,
    NameOID.LOCALITY_NAME: 128,
    NameOID.ORGANIZATION_NAME: 64,
    NameOID.ORGANIZATIONAL_UNIT_NAME: 64,
    NameOID.COMMON_NAME: 64,
    NameOID.USER_ID: 256,
}
# X.520 counts characters, but `cryptography` and others count the bytes of a common name, and warn whoever reads a
# longer one; the organisation's name beside it is whole.
_SIZES: dict[ObjectIdentifier, Callable[[str], int]] = {NameOID.COMMON_NAME: lambda text: len(text.encode())}
_EMAIL_BOUND = 255
_LONG = 0x80  # X.690 §8.1.3.5: the length takes more than this one octet


@dataclass(frozen=True, slots=True)
class Subject:
    """Who a certificate names. Texts may be longer than X.520 allows: they are shortened by `shortened`."""

    common_name: str
    organisation: str = ""
    units: tuple[str, ...] = ()
    locality: str = ""
    email: str = ""
    uid: str = ""
    country: str = "VN"

    def to_name(self) -> x509.Name:
        """C, L, O, OU…, CN, E, UID, as government certificates order them; UTF8String. InvalidValue without a CN."""
        return x509.Name([x509.NameAttribute(kind, _fitting(kind, text)) for kind, text in self._parts()])

    def to_der(self) -> bytes:
        """The same, encoded (RFC 5280 §4.1.2.4). InvalidValue."""
        return der(SEQUENCE, *[_encoded(kind, text) for kind, text in self._parts()])

    def _parts(self) -> list[tuple[ObjectIdentifier, str]]:
        if not self.common_name.strip():
            raise InvalidValue("certificate subject without a common name")
        rows = [
            (NameOID.COUNTRY_NAME, self.country),
            (NameOID.LOCALITY_NAME, self.locality),
            (NameOID.ORGANIZATION_NAME, self.organisation),
            *[(NameOID.ORGANIZATIONAL_UNIT_NAME, unit) for unit in self.units],
            (NameOID.COMMON_NAME, self.common_name),
            (NameOID.EMAIL_ADDRESS, self.email),
            (NameOID.USER_ID, self.uid),
        ]
        return [row for row in rows if row[1].strip()]


def _fitting(kind: ObjectIdentifier, text: str) -> str:
    """Shortened to its bound; an address is never: it would be another person's."""
    if kind is not NameOID.EMAIL_ADDRESS:
        return shortened(text, _BOUNDS[kind], _SIZES.get(kind, len))
    if not text.isascii() or len(text) > _EMAIL_BOUND:  # emailAddress is an IA5String
        raise InvalidValue(f"e-mail address in a certificate: {text}")
    return text


@lru_cache(4096)
def _encoded(kind: ObjectIdentifier, text: str) -> bytes:
    """A part of a name, DER; all certificates of an agency share most of theirs."""
    whole = x509.Name([x509.NameAttribute(kind, _fitting(kind, text))]).public_bytes()
    return whole[2 if whole[1] < _LONG else 2 + (whole[1] & ~_LONG) :]  # without the header of the sequence


def shortened(text: str, bound: int, size: Callable[[str], int] = len) -> str:
    """The text in NFC with single spaces; over the bound it is cut after a whole word and ends in an ellipsis.

    `size` measures: characters unless told otherwise.
    """
    clean = " ".join(unicodedata.normalize("NFC", text).split())
    if size(clean) <= bound:
        return clean
    end = len(clean)
    while size(clean[:end] + _ELLIPSIS) > bound:
        end -= 1
    words = clean[: end + 1].rpartition(" ")[0]  # one character more: a word that ends just here may stay
    return (words or clean[:end]).rstrip(" ,;-–") + _ELLIPSIS


def common_name(text: str) -> str:
    """A name as it stands in the CN of a certificate."""
    return shortened(text, _BOUNDS[NameOID.COMMON_NAME], _SIZES[NameOID.COMMON_NAME])


def organisation_name(text: str) -> str:
    """A name as it stands in the O or an OU of a certificate."""
    return shortened(text, _BOUNDS[NameOID.ORGANIZATION_NAME])


def holder_uri(holder: str) -> str:
    """The URN of a holder as the registry writes it: "org:G09" is `urn:lienthong:org:G09`."""
    return _URN + quote(holder, safe=_URN_SAFE)


def alternative_names(holder: str, hosts: Iterable[str]) -> tuple[x509.GeneralName, ...]:
    """URN, DNS names and addresses, in that order. InvalidValue for a host name that is not ASCII."""
    uris = [x509.UniformResourceIdentifier(holder_uri(holder))] if holder else []
    return (*uris, *map(_host, hosts))


def _host(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        pass
    try:
        return x509.DNSName(text)
    except ValueError as error:
        raise InvalidValue(f"host name in a certificate: {text}") from error
