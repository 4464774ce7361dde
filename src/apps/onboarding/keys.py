"""Certificate requests of a gateway, and certificates that answer them. Private keys never come here."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from apps.ui.language import t
from lienthong.errors import InvalidValue

MOST = 16 * 1024
PURPOSES = ("gateway", "log", "package-seal")
"""What a gateway of one agency needs: its own key, its log's, the agency's seal."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as PEM, and the SHA-256 (hex) of its public key."""

    purpose: str
    pem: str
    spki: str


def read_request(purpose: str, text: str) -> Asked:
    """A request whose key signed it (proof of possession), of the kind its purpose wants. Raises `InvalidValue`."""
    if purpose not in PURPOSES or len(text) > MOST:
        raise InvalidValue(f"{purpose[:40]}")
    try:
        request = x509.load_pem_x509_csr(text.encode())
        key = request.public_key()
        signed = request.is_signature_valid
    except (ValueError, TypeError, InvalidSignature) as error:
        raise InvalidValue(t("{purpose}: không đọc được yêu cầu chứng thư.", purpose=purpose)) from error
    if not signed:
        raise InvalidValue(t("{purpose}: yêu cầu không do chính khóa đó ký.", purpose=purpose))
    if not _fits(purpose, key):
        raise InvalidValue(t("{purpose}: loại khóa không đúng.", purpose=purpose))
    return Asked(purpose, request.public_bytes(Encoding.PEM).decode(), digest(key))


def _fits(purpose: str, key: object) -> bool:
    if purpose == "log":
        return isinstance(key, ed25519.Ed25519PublicKey)
    return isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1)


def digest(key: object) -> str:
    """SHA-256 (hex) of a public key."""
    spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)  # type: ignore[attr-defined]  # any public key
    return hashlib.sha256(spki).hexdigest()


def read_certificates(text: str) -> dict[str, str]:
    """Certificates (PEM, leaves first in their own chains) by the digest of their key, each with what follows it.

    Raises `InvalidValue`.
    """
    try:
        found = x509.load_pem_x509_certificates(text.encode())
    except ValueError as error:
        raise InvalidValue(t("Không đọc được chứng thư PEM.")) from error
    leaves: dict[str, str] = {}
    last = ""
    for each in found:
        pem = each.public_bytes(Encoding.PEM).decode()
        if _is_authority(each) and last:
            leaves[last] += pem
        elif not _is_authority(each):
            last = digest(each.public_key())
            leaves[last] = pem
    return leaves


def require_root(pem: str, roots: Sequence[x509.Certificate]) -> None:
    """A certificate with its chain must lead to one of the roots, link by link. Raises `InvalidValue`."""
    chain = x509.load_pem_x509_certificates(pem.encode())
    links = [*chain[1:], None]
    for each, above in zip(chain, links, strict=True):
        above_it = [above] if above is not None else roots
        if not any(_issued(each, issuer) for issuer in above_it):
            raise InvalidValue(t("Chuỗi chứng thư không dẫn tới CA gốc của trục; chưa nhận gì."))


def _issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False
