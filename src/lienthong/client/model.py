"""What the desk API answers, as values. Unknown fields of a newer gateway are ignored."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from lienthong.client.administration import Allowance

Watch = Callable[[int, int], None]
"""Told the bytes that went so far and all bytes of the file."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """One addressee and how far the document got there."""

    addressee: str
    recipient: str
    name: str
    redirected: bool
    state: str  # recorded, accepted, arrived, delivered, handed-over, refused, expired, cancelled
    since: datetime
    status: str = ""  # 01…06
    status_at: datetime | None = None
    standing: str = "in-force"  # in-force, frozen, recalled, replaced
    asked: int = 0
    refusal: str = ""
    refusal_text: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list. `id` is the same on every hop."""

    id: str
    message_id: str
    lane: str  # out, in
    sender: str
    sender_name: str
    document_id: str
    number: str
    notation: str
    subject: str
    kind: str
    issued: str
    signer: str
    urgency: int
    due: str
    business: int
    reason: str
    recorded_at: datetime
    expires_at: datetime
    recipients: tuple[Recipient, ...]
    content: str = "edoc"
    status: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list; ask again with `after=next` until it is empty. `total` counts all pages, if asked for."""

    entries: tuple[Entry, ...]
    next: str = ""
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list may be narrowed to; empty means any. Days are ISO and inclusive; a status is `03`, or `none`.

    `agency` is a code or words of a name; `box` a place in the work (docs/protocol/desk-api.md#boxes).
    """

    number: str = ""
    notation: str = ""
    document_id: str = ""
    message_id: str = ""
    kind: str = ""
    agency: str = ""
    issued_from: str = ""
    issued_to: str = ""
    recorded_from: str = ""
    recorded_to: str = ""
    state: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    standing: tuple[str, ...] = ()
    asked: bool | None = None
    box: str = ""

    def query(self) -> dict[str, Any]:
        """What is said of it in an address."""
        told = {name: getattr(self, name) for name in self.__slots__}
        return {name: value for name, value in told.items() if value not in {"", (), None}}


ANY = Filter()


@dataclass(frozen=True, slots=True)
class Recipients:
    """A page of a document's recipients; `states` and `statuses` count all of them."""

    entries: tuple[Recipient, ...]
    next: str
    total: int
    states: dict[str, int]
    statuses: dict[str, int]


