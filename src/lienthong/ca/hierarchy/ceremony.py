"""The ceremony of the root, step by step, each a value that can be checked before the next one.

    found() ─► root certificate, its list          the key in a token, or in a file whose passphrase is in parts
    certify() ─► certificates of issuing authorities, from their own requests (proof of possession), looked at first
    archive_root() ─► a root for archives alone, ML-DSA, only where it is switched on

Keys sign through the `SigningKey` port; nothing here reads a file or a clock.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import mldsa, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from lienthong.ca import profiles, unsigned
from lienthong.ca.hierarchy.purposes import PURPOSES, authority_subject, root_subject
from lienthong.ca.issue import Publication, Revoked, certificate_builder, list_builder
from lienthong.ca.profiles import PublicKey
from lienthong.ca.requests import Request
from lienthong.ca.rules.keys import read_request, require_sound
from lienthong.ca.rules.lint import require_clean
from lienthong.errors import AlgorithmNotAllowed, InvalidValue
from lienthong.signature.keys import SigningKey

ROOT_LIST_LIFE = timedelta(days=365)
Serials = Callable[[], int]


@dataclass(frozen=True, slots=True)
class Root:
    """The root as it is published: certificate and list, DER."""

    certificate: bytes
    list: bytes


async def found(
    house: str, key: SigningKey, public: PublicKey, now: datetime, serials: Serials, secret: str = ""
) -> Root:
    """The self-signed root of a house and its first, empty list. AlgorithmNotAllowed for a weak key."""
    require_sound(public, "authorities", now)
    request = Request(profiles.ROOT, root_subject(house))
    builder = certificate_builder(request, public, None, now, serial=serials())
    draft, _ = unsigned.certificate(builder, _family(public), f"Chứng thư gốc {house}")
    [certificate] = await unsigned.signed_by(key, [draft], secret)
    return Root(certificate, await root_list(key, certificate, (), now, secret))


async def root_list(
    key: SigningKey, root: bytes, revoked: tuple[Revoked, ...], now: datetime, secret: str = ""
) -> bytes:
    """The root's list of revoked issuing authorities, DER, for a year."""
    parent = x509.load_der_x509_certificate(root)
    builder = list_builder(parent, revoked, now, now + ROOT_LIST_LIFE, int(now.timestamp()))
    [made] = await unsigned.signed_by(key, [unsigned.revocation_list(builder, unsigned.family(parent))], secret)
    return made


async def certify(
    house: str,
    key: SigningKey,
    root: bytes,
    asked: Mapping[str, bytes],
    now: datetime,
    serials: Serials,
    publication: Publication,
    secret: str = "",
) -> dict[str, bytes]:
    """Certificates (DER) of issuing authorities, by purpose, from their PKCS#10 requests, all under one authorisation.

    InvalidValue for an unknown purpose; RequestUnreadable, AlgorithmNotAllowed, CertificateFlawed: nothing is signed.
    """
    parent = x509.load_der_x509_certificate(root)
    drafts = []
    for purpose, text in asked.items():
        if purpose not in PURPOSES:
            raise InvalidValue(f"mục đích / purpose {purpose[:40]!r}")
        wanted = read_request(text, "authorities", now)
        request = Request(profiles.ISSUING, authority_subject(house, purpose))
        builder = certificate_builder(request, wanted.key, parent, now, serial=serials(), publication=publication)
        draft, drafted = unsigned.certificate(builder, unsigned.family(parent), request.subject.common_name)
        require_clean(drafted, profiles.ISSUING, parent)
        drafts.append(draft)
    return dict(zip(asked, await unsigned.signed_by(key, drafts, secret), strict=True))


def archive_root(
    house: str, now: datetime, serials: Serials, *, allowed: bool
) -> tuple[mldsa.MLDSA65PrivateKey, bytes]:
    """A self-signed ML-DSA-65 root (FIPS 204) that vouches for archives, and its key. AlgorithmNotAllowed unless the
    switch is on: no Vietnamese rule permits the algorithm for anything else yet.
    """
    if not allowed:
        raise AlgorithmNotAllowed("ML-DSA: --post-quantum")
    key = mldsa.MLDSA65PrivateKey.generate()
    require_sound(key.public_key(), "archive", now)
    request = Request(profiles.ROOT, root_subject(f"{house} – lưu trữ"))
    builder = certificate_builder(request, key.public_key(), None, now, serial=serials())  # type: ignore[arg-type]  # only this root has such a key
    return key, builder.sign(key, None).public_bytes(Encoding.DER)


def _family(public: object) -> str:
    return "rsa" if isinstance(public, rsa.RSAPublicKey) else "p-256"
