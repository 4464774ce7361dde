"""What hops tell one another besides packages: plain values, JSON on the wire."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lienthong.delivery.journey import JourneyState


@dataclass(frozen=True, slots=True)
class LegAnswer:
    """What became of one addressee at acceptance or confirmation."""

    addressee: str
    recipient: str
    state: JourneyState
    refusal: str = ""
    detail: str = ""
    receipt: str = ""  # the axis's own receipt (JSON) of what stands; empty while it is merely accepted


@dataclass(frozen=True, slots=True)
class Accepted:
    """The axis's yes: durable, with its receipt (JSON); the same for every repeat."""

    package: str
    receipt: str
    legs: tuple[LegAnswer, ...]


@dataclass(frozen=True, slots=True)
class MailItem:
    """One leg that waits for a gateway."""

    package: str
    addressee: str
    recipient: str
    sender: str
    message_id: str
    digest: str
    size: int
    urgency: int
    expires_at: datetime
    registry: int = 0  # version of the registry by which the axis chose this gateway
    large: int = 0  # bytes of the parts that travel apart from the frame


class Concern(StrEnum):
    """What a gateway may be woken for: mail without large parts, mail with them, news of what it sent, the registry."""

    MAIL = "mail"
    FREIGHT = "freight"
    NEWS = "news"
    REGISTRY = "registry"


@dataclass(frozen=True, slots=True)
class Rung:
    """What a gateway is woken for, and what it says it heard when it listens again."""

    heard: str
    concerns: tuple[str, ...]  # `Concern`s; who does not know one passes over it


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A gateway's word on one leg it pulled, proved by the receipt (JSON) of its own log."""

    package: str
    addressee: str
    state: JourneyState  # DELIVERED (consigned here) or REFUSED
    receipt: str
    refusal: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A sender's gateway asks that a package never be accepted; its own receipt (JSON) tells who ordered it and why."""

    package: str
    receipt: str


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What stands: the axis's receipt that it never will, or that it did accept already."""

    package: str
    receipt: str = ""
    accepted: Accepted | None = None


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """What the axis knows of a gateway's own package; neither acceptance nor news of one it does not know."""

    package: str
    accepted: Accepted | None = None
    news: "tuple[News, ...]" = ()


@dataclass(frozen=True, slots=True)
class Deferral:
    """A gateway fails on a leg and asks not to be offered it for so many seconds; the code says why."""

    package: str
    addressee: str
    code: str
    seconds: float


@dataclass(frozen=True, slots=True)
class News:
    """What happened to a leg at another hop. Receipts are JSON, `own` the teller's leaves that became receipts."""

    package: str
    addressee: str
    recipient: str
    state: JourneyState
    at: datetime
    hop: str
    refusal: str = ""
    detail: str = ""
    receipts: tuple[str, ...] = ()
    own: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class NewsPage:
    """News in order, and the cursor to ask from next time."""

    news: tuple[News, ...]
    cursor: int
    registry: int = 0  # version of the registry at the teller, by which it took the receipts inside
