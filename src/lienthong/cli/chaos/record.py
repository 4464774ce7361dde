"""What the people at the desks wrote down: the only witness that the country itself has no hand in."""

import asyncio
import math
from collections import Counter
from dataclasses import dataclass, field

Files = tuple[tuple[str, str], ...]
"""Names and SHA-256."""
Place = tuple[str, str]
"""Package and addressee."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A document a desk API answered as accepted, and what was handed in."""

    message: str
    package: str
    sender: str
    files: Files
    document_id: str
    kind: str = "new"


@dataclass(slots=True)
class Received:
    """A document in an agency's register. `offered`: how often it came after it was acknowledged."""

    agency: str
    files: Files = ()
    acknowledged: float = 0.0
    offered: int = 0


@dataclass
class Record:
    """Everything the reckoning compares the country with. Kept by one loop, so nothing needs a lock."""

    sent: dict[str, Sent] = field(default_factory=dict)  # by message id
    received: dict[Place, Received] = field(default_factory=dict)
    statuses: dict[Place, str] = field(default_factory=dict)  # the highest code a receiver's desk API accepted
    removed: dict[str, tuple[str, ...]] = field(default_factory=dict)  # by package: whom an update takes it from
    agreed: set[Place] = field(default_factory=set)  # 15 was accepted for this leg: it loses effect
    met: Counter[str] = field(default_factory=Counter)  # refusals that were worth another try, by code
    declined: list[str] = field(default_factory=list)  # changes refused for good, in words
    wrong: list[str] = field(default_factory=list)  # what must never be, in words

    documents: int = 0  # new documents answered so far
    grown: asyncio.Event = field(default_factory=asyncio.Event)
    limit: float = math.inf  # new documents that may be answered before the next deed begins
    raised: asyncio.Event = field(default_factory=asyncio.Event)

    async def room(self) -> None:
        """Wait until another document may be sent: what is to break must find something to break."""
        while self.documents >= self.limit:
            self.raised.clear()
            await self.raised.wait()

    def let(self, documents: float) -> None:
        """So many may be answered by now."""
        self.limit = documents
        self.raised.set()

    async def reaches(self, documents: int) -> None:
        """Wait until so many new documents were answered."""
        while self.documents < documents:
            self.grown.clear()
            await self.grown.wait()

    def note(self, sent: Sent) -> None:
        """A desk API answered yes."""
        self.documents += sent.kind == "new" and sent.message not in self.sent
        self.sent[sent.message] = sent
        self.grown.set()

    @property
    def acknowledged(self) -> int:
        """Legs in a register so far."""
        return sum(bool(each.acknowledged) for each in self.received.values())
