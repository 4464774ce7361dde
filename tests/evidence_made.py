"""Evidence made for tests: a small authority, a log that signs, receipts, time stamps."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256

from asn1crypto import algos, cms, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from lienthong.evidence import (
    Checkpoint,
    Event,
    EventKind,
    Frontier,
    ManifestPart,
    Receipt,
    SigningKey,
    checkpoint_digest,
    leaf_hash,
    manifest_digest,
    receipts,
    sign_checkpoint,
)

AT = datetime(2026, 11, 22, 1, 12, tzinfo=UTC)
NOW = datetime(2027, 1, 1, tzinfo=UTC)
ORIGIN = "lienthong.vn/log/axis"
FILES = {"edXML": b"<edXML/>", "Quyết định.pdf": b"%PDF-1.7 mau"}
PARTS = tuple(
    ManifestPart(
        name, "application/pdf" if name.endswith("pdf") else "application/xml", len(data), sha256(data).hexdigest()
    )
    for name, data in FILES.items()
)

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | Ed25519PrivateKey


@dataclass(frozen=True)
class Issuer:
    name: str
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
    certificate: x509.Certificate

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)


def certify(
    name: str,
    key: Key,
    issuer: Issuer | None,
    extensions: Sequence[tuple[x509.ExtensionType, bool]],
    *,
    begin: datetime = AT - timedelta(days=30),
    end: datetime = AT + timedelta(days=3650),
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    parent = issuer.certificate.subject if issuer else subject
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(parent).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(begin).not_valid_after(end)
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    return builder.sign(issuer.key if issuer else key, hashes.SHA256())


def authority(name: str, above: Issuer | None = None, *, ca: bool = True) -> Issuer:
    key = ec.generate_private_key(ec.SECP256R1())
    return Issuer(name, key, certify(name, key, above, [(x509.BasicConstraints(ca, None), True)]))


@dataclass(frozen=True)
class LogMade:
    """A log with its key's certificate; `receipts` signs a whole small log at once."""

    key: SigningKey
    chain: tuple[bytes, ...]

    def receipts(self, *events: Event) -> tuple[Receipt, ...]:
        leaves = [event.to_leaf() for event in events]
        batch = Frontier().extend([leaf_hash(leaf) for leaf in leaves])
        note = sign_checkpoint(Checkpoint(self.key.name, batch.size, batch.root()), self.key)
        return receipts(batch, leaves, note, self.chain)


def log_of(
    issuer: Issuer,
    origin: str = ORIGIN,
    name: str = "Nhật ký trục (mẫu)",
    certified: str | None = None,
    **validity: datetime,
) -> LogMade:
    secret = Ed25519PrivateKey.generate()
    uri = x509.UniformResourceIdentifier(f"urn:lienthong:log:{certified or origin}")
    certificate = certify(name, secret, issuer, [(x509.SubjectAlternativeName([uri]), False)], **validity)
    return LogMade(SigningKey(origin, secret.private_bytes_raw()), (certificate.public_bytes(Encoding.DER), issuer.der))


@dataclass(frozen=True)
class World:
    root: Issuer
    issuing: Issuer
    log: LogMade
    tsa: Issuer
    stranger: Issuer = field(default_factory=lambda: authority("Gốc người lạ (mẫu)"))

    @property
    def roots(self) -> list[bytes]:
        return [self.root.der]


@cache
def world() -> World:
    root = authority("Chứng thư gốc mẫu")
    issuing = authority("Cơ quan cấp mẫu", root)
    return World(root, issuing, log_of(issuing), stamp_authority(issuing))


def stamp_authority(issuer: Issuer, *, usage_critical: bool = True, bits: int = 0) -> Issuer:
    """On P-256, or on an RSA key of that many bits."""
    key = rsa.generate_private_key(65537, bits) if bits else ec.generate_private_key(ec.SECP256R1())
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    return Issuer("TSA mẫu", key, certify("TSA mẫu", key, issuer, [(usage, usage_critical)]))


def event(kind: EventKind = EventKind.SUBMISSION_ACCEPTED, **changes: object) -> Event:
    made = Event(
        kind=kind,
        hop="axis",
        at=AT,
        package="0" * 32,
        sender="H29",
        message="m-1",
        document="000.00.00.H29,2026/11/22,15/QĐ-UBND",
        digest=manifest_digest(PARTS),
        parts=PARTS if kind == EventKind.SUBMISSION_ACCEPTED else None,
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # tests change any field


def receipt(**changes: object) -> Receipt:
    """The acceptance, third of five entries."""
    others = [event(EventKind.RELAYED, text=f"entry {number}") for number in range(4)]
    made = world().log.receipts(*others[:2], event(), *others[2:])[2]
    return replace(made, **changes)  # type: ignore[arg-type]  # tests change any field


def stamp(digest: bytes, tsa: Issuer | None = None, at: datetime = AT, nonce: int | None = None) -> bytes:
    """A token as an authority makes it (RFC 3161 §2.4.2), P-256."""
    tsa = tsa or world().tsa
    info = {
        "version": "v1",
        "policy": "1.3.6.1.4.1.99999.1",
        "message_imprint": {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": digest},
        "serial_number": 7,
        "gen_time": at,
    }
    content = tsp.TSTInfo(info if nonce is None else info | {"nonce": nonce}).dump()
    identified = tsp.SigningCertificateV2({"certs": [{"cert_hash": sha256(tsa.der).digest()}]})
    attributes = cms.CMSAttributes(
        [
            cms.CMSAttribute({"type": "content_type", "values": ["tst_info"]}),
            cms.CMSAttribute({"type": "message_digest", "values": [sha256(content).digest()]}),
            cms.CMSAttribute({"type": "signing_certificate_v2", "values": [identified]}),
        ]
    )
    certificate = asn1_x509.Certificate.load(tsa.der)
    signer = {
        "version": "v1",
        "sid": cms.IssuerAndSerialNumber({"issuer": certificate.issuer, "serial_number": certificate.serial_number}),
        "digest_algorithm": {"algorithm": "sha256"},
        "signed_attrs": attributes,
        "signature_algorithm": algos.SignedDigestAlgorithm(
            {"algorithm": "sha256_rsa" if isinstance(tsa.key, rsa.RSAPrivateKey) else "sha256_ecdsa"}
        ),
        "signature": signature(tsa.key, attributes.dump()),
    }
    signed = cms.SignedData(
        {
            "version": "v3",
            "digest_algorithms": [{"algorithm": "sha256"}],
            "encap_content_info": {"content_type": "tst_info", "content": cms.ParsableOctetString(content)},
            "certificates": [certificate],
            "signer_infos": [signer],
        }
    )
    return cms.ContentInfo({"content_type": "signed_data", "content": signed}).dump()


def signature(key: Key, data: bytes) -> bytes:
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(data, padding.PKCS1v15(), hashes.SHA256())
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key.sign(data, ec.ECDSA(hashes.SHA256()))


def stamped(made: Receipt | None = None, **how: object) -> Receipt:
    made = made or receipt()
    token = stamp(checkpoint_digest(made.checkpoint), **how)  # type: ignore[arg-type]  # tests pass any of its arguments
    return replace(made, stamp=token)
