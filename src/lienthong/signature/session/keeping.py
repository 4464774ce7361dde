"""How sessions outlive a process: what is kept of one, its trail, and the port to the place that keeps them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from lienthong.signature.session.model import Session


@dataclass(frozen=True, slots=True)
class Kept:
    """A session with what its storage needs.

    `request` is a digest of what was asked and `answer` of what completed it, so that repeats are known. `prepared`
    names (SHA-256) an object of `prepared_size` bytes that holds what was prepared, `result_size` is that of
    `session.result`; 0 once they may go. `original_size` bytes of the prepared file are the document as it came.
    `submitted` is when a key was last asked; `to_be_signed` what it is asked to sign; `signer` the name expected in the
    certificate, `certificate` its SHA-256 where it is known beforehand. `placed` says how its place was found.
    """

    session: Session
    request: str
    prepared: str = ""
    prepared_size: int = 0
    original_size: int = 0
    result_size: int = 0
    submitted: datetime | None = None
    answer: str = ""
    to_be_signed: bytes = b""
    signer: str = ""
    certificate: str = ""
    placed: str = ""


@dataclass(frozen=True, slots=True)
class Trace:
    """One entry of a session's trail: who did what to which document with which key, and what came of it."""

    at: datetime
    tenant: str
    session: str
    person: str
    key: str
    document: str
    act: str
    outcome: str = ""


class Sessions(Protocol):
    """Where sessions are kept. Each call is one transaction, durable on return. Raises Unavailable, StorageFull."""

    async def begin(self, fresh: Sequence[Kept], trail: Sequence[Trace]) -> tuple[Kept, ...]:
        """Keep new sessions with their trail, all or none; where any id is known, change nothing.

        Returns what now stands under the ids, in their order; ids that are unknown then are left out.
        """
        ...

    async def get(self, tenant: str, id: str) -> Kept | None:
        """One tenant's session, or None."""
        ...

    async def batch(self, tenant: str, batch: str) -> tuple[Kept, ...]:
        """The sessions of a bulk, in the order they were begun."""
        ...

    async def change(self, tenant: str, id: str, work: Callable[[Kept], Kept], *trail: Trace) -> Kept:
        """Put in its place what `work` makes of it. NotFound; what `work` raises is raised and changes nothing.

        The trail is kept only if something changed. `work` may be called more than once.
        """
        ...

    async def note(self, *trail: Trace) -> None:
        """Keep entries alone: a refusal that changed nothing."""
        ...

    async def trail(self, tenant: str, id: str) -> tuple[Trace, ...]:
        """A session's trail, oldest first."""
        ...

    async def open(self, limit: int) -> tuple[Kept, ...]:
        """Sessions that have not ended, those that expire first first."""
        ...

    async def held(self, before: datetime, limit: int) -> tuple[Kept, ...]:
        """Ended sessions that expired before a moment and still name contents."""
        ...
