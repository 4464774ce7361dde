"""What a certificate will say: its subject from the registry and the form, its profile, the place of its organisation.

Whoever asks names an organisation by code; how it is called, and above whom it stands, the registry alone says.
"""

from collections.abc import Iterator
from datetime import datetime

from lienthong.ca import profiles
from lienthong.ca.hierarchy.purposes import issued_profile
from lienthong.ca.life.forms import DeviceForm, NewForm, OrganisationForm, PersonForm
from lienthong.ca.names import Subject
from lienthong.ca.requests import Request
from lienthong.ca.rules.names import is_address, require_no_organisation, require_plain
from lienthong.document.codes import OrganisationCode
from lienthong.document.times import VIETNAM
from lienthong.errors import InvalidValue, OrganisationClosed, SubjectMisleading
from lienthong.registry import Directory, Organisation, Status

Chain = tuple[Organisation, ...]
"""An organisation and those above it, the highest first."""
_DEEPEST = 12
_HOLDERS = {profiles.REGISTRY.name: "registry", profiles.LOG.name: "log:", profiles.TSA.name: "service:"}
_MACHINES = ("gateway:", "service:")
"""Beginnings of holders by profile. A holder's URN is believed (`registry.chain`, `evidence.certificates`), so that a
gateway's certificate must not say that it is the registry's or a log's."""
_MOST_HOSTS = 20


def chain_of(directory: Directory, code: str) -> Chain:
    """An organisation and those above it, the highest first. OrganisationClosed for a code that is not known."""
    found = list(upwards(directory, OrganisationCode.parse(code)))
    if not found:
        raise OrganisationClosed(code[:40])
    return tuple(reversed(found))


def path_of(chain: Chain) -> str:
    """The place of an organisation: the codes from the highest down to its own, such as `/H29/H29.12/`."""
    return "/" + "".join(f"{each.code}/" for each in chain)


def require_open(organisation: Organisation, at: datetime) -> None:
    """OrganisationClosed unless it is in force and not locked on that day."""
    day = at.astimezone(VIETNAM).date()
    locked = organisation.status is Status.LOCKED
    if locked or organisation.closed_on(day) or not organisation.begun_by(day):
        raise OrganisationClosed(f"{organisation.code}: {organisation.name}")


def upwards(directory: Directory, code: OrganisationCode) -> Iterator[Organisation]:
    """An organisation and those above it, the lowest first; nothing for a code that is not known."""
    seen: set[OrganisationCode] = set()
    here = directory.organisation(code)
    while here is not None and here.code not in seen and len(seen) < _DEEPEST:
        yield here
        seen.add(here.code)
        here = directory.organisation(here.parent) if here.parent else None


def profile_of(form: NewForm) -> str:
    """The name of the profile a form asks for. InvalidValue."""
    if isinstance(form, PersonForm):
        return profiles.PERSON.name
    if isinstance(form, OrganisationForm):
        return profiles.DOCUMENT_SEAL.name
    wanted = issued_profile(form.profile)
    if wanted.name in {profiles.PERSON.name, profiles.DOCUMENT_SEAL.name}:
        raise InvalidValue(f"profile: {wanted.name}")
    return wanted.name


def request_of(form: NewForm, chain: Chain) -> Request:
    """The certificate to be. SubjectMisleading, InvalidValue."""
    names = [require_plain(each.name, str(each.code)) for each in chain]
    if isinstance(form, PersonForm):
        return Request(profiles.PERSON, _person(form, names))
    if isinstance(form, OrganisationForm):
        return Request(profiles.DOCUMENT_SEAL, _organisation(form, names))
    return _device(form, names, str(chain[-1].code))


def _person(form: PersonForm, names: list[str]) -> Subject:
    name = require_plain(form.full_name, "full_name")
    require_no_organisation(name, names)
    if len(name.split()) < 2 or any(map(str.isdigit, name)):
        raise SubjectMisleading(f"full_name: {name}")
    return Subject(name, names[0], tuple(names[1:]), require_plain(form.locality, "locality"), _email(form.email))


def _organisation(form: OrganisationForm, names: list[str]) -> Subject:
    codes = {"MST": form.tax_code, "MNS": form.budget_code}
    for label, value in codes.items():
        if value and not (value.replace("-", "").isascii() and value.replace("-", "").isdigit() and len(value) <= 14):
            raise InvalidValue(f"{label}: {value[:20]!r}")
    uid = ", ".join(f"{label}:{value}" for label, value in codes.items() if value)
    locality = require_plain(form.locality, "locality")
    return Subject(names[-1], names[0], tuple(names[1:-1]), locality, _email(form.email), uid)


def _device(form: DeviceForm, names: list[str], code: str) -> Request:
    profile = issued_profile(profile_of(form))
    name = require_plain(form.name or (form.hosts[0] if form.hosts else ""), "name")
    if len(form.hosts) > _MOST_HOSTS:
        raise InvalidValue(f"hosts: {len(form.hosts)}")
    holder = f"org:{code}" if profile is profiles.PACKAGE_SEAL else form.holder
    if holder and profile is not profiles.PACKAGE_SEAL and not holder.startswith(_HOLDERS.get(profile.name, _MACHINES)):
        raise InvalidValue(f"holder: {holder[:60]!r} ({profile.name})")
    return Request(profile, Subject(name, names[-1]), require_plain(holder, "holder"), form.hosts)


def _email(text: str) -> str:
    if text and not is_address(text):
        raise InvalidValue(f"e-mail: {text[:60]!r}")
    return text
