"""What delivery needs from the world. Each port has one adapter file, one shipped twin, and one suite for both."""

from collections.abc import AsyncIterable, AsyncIterator, Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol, TypeVar

from lienthong.delivery.journey import JourneyState
from lienthong.delivery.model import Lane, Leg, LegKey, Notice, Package, Page, Search, Standstill, StatusReport, Step
from lienthong.delivery.opening import Folded, Unfolded
from lienthong.delivery.trouble import Trouble, Troubles
from lienthong.evidence import Event, Receipt

T = TypeVar("T")


class Clock(Protocol):
    """The time, and waiting for it."""

    def now(self) -> datetime:
        """This moment, aware, UTC."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait; a twin returns when its hand is moved."""
        ...


class Lots(Protocol):
    """Chance: tokens nobody can guess, and jitter."""

    def token(self) -> str:
        """32 hex digits nobody can guess."""
        ...

    def jitter(self) -> float:
        """A number in [0, 1)."""
        ...


class Opener(Protocol):
    """Where packages are opened: those that came together, or one."""

    async def unfold(self, packages: Sequence[Folded]) -> Sequence[Unfolded | Exception]:
        """Each as `opening.unfold` would, in order: what it holds, or why it cannot be opened."""
        ...


class View(Protocol):
    """What can be read of a hop's memory, in one consistent moment."""

    def package(self, package_id: str) -> Package | None:
        """The package, or None."""
        ...

    def known(self, packages: Collection[str]) -> frozenset[str]:
        """Those of these package ids that are here."""
        ...

    def packages_of(self, sender: str, document_id: str) -> Sequence[Package]:
        """All edoc packages of one document of one sender (new, recall, update, replace), oldest first."""
        ...

    def leg(self, key: LegKey) -> Leg | None:
        """The leg, or None."""
        ...

    def legs(self, package_id: str, lane: Lane | None = None, next_hop: str | None = None) -> Sequence[Leg]:
        """The legs of a package, in the order they were put; those of one lane, or towards one hop."""
        ...

    def due(
        self, lane: Lane, next_hop: str, states: frozenset[JourneyState], now: datetime, limit: int
    ) -> Sequence[Leg]:
        """Legs towards one hop with due ≤ now and no live lock: the most urgent first, then the oldest due."""
        ...

    def front(self, lane: Lane, next_hop: str, state: JourneyState, urgency: int, now: datetime) -> datetime | None:
        """When the first was due of those that `due` tells of one state and urgency; None while there are none."""
        ...

    def inbox(self, recipient: str, contents: frozenset[str], now: datetime, limit: int) -> Sequence[Leg]:
        """Incoming legs of one tenant, state delivered, no live lock: the most urgent first, then the oldest."""
        ...

    def expiring(self, now: datetime, limit: int) -> Sequence[Leg]:
        """Undelivered, unlocked legs of lanes OUT and THROUGH whose time to live has run out (expires_at ≤ now)."""
        ...

    def listing(self, search: Search) -> Page:
        """Newest first, by cursor."""
        ...

    def count(self, search: Search) -> int:
        """How many packages all pages of that listing hold; its cursor and limit do not count."""
        ...

    def happenings(self, party: str, after: int, limit: int) -> tuple[Sequence[tuple[Step, Package]], int]:
        """Steps of what an agency sent, or holds, beyond a number, in order; and up to which number all is told.

        A number below zero tells nothing, and up to which there is something. One look reads a bounded number of rows.
        """
        ...

    def steps(self, package_id: str) -> Sequence[Step]:
        """The timeline, in the order it was put."""
        ...

    def statuses(self, package_id: str) -> Sequence[StatusReport]:
        """All reports on a document's package, in the order they were put."""
        ...

    def notices(self, to: str, after: int, limit: int) -> Sequence[Notice]:
        """News for a hop with seq > after, in order."""
        ...

    def mark(self, name: str) -> str:
        """A small remembered value (cursor, breaker), or empty."""
        ...

    def marked(self, names: Collection[str]) -> frozenset[str]:
        """Those of these names under which a value is remembered."""
        ...

    def content(self, sha256: str) -> bytes | None:
        """The bytes of a small part kept in the store, or None."""
        ...

    def reports(self, package_id: str) -> Mapping[str, str]:
        """Signature reports by part name (JSON)."""
        ...

    def unreported(self, limit: int) -> Sequence[Package]:
        """Packages with a delivered incoming edoc leg and no signature report yet, oldest first."""
        ...

    def counts(self) -> Mapping[str, int]:
        """Legs by `lane/state`, and "oldest_waiting" as the age key's epoch seconds (absent when nothing waits)."""
        ...

    def standstill(self, before: datetime, limit: int) -> Sequence[Standstill]:
        """What has not moved since a moment: outgoing undelivered, or delivered and not taken; oldest first."""
        ...

    def trouble(self, key: str) -> Trouble | None:
        """What failed under that key, or None."""
        ...

    def troubles(self, wanted: Troubles) -> Sequence[Trouble]:
        """What failed, in the order it began."""
        ...

    def dead_letters(self) -> Mapping[str, int]:
        """How many dead letters there are, by the code of their cause."""
        ...

    def waiting(self) -> Mapping[str, tuple[int, datetime]]:
        """Undelivered legs at the axis by the hop they go to: how many, and since when the oldest."""
        ...

    def waiting_for(self) -> Mapping[str, int]:
        """How many undelivered legs the axis holds, by the recipient they are for."""
        ...

    def awaited(self, next_hop: str) -> frozenset[str]:
        """Whose legs wait at the axis for a hop: the codes of their recipients."""
        ...

    def awaiting(self, next_hop: str, recipient: str, limit: int) -> Sequence[Leg]:
        """Undelivered legs at the axis to a recipient through a hop, oldest first, due or not."""
        ...

    def tally(self, hop: str, after: int, limit: int) -> tuple[int, Mapping[tuple[date, str], int]]:
        """A hop's own steps beyond a number, by day in Vietnam and kind; and the number of the last step looked at."""
        ...

    def swept_legs(self, after: int, limit: int) -> Sequence[tuple[int, Leg]]:
        """Legs in the order they were first put, each with its number, beyond a number."""
        ...

    def swept_packages(self, after: int, limit: int) -> Sequence[tuple[int, Package]]:
        """Packages in the order they came, each with its number, beyond a number."""
        ...


