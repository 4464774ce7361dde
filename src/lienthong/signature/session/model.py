"""The values of a signing session."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from lienthong.signature.keys import KeyKind
from lienthong.signature.model import Role

LIFETIME = timedelta(minutes=10)
"""The signing time printed in the appearance is fixed at the first step; older than this it must be prepared anew."""


class Level(Enum):
    """How much proof a signature carries (ETSI EN 319 142-1)."""

    B = "B-B"
    T = "B-T"
    LT = "B-LT"
    LTA = "B-LTA"


class State(Enum):
    """Where a session stands; the last four are ends."""

    PREPARED = "prepared"
    WAITING = "waiting"
    SIGNED = "signed"
    REJECTED = "rejected"
    EXPIRED = "expired"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Display:
    """What the person is shown of what will be signed, on our screen and on the device."""

    title: str
    number: str
    sha256: str
    pages: int

    @property
    def text(self) -> str:
        """One line of at most 200 characters."""
        return f"{self.number} {self.title}".strip()[:200]


@dataclass(frozen=True, slots=True)
class Session:
    """One signature under way, bound to document (SHA-256), person, role and certificate until `expires`.

    `batch` names the bulk it belongs to, `handle` what the key's provider calls it, `result` the signed file (SHA-256),
    `problem` a code of `lienthong.errors`.
    """

    id: str
    tenant: str
    document: str
    person: str
    role: Role
    level: Level
    key: str
    kind: KeyKind
    display: Display
    code: str
    digest: bytes
    created: datetime
    expires: datetime
    state: State = State.PREPARED
    batch: str = ""
    handle: str = ""
    result: str = ""
    problem: str = ""
