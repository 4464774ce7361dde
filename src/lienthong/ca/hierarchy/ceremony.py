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
from cryptography.hazmat.primitives.asymmetric import mldsa

from lienthong.ca import profiles, unsigned
from lienthong.ca.above import Above
from lienthong.ca.drafting import Publication, draft
from lienthong.ca.hierarchy.purposes import PURPOSES, authority_subject, root_subject
from lienthong.ca.issue import Revoked, list_builder
from lienthong.ca.profiles import PublicKey
from lienthong.ca.requests import Request
from lienthong.ca.rules.keys import public_half, read_request, require_sound
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
    drafted = draft(request, public_half(public), None, now, family=unsigned.family(public), serial=serials())
    [certificate] = await unsigned.signed_by(key, [drafted], secret)
    return Root(certificate, await root_list(key, certificate, (), now, secret))


async def root_list(
    key: SigningKey, root: bytes, revoked: tuple[Revoked, ...], now: datetime, secret: str = ""
) -> bytes:
    """The root's list of revoked issuing authorities, DER, for a year."""
    parent = x509.load_der_x509_certificate(root)
    builder = list_builder(parent, revoked, now, now + ROOT_LIST_LIFE, int(now.timestamp()))
    drafted = unsigned.revocation_list(builder, unsigned.family(parent.public_key()))
    [made] = await unsigned.signed_by(key, [drafted], secret)
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
    parent = Above(x509.load_der_x509_certificate(root))
    family, drafts = unsigned.family(parent.certificate.public_key()), []
    for purpose, text in asked.items():
        if purpose not in PURPOSES:
            raise InvalidValue(f"mục đích / purpose {purpose[:40]!r}")
        request = Request(profiles.ISSUING, authority_subject(house, purpose))
        half = public_half(read_request(text, "authorities", now).key)
        drafted = draft(request, half, parent, now, family=family, serial=serials(), publication=publication)
        require_clean(drafted, half, profiles.ISSUING, parent)
        drafts.append(drafted)
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
    public = key.public_key()
    require_sound(public, "archive", now)
    request = Request(profiles.ROOT, root_subject(f"{house} – lưu trữ"))
    half = public_half(public)  # type: ignore[arg-type]  # only this root has such a key
    drafted = draft(request, half, None, now, family=unsigned.family(public), serial=serials())
    return key, unsigned.signed_with(key, drafted)
