"""What is to be signed apart from who signs it, so that a key on a token signs as one in a file does.

The encoded certificate, list or request is made first and can be looked at; the key sees bytes and gives a value.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, load_der_public_key

from lienthong.errors import AlgorithmNotAllowed, KeyUnavailable
from lienthong.signature.cms import SEQUENCE, der
from lienthong.signature.keys import Answer, Order, SigningKey

_BITS = 0x03
_NO_ATTRIBUTES = b"\xa0\x00"
_ZERO = b"\x02\x01\x00"
_FAR = datetime(9999, 1, 1, tzinfo=UTC) - timedelta(days=1)
_SMALL = 1024
_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Unsigned:
    """`content` is what the key signs, `algorithm` the DER AlgorithmIdentifier that stands in it."""

    content: bytes = field(repr=False)
    algorithm: bytes = field(repr=False)
    what: str = ""

    def signed(self, value: bytes) -> bytes:
        """The whole, DER (RFC 5280 §4.1)."""
        return der(SEQUENCE, self.content, self.algorithm, der(_BITS, b"\x00" + value))


def certificate(builder: x509.CertificateBuilder, family: str, what: str = "") -> tuple[Unsigned, x509.Certificate]:
    """The certificate to be signed by a key of this family, and a stand-in to look at: the same but for its value."""
    drafted = builder.sign(_stand_in(family), hashes.SHA256())
    return _apart(drafted.public_bytes(Encoding.DER), drafted.tbs_certificate_bytes, what), drafted


def revocation_list(builder: x509.CertificateRevocationListBuilder, family: str, what: str = "") -> Unsigned:
    """The same of a revocation list."""
    drafted = builder.sign(_stand_in(family), hashes.SHA256())
    return _apart(drafted.public_bytes(Encoding.DER), drafted.tbs_certlist_bytes, what)


def request(subject: x509.Name, spki: bytes) -> Unsigned:
    """A PKCS#10 for a key that lies elsewhere (RFC 2986 §4.1); `spki` is its public half, DER."""
    key = load_der_public_key(spki)
    family = "rsa" if isinstance(key, rsa.RSAPublicKey) else "p-256"
    sample = (
        x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).sign(_stand_in(family), hashes.SHA256())
    )
    model = _apart(sample.public_bytes(Encoding.DER), sample.tbs_certrequest_bytes, "")
    content = der(SEQUENCE, _ZERO, subject.public_bytes(), spki, _NO_ATTRIBUTES)
    return Unsigned(content, model.algorithm, "PKCS#10")


async def signed_by(key: SigningKey, several: Sequence[Unsigned], secret: str = "") -> list[bytes]:
    """All of them under one authorisation, DER, in order. KeyUnavailable, SecretWrong."""
    orders = [
        Order(str(place), each.content, sha256(each.content).digest(), each.what[:_SHOWN], "", _FAR)
        for place, each in enumerate(several)
    ]
    found = await key.submit(orders, secret)
    values = {outcome.order: outcome.value for outcome in found.outcomes if outcome.answer is Answer.SIGNED}
    if len(values) != len(orders):
        raise KeyUnavailable(f"{key.id}: {len(values)}/{len(orders)}")
    return [each.signed(values[str(place)]) for place, each in enumerate(several)]


def family(certificate: x509.Certificate) -> str:
    """The family of an issuer's key. AlgorithmNotAllowed for one that does not issue."""
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        return "rsa"
    if isinstance(key, ec.EllipticCurvePublicKey):
        return "p-256"
    raise AlgorithmNotAllowed(type(key).__name__)


@cache
def _stand_in(family: str) -> rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey:
    """Signs nothing that leaves this file: the builder of the library only encodes while it signs."""
    if family == "rsa":
        return rsa.generate_private_key(65537, _SMALL)
    return ec.generate_private_key(ec.SECP256R1())


def _apart(whole: bytes, content: bytes, what: str) -> Unsigned:
    rest = whole[whole.index(content) + len(content) :]
    return Unsigned(content, rest[: 2 + rest[1]], what)
