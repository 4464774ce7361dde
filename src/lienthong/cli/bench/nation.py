"""A synthetic country for measurements: so many organisations, their gateways, representations, certificates, logs.

Codes and names have the form and length of real ones. Certificates have their own serial numbers and thumbprints, but
noise for keys and signatures, as hard to compress as real ones: a directory asks for neither.
"""

import hashlib
from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from lienthong.document.codes import OrganisationCode
from lienthong.evidence import SigningKey
from lienthong.registry import (
    CertificateEntry,
    Gateway,
    GatewayKind,
    LogKey,
    Organisation,
    Purpose,
    Representation,
    Snapshot,
    levels,
    thumbprint,
)

AT = datetime(2026, 11, 22, tzinfo=UTC)
PROVINCES = 34
SHARED = 150
"""Organisations that share one gateway."""
_SERIAL = bytes.fromhex("5a") * 16


def nation(organisations: int, version: int = 1, previous: str | None = None) -> Snapshot:
    """The registry of a country with so many organisations (up to a million), the same for the same number."""
    codes = [_code(number) for number in range(organisations)]
    gateways = [f"gw-{number:05}" for number in range(-(-organisations // SHARED))]
    seals = [_certificate(number, f"org:{code}", Purpose.PACKAGE_SEAL) for number, code in enumerate(codes)]
    wires = [_certificate(10**7 + place, f"gateway:{name}", Purpose.GATEWAY) for place, name in enumerate(gateways)]
    return Snapshot(
        version=version,
        issued_at=AT,
        expires_at=AT + timedelta(days=7),
        previous_digest=previous,
        organisations=tuple(_organisation(number, code) for number, code in enumerate(codes)),
        levels=levels(),
        gateways=tuple(_gateway(place, name) for place, name in enumerate(gateways)),
        representations=tuple(Representation(gateways[number // SHARED], code) for number, code in enumerate(codes)),
        certificates=(*seals, *wires),
        logs=tuple(_log(name) for name in gateways),
    )


def _code(number: int) -> OrganisationCode:
    """H01 … H34 are provinces; the others hang below them: H07.03152."""
    province = f"H{number % PROVINCES + 1:02}"
    return OrganisationCode(province if number < PROVINCES else f"{province}.{number // PROVINCES:05}")


def _organisation(number: int, code: OrganisationCode) -> Organisation:
    if number < PROVINCES:
        return Organisation(code, f"Ủy ban nhân dân tỉnh Mẫu số {number + 1}", "province")
    name = f"Ủy ban nhân dân xã Mẫu số {number} tỉnh Mẫu số {number % PROVINCES + 1}"
    return Organisation(code, name, "commune", parent=_code(number % PROVINCES))


def _gateway(place: int, name: str) -> Gateway:
    return Gateway(name, f"Máy chủ bảo mật dùng chung số {place}", _code(place * SHARED), GatewayKind.SHARED)


def _log(gateway: str) -> LogKey:
    origin = f"lienthong.example/log/{gateway}"
    return LogKey(origin, str(SigningKey(origin, gateway.encode().ljust(32, b".")).verifier), gateway)


def _certificate(number: int, holder: str, purpose: Purpose) -> CertificateEntry:
    der = _template().replace(_SERIAL, number.to_bytes(8, "big").rjust(16, b"\x5a"), 1)
    noise = hashlib.shake_128(der).digest(120)
    at = der.index(_point())
    der = der[:at] + noise[:64] + der[at + 64 : -56] + noise[64:]
    return CertificateEntry(thumbprint(der), der, holder, purpose, AT - timedelta(days=1), AT + timedelta(days=700))


@cache
def _key() -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(7, ec.SECP256R1())


@cache
def _point() -> bytes:
    numbers = _key().public_key().public_numbers()
    return numbers.x.to_bytes(32, "big") + numbers.y.to_bytes(32, "big")


@cache
def _template() -> bytes:
    key = _key()
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, "Ủy ban nhân dân xã Mẫu, niêm phong gói tin"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Cơ quan Mẫu của tỉnh Mẫu"),
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
        ]
    )
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(int.from_bytes(_SERIAL))
    builder = builder.not_valid_before(AT - timedelta(days=2)).not_valid_after(AT + timedelta(days=730))
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)
