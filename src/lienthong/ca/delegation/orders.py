"""Signed orders [lệnh ký số]: what an officer decides, in bytes that their own key signs and the authority checks.

A statement is canonical JSON; its signature is over its bytes with SHA-256, RSA PKCS#1 v1.5 or ECDSA in DER, as every
key behind the `SigningKey` port signs. The same order never counts twice: it names its case as it stood and is kept.
"""

from base64 import b64decode
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from cryptography import x509

from lienthong.ca.delegation.model import Officer
from lienthong.errors import EvidenceBroken, LienThongError, OrderInvalid
from lienthong.evidence.canonical import canonical, read_object
from lienthong.signature.cms import check_value

FORMAT = "lienthong-ca-order/1"
LARGEST = 1 << 16
WINDOW = timedelta(minutes=15)
"""How old or early an order may be: it is signed when it is given."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What is ordered. `ca`: the authority's name; `about`: a case or another thing by its id; `digest`: SHA-256 of it
    as the officer saw it; `seen`: the state it was in; `nonce`: 32 hex digits of the officer's own choice.
    """

    ca: str
    act: str
    about: str
    digest: str
    officer: str
    at: datetime
    nonce: str
    seen: str = ""
    why: str = ""

    def to_bytes(self) -> bytes:
        """The bytes that are signed."""
        told: dict[str, Any] = asdict(self) | {"format": FORMAT, "at": self.at.astimezone(UTC).isoformat()}
        return canonical(told)

    @classmethod
    def from_bytes(cls, data: bytes) -> "Statement":
        """Back; OrderInvalid unless these are exactly the bytes `to_bytes` makes."""
        try:
            told = read_object(data[:LARGEST])
            whole = told.pop("format") == FORMAT and all(isinstance(each, str) for each in told.values())
            made = cls(**{**told, "at": datetime.fromisoformat(told["at"]).astimezone(UTC)})
        except (EvidenceBroken, KeyError, TypeError, ValueError) as error:
            raise OrderInvalid("không đúng dạng / not in the form of an order") from error
        if not whole or made.to_bytes() != data or len(made.nonce) != 32:
            raise OrderInvalid("không đúng dạng chuẩn / not in canonical form")
        return made


@dataclass(frozen=True, slots=True)
class SignedOrder:
    """A statement's bytes and the signature value over them."""

    statement: bytes
    signature: bytes = field(repr=False)

    @property
    def id(self) -> str:
        """SHA-256 of the statement, hex: what makes a repeat known."""
        return sha256(self.statement).hexdigest()


def opened(order: SignedOrder, officer: Officer, ca: str, now: datetime) -> Statement:
    """The statement, once the officer's own certificate, in force now, has been seen to sign it. OrderInvalid."""
    told = Statement.from_bytes(order.statement)
    if told.ca != ca or told.officer != officer.id:
        raise OrderInvalid("của hệ thống hoặc người khác / of another authority or officer")
    if abs(now - told.at) > WINDOW:
        raise OrderInvalid(f"ký lúc / signed at {told.at.isoformat()}")
    certificate = certificate_of(officer)
    if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
        raise OrderInvalid("chứng thư của cán bộ hết hiệu lực / the officer's certificate is not in force")
    try:
        check_value(b64decode(officer.certificate), order.signature, order.statement)
    except LienThongError as error:
        raise OrderInvalid("chữ ký không đúng / the signature is not the officer's") from error
    return told


def certificate_of(officer: Officer) -> x509.Certificate:
    """The certificate orders are checked by. OrderInvalid for an officer who has none."""
    if not officer.certificate:
        raise OrderInvalid(f"{officer.id}: chưa có chứng thư / has no certificate")
    return x509.load_der_x509_certificate(b64decode(officer.certificate))
