"""ES256 as JWS has it: r‖s over P-256 and SHA-256 (RFC 7518 §3.4)."""

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature


def verifies(certificate: bytes, signature: bytes, data: bytes) -> bool:
    """Whether the key of this DER certificate made this signature; False for keys of another kind."""
    key = p256(certificate)
    if key is None or len(signature) != 64:
        return False
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    try:
        key.verify(encode_dss_signature(r, s), data, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def p256(certificate: bytes) -> ec.EllipticCurvePublicKey | None:
    """The certificate's key if it is one of P-256."""
    key = x509.load_der_x509_certificate(certificate).public_key()
    return key if isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name == "secp256r1" else None
