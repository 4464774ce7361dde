"""What a hop remembers: plain values, the same on axis and gateway."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lienthong.delivery.journey import JourneyState


class Content(StrEnum):
    """The two message types of the national axis (vn-rules §0)."""

    EDOC = "edoc"
    STATUS = "status"


class Lane(StrEnum):
    """Which way a leg runs at this hop."""

    OUT = "out"  # from our desk towards the axis
    THROUGH = "through"  # on the axis, towards a gateway's mailbox
    IN = "in"  # from the axis towards our desk


class Standing(StrEnum):
    """Whether a document still has effect for one recipient (Decree 30/2020, Annex VI: freeze, cancel)."""

    IN_FORCE = "in-force"
    FROZEN = "frozen"  # a recall, update or replacement waits for the receiver's answer
    RECALLED = "recalled"
    REPLACED = "replaced"


DESK = "desk"  # next hop of an incoming leg: the agency's own software
AXIS = "axis"  # next hop of an outgoing leg


def freight_lane(next_hop: str) -> str:
    """The queue of legs towards a hop whose large parts travel apart: a lane of its own, so that no other waits."""
    return f"{next_hop}/freight"


def towards(leg_next_hop: str, hop: str) -> bool:
    """Whether a leg goes to this hop, in either lane."""
    return leg_next_hop in {hop, freight_lane(hop)}


@dataclass(frozen=True, slots=True)
class Standstill:
    """Legs to one recipient that stand in one state, and since when the oldest of them does."""

    lane: Lane
    state: JourneyState
    recipient: str
    legs: int
    since: datetime


@dataclass(frozen=True, slots=True)
class PartRef:
    """One part of a package, by name and digest (hex SHA-256); structurally the same as the envelope's."""

    name: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Head:
    """What a hop must know of a message without opening it again. Codes are canonical registry codes."""

    content: Content
    document_id: str
    number: str = ""
    notation: str = ""
    subject: str = ""
    kind: str = ""
    issued: str = ""  # ISO date or empty
    organisation: str = ""  # the sender's name as written
    signer: str = ""
    urgency: int = 0
    due: str = ""
    business: int = 0  # 0 new, 1 recall, 2 update, 3 replace
    affects: str = ""  # document id a recall or update speaks of, when it differs from document_id
    reason: str = ""
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()  # document ids
    status: str = ""  # status messages: the code
    about: str = ""  # status messages: the agency at the other end of the document
    at: str = ""  # status messages: when the state was reached, ISO
    staff: str = ""
    answers: tuple[str, ...] = ()  # 15 and 16: packages that asked, as sealed; empty from systems that do not say
    warnings: tuple[str, ...] = ()  # what the reader repaired, in Vietnamese


@dataclass(frozen=True, slots=True)
class Package:
    """A sealed package as this hop holds it; `id` is the same on every hop."""

    id: str
    sender: str
    message_id: str
    head: Head
    digest: str
    parts: tuple[PartRef, ...]
    seal: str
    came_from: str  # gateway id at the axis; tenant code or AXIS at a gateway
    recorded_at: datetime
    expires_at: datetime
    request: str = ""  # digest of what the desk asked for, so that a repeat is known as one
    index: int | None = None  # leaf of the acceptance in this hop's log

    @property
    def size(self) -> int:
        """Bytes of all parts."""
        return sum(part.size for part in self.parts)


LegKey = tuple[str, Lane, str]


@dataclass(frozen=True, slots=True)
class Leg:
    """One package on its way to one addressee. Key: (package, lane, addressee)."""

    package: str
    lane: Lane
    addressee: str  # the code as the sender wrote it
    recipient: str  # who gets it: the same, or the successor of a closed code
    next_hop: str  # AXIS, DESK or a gateway's id
    state: JourneyState
    since: datetime
    due: datetime  # not to be tried before
    expires_at: datetime
    urgency: int = 0
    attempts: int = 0
    lock: str = ""
    locked_until: datetime | None = None
    refusal: str = ""  # code of errors.py
    detail: str = ""
    standing: Standing = Standing.IN_FORCE
    asked: int = 0  # business type that waits for an answer
    asked_by: str = ""  # package that asked
    status: str = ""  # current business status
    status_at: datetime | None = None
    content: Content = Content.EDOC

    @property
    def key(self) -> LegKey:
        """What identifies the leg at this hop."""
        return (self.package, self.lane, self.addressee)

    @property
    def redirected(self) -> bool:
        """Whether a closed code was replaced by its successor."""
        return self.addressee != self.recipient

    def step(
        self,
        at: datetime,
        hop: str,
        kind: str,
        code: str = "",
        text: str = "",
        *,
        receipt: str = "",
        index: int | None = None,
    ) -> "Step":
        """An entry of this leg's timeline."""
        return Step(self.package, at, hop, kind, self.addressee, code, text, receipt, index, self.lane)


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of a package's timeline at this hop."""

    package: str
    at: datetime
    hop: str
    kind: str  # EventKind value
    addressee: str = ""
    code: str = ""
    text: str = ""
    receipt: str = ""  # a foreign hop's receipt (JSON); empty when the evidence is our own leaf
    index: int | None = None  # our own leaf
    lane: Lane = Lane.OUT  # whose timeline: the sender's or the receiver's; a shared gateway may keep both
    seq: int = 0  # given by the store


@dataclass(frozen=True, slots=True)
class StatusReport:
    """A business status as reported; append-only, one row per carrying package."""

    carrier: str  # package id of the status message
    package: str  # the document's package
    addressee: str
    recipient: str
    code: str
    at: datetime
    description: str = ""
    staff: str = ""
    recorded_at: datetime | None = None
    lane: Lane = Lane.OUT  # whose side: OUT the sender's, IN the receiver's; a shared gateway may hold both


@dataclass(frozen=True, slots=True)
class Notice:
    """News for another hop, kept until it has asked beyond it."""

    to: str
    package: str
    body: str  # JSON of `delivery.news.News`
    seq: int = 0  # given by the store


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list: entries and the cursor of the next, empty at the end."""

    entries: tuple[tuple[Package, tuple[Leg, ...]], ...]
    next: str = ""


@dataclass(frozen=True, slots=True)
class Having:
    """What one shown leg of a package must be, all of it; empty means any. `business` is its package's."""

    states: frozenset[JourneyState] = frozenset()
    statuses: frozenset[str] = frozenset()  # "" for a leg without one
    standings: frozenset[Standing] = frozenset()
    asked: bool | None = None
    business: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Search:
    """What to list. Empty means any. `text` matches ids, number, notation and words of the subject.

    Words are found where a word begins, without case and marks. `having`: one of its shown legs is one of these;
    `lacking`: none of them is.
    """

    lane: Lane | None = None
    party: str = ""  # OUT: sender; IN: recipient; empty: all (operators)
    content: Content = Content.EDOC
    states: frozenset[JourneyState] = frozenset()
    text: str = ""
    after: str = ""  # cursor
    limit: int = 50
    number: str = ""
    notation: str = ""
    document_id: str = ""
    message_id: str = ""
    kind: str = ""
    agencies: frozenset[str] = frozenset()  # at the other end, or at this one: sender, addressee or recipient
    issued: tuple[str, str] = ("", "")  # first and last day, ISO
    recorded: tuple[datetime | None, datetime | None] = (None, None)  # from, and before
    having: tuple[Having, ...] = ()
    lacking: tuple[Having, ...] = ()
    held: bool = False  # of what came to the party only what it has (journey.HELD): a desk sees nothing before


Contents = Mapping[str, bytes]  # hex SHA-256 → bytes
