"""A throw-away authority: root, issuing CA, a leader's and an agency's certificate, all in memory."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

NOW = datetime(2026, 11, 22, 1, 12, tzinfo=UTC)
YEAR = timedelta(days=365)

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@dataclass(frozen=True)
class Soft:
    """A key in memory that is a DocumentSigner."""

    key: Key
    certificate: bytes
    chain: tuple[bytes, ...]

    def sign(self, data: bytes) -> bytes:
        if isinstance(self.key, rsa.RSAPrivateKey):
            return self.key.sign(data, padding.PKCS1v15(), SHA256())
        return self.key.sign(data, ec.ECDSA(SHA256()))


@cache
def rsa_key(role: str, bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


def name(common: str, organisation: str = "Tỉnh Mẫu", uid: str = "", mail: str = "") -> x509.Name:
    parts = [(NameOID.COUNTRY_NAME, "VN"), (NameOID.ORGANIZATION_NAME, organisation), (NameOID.COMMON_NAME, common)]
    parts += [(NameOID.USER_ID, uid)] if uid else []
    parts += [(NameOID.EMAIL_ADDRESS, mail)] if mail else []
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in parts])


LEADER = name("Nguyễn Văn Mẫu", mail="mau@vidu.gov.vn")
AGENCY = name("Sở Ví Dụ tỉnh Mẫu", uid="MST:0100000000, MNS:1000000")


def usage(*, signs: bool, ca: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signs and not ca,
        content_commitment=signs and not ca,
        key_encipherment=not signs,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=ca,
        crl_sign=ca,
        encipher_only=False,
        decipher_only=False,
    )


def certificate(
    subject: x509.Name,
    key: Key,
    issuer: x509.Name,
    issuer_key: Key,
    *,
    ca: bool = False,
    signs: bool = True,
    start: datetime = NOW - YEAR,
    end: datetime = NOW + YEAR,
) -> bytes:
    builder = x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number(), start, end)
    builder = builder.add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    builder = builder.add_extension(usage(signs=signs, ca=ca), critical=True)
    builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key())
    builder = builder.add_extension(identifier, critical=False)
    return builder.sign(issuer_key, SHA256()).public_bytes(Encoding.DER)


class Authority:
    """A root and an issuing CA; `issue` gives soft signers."""

    def __init__(self, label: str) -> None:
        self.label = label
        self._root, self._issuing = rsa_key(f"{label} root"), rsa_key(f"{label} issuing")
        self._names = name(f"Gốc Mẫu {label}"), name(f"CA Mẫu {label}")
        life: dict[str, Any] = {"ca": True, "start": NOW - 5 * YEAR, "end": NOW + 9 * YEAR}
        self.root = certificate(self._names[0], self._root, self._names[0], self._root, **life)
        self.issuing = certificate(self._names[1], self._issuing, self._names[0], self._root, **life)

    def issue(self, subject: x509.Name, key: Key | None = None, **life: Any) -> Soft:
        key = key or rsa_key(f"{self.label} {subject.rfc4514_string()}")
        der = certificate(subject, key, self._names[1], self._issuing, **life)
        return Soft(key, der, (self.issuing,))


@cache
def authority(label: str = "A") -> Authority:
    return Authority(label)


@cache
def leader() -> Soft:
    return authority().issue(LEADER)


@cache
def agency() -> Soft:
    return authority().issue(AGENCY)