@dataclass(frozen=True, slots=True)
class Heir:
    """Who took over from a closed code."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Host:
    """The gateway that speaks for a recipient, and since when."""

    id: str
    name: str
    kind: str
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Accepts:
    """What is taken for a recipient; sizes in bytes, no secrecy but those named."""

    contents: tuple[str, ...]
    business: tuple[int, ...]
    media_types: tuple[str, ...]
    secrecy: tuple[str, ...]
    file_bytes: int
    inline_file_bytes: int
    package_bytes: int
    files: int


@dataclass(frozen=True, slots=True)
class Capability:
    """What would become of a document sent to a code now. `state`: current, redirected, closed, locked, unknown."""

    code: str
    state: str
    sendable: bool
    name: str = ""
    parent: str = ""
    level: str = ""
    kind: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    recipient: str = ""
    recipient_name: str = ""
    successors: tuple[Heir, ...] = ()
    gateway: Host | None = None
    accepts: Accepts | None = None
    refusal: str = ""
    text_vi: str = ""
    text_en: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a document."""

    name: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the timeline in words; `evidence` names the receipt that proves it."""

    at: datetime
    hop: str
    hop_name: str
    kind: str
    addressee: str
    code: str
    text_vi: str
    text_en: str
    evidence: str | None = None


@dataclass(frozen=True, slots=True)
class StatusReport:
    """A business status as reported."""

    code: str
    at: datetime
    organisation: str
    name: str
    description: str
    staff: str


@dataclass(frozen=True, slots=True)
class Pending:
    """What waits for the axis. `kind` is `sending` or `stopping`; `axis_away_since` is none while it answers."""

    kind: str
    since: datetime
    axis_away_since: datetime | None
    text_vi: str
    text_en: str


@dataclass(frozen=True, slots=True)
class Box:
    """A place on a page, from 0, in points from the lower left corner of the page as people see it."""

    page: int
    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True)
class Finding:
    """One point of the form check: `severity` is `error`, `warning` or `note`; `box` where it is, if anywhere."""

    code: str
    severity: str
    vi: str
    en: str
    box: Box | None = None
    field: str = ""


@dataclass(frozen=True, slots=True)
class Repair:
    """What was repaired when the envelope was read: stable code, where (a path of elements, a file), two sentences."""

    code: str
    where: str
    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class Document:
    """One document with everything its agency may know of it. `reports`: signature reports by file name."""

    entry: Entry
    parts: tuple[Part, ...]
    steps: tuple[Step, ...]
    statuses: tuple[StatusReport, ...] = ()
    warnings: tuple[str, ...] = ()
    reports: dict[str, Any] = field(default_factory=dict)
    related: tuple[Entry, ...] = ()
    next_statuses: tuple[str, ...] = ()
    pending: Pending | None = None
    findings: dict[str, tuple[Finding, ...]] = field(default_factory=dict)
    repairs: tuple[Repair, ...] = ()


@dataclass(frozen=True, slots=True)
class Me:
    """Whom the token speaks for, and where."""

    code: str
    name: str
    gateway: str
    api_version: str = "1"
    allowance: Allowance = field(default_factory=Allowance)


@dataclass(frozen=True, slots=True)
class Org:
    """An organisation of the directory."""

    code: str
    name: str
    parent: str | None
    level: str
    open: bool
    successor: str | None = None
    reachable: bool = True


@dataclass(frozen=True, slots=True)
class Taken:
    """A locked document: acknowledge with the lock before it runs out."""

    lock: str
    until: datetime
    entry: Entry


@dataclass(frozen=True, slots=True)
class File:
    """A file to hand in: its bytes, or a path, which is read piece by piece when the file is large."""

    name: str
    media_type: str
    content: bytes | Path = field(repr=False)

    @property
    def size(self) -> int:
        """Bytes. OSError."""
        return self.content.stat().st_size if isinstance(self.content, Path) else len(self.content)

    def read(self, start: int, count: int) -> bytes:
        """Bytes from start, at most count. OSError."""
        if not isinstance(self.content, Path):
            return self.content[start : start + count]
        with self.content.open("rb") as file:
            file.seek(start)
            return file.read(count)

    def whole(self) -> bytes:
        """All bytes. OSError."""
        return self.content.read_bytes() if isinstance(self.content, Path) else self.content

    def sha256(self) -> str:
        """Hex digest. OSError."""
        digest, start = hashlib.sha256(), 0
        while block := self.read(start, 2**20):
            digest.update(block)
            start += len(block)
        return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Metadata:
    """What to say of a document. Dates are ISO; codes of either generation; `business` 0 new, 3 replacement."""

    number: str
    notation: str
    subject: str
    recipients: tuple[str, ...]
    kind: str = "Công văn"
    document_id: str = ""
    issued: str = ""
    place: str = ""
    content: str = ""
    signer_name: str = ""
    signer_position: str = ""
    signer_competence: str = ""
    urgency: int = 0
    due: str = ""
    to_places: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    business: int = 0
    replaces: tuple[str, ...] = ()
    reason: str = ""
    paper: bool = False
    pages: int | None = None
    staff: str = ""
    secrecy: str = ""
    ttl_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """A hint that something happened to a document; `id` is the cursor behind it."""

    id: str
    type: str
    at: datetime
    lane: str
    document: str
    message_id: str
    document_id: str
    content: str
    addressee: str
    code: str


@dataclass(frozen=True, slots=True)
class Events:
    """A page of the feed; ask again with `after=next`, whether or not there were any."""

    events: tuple[Event, ...]
    next: str


@dataclass(frozen=True, slots=True)
class Webhook:
    """A webhook and how it stands; its `secret` is told when it is registered."""

    name: str
    url: str
    events: tuple[str, ...]
    since: datetime
    heard_at: datetime | None
    cursor: str
    attempts: int
    next_try: datetime | None
    parked: bool
    code: str
    detail: str
    secret: str = field(default="", repr=False)
