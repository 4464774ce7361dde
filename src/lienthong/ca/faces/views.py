"""What officers are shown: values of the registers in the words of the face."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from lienthong.ca.delegation.matrix import level_of
from lienthong.ca.delegation.model import RegistrationAuthority
from lienthong.ca.life.forms import Form, OrganisationForm
from lienthong.ca.people import Called
from lienthong.ca.registers import Case, Deed, Held


@dataclass(frozen=True, slots=True)
class CertificateView:
    """A certificate. `ended`: its time is over; `after` goes into the next page's question."""

    id: str
    issuer: str
    serial: str
    name: str
    organisation: str
    path: str
    uid: str
    profile: str
    state: str
    ended: bool
    begins: datetime
    ends: datetime
    changed: datetime | None
    reason: str
    case: str
    after: int


@dataclass(frozen=True, slots=True)
class DeedView:
    """A line of the history; `index` is its place in the log."""

    at: datetime
    who: str
    act: str
    case: str
    certificate: str
    order: str
    text: str
    index: int | None


@dataclass(frozen=True, slots=True)
class CertificatePage:
    """A certificate, its chain (base64 of DER, leaf first), its history, what the officers in it are called."""

    certificate: CertificateView
    chain: tuple[str, ...]
    history: tuple[DeedView, ...]
    people: Mapping[str, Called] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case. `digest` and `state` are what an order names; `level` says who decides.

    `leaves`: the path a person is taken from whose registration authority has to agree, `agreed` who did; `awaits`:
    nobody has yet. `people`: what the officers in it are called, by id; `authority_name`: where it was asked for.
    """

    id: str
    kind: str
    kind_vi: str
    kind_en: str
    state: str
    state_vi: str
    state_en: str
    organisation: str
    path: str
    name: str
    profile: str
    authority: str
    level: str
    opened: datetime
    since: datetime
    due: datetime | None
    overdue: bool
    requester: str
    examiner: str
    approver: str
    about: str
    batch: str
    letter: str
    letter_sha256: str
    digest: str
    form: dict[str, Any]
    after: int = 0
    leaves: str = ""
    agreed: str = ""
    awaits: bool = False
    authority_name: str = ""
    people: Mapping[str, Called] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CasePage:
    """A case, its history, and what the officers in both are called, by id."""

    case: CaseView
    history: tuple[DeedView, ...]
    people: Mapping[str, Called] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Statement:
    """What an officer's key signs to give an order: base64 of the bytes."""

    statement: str


def certificate_view(held: Held, now: datetime) -> CertificateView:
    """For people."""
    return CertificateView(
        held.id,
        held.issuer,
        f"{held.serial:x}",
        held.name,
        held.organisation,
        held.path,
        held.uid,
        held.profile,
        held.state.value,
        held.ends <= now,
        held.begins,
        held.ends,
        held.changed,
        held.reason.value if held.changed else "",
        held.case,
        held.number,
    )


def case_view(
    case: Case,
    owner: RegistrationAuthority,
    now: datetime,
    number: int,
    people: Mapping[str, Called],
    known: Mapping[str, str],
) -> CaseView:
    """For people, with the names of those who did its steps, and of what it is about (`name_of`)."""
    form: dict[str, Any] = msgspec.to_builtins(case.form)
    return CaseView(
        case.id,
        case.kind.value,
        case.kind.vi,
        case.kind.en,
        case.state.value,
        case.state.vi,
        case.state.en,
        case.organisation,
        case.path,
        name_of(case.says or case.form, known),
        case.profile,
        case.authority,
        level_of(case.kind, owner).value,
        case.opened,
        case.since,
        case.due,
        case.due is not None and case.due < now,
        case.requester,
        case.examiner,
        case.approver,
        case.about,
        case.batch,
        case.letter,
        case.form.letter,
        case.digest,
        form,
        number,
        case.leaves,
        case.agreed,
        bool(case.awaits),
        owner.name,
        {each: people[each] for each in case.officers if each in people},
    )


def deed_views(deeds: Sequence[Deed]) -> tuple[DeedView, ...]:
    """In the order they happened."""
    return tuple(
        DeedView(each.at, each.who, each.act, each.case, each.certificate, each.order, each.text, each.index)
        for each in deeds
    )


def texts(certificates: Sequence[bytes]) -> tuple[str, ...]:
    """Base64."""
    return tuple(b64encode(each).decode() for each in certificates)


def name_of(form: Form, known: Mapping[str, str]) -> str:
    """Whom a form is about, in a word; `known`: names by the id of a certificate, by the code of an organisation."""
    wanted = ("full_name", "name", "person", "token", "certificate", "organisation")
    found = next((value for field in wanted if (value := getattr(form, field, ""))), "")
    found = form.organisation if isinstance(form, OrganisationForm) else str(found)
    return known.get(found, found)
