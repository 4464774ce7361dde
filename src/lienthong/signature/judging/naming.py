"""Who a certificate names, in the words a report uses."""

from datetime import datetime
from hashlib import sha256
from typing import TypedDict

from asn1crypto import x509

from lienthong.document import VIETNAM
from lienthong.signature.model import ALONE, Role
from lienthong.signature.roles import kind_of, role_of


class Identity(TypedDict):
    """The fields of a report that come from the certificate."""

    signer: str
    organisation: str
    units: tuple[str, ...]
    issuer: str
    serial: str
    thumbprint: str


def identity(certificate: x509.Certificate | None, leaf: bytes) -> Identity:
    """Who the certificate names; all empty without one. Units stand as the subject has them, the highest first."""
    if certificate is None:
        return {"signer": "", "organisation": "", "units": (), "issuer": "", "serial": "", "thumbprint": ""}
    return {
        "signer": name_of(certificate),
        "organisation": _part(certificate.subject, "organization_name"),
        "units": _parts(certificate.subject, "organizational_unit_name"),
        "issuer": _part(certificate.issuer, "common_name"),
        "serial": f"{certificate.serial_number:x}",
        "thumbprint": sha256(leaf).hexdigest(),
    }


def name_of(certificate: x509.Certificate | None) -> str:
    """The common name, or nothing."""
    return _part(certificate.subject, "common_name") if certificate else ""


def _part(name: x509.Name, part: str) -> str:
    return ", ".join(_parts(name, part))


def _parts(name: x509.Name, part: str) -> tuple[str, ...]:
    value = name.native.get(part, ())
    return (value,) if isinstance(value, str) else tuple(value)


def mismatch(field_name: str, certificate: x509.Certificate | None) -> bool:
    """A person's certificate for the agency's act or the reverse; silent when either does not say."""
    kind, role = kind_of(certificate), role_of(field_name, None)
    expected = {Role.INITIALS: Role.LEADER}.get(role, Role.SEAL if role in ALONE else role)
    return Role.OTHER not in {kind, expected} and kind is not expected


def over(leaf: bytes, moment: datetime) -> bool:
    """Whether its time is over."""
    return bool(x509.Certificate.load(leaf).not_valid_after < moment)


def clock(moment: datetime) -> str:
    """A moment as sentences say it, Vietnamese time."""
    return moment.astimezone(VIETNAM).strftime("%H:%M:%S %d/%m/%Y")
