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
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, mldsa, padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from lienthong.errors import AlgorithmNotAllowed, KeyUnavailable
from lienthong.signature.cms import SEQUENCE, der
from lienthong.signature.keys import Answer, Order, SigningKey

_BITS = 0x03
_NO_ATTRIBUTES = b"\xa0\x00"
_ZERO = b"\x02\x01\x00"
_FAR = datetime(9999, 1, 1, tzinfo=UTC) - timedelta(days=1)
_SMALL = 1024
_SHOWN = 200
ALGORITHMS = {
    "p-256": bytes.fromhex("300a06082a8648ce3d040302"),  # ecdsa-with-SHA256, RFC 5758 §3.2
    "rsa": bytes.fromhex("300d06092a864886f70d01010b0500"),  # sha256WithRSAEncryption, RFC 4055 §5
    "ed25519": bytes.fromhex("300506032b6570"),  # RFC 8410 §3
    "ml-dsa-65": bytes.fromhex("300b0609608648016503040312"),  # RFC 9881 §2
}
"""What keys of a family sign with, as DER AlgorithmIdentifier."""
_FAMILIES = {
    rsa.RSAPublicKey: "rsa",
    ec.EllipticCurvePublicKey: "p-256",
    ed25519.Ed25519PublicKey: "ed25519",
    mldsa.MLDSA65PublicKey: "ml-dsa-65",
}
Signer = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | mldsa.MLDSA65PrivateKey


@dataclass(frozen=True, slots=True)
class Unsigned:
    """`content` is what the key signs, `algorithm` the DER AlgorithmIdentifier that stands in it."""

    content: bytes = field(repr=False)
    algorithm: bytes = field(repr=False)
    what: str = ""

    def signed(self, value: bytes) -> bytes:
        """The whole, DER (RFC 5280 §4.1)."""
        return der(SEQUENCE, self.content, self.algorithm, der(_BITS, b"\x00" + value))


def signed_with(key: Signer, drafted: Unsigned) -> bytes:
    """Signed with a key that is at hand, DER."""
    return drafted.signed(_value(key, drafted.content))


def revocation_list(builder: x509.CertificateRevocationListBuilder, family: str, what: str = "") -> Unsigned:
    """A list to be signed by a key of this family: the library's builder only encodes while it signs."""
    drafted = builder.sign(_any_key(family), hashes.SHA256())
    return Unsigned(drafted.tbs_certlist_bytes, ALGORITHMS[family], what)


def request(subject: x509.Name, spki: bytes) -> Unsigned:
    """A PKCS#10 for a key that lies elsewhere (RFC 2986 §4.1); `spki` is its public half, DER."""
    content = der(SEQUENCE, _ZERO, subject.public_bytes(), spki, _NO_ATTRIBUTES)
    return Unsigned(content, ALGORITHMS[family(load_der_public_key(spki))], "PKCS#10")


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


def family(key: object) -> str:
    """The family of a public key. AlgorithmNotAllowed for one that signs nothing here."""
    for kind, name in _FAMILIES.items():
        if isinstance(key, kind):
            return name
    raise AlgorithmNotAllowed(type(key).__name__)


@cache
def _any_key(family: str) -> rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey:
    """Signs nothing that leaves this file."""
    if family == "rsa":
        return rsa.generate_private_key(65537, _SMALL)
    return ec.generate_private_key(ec.SECP256R1())


def _value(key: Signer, content: bytes) -> bytes:
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(content, padding.PKCS1v15(), hashes.SHA256())
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(content, ec.ECDSA(hashes.SHA256()))
    return key.sign(content)