class Transaction(View, Protocol):
    """Changes to a hop's memory: all or nothing, durable with the batch it belongs to."""

    def add_package(self, package: Package, small: Mapping[str, bytes]) -> None:
        """Keep a package and the contents of its small parts (by hex SHA-256; repeats are harmless)."""
        ...

    def put_leg(self, leg: Leg) -> None:
        """Insert or replace by key."""
        ...

    def add_step(self, step: Step) -> None:
        """Append to a timeline."""
        ...

    def add_status(self, report: StatusReport) -> bool:
        """Append a report; False when its carrier is already known for that package and recipient."""
        ...

    def add_notice(self, notice: Notice) -> None:
        """Append news for a hop."""
        ...

    def drop_notices(self, to: str, up_to: int) -> None:
        """Forget news a hop has confirmed (seq ≤ up_to)."""
        ...

    def set_mark(self, name: str, value: str) -> None:
        """Remember a small value."""
        ...

    def put_report(self, package_id: str, part: str, report: str) -> None:
        """Keep a signature report."""
        ...

    def put_trouble(self, trouble: Trouble) -> None:
        """Insert or replace by key."""
        ...

    def drop_trouble(self, key: str) -> None:
        """Forget what failed under that key; harmless when nothing did."""
        ...

    def record(self, event: Event) -> int:
        """Append an event to this hop's log; returns its leaf index. Its receipt exists once the batch is durable."""
        ...


class Store(Protocol):
    """A hop's memory. Writers are gathered: one transaction, one fsync, one checkpoint signature per batch."""

    async def write(self, work: Callable[[Transaction], T]) -> T:
        """Run the work in the next batch and return its result once durable.

        If the work raises, its own changes are undone and the error is raised here; the others of the batch stand.
        The work must be repeatable: a batch that fails to commit is not retried by itself (Unavailable, StorageFull).
        """
        ...

    async def read(self, work: Callable[[View], T]) -> T:
        """Run the work on a consistent view of what is durable."""
        ...

    async def receipt(self, index: int) -> Receipt:
        """The receipt of a durable leaf, always the same bytes (first checkpoint that covers it); NotFound."""
        ...


