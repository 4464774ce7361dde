"""Throw-away keys, certificates, parts and trust for tests of seals and snapshots."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from lienthong.document.codes import OrganisationCode
from lienthong.seal import KeyEntry, seal, thumbprint

NOW = datetime(2026, 11, 22, 1, 12, tzinfo=UTC)
SENDER = OrganisationCode.parse("G09")
MESSAGE = "0f0b2b6e-0001"
YEAR = timedelta(days=365)
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True)
class Part:
    name: str
    media_type: str
    sha256: str


@dataclass(frozen=True)
class Signer:
    key: Key
    certificate: bytes
    chain: tuple[bytes, ...] = ()
    pss: bool = False

    def sign(self, data: bytes) -> bytes:
        if isinstance(self.key, rsa.RSAPrivateKey):
            salted = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
            return self.key.sign(data, salted if self.pss else padding.PKCS1v15(), hashes.SHA256())
        r, s = decode_dss_signature(self.key.sign(data, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


@dataclass
class Keys:
    """A trust of listed keys."""

    entries: Mapping[str, KeyEntry] = field(default_factory=dict)
    is_fresh: bool = True

    def sealing_key(self, mark: str) -> KeyEntry | None:
        return self.entries.get(mark)

    def fresh(self, moment: datetime) -> bool:
        return self.is_fresh


def ec_key(label: str = "g09") -> ec.EllipticCurvePrivateKey:
    return _ec_key(label)


def rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    return _rsa_key(bits)


# behind plain functions, because a cache tells f() from f("g09")
@cache
def _ec_key(label: str) -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@cache
def _rsa_key(bits: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


def certificate(
    key: Key,
    name: str = "Bộ Nội vụ (mẫu)",
    issuer: tuple[Key, bytes] | None = None,
    *,
    ca: bool = False,
    uri: str | None = None,
    valid: tuple[datetime, datetime] = (NOW - YEAR, NOW + YEAR),
) -> bytes:
    """A DER certificate, self-signed unless an issuer is given."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    above = x509.load_der_x509_certificate(issuer[1]).subject if issuer else subject
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(above)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(valid[0])
        .not_valid_after(valid[1])
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    )
    if uri:
        builder = builder.add_extension(
            x509.SubjectAlternativeName([x509.UniformResourceIdentifier(uri)]), critical=False
        )
    return builder.sign(issuer[0] if issuer else key, hashes.SHA256()).public_bytes(Encoding.DER)


@cache
def signer(label: str = "g09") -> Signer:
    return Signer(ec_key(label), certificate(ec_key(label)))


@cache
def rsa_signer(bits: int = 2048, *, pss: bool = False) -> Signer:
    return Signer(rsa_key(bits), certificate(rsa_key(bits)), pss=pss)


def entry(of: Signer, holder: str = "org:G09", **changes: object) -> KeyEntry:
    values = {
        "thumbprint": thumbprint(of.certificate),
        "certificate": of.certificate,
        "holder": holder,
        "purpose": "package-seal",
        "valid_from": NOW - YEAR,
        "valid_to": NOW + YEAR,
    }
    return KeyEntry(**(values | changes))  # type: ignore[arg-type]  # a test may list what it likes


def trust(*entries: KeyEntry, fresh: bool = True) -> Keys:
    listed = entries or (entry(signer()),)
    return Keys({each.thumbprint: each for each in listed}, fresh)


def part(name: str, content: bytes = b"x", media_type: str = "application/pdf") -> Part:
    return Part(name, media_type, hashlib.sha256(content).hexdigest())


PARTS = (part("edoc.xml", b"<edXML/>", "application/xml"), part("Công văn số 15.pdf", b"%PDF"), part("phụ lục.xlsx"))


def sealed(parts: tuple[Part, ...] = PARTS, by: Signer | None = None, now: datetime = NOW, **more: object) -> str:
    return seal(parts, by or signer(), now, SENDER, MESSAGE, **more)  # type: ignore[arg-type]  # passed through
