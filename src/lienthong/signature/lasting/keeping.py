"""Where proofs are kept on their way through time.

entry   waiting ─► gathered ─► planted        a document of the exchange, or a tree whose stamps are to be renewed
tree    planted ─► stamped  ─► renewed        gathered entries under one root, in the order they came
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Kind(StrEnum):
    """What an entry proves."""

    DOCUMENT = "document"
    TREE = "tree"


class State(StrEnum):
    """How far an entry is."""

    WAITING = "waiting"
    GATHERED = "gathered"
    PLANTED = "planted"


@dataclass(frozen=True, slots=True)
class Member:
    """A file of the bundle by name, its digest (SHA-256, hex) and size; `held`: its bytes are an object kept for this.

    The contents of a document are not: they belong to its package, and may go by policy while the proof stays.
    """

    name: str
    sha256: str
    size: int
    held: bool = True


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to be proved: `of` is a package's id or a tree's number; `round` grows when all is hashed anew.

    It has waited since `since` and is taken up at `due`; `code` and `detail` say what went wrong last. Once gathered:
    `algorithm`, `record` (SHA-256 of the record, an object), `leaf` (its hash in the tree, hex), `members`, and of what
    it was prevented from (`lacks`). Once planted: its place in `tree`.
    """

    kind: Kind
    of: str
    since: datetime
    due: datetime
    round: int = 0
    state: State = State.WAITING
    attempts: int = 0
    code: str = ""
    detail: str = ""
    algorithm: str = ""
    record: str = ""
    leaf: str = ""
    members: tuple[Member, ...] = ()
    lacks: str = ""
    tree: int = 0
    place: int = 0

    @property
    def key(self) -> tuple[Kind, str, int]:
        """What there is one of."""
        return self.kind, self.of, self.round


@dataclass(frozen=True, slots=True)
class Planted:
    """A tree: `leaves` are the leaf hashes in order, `root` hex. `ends`: when the last of its stamps ceases to count.

    `renewed`: an entry of kind TREE takes it on.
    """

    number: int
    at: datetime
    algorithm: str
    root: str
    leaves: tuple[bytes, ...] = field(repr=False)
    ends: datetime | None = None
    renewed: bool = False


@dataclass(frozen=True, slots=True)
class Stamp:
    """An authority's token (DER) over a tree's root."""

    tree: int
    authority: str
    token: bytes = field(repr=False)
    at: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """How proofs stand: documents by how far they are, since when the oldest waits, which stamps end first.

    `damaged`: objects that were not what their name says when they were read last.
    """

    waiting: int = 0
    gathered: int = 0
    unstamped: int = 0
    secured: int = 0
    failing: int = 0
    oldest: datetime | None = None
    ends: datetime | None = None
    damaged: int = 0


class Ledger(Protocol):
    """The rows. Every answer is durable; every act may be repeated. Raises Unavailable, StorageFull."""

    async def cursor(self) -> int:
        """Up to which package the entries were made."""
        ...

    async def enrol(self, fresh: Sequence[Entry], cursor: int | None = None) -> int:
        """Add entries that are not there by their key, and move the cursor on; how many were new.

        An entry of kind TREE marks its tree as renewed.
        """
        ...

    async def due(self, now: datetime, limit: int) -> Sequence[Entry]:
        """Entries that wait and whose time has come, those with the fewest attempts first."""
        ...

    async def put_off(self, entry: Entry) -> None:
        """Keep `due`, `attempts`, `code`, `detail` of one that still waits."""
        ...

    async def gathered(self, entry: Entry) -> None:
        """Keep what was gathered, and that its objects are needed for ever; the first such stands."""
        ...

    async def planting(self) -> datetime | None:
        """When the newest tree was made."""
        ...

    async def plant(self, algorithm: str, now: datetime, limit: int) -> Planted | None:
        """Put gathered entries of one algorithm into a tree, the oldest first; None when there are none."""
        ...

    async def unstamped(self, authority: str, since: datetime, limit: int) -> Sequence[Planted]:
        """Trees an authority has not stamped: those without any stamp, and those made since a moment."""
        ...

    async def uproot(self, before: datetime) -> int:
        """Take apart trees that were made before a moment and that nobody stamped; how many entries wait again."""
        ...

    async def keep_stamp(self, stamp: Stamp) -> None:
        """The first of an authority over a tree stands."""
        ...

    async def tree(self, number: int) -> tuple[Planted, Sequence[Stamp]]:
        """A tree with its stamps; NotFound."""
        ...

    async def ending(self, before: datetime, limit: int) -> Sequence[Planted]:
        """Stamped trees, not renewed, that end before a moment, the first to end first."""
        ...

    async def entries(self, kind: Kind, of: str) -> Sequence[Entry]:
        """All rounds of one thing, the first first."""
        ...

    async def recorded_with(self, algorithm: str, limit: int) -> Sequence[Entry]:
        """Planted documents whose last round is hashed with it, the oldest first."""
        ...

    async def in_tree(self, number: int, limit: int) -> Sequence[Entry]:
        """The entries of a tree, by their places."""
        ...

    async def held(self, after: int, limit: int) -> Sequence[tuple[int, str]]:
        """Objects that proofs need (SHA-256, hex) in the order they came, each with its number, beyond a number."""
        ...

    async def failing(self, limit: int) -> Sequence[Entry]:
        """Entries that wait and went wrong last time, the oldest first."""
        ...

    async def lacking(self) -> Mapping[str, int]:
        """How many documents were recorded without something, by what their last round lacks."""
        ...

    async def standing(self) -> Standing:
        """How all of them stand."""
        ...