class Objects(Protocol):
    """Contents too large for a row, by hex SHA-256. Kept before the row that names them.

    What is too large for the memory comes in by a name of the caller's (`[0-9a-z-]`, up to 80): appended piece by
    piece, hashed while written, then adopted as an object. Names outlive the process; every answer is durable.
    """

    async def keep(self, contents: Mapping[str, bytes]) -> None:
        """Store all, durable on return. Repeats are harmless. StorageFull, Unavailable."""
        ...

    async def fetch(self, sha256: str) -> bytes:
        """The bytes, their digest checked; NotFound, EvidenceBroken."""
        ...

    async def size(self, sha256: str) -> int:
        """Bytes of an object; NotFound."""
        ...

    def read(self, sha256: str, start: int = 0, stop: int | None = None) -> AsyncIterator[bytes]:
        """The bytes from start to stop (or the end) in blocks of about 1 MiB, digest unchecked; NotFound."""
        ...

    async def staged(self, name: str) -> int:
        """How many bytes of a name are here, 0 for a new one."""
        ...

    async def append(self, name: str, offset: int, pieces: AsyncIterable[bytes]) -> int:
        """Write at the end of a name, all or nothing (also when `pieces` raises); the new size.

        UploadOffset unless the offset is the size so far; Busy while another piece comes in; StorageFull, Unavailable.
        """
        ...

    async def digest(self, name: str) -> str:
        """Hex SHA-256 of what a name holds; NotFound."""
        ...

    async def adopt(self, name: str, sha256: str) -> None:
        """Make what a name holds an object; the name stays until discarded, and takes nothing more.

        NotFound, PartChanged (another digest), StorageFull.
        """
        ...

    async def discard(self, name: str) -> None:
        """Forget a name and its bytes; harmless when there are none, and to objects."""
        ...

    async def room(self) -> int:
        """Bytes that still fit, as far as the store knows."""
        ...


class Timestamper(Protocol):
    """An RFC 3161 authority."""

    async def stamp(self, digest: bytes) -> bytes:
        """A time-stamp token (DER) over a digest of SHA-256, -384 or -512; Unavailable when it can't be reached."""
        ...


class Log(Protocol):
    """The hop's evidence log, for readers, monitors and the stamping worker. The store's adapter implements it.

    Each process that writes has a log of its own, a shard with its own origin; a hop of one process has shard 0 alone.
    `unstamped` looks at all of them, and its size says which, for `keep_stamp`.
    """

    async def checkpoint(self, shard: int = 0) -> str:
        """The newest signed checkpoint note; empty while nothing is logged."""
        ...

    async def stamped_receipt(self, index: int) -> Receipt | None:
        """The receipt of a leaf at the first time-stamped checkpoint that covers it, token included, or None."""
        ...

    async def unstamped(self) -> tuple[int, str, datetime] | None:
        """Size, note and time of the newest checkpoint if it is newer than the last stamped one."""
        ...

    async def keep_stamp(self, size: int, token: bytes) -> None:
        """Keep the time-stamp token of the checkpoint of that size."""
        ...

    async def stamped(self, shard: int = 0) -> tuple[int, str, bytes] | None:
        """Size, note and token of the newest time-stamped checkpoint, or None."""
        ...

    async def unstamped_since(self) -> datetime | None:
        """When the oldest checkpoint was made that no stamped one covers, or None when all are covered."""
        ...

    async def tile(self, level: int, index: int, width: int, shard: int = 0) -> bytes:
        """Hashes of a tile as tlog-tiles defines it (width 1…256); NotFound."""
        ...

    async def leaves(self, start: int, count: int, shard: int = 0) -> Sequence[bytes]:
        """Leaves' bytes from a start, at most count."""
        ...

    async def consistency(self, old: int, new: int, shard: int = 0) -> Sequence[bytes]:
        """The consistency proof between two sizes (RFC 9162 §2.1.4)."""
        ...
