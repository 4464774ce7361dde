"""Issuing authorities, one for each purpose, and which profile comes from which."""

from dataclasses import dataclass

from lienthong.ca.names import Subject
from lienthong.ca.profiles import PROFILES, Profile, profile
from lienthong.errors import InvalidValue


@dataclass(frozen=True, slots=True)
class Purpose:
    """An issuing authority: its short name, which stands in addresses, and the name people read."""

    id: str
    vi: str
    profiles: frozenset[str]


PURPOSES: dict[str, Purpose] = {
    each.id: each
    for each in (
        Purpose("persons", "CA cá nhân", frozenset({"person"})),
        Purpose("agencies", "CA cơ quan", frozenset({"document-seal", "package-seal"})),
        Purpose("devices", "CA thiết bị và máy chủ bảo mật", frozenset({"gateway", "server", "log"})),
        Purpose("services", "CA dịch vụ tin cậy", frozenset({"tsa", "registry"})),
    )
}
"""Answers about the state of certificates are signed by a key of the very authority they speak for (RFC 6960 §2.6)."""

_ISSUERS = {name: purpose.id for purpose in PURPOSES.values() for name in purpose.profiles}


def issuer_of(name: str) -> str:
    """The issuing authority of a profile. InvalidValue for a profile nobody is issued."""
    found = _ISSUERS.get(name)
    if not found:
        raise InvalidValue(f"mẫu chứng thư / certificate profile: {name[:40]!r}")
    return found


def issued_profile(name: str) -> Profile:
    """A profile that can be asked for. InvalidValue."""
    issuer_of(name)
    return profile(name)


def authority_subject(house: str, purpose: str) -> Subject:
    """How an issuing authority of this house is called."""
    return Subject(f"{house} – {PURPOSES[purpose].vi}", organisation=house)


def root_subject(house: str) -> Subject:
    """How the root of this house is called."""
    return Subject(f"{house} – CA gốc", organisation=house)


_USE = {"ed25519": "logs", "rsa": "people", "p-256": "machines"}
USES = {name: _USE[row.key.family] for name, row in PROFILES.items()}
"""Which column of the table of algorithms a profile's keys are held to."""
