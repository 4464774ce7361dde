"""What the desk API shows: flat values, names beside codes, words in both languages."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from lienthong.delivery import STATUS_MOVES, Lane, Leg, Package, StatusReport, Step
from lienthong.document import OrganisationCode, StatusCode
from lienthong.errors import by_code
from lienthong.gateway.pending import Pending
from lienthong.gateway.words import step_words
from lienthong.registry import Directory
from lienthong.signature.form import Finding


@dataclass(frozen=True, slots=True)
class Recipient:
    """One addressee of a document and how far it got."""

    addressee: str
    recipient: str
    name: str
    redirected: bool
    state: str
    since: datetime
    status: str
    status_at: datetime | None
    standing: str
    asked: int
    refusal: str
    refusal_text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list."""

    id: str
    message_id: str
    lane: str
    content: str
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
    status: str
    about: str
    recorded_at: datetime
    expires_at: datetime
    recipients: tuple[Recipient, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list; `next` is the cursor of the following one, empty at the end; `total` counts all, if asked."""

    entries: tuple[Entry, ...]
    next: str = ""
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Recipients:
    """A page of a document's recipients; how many were asked for, and how many of all stand in which state, status."""

    entries: tuple[Recipient, ...]
    next: str
    total: int
    states: dict[str, int]
    statuses: dict[str, int]


@dataclass(frozen=True, slots=True)
class FileView:
    """One file of a document."""

    name: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class StepView:
    """One step of the timeline in words; `evidence` names the receipt that proves it."""

    at: datetime
    hop: str
    hop_name: str
    kind: str
    addressee: str
    code: str
    text_vi: str
    text_en: str
    evidence: str | None


@dataclass(frozen=True, slots=True)
class ReportView:
    """A business status as reported."""

    code: str
    at: datetime
    organisation: str
    name: str
    description: str
    staff: str


@dataclass(frozen=True, slots=True)
class Repair:
    """What was repaired or remarked when the envelope was read: stable code, where, one sentence each language."""

    code: str
    where: str
    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class Document:
    """One document with everything its agency may know of it."""

    entry: Entry
    parts: tuple[FileView, ...]
    steps: tuple[StepView, ...]
    statuses: tuple[ReportView, ...]
    warnings: tuple[str, ...] = ()
    reports: dict[str, Any] = field(default_factory=dict)
    related: tuple[Entry, ...] = ()
    next_statuses: tuple[str, ...] = ()
    pending: Pending | None = None
    findings: dict[str, tuple[Finding, ...]] = field(default_factory=dict)
    repairs: tuple[Repair, ...] = ()


@dataclass(frozen=True, slots=True)
class Share:
    """What is counted a day, `documents` or `bytes`: `limit` 0 for any number, `left` then 0 too."""

    name: str
    limit: int
    used: int
    left: int


@dataclass(frozen=True, slots=True)
class Allowance:
    """What the agency may use of this gateway, and has used; counted anew at `until`. 0: no bound of this kind."""

    shares: tuple[Share, ...] = ()
    until: datetime | None = None
    largest: int = 0
    rate: float = 0.0


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
    successor: str | None
    reachable: bool


@dataclass(frozen=True, slots=True)
class Taken:
    """A locked document: acknowledge with the lock before it runs out."""

    lock: str
    until: datetime
    entry: Entry


def name_of(directory: Directory, code: str) -> str:
    """The name behind a code, or the code."""
    found = directory.organisation(OrganisationCode.parse(code)) if code else None
    return found.name if found else code


def entry(package: Package, legs: Sequence[Leg], directory: Directory) -> Entry:
    """A line of a list."""
    head = package.head
    return Entry(
        id=package.id,
        message_id=package.message_id,
        lane=legs[0].lane if legs else Lane.OUT,
        content=head.content,
        sender=package.sender,
        sender_name=name_of(directory, package.sender),
        document_id=head.document_id,
        number=head.number,
        notation=head.notation,
        subject=head.subject,
        kind=head.kind,
        issued=head.issued,
        signer=head.signer,
        urgency=head.urgency,
        due=head.due,
        business=head.business,
        reason=head.reason,
        status=head.status,
        about=head.about,
        recorded_at=package.recorded_at,
        expires_at=package.expires_at,
        recipients=tuple(recipient(leg, directory) for leg in legs),
    )


def recipient(leg: Leg, directory: Directory) -> Recipient:
    """How far it got with one addressee."""
    return Recipient(
        addressee=leg.addressee,
        recipient=leg.recipient,
        name=name_of(directory, leg.recipient),
        redirected=leg.redirected,
        state=leg.state,
        since=leg.since,
        status=leg.status,
        status_at=leg.status_at,
        standing=leg.standing,
        asked=leg.asked,
        refusal=leg.refusal,
        refusal_text=f"{by_code(leg.refusal).vi} {leg.detail}".strip() if leg.refusal else "",
    )


def step(seen: Step, directory: Directory) -> StepView:
    """A step in words."""
    vi, en = step_words(seen, directory)
    proved = seen.index is not None or bool(seen.receipt)
    return StepView(
        at=seen.at,
        hop=seen.hop,
        hop_name=hop_name(seen.hop, directory),
        kind=seen.kind,
        addressee=seen.addressee,
        code=seen.code,
        text_vi=vi,
        text_en=en,
        evidence=str(seen.seq) if proved else None,
    )


def hop_name(hop: str, directory: Directory) -> str:
    """What people call a hop."""
    gateway = directory.gateway(hop)
    if gateway is not None:
        return gateway.name
    return "Trục liên thông văn bản quốc gia" if hop == "axis" else name_of(directory, hop)


def report(seen: StatusReport, directory: Directory) -> ReportView:
    """A reported status."""
    return ReportView(
        seen.code, seen.at, seen.recipient, name_of(directory, seen.recipient), seen.description, seen.staff
    )


def next_statuses(legs: Sequence[Leg], *, carries: bool) -> tuple[str, ...]:
    """What the receiver may lawfully report next."""
    if not legs or legs[0].lane is not Lane.IN:
        return ()
    current = next((leg.status for leg in legs if leg.status), "")
    asked = ("15", "16") if any(leg.asked for leg in legs) else ()
    if not carries:
        return asked
    known = StatusCode(current) if current else None
    return (*sorted(code.value for code in STATUS_MOVES.get(known, frozenset())), *asked)
