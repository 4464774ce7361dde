"""What a country asks of its axis on a day: how much, when, and who sends how much of it. Pure values."""

import math
from dataclasses import dataclass

from lienthong.errors import InvalidValue

MINUTES = 24 * 60
# Assumed, as no agency publishes it: offices work 7:30–11:30 and 13:30–17:00, most is sent late in each half.
HOURS = (
    *(0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.5, 4.0, 12.0, 15.0, 15.0, 8.0),
    *(2.0, 7.0, 12.0, 13.0, 9.0, 3.0, 1.0, 0.7, 0.5, 0.4, 0.3, 0.2),
)
MIX = ((2_000, 0.30), (10_000, 0.60), (100_000, 0.09), (2_000_000, 0.009), (10_000_000, 0.001))
"""Sizes of documents in bytes and their shares, as `bench accept --size mix` sends them."""
STATUS_BYTES = 2_000
_SPREAD = 0.03  # how far one database's part of a minute lies from the mean, one standard deviation


@dataclass(frozen=True, slots=True)
class Demand:
    """A day of a country. `busy` is how many times an average day the busiest one is. InvalidValue."""

    organisations: int
    documents: int
    recipients: float = 5.0
    statuses: float = 2.0  # reported by each recipient: arrived, registered
    document_bytes: float = sum(size * share for size, share in MIX)
    busy: float = 1.5

    def __post_init__(self) -> None:
        if self.organisations < 2 or self.documents < 1 or self.busy < 1:
            raise InvalidValue("organisations ≥ 2, documents ≥ 1, busy ≥ 1")
        if self.recipients < 1 or self.statuses < 0 or self.document_bytes < 1:
            raise InvalidValue("recipients ≥ 1, statuses ≥ 0, bytes ≥ 1")

    @property
    def packages(self) -> float:
        """Packages the axis accepts on an average day: the documents, and a status is a package too."""
        return self.documents * (1 + self.recipients * self.statuses)

    @property
    def legs(self) -> float:
        """Ways to a recipient on an average day; a status has one."""
        return self.documents * self.recipients * (1 + self.statuses)

    @property
    def content_bytes(self) -> float:
        """Bytes of all packages of an average day, each counted once whatever the number of its recipients."""
        return self.documents * (self.document_bytes + self.recipients * self.statuses * STATUS_BYTES)

    @property
    def peak(self) -> float:
        """Packages a second in the fullest minute of a busy day."""
        return self.busy * self.packages * max(minutes()) / 60


def minutes() -> tuple[float, ...]:
    """The share of a day that falls in each minute; a straight line from the middle of an hour to the next."""
    raw = [_between(minute) for minute in range(MINUTES)]
    whole = sum(raw)
    return tuple(share / whole for share in raw)


def _between(minute: int) -> float:
    place = (minute - 30) % MINUTES / 60
    hour, part = int(place), place % 1
    return HOURS[hour] * (1 - part) + HOURS[(hour + 1) % 24] * part


def shares(databases: int) -> tuple[float, ...]:
    """Which part of all packages falls on each database, the fullest first.

    A document and all that speaks of it goes by its id's digest, so parts differ by chance alone: the fullest is as far
    above the mean as the largest of so many draws is expected to be.
    """
    above = _SPREAD * math.sqrt(2 * math.log(databases)) if databases > 1 else 0.0
    fullest = (1 + above) / databases
    rest = (1 - fullest) / max(databases - 1, 1)
    return (fullest, *(rest for _ in range(databases - 1)))
