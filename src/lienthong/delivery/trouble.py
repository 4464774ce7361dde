"""What cannot go on by itself: one row a piece of work that failed, from its first fault until it is done or closed."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from lienthong.delivery.model import Lane

NEVER = datetime(9999, 1, 1, tzinfo=UTC)
"""When a parked piece of work is due again: once somebody asks for it."""


class Work(StrEnum):
    """Which worker could not do it."""

    FORWARD = "forward"
    PULL = "pull"
    COLLECT = "collect"  # at the axis: its own copy could not be given to a gateway
    SETTLE = "settle"
    INBOX = "inbox"
    NEWS = "news"
    OUTBOX = "outbox"
    STAMP = "stamp"
    EXPIRE = "expire"
    SIGNATURES = "signatures"
    JOURNEY = "journey"  # found by the reconciler, or ended in a refusal
    HANDOVER = "handover"  # the agency's software said that it could not take it
    BUS = "bus"  # with a province's own bus
    CANCEL = "cancel"  # a sender's wish that the axis has not answered yet


@dataclass(frozen=True, slots=True)
class Trouble:
    """A piece of work that failed `attempts` times. `dead`: it is listed for people; due `NEVER`: it is parked too.

    `body` is what was set aside from its queue (news or a report as JSON), so that it holds nothing else up.
    """

    key: str  # unique: work, package, lane, addressee
    work: Work
    code: str  # of errors.py
    since: datetime
    at: datetime  # of the last try
    due: datetime
    attempts: int = 1
    dead: bool = False
    package: str = ""
    lane: str = ""  # a `Lane`, or empty
    addressee: str = ""
    detail: str = ""
    body: str = ""
    seq: int = 0  # given by the store

    @property
    def parked(self) -> bool:
        """Whether nobody tries any more until an operator asks for it."""
        return self.due >= NEVER


@dataclass(frozen=True, slots=True)
class Troubles:
    """Which to list, in the order they began. Empty means any."""

    work: str = ""
    package: str = ""
    code: str = ""
    dead: bool | None = None
    due: datetime | None = None  # due at that moment
    after: int = 0  # seq of the last one seen
    limit: int = 50


def trouble_key(work: Work, package: str = "", lane: Lane | str = "", addressee: str = "", more: str = "") -> str:
    """The key of a piece of work."""
    return ":".join(part for part in (work.value, package, str(lane), addressee, more) if part)
