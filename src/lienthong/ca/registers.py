"""What the authority remembers, as values, and the port to where it is kept. Adapter: `adapters.sql.ca`."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Protocol, TypeVar

import msgspec

from lienthong.ca.life.forms import DeviceForm, Form, NewForm
from lienthong.ca.life.kinds import ISSUING, CaseKind, CertificateState, Reason
from lienthong.ca.life.states import UNDECIDED, CaseState
from lienthong.errors import InvalidValue
from lienthong.evidence.canonical import canonical

T = TypeVar("T")
PER_PARTITION = 5000
"""So many certificates share a revocation list: not even if all of them are revoked does it grow beyond that."""
FORMAT = "lienthong-ca/1"
PAGE = 50


@dataclass(frozen=True, slots=True)
class Held:
    """A certificate that was issued. `name` is its common name, `key` the SHA-256 of its public key, `path` the codes
    from the level-1 organisation down to its own. `partition`: which list of its issuer it is on if it is revoked.
    """

    issuer: str
    serial: int
    certificate: bytes = field(repr=False)
    profile: str
    name: str
    organisation: str
    path: str
    uid: str
    key: str
    begins: datetime
    ends: datetime
    partition: int
    case: str = ""
    state: CertificateState = CertificateState.ACTIVE
    changed: datetime | None = None
    reason: Reason = Reason.UNSPECIFIED
    number: int = 0

    @property
    def id(self) -> str:
        """`issuer/serial`, the serial number in hex."""
        return f"{self.issuer}/{self.serial:x}"

    def in_force(self, at: datetime) -> bool:
        """Whether it has not ended and is not revoked; one that is suspended may be resumed."""
        return self.state is not CertificateState.REVOKED and self.ends > at


@dataclass(frozen=True, slots=True)
class Plan:
    """What a certificate will be, fixed before it is signed, so that a repeat makes the same one."""

    issuer: str
    serial: int
    partition: int
    begins: datetime
    profile: str


class Case(msgspec.Struct, frozen=True):
    """One thing that was asked for [hồ sơ], and how far it is.

    `about`: the certificate it is about, and later the one it became; `says`: what a new certificate is to say;
    `letter`: what was found in the signed letter; `old_path`: where a person who moves came from; `leaves`: the same
    where another registration authority has to agree, and `agreed`: who did.
    """

    id: str
    kind: CaseKind
    form: Form
    path: str
    authority: str
    state: CaseState
    opened: datetime
    since: datetime
    due: datetime | None
    requester: str
    examiner: str = ""
    approver: str = ""
    about: str = ""
    profile: str = ""
    batch: str = ""
    letter: str = ""
    old_path: str = ""
    says: NewForm | None = None
    plan: Plan | None = None
    leaves: str = ""
    agreed: str = ""

    @property
    def awaits(self) -> str:
        """The path of the organisation that has yet to agree to a transfer."""
        return self.leaves if self.state in UNDECIDED and not self.agreed else ""

    @property
    def digest(self) -> str:
        """SHA-256 of what an officer decides on: what was asked for, by whom, for whom; hex."""
        asked = (self.id, self.kind, self.form, self.path, self.old_path, self.authority, self.says, self.requester)
        transfer = (self.leaves, self.agreed) if self.leaves else ()
        return sha256(msgspec.json.encode((*asked, self.examiner, *transfer))).hexdigest()

    @property
    def standing(self) -> bool:
        """Whether it lets a machine ask by itself, in place of one certificate."""
        return isinstance(self.form, DeviceForm) and self.form.acme

    @property
    def issues(self) -> bool:
        """Whether it ends in a certificate."""
        return self.kind in ISSUING and not self.standing

    @property
    def organisation(self) -> str:
        """The code of whom it is for."""
        return self.form.organisation

    @property
    def officers(self) -> tuple[str, ...]:
        """Who did its steps so far; a machine that asks by itself stands there as well."""
        return tuple(filter(None, (self.requester, self.examiner, self.approver, self.agreed)))


@dataclass(frozen=True, slots=True)
class Deed:
    """Who did what, when, by which order or letter: a line of the history and a leaf of the log."""

    at: datetime
    who: str
    act: str
    case: str = ""
    certificate: str = ""
    order: str = ""
    text: str = ""
    index: int | None = None

    def to_leaf(self, ca: str) -> bytes:
        """The bytes that enter the log."""
        told: dict[str, Any] = {
            "format": FORMAT,
            "ca": ca,
            "at": self.at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            "who": self.who,
            "act": self.act,
            "case": self.case,
            "certificate": self.certificate,
            "order": self.order,
            "text": self.text[:2000],
        }
        return canonical({name: value for name, value in told.items() if value})


@dataclass(frozen=True, slots=True)
class StateChange:
    """One line of the feed of revocations: numbers only grow, and every change has its own."""

    number: int
    issuer: str
    serial: int
    at: datetime
    state: CertificateState
    reason: Reason


@dataclass(frozen=True, slots=True)
class Record:
    """A small value by kind and id; `owner`, `state` and `due` are what it is looked for by."""

    kind: str
    id: str
    body: Any
    owner: str = ""
    state: str = ""
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which certificates are looked for; what is empty does not matter. `text`: the beginning of a name, or of its
    later words, accents aside. `scope`: paths below which they must lie. `after` is the `number` to go on from.
    """

    text: str = ""
    uid: str = ""
    serial: str = ""
    organisation: str = ""
    state: str = ""
    profile: str = ""
    scope: tuple[str, ...] = ()
    ends_before: datetime | None = None
    ends_after: datetime | None = None
    after: int | None = None
    limit: int = PAGE

    def __post_init__(self) -> None:
        if not 1 <= self.limit <= 1000:
            raise InvalidValue("limit: 1…1000")


