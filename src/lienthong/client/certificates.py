"""Values of a certificate authority's officers' face, as docs/protocol/ca-api.md tells them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class OfficerMe:
    """Whose access token it is. `ca` is the name orders carry; `scope` is empty for the centre, who sees everything."""

    ca: str
    officer: str
    name: str
    duties: tuple[str, ...]
    authority: str
    authority_name: str
    scope: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate. `id` is `issuer/serial`; `ended`: its time is over; `after` goes into the next page's question."""

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
class Deed:
    """A line of the history; `index` is its place in the authority's log."""

    at: datetime
    who: str
    act: str
    case: str
    certificate: str
    order: str
    text: str
    index: int | None


@dataclass(frozen=True, slots=True)
class Called:
    """What an officer is called, and the registration authority whose officer it is."""

    name: str
    authority_name: str


@dataclass(frozen=True, slots=True)
class CertificatePage:
    """A certificate, its chain (base64 of DER, leaf first), its history, what the officers in it are called."""

    certificate: Certificate
    chain: tuple[str, ...]
    history: tuple[Deed, ...]
    people: Mapping[str, Called] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Case:
    """A case. `digest` and `state` are what an order names; `level` says who decides: "centre" or "delegated".

    `leaves`: the path a person is taken from whose registration authority has to agree; `awaits`: it has not yet.
    `people`: what the officers in it are called, by id; `authority_name`: where it was asked for.
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

    case: Case
    history: tuple[Deed, ...]
    people: Mapping[str, Called] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PreviewedRow:
    """A row of a table as it would be opened, or the refusal it would get: `code` and sentences."""

    number: int
    name: str = ""
    code: str = ""
    vi: str = ""
    en: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """Certificates of one organisation or level, named by `of`."""

    of: str | int
    issued: int
    active: int
    ending_30: int
    ending_60: int
    ending_90: int


@dataclass(frozen=True, slots=True)
class Waits:
    """Of what was issued in the last 30 days: how many, and the median of seconds from request to certificate."""

    issued: int
    median_seconds: int | None


@dataclass(frozen=True, slots=True)
class Counts:
    """A scope in numbers. `days`: acts by day in Vietnam, the last 14; `ending_within`: by "30", "60", "90" days;
    `departures`: by state; `transfers`: those that wait for an agreement.
    """

    issued: int
    active: int
    ending_within: dict[str, int]
    by_state: dict[str, int]
    by_profile: dict[str, int]
    organisations: tuple[Tally, ...]
    levels: tuple[Tally, ...]
    cases: dict[str, int]
    overdue: int
    overdue_by_state: dict[str, int]
    days: dict[str, dict[str, int]]
    waits: Waits
    departures: dict[str, int] = field(default_factory=dict)
    transfers: int = 0


@dataclass(frozen=True, slots=True)
class DepartureNotice:
    """Why a person leaves ("retirement", "leaving", "transfer"), the first day they are no longer there, where to."""

    reason: str
    day: date
    to: str = ""
    why: str = ""
    letter: str = ""


@dataclass(frozen=True, slots=True)
class Departure:
    """A person, known by one of their certificates, who leaves. `due`: when the certificates should be over; `cases`:
    what was opened on the day; `problem`: why nothing could be.
    """

    certificate: str
    notice: DepartureNotice
    name: str
    organisation: str
    path: str
    recorder: str
    authority: str
    recorded: datetime
    due: datetime
    found: str = ""
    state: str = "waiting"
    cases: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Reminder:
    """A certificate that ends, and how many days before that this was said."""

    certificate: str
    name: str
    path: str
    ends: datetime
    days: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Token:
    """A device in the inventory: whose it is by `path`, its holder, what its key is certified by; `due`: until when it
    is to be given back.
    """

    serial: str
    path: str
    state: str
    model: str = ""
    holder: str = ""
    certificate: str = ""
    since: datetime | None = None
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class RegistrationAuthority:
    """Who may do what where: roots of its scope, profiles, certificates a day, its own rows of the matrix."""

    id: str
    name: str
    roots: tuple[str, ...] = ()
    profiles: frozenset[str] = frozenset()
    daily: int = 200
    matrix: dict[str, str] = field(default_factory=dict)
    active: bool = True


@dataclass(frozen=True, slots=True)
class Officer:
    """A person who acts for a registration authority; `certificate` is base64 of DER, `secret` never told."""

    id: str
    name: str
    authority: str
    duties: frozenset[str]
    certificate: str = ""
    secret: str = field(default="", repr=False)
    active: bool = True
    email: str = ""


@dataclass(frozen=True, slots=True)
class AcmeKey:
    """What an ACME client is given: key id, secret (base64url), the hosts it may ask for."""

    id: str
    secret: str = field(repr=False)
    hosts: tuple[str, ...] = ()
