"""What a hop stands on: its name, its memory, and how it knows whom to trust."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from lienthong.delivery.ports import Clock, Lots, Objects, Store
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

    def fresh_directory(self, moment: datetime) -> Directory:
        """The directory, if it may still be relied on; raises `RegistryStale`."""
        directory = self.directory()
        if not directory.fresh(moment):
            raise RegistryStale
        return directory
