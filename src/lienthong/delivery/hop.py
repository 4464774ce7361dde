"""What a hop stands on: its name, its memory, and how it knows whom to trust."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from lienthong.delivery.opening import Here
from lienthong.delivery.ports import Clock, Lots, Objects, Opener, Store
from lienthong.envelope import DEFAULT, Limits
from lienthong.errors import RegistryStale
from lienthong.registry import Directory

INLINE = 64 * 1024
"""Parts up to this many bytes live in the row, larger ones as objects (design §6, measured)."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How long things may take."""

    time_to_live: timedelta = timedelta(days=3)
    longest_time_to_live: timedelta = timedelta(days=30)
    lock: timedelta = timedelta(minutes=5)
    clock_skew: timedelta = timedelta(minutes=5)
    first_retry: timedelta = timedelta(seconds=1)
    longest_retry: timedelta = timedelta(minutes=15)
    breaker_after: int = 5
    park_after: int = 8
    stuck_after: timedelta = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Freight:
    """Large parts: which travel apart, and how much of them may be on its way. Sizes in bytes."""

    apart: int = 4 * 2**20
    """Parts above this travel apart from the frame."""
    piece: int = 8 * 2**20
    """How much of a large part goes in one request; it is held in memory."""
    turn: int = 64 * 2**20
    """How much of a large part goes before a more urgent one may."""
    life_seconds: float = 86400.0
    """How long an upload is kept, finished or not."""
    unfinished: int = 32
    """Unfinished uploads of one owner."""
    unfinished_bytes: int = 8 * 2**30
    """Their sizes together."""
    kept: int = 1000
    """Uploads of one owner, finished ones included."""
    reserve: int = 64 * 2**20
    """What is left free on the disk for everything else."""

    @property
    def life(self) -> timedelta:
        """How long an upload is kept."""
        return timedelta(seconds=self.life_seconds)


@dataclass(frozen=True, slots=True)
class Hop:
    """One hop: the axis, or a gateway. The directory is asked anew each time: it changes under way."""

    name: str
    store: Store
    objects: Objects
    clock: Clock
    lots: Lots
    directory: Callable[[], Directory]
    roots: Sequence[bytes] = ()
    limits: Limits = DEFAULT
    terms: Terms = field(default_factory=Terms)
    freight: Freight = field(default_factory=Freight)
    opener: Opener = field(default_factory=Here)

    def fresh_directory(self, moment: datetime) -> Directory:
        """The directory, if it may still be relied on; raises `RegistryStale`."""
        directory = self.directory()
        if not directory.fresh(moment):
            raise RegistryStale
        return directory
