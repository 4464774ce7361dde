"""Requests for certificates (PKCS#10) and the keys in them: proof of possession, and flaws that are known.

A key is judged by what can be seen in the public half: how it was made is not told by anything else.
"""

import math
from base64 import b64decode
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from hashlib import sha256
from typing import cast

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from lienthong.ca.profiles import PublicKey
from lienthong.ca.rules.agility import allowed
from lienthong.errors import AlgorithmNotAllowed, RequestUnreadable

LARGEST = 16 << 10
"""Bytes; a request with an RSA-4096 key takes about two thousand."""
_UNREADABLE = (ValueError, TypeError, UnsupportedAlgorithm, x509.InvalidVersion, x509.UnsupportedGeneralNameType)
_EXPONENT = 65537
_SMALL = 2000
_ROUNDS = 100


@dataclass(frozen=True, slots=True)
class CertificateRequest:
    """A request whose key signed it: the key, its DER, and the SHA-256 of that in hex. Its subject counts for nothing.

    `hosts` are the DNS names it asks for.
    """

    key: PublicKey = field(repr=False)
    spki: bytes = field(repr=False)
    hosts: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """What the key is known by."""
        return key_id(self.spki)


@dataclass(frozen=True, slots=True)
class PublicHalf:
    """A key as its certificate holds it: SubjectPublicKeyInfo (DER) and identifier (RFC 5280 §4.2.1.2, method 1)."""

    key: PublicKey = field(repr=False)
    spki: bytes = field(repr=False)
    identifier: bytes


def public_half(key: PublicKey) -> PublicHalf:
    """Both are worked out once."""
    return PublicHalf(key, spki(key), x509.SubjectKeyIdentifier.from_public_key(key).digest)


def key_id(spki: bytes) -> str:
    """SHA-256 of a SubjectPublicKeyInfo, hex."""
    return sha256(spki).hexdigest()


def spki(key: object) -> bytes:
    """The SubjectPublicKeyInfo of a public key, DER."""
    encoded: bytes = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)  # type: ignore[attr-defined]  # every public key has it
    return encoded


def read_request(text: str | bytes, use: str, at: datetime) -> CertificateRequest:
    """A PKCS#10 in PEM, DER or base64. RequestUnreadable; AlgorithmNotAllowed for a key that may not be certified."""
    try:
        found = parsed_request(text.encode() if isinstance(text, str) else text)
        proven = found.is_signature_valid
        key, names = found.public_key(), _hosts(found)
    except _UNREADABLE as error:
        raise RequestUnreadable(type(error).__name__) from error
    if not proven:
        raise RequestUnreadable("chữ ký không phải của khóa này / not signed by its own key")
    require_sound(key, use, at)
    return CertificateRequest(cast("PublicKey", key), spki(key), names)


def require_sound(key: object, use: str, at: datetime) -> None:
    """AlgorithmNotAllowed for what the table of algorithms forbids, and for RSA keys with a known flaw."""
    allowed(key, use, at)
    if isinstance(key, rsa.RSAPublicKey) and (flaw := _flaw(key.public_numbers())):
        raise AlgorithmNotAllowed(f"RSA: {flaw}")


def parsed_request(data: bytes) -> x509.CertificateSigningRequest:
    """The request in whatever form it came. ValueError: what it raises only `read_request` turns into words."""
    if len(data) > LARGEST:
        raise ValueError("too large")
    if data.lstrip().startswith(b"-----BEGIN"):
        return x509.load_pem_x509_csr(data)
    binary = data[:1] == b"\x30" and data[1:2] >= b"\x80"  # a SEQUENCE of more than 127 bytes
    return x509.load_der_x509_csr(data if binary else b64decode(data, validate=True))


def _hosts(found: x509.CertificateSigningRequest) -> tuple[str, ...]:
    try:
        names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    return tuple(names.get_values_for_type(x509.DNSName)) + tuple(
        str(each) for each in names.get_values_for_type(x509.IPAddress)
    )


def _flaw(numbers: rsa.RSAPublicNumbers) -> str:
    """A word for what is wrong with an RSA key, or nothing."""
    if numbers.e != _EXPONENT:
        return f"số mũ / exponent {numbers.e}"
    if math.gcd(numbers.n, _product()) != 1:
        return "thừa số nhỏ / a small factor"
    if _close(numbers.n):
        return "hai thừa số gần nhau / factors close to one another (Fermat)"
    return "ROCA (CVE-2017-15361)" if _roca(numbers.n) else ""


@cache
def _primes() -> tuple[int, ...]:
    sieve = bytearray([1]) * _SMALL
    for number in range(2, math.isqrt(_SMALL) + 1):
        sieve[number * number :: number] = bytes(len(range(number * number, _SMALL, number)))
    return tuple(number for number in range(2, _SMALL) if sieve[number])


@cache
def _product() -> int:
    return math.prod(_primes())


def _close(modulus: int) -> bool:
    """Fermat's method finds the factors of a key made from neighbouring primes within a few steps."""
    middle = math.isqrt(modulus - 1) + 1
    return any(math.isqrt(rest) ** 2 == rest for a in range(middle, middle + _ROUNDS) if (rest := a * a - modulus) >= 0)


_ROCA_PRIMES = (11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157)


@cache
def _powers() -> tuple[tuple[int, frozenset[int]], ...]:
    return tuple((prime, frozenset(pow(_EXPONENT, power, prime) for power in range(prime))) for prime in _ROCA_PRIMES)


def _roca(modulus: int) -> bool:
    """Keys of a certain chip's library lie in the group generated by 65537 modulo each of these primes."""
    return all(modulus % prime in group for prime, group in _powers())
