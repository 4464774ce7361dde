"""Signature values as they come from people's devices: which algorithm to ask for, and the value in our form."""

from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import ec, rsa, utils
from cryptography.x509 import load_der_x509_certificate

from lienthong.errors import AlgorithmNotAllowed, SignatureProblem, SigningDiffers
from lienthong.signature.cms import check_key, check_value

MOST_VALUE = 1024
"""Bytes; an RSA key of 8192 bits gives as many. A longer value is none."""


@dataclass(frozen=True, slots=True)
class Algorithm:
    """What a device offers, in the words of web-eID: "RSA" | "ECC", "SHA-256", "PKCS1.5" | "NONE" | "PSS"."""

    crypto: str
    hash: str
    padding: str = "NONE"


RSA = Algorithm("RSA", "SHA-256", "PKCS1.5")
ECDSA = Algorithm("ECC", "SHA-256")


def negotiated(certificate: bytes, offered: Sequence[Algorithm]) -> Algorithm:
    """The one algorithm to ask the device for: the key decides, the device must offer it.

    Raises AlgorithmNotAllowed for a weak or unknown key and for a device without this algorithm, SignatureProblem
    for bytes that are no certificate.
    """
    try:
        check_key(certificate)
        key = load_der_x509_certificate(certificate).public_key()
    except ValueError as problem:
        raise SignatureProblem("not a certificate") from problem
    wanted = RSA if isinstance(key, rsa.RSAPublicKey) else ECDSA
    if wanted not in offered:
        raise AlgorithmNotAllowed(f"the device does not offer {wanted.crypto} {wanted.hash} {wanted.padding}")
    return wanted


def settled(certificate: bytes, to_be_signed: bytes, value: bytes) -> bytes:
    """The value as a CMS holds it: RSA PKCS#1 v1.5, or ECDSA as DER although devices give r‖s (RFC 7518 §3.4).

    Whatever verifies is the value, so the two forms of ECDSA are never guessed by their looks. Raises SigningDiffers
    when it is not this certificate's over these bytes.
    """
    for form in _forms(certificate, value):
        try:
            check_value(certificate, form, to_be_signed)
        except SignatureProblem:
            continue
        return form
    raise SigningDiffers("the value is not of this certificate over this document")


def _forms(certificate: bytes, value: bytes) -> list[bytes]:
    if not 0 < len(value) <= MOST_VALUE:
        return []
    key = load_der_x509_certificate(certificate).public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey):
        return [value]
    size = (key.curve.key_size + 7) // 8
    return [value, *([_der(value, size)] if len(value) == 2 * size else [])]


def _der(value: bytes, size: int) -> bytes:
    return utils.encode_dss_signature(int.from_bytes(value[:size], "big"), int.from_bytes(value[size:], "big"))
