"""What is asked of the authority, one builder a purpose: they know which subject and names each profile carries."""

from dataclasses import dataclass

from lienthong.ca import profiles
from lienthong.ca.names import LOOPBACK, Subject
from lienthong.ca.profiles import Profile


@dataclass(frozen=True, slots=True)
class Request:
    """A certificate to be: its profile, its subject, its holder ("org:G09", "gateway:…", "log:…") and its hosts."""

    profile: Profile
    subject: Subject
    holder: str = ""
    hosts: tuple[str, ...] = ()


def package_seal(code: str, name: str) -> Request:
    """The key with which an organisation's system seals packages."""
    return Request(profiles.PACKAGE_SEAL, Subject(name, organisation=name), f"org:{code}")


def gateway(gateway_id: str, name: str = "", hosts: tuple[str, ...] = LOOPBACK) -> Request:
    """A hop's own key: TLS on both sides, and the tokens it shows its neighbours. An axis has one as well."""
    return Request(profiles.GATEWAY, Subject(name or gateway_id), f"gateway:{gateway_id}", hosts)


def server(*hosts: str) -> Request:
    """A TLS server that is not a hop; the first host is its common name."""
    return Request(profiles.SERVER, Subject(hosts[0]), hosts=hosts)


def log(origin: str) -> Request:
    """The Ed25519 key of a hop's evidence log."""
    return Request(profiles.LOG, Subject(origin), f"log:{origin}")


def registry(name: str = "Danh bạ Liên Thông") -> Request:
    """The key that signs registry snapshots."""
    return Request(profiles.REGISTRY, Subject(name), "registry")


def timestamping(name: str = "Dịch vụ cấp dấu thời gian Liên Thông") -> Request:
    """The key of a time-stamping authority."""
    return Request(profiles.TSA, Subject(name))


def responding(name: str = "Dịch vụ trả lời trạng thái chứng thư Liên Thông") -> Request:
    """The key that answers about the state of certificates."""
    return Request(profiles.OCSP, Subject(name))


def document_seal(
    name: str, *, locality: str, parent: str = "", unit: str = "", tax_code: str = "", budget_code: str = ""
) -> Request:
    """The key with which an agency's clerk seals a document. The codes are its tax and budget-relation codes.

    The organisation's identifier code is not in such certificates; the registry maps them.
    """
    codes = {"MST": tax_code, "MNS": budget_code}
    uid = ", ".join(f"{label}:{value}" for label, value in codes.items() if value)
    return Request(profiles.DOCUMENT_SEAL, Subject(name, parent or name, _units(unit), locality, uid=uid))


def person(full_name: str, *, organisation: str, locality: str, unit: str = "", email: str = "") -> Request:
    """The key with which a leader signs."""
    return Request(profiles.PERSON, Subject(full_name, organisation, _units(unit), locality, email))


def _units(unit: str) -> tuple[str, ...]:
    return (unit,) if unit else ()
