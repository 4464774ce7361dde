"""What a certificate says, in words: for whom, for what, on which key, where its state is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

USES = {
    "digital_signature": "ký số, xác thực",
    "content_commitment": "chống chối bỏ",
    "key_encipherment": "mã hóa khóa",
    "key_cert_sign": "cấp chứng thư khác",
    "crl_sign": "ký danh sách thu hồi",
}
PURPOSES = {
    "1.3.6.1.5.5.7.3.36": "ký văn bản",
    ExtendedKeyUsageOID.EMAIL_PROTECTION.dotted_string: "thư điện tử",
    ExtendedKeyUsageOID.CLIENT_AUTH.dotted_string: "máy gọi đi",
    ExtendedKeyUsageOID.SERVER_AUTH.dotted_string: "máy nhận gọi",
    ExtendedKeyUsageOID.TIME_STAMPING.dotted_string: "dấu thời gian",
    ExtendedKeyUsageOID.OCSP_SIGNING.dotted_string: "trả lời trạng thái",
}
"""RFC 5280 §4.2.1.12 and RFC 9336."""


@dataclass(frozen=True, slots=True)
class Facts:
    """A certificate in words. `lists` and `answers`: addresses of lists (whole, then changes) and of OCSP."""

    name: str
    subject: str
    issuer: str
    begins: datetime
    ends: datetime
    key: str
    uses: tuple[str, ...]
    policies: tuple[str, ...]
    hosts: tuple[str, ...]
    lists: tuple[str, ...]
    answers: tuple[str, ...]
    print: str


def read(der: bytes) -> Facts:
    """A DER certificate of the authority's own making."""
    found = x509.load_der_x509_certificate(der)
    return Facts(
        _name(found.subject),
        found.subject.rfc4514_string({NameOID.EMAIL_ADDRESS: "E"}),
        _name(found.issuer),
        found.not_valid_before_utc,
        found.not_valid_after_utc,
        _key(found.public_key()),
        tuple(_uses(found)),
        tuple(_policies(found)),
        tuple(_hosts(found)),
        tuple(_lists(found)),
        tuple(_answers(found)),
        found.fingerprint(SHA256()).hex(":"),
    )


def _name(name: x509.Name) -> str:
    found = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else name.rfc4514_string()


def _key(key: object) -> str:
    if isinstance(key, rsa.RSAPublicKey):
        return f"RSA {key.key_size}"
    if isinstance(key, ec.EllipticCurvePublicKey):
        return f"ECDSA {key.curve.name}"
    return "Ed25519" if isinstance(key, ed25519.Ed25519PublicKey) else type(key).__name__


def _extension(found: x509.Certificate, kind: type[x509.ExtensionType]) -> x509.ExtensionType | None:
    try:
        return found.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


def _uses(found: x509.Certificate) -> Iterator[str]:
    usage = _extension(found, x509.KeyUsage)
    if isinstance(usage, x509.KeyUsage):
        yield from (word for name, word in USES.items() if getattr(usage, name))
    purposes = _extension(found, x509.ExtendedKeyUsage)
    if isinstance(purposes, x509.ExtendedKeyUsage):
        yield from (PURPOSES.get(each.dotted_string, each.dotted_string) for each in purposes)


def _policies(found: x509.Certificate) -> Iterator[str]:
    told = _extension(found, x509.CertificatePolicies)
    if isinstance(told, x509.CertificatePolicies):
        yield from (each.policy_identifier.dotted_string for each in told)


def _hosts(found: x509.Certificate) -> Iterator[str]:
    told = _extension(found, x509.SubjectAlternativeName)
    if isinstance(told, x509.SubjectAlternativeName):
        yield from (str(each.value) for each in told)


def _lists(found: x509.Certificate) -> Iterator[str]:
    for kind in (x509.CRLDistributionPoints, x509.FreshestCRL):
        told = _extension(found, kind)
        if isinstance(told, x509.CRLDistributionPoints | x509.FreshestCRL):
            yield from (str(name.value) for point in told for name in point.full_name or ())


def _answers(found: x509.Certificate) -> Iterator[str]:
    told = _extension(found, x509.AuthorityInformationAccess)
    if isinstance(told, x509.AuthorityInformationAccess):
        wanted = AuthorityInformationAccessOID.OCSP
        yield from (str(each.access_location.value) for each in told if each.access_method == wanted)
