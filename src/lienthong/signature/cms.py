"""A small CMS writer: exactly the SignedData a PAdES baseline B-B signature needs (ETSI EN 319 142-1, RFC 5652).

Written as bytes: a general ASN.1 library took three quarters of the time of a signature for these forty lines. The
tests hold every byte against that library.

No signing-time attribute: PAdES puts the claimed time into the signature dictionary (EN 319 142-1 §6.3).
"""

import hashlib
from collections.abc import Sequence
from functools import lru_cache

from asn1crypto import core, x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509 import load_der_x509_certificate

from lienthong.errors import AlgorithmNotAllowed, SignatureProblem

MINIMUM_RSA_BITS = 2048


def signed_attributes(document_digest: bytes, certificate: bytes) -> bytes:
    """The DER SET OF attributes a key signs: content-type, message-digest, signing-certificate-v2.

    `document_digest` is the SHA-256 over the PDF's byte range.
    """
    return der(
        SET,
        *sorted(
            [
                _attribute(_CONTENT_TYPE, _DATA),
                _attribute(_MESSAGE_DIGEST, der(OCTETS, document_digest)),
                _attribute(_SIGNING_CERTIFICATE, der(SEQUENCE, der(SEQUENCE, _reference(certificate)))),
            ]
        ),
    )


def signed_data(attributes: bytes, signature: bytes, certificate: bytes, chain: Sequence[bytes]) -> bytes:
    """The DER ContentInfo around a signature value, with the leaf and its chain inside (RFC 5652 §5)."""
    issuer, serial, algorithm = _named(certificate)
    signer = der(
        SEQUENCE,
        _ONE,
        der(SEQUENCE, issuer, serial),
        _SHA256,
        bytes([IMPLICIT_0]) + attributes[1:],
        _SIGNED_WITH[algorithm],
        der(OCTETS, signature),
    )
    certificates = der(IMPLICIT_0, *sorted([certificate, *chain]))  # a SET in DER is sorted (X.690 §11.6)
    content = der(SEQUENCE, _ONE, der(SET, _SHA256), der(SEQUENCE, _DATA), certificates, der(SET, signer))
    return der(SEQUENCE, _SIGNED_DATA, der(IMPLICIT_0, content))


def check_value(certificate: bytes, signature: bytes, signed: bytes) -> None:
    """Raises SignatureProblem unless `signature` is this certificate's over `signed`, SHA-256."""
    key = load_der_x509_certificate(certificate).public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, signed, padding.PKCS1v15(), SHA256())
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, signed, ec.ECDSA(SHA256()))
        else:
            raise AlgorithmNotAllowed(type(key).__name__)
    except InvalidSignature as problem:
        raise SignatureProblem("the signature value does not belong to this certificate and document") from problem


def check_key(certificate: bytes) -> None:
    """Raises AlgorithmNotAllowed for keys that may not sign: RSA under 2048 bits, anything but RSA and EC."""
    key = load_der_x509_certificate(certificate).public_key()
    strong = isinstance(key, ec.EllipticCurvePublicKey) or (
        isinstance(key, rsa.RSAPublicKey) and key.key_size >= MINIMUM_RSA_BITS
    )
    if not strong:
        raise AlgorithmNotAllowed(type(key).__name__)


def der(tag: int, *parts: bytes) -> bytes:
    """One value in DER (X.690 §8.1.3)."""
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def _oid(dotted: str) -> bytes:
    return bytes(core.ObjectIdentifier(dotted).dump())


SEQUENCE, SET, OCTETS = 0x30, 0x31, 0x04
IMPLICIT_0, DIRECTORY_NAME = 0xA0, 0xA4
_ONE, _NULL = b"\x02\x01\x01", b"\x05\x00"
_DATA, _SIGNED_DATA = _oid("1.2.840.113549.1.7.1"), _oid("1.2.840.113549.1.7.2")
_CONTENT_TYPE, _MESSAGE_DIGEST = _oid("1.2.840.113549.1.9.3"), _oid("1.2.840.113549.1.9.4")
_SIGNING_CERTIFICATE = _oid("1.2.840.113549.1.9.16.2.47")
_SHA256 = der(
    SEQUENCE, _oid("2.16.840.1.101.3.4.2.1"), _NULL
)  # readers take both; old ones want the NULL (RFC 5754 §2)
_SIGNED_WITH = {
    "rsa": der(SEQUENCE, _oid("1.2.840.113549.1.1.11"), _NULL),  # RFC 5754 §3.2
    "ec": der(SEQUENCE, _oid("1.2.840.10045.4.3.2")),
}


def _attribute(kind: bytes, value: bytes) -> bytes:
    return der(SEQUENCE, kind, der(SET, value))


def _reference(certificate: bytes) -> bytes:
    """ESSCertIDv2; SHA-256 is the DEFAULT of its first field, so DER leaves that out (RFC 5035 §3)."""
    issuer, serial, _ = _named(certificate)
    names = der(SEQUENCE, der(DIRECTORY_NAME, issuer))
    return der(SEQUENCE, der(OCTETS, hashlib.sha256(certificate).digest()), der(SEQUENCE, names, serial))


@lru_cache(maxsize=256)
def _named(certificate: bytes) -> tuple[bytes, bytes, str]:
    """Issuer and serial number as they stand in the certificate, and the family of its key."""
    parsed = x509.Certificate.load(certificate)
    fields = parsed["tbs_certificate"]
    return bytes(fields["issuer"].dump()), bytes(fields["serial_number"].dump()), str(parsed.public_key.algorithm)
