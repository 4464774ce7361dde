"""A throw-away authority and a document of about 100 kB with two signatures."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from lienthong.adapters.keys import SoftDocumentSigner
from lienthong.layout import Draft, compose
from lienthong.signature import Appearance, Role, sign

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Sample:
    """`pdf` signed by a leader, then by an agency, under `root` (DER), at `moment`."""

    pdf: bytes
    root: bytes
    moment: datetime


@dataclass(frozen=True, slots=True)
class Unsigned:
    """A composed page with the key of a leader under `root` (DER), at `moment`."""

    pdf: bytes
    signer: SoftDocumentSigner
    root: bytes
    moment: datetime


@dataclass(frozen=True, slots=True)
class _House:
    moment: datetime
    key: rsa.RSAPrivateKey
    root: bytes

    @classmethod
    def founded(cls) -> "_House":
        moment, key = datetime.now(UTC).replace(microsecond=0), rsa.generate_private_key(65537, 2048)
        root = _certificate("Gốc đo", key, "Gốc đo", key, moment, ca=True)
        return cls(moment, key, root.public_bytes(Encoding.DER))

    def signer(self, name: str) -> SoftDocumentSigner:
        key = rsa.generate_private_key(65537, 2048)
        made = _certificate(name, key, "Gốc đo", self.key, self.moment, ca=False)
        return SoftDocumentSigner(key, made.public_bytes(Encoding.DER), (self.root,))


@dataclass(frozen=True, slots=True)
class Several:
    """Documents like that of a `Sample`, each another, under one `root` (DER)."""

    pdfs: tuple[bytes, ...]
    root: bytes


def sample() -> Sample:
    """RSA-2048 throughout; the appearance is left out to come near 100 kB."""
    house = _House.founded()
    keys = house.signer("Người ký đo"), house.signer("Cơ quan đo")
    return Sample(_sealed(house.moment, *keys), house.root, house.moment + timedelta(minutes=1))


def several(count: int) -> Several:
    """So many of them, signed a minute apart by the same two, the last one just now."""
    house = _House.founded()
    keys = house.signer("Người ký đo"), house.signer("Cơ quan đo")
    moments = [house.moment - timedelta(minutes=number + 1) for number in range(count)]
    return Several(tuple(_sealed(moment, *keys) for moment in moments), house.root)


def _sealed(moment: datetime, leader: SoftDocumentSigner, agency: SoftDocumentSigner) -> bytes:
    composed = compose(_draft(moment), moment)
    look = Appearance(seal_place=composed.anchors.seal)
    by_leader = sign(composed.pdf, leader, Role.LEADER, look, moment)
    return sign(by_leader, agency, Role.SEAL, Appearance(), moment + timedelta(seconds=1))


def unsigned() -> Unsigned:
    """A document of ten pages and about 100 kB before anybody signed."""
    house = _House.founded()
    body = tuple(f"{number}. Chỉ tiêu đo số {number * 7919 % 1000}: {number * 104729}." for number in range(400))
    composed = compose(replace(_draft(house.moment), body=body), house.moment)
    return Unsigned(composed.pdf, house.signer("Người ký đo"), house.root, house.moment)


def _draft(moment: datetime) -> Draft:
    return Draft(
        parent=None,
        organisation="Cơ quan đo",
        number="1",
        notation="CQĐ",
        place="Hà Nội",
        date=moment.date(),
        kind="Công văn",
        subject="Đo tốc độ kiểm tra chữ ký",
        body=("Văn bản này chỉ để đo tốc độ, không có giá trị pháp lý.",) * 12,
        recipients=("Cơ quan đo",),
        to_places=("Như trên;", "Lưu: VT."),
        authority=(),
        position="Giám đốc",
        signer_name="Người ký đo",
    )


def _certificate(
    subject: str, key: rsa.RSAPrivateKey, issuer: str, issuer_key: rsa.RSAPrivateKey, moment: datetime, *, ca: bool
) -> x509.Certificate:
    made = x509.CertificateBuilder(
        _name(issuer), _name(subject), key.public_key(), x509.random_serial_number(), moment - _DAY, moment + _DAY
    )
    made = made.add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    made = made.add_extension(_usage(ca=ca), critical=True)
    made = made.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    above = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key())
    return made.add_extension(above, critical=False).sign(issuer_key, SHA256())


def _usage(*, ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not ca,
        content_commitment=not ca,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=ca,
        crl_sign=ca,
        encipher_only=False,
        decipher_only=False,
    )


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"), x509.NameAttribute(NameOID.COMMON_NAME, common)])
