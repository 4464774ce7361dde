"""What operators' addresses take and tell: never content, no subject, no file, no name of a file."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class LegView:
    """One addressee's journey at this hop."""

    lane: str
    addressee: str
    recipient: str
    next_hop: str
    state: str
    since: datetime
    due: datetime
    attempts: int
    refusal: str
    detail: str
    standing: str
    status: str


@dataclass(frozen=True, slots=True)
class Message:
    """A message without its content."""

    id: str
    sender: str
    message_id: str
    content: str
    document_id: str
    number: str
    urgency: int
    size: int
    digest: str
    came_from: str
    recorded_at: datetime
    expires_at: datetime
    legs: tuple[LegView, ...]


@dataclass(frozen=True, slots=True)
class Messages:
    """A page; `next` is the cursor of the following one, empty at the end."""

    entries: tuple[Message, ...]
    next: str = ""


@dataclass(frozen=True, slots=True)
class StepView:
    """One step; `receipt` proves it (JSON), empty when nothing does."""

    at: datetime
    hop: str
    kind: str
    lane: str
    addressee: str
    code: str
    text: str
    receipt: str


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """What cannot go on by itself. `next_try` is none while nobody tries; `acts` is what an operator can do."""

    key: str
    work: str
    package: str
    lane: str
    addressee: str
    code: str
    vi: str
    en: str
    detail: str
    since: datetime
    last_try: datetime
    attempts: int
    next_try: datetime | None
    dead: bool
    acts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeadLetters:
    """A page of them; `next` is the number to ask beyond, 0 at the end."""

    entries: tuple[DeadLetter, ...]
    next: int = 0


@dataclass(frozen=True, slots=True)
class Whole:
    """A message with everything this hop knows of its way."""

    message: Message
    steps: tuple[StepView, ...]
    troubles: tuple[DeadLetter, ...]


@dataclass(frozen=True, slots=True)
class Act:
    """Why, and on whose leg; on all of them when no addressee is named."""

    reason: str
    addressee: str = ""


@dataclass(frozen=True, slots=True)
class ByCause:
    """Everything with one cause, and why."""

    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class ByKey:
    """One entry of the list, and why."""

    key: str
    reason: str


@dataclass(frozen=True, slots=True)
class Done:
    """How many were touched."""

    count: int


@dataclass(frozen=True, slots=True)
class Report:
    """What reconciling found, page after page until the end, or until `whole` says there is more."""

    findings: tuple[dict[str, Any], ...]
    seen: int
    whole: bool