@dataclass(frozen=True, slots=True)
class CasesWanted:
    """Which cases are looked for; `overdue` at that moment."""

    state: str = ""
    kind: str = ""
    organisation: str = ""
    authority: str = ""
    batch: str = ""
    scope: tuple[str, ...] = ()
    overdue: datetime | None = None
    after: int | None = None
    limit: int = PAGE

    def __post_init__(self) -> None:
        if not 1 <= self.limit <= 1000:
            raise InvalidValue("limit: 1…1000")


@dataclass(frozen=True, slots=True)
class RecordsWanted:
    """Which records of a kind are looked for. `within`: beginnings of owners; `due`: only those that are by then;
    `ids`: only these.
    """

    kind: str
    owner: str = ""
    state: str = ""
    within: Sequence[str] = ()
    due: datetime | None = None
    offset: int = 0
    limit: int = 1000
    ids: Collection[str] | None = None


class View(Protocol):
    """What can be asked. Every answer is of one moment."""

    def certificate(self, id: str) -> Held | None: ...
    def names(self, ids: Collection[str]) -> Mapping[str, str]: ...
    def of_key(self, key: str) -> Sequence[Held]: ...
    def certificates(self, wanted: Wanted) -> Sequence[Held]: ...
    def counts(self, scope: Sequence[str], now: datetime) -> Mapping[str, Any]: ...
    def revoked(self, issuer: str, partition: int) -> Sequence[Held]: ...
    def page(self, issuer: str, after: int, limit: int) -> Sequence[Held]: ...
    def case(self, id: str) -> Case | None: ...
    def cases_of(self, ids: Sequence[str]) -> Sequence[Case]: ...
    def given_out(self, issuer: str, serials: Sequence[int]) -> frozenset[int]: ...
    def cases(self, wanted: CasesWanted) -> Sequence[tuple[int, Case]]: ...
    def deeds(self, *, case: str = "", certificate: str = "", limit: int = 500) -> Sequence[Deed]: ...
    def record(self, kind: str, id: str) -> Any: ...
    def records(self, wanted: RecordsWanted) -> Sequence[Any]:
        """Their bodies, the soonest due first."""
        ...

    def tally(self, kind: str, within: Sequence[str]) -> Mapping[str, int]:
        """How many records of a kind are in each state."""
        ...

    def changes(self, issuer: str, after: int, limit: int) -> Sequence[StateChange]: ...
    def paper(self, sha256: str) -> bytes | None: ...
    def latest(self) -> datetime | None: ...


class Change(View, Protocol):
    """What can be done in one transaction: all of it becomes durable, or nothing."""

    def add_certificates(self, fresh: Sequence[Held]) -> None: ...
    def put_state(self, held: Held) -> int: ...
    def put_cases(self, cases: Sequence[Case]) -> None: ...
    def put_record(self, record: Record) -> None: ...
    def drop_record(self, kind: str, id: str) -> None: ...
    def drop_due(self, kind: str, before: datetime) -> int: ...
    def add_order(self, id: str, case: str, statement: bytes, signature: bytes) -> bool: ...
    def add_paper(self, sha256: str, data: bytes) -> None: ...
    def note(self, *deeds: Deed) -> None: ...


class Registers(Protocol):
    """The authority's memory. Raises Unavailable, Busy, StorageFull."""

    async def read(self, work: Callable[[View], T]) -> T: ...
    async def write(self, work: Callable[[Change], T]) -> T: ...
