"""What a province's bus can do, whatever its shape."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol


class Kind(StrEnum):
    """The two message types, as every bus calls them."""

    EDOC = "edoc"
    STATUS = "status"


class Bus(Protocol):
    """One bus, with our credentials.

    Every call raises `Unavailable` or `Busy` for what may work later, `NotAllowed` when our credentials are refused,
    `HandoverFailed` with the bus's own words when it refuses this one message for good.
    """

    @property
    def mailboxes(self) -> Sequence[str]:
        """Whose mailboxes are asked: one for all (`""`), or one each agency."""
        ...

    async def waiting(self, mailbox: str, kind: Kind) -> Sequence[str]:
        """Ids of what waits for us, oldest first."""
        ...

    async def fetch(self, mailbox: str, id: str) -> bytes:
        """The edXML file."""
        ...

    async def done(self, mailbox: str, id: str) -> None:
        """It is stored here; it waits no longer. A repeat changes nothing."""
        ...

    async def refuse(self, mailbox: str, id: str, reason: str) -> None:
        """It will never be taken. A bus without a word for that does nothing."""
        ...

    async def send(self, organ: str, kind: Kind, id: str, edxml: bytes) -> None:
        """Give it a file for one of its agencies, `organ`. `id` is our package id."""
        ...
