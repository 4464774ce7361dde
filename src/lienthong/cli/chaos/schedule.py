"""What breaks and when: a list made from a seed alone, so that a failing run can be had again.

Deeds are hung on the number of documents answered so far, not on the clock: a slow machine sees the same order.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

GATEWAYS = ("gw-h29", "gw-g22")
HOPS = ("axis", *GATEWAYS)
PROCESSES = (*HOPS, "ca")
LINKS = ("gw-h29-axis", "gw-g22-axis", "axis-ca", "desk-gw-h29", "desk-gw-g22")
STORES, OBJECTS = ("sqlite", "postgresql"), ("folder", "s3")
JUMP = 600.0
"""Seconds a clock is moved by."""


class Kind(StrEnum):
    """What can be done to the country."""

    KILL = "kill"  # SIGKILL, and after a while it is started again
    CUT = "cut"  # connections are reset and new ones refused
    TORN = "torn"  # connections end in the middle of what they carry
    SLOW = "slow"  # what is carried comes late
    SILENT = "silent"  # half-open: neither side hears of the other again
    CLOCK = "clock"  # the clock of a process jumps, and later back
    DISK = "disk"  # the disk is full
    REGISTRY = "registry"  # nothing was heard of the registry for a week
    DATABASE = "database"  # the database server is killed and comes back
    FAILOVER = "failover"  # the database server is lost; its synchronous standby takes over
    OBJECTS = "objects"  # the object store is killed and comes back


@dataclass(frozen=True, slots=True)
class Deed:
    """Once so many documents were answered: do this to that, for so many seconds; `much` is bytes or seconds."""

    after: int
    kind: Kind
    target: str
    seconds: float
    much: float = 0.0

    def __str__(self) -> str:
        much = f" {self.much:+.0f}" if self.much else ""
        return f"{self.kind.value} {self.target}{much} ({self.seconds:.1f}s)"


@dataclass(frozen=True, slots=True)
class Wish:
    """How large a run is, and what there is to break."""

    documents: int
    kills: int
    seed: int
    store: str = "sqlite"
    objects: str = "folder"


def schedule(wish: Wish) -> tuple[Deed, ...]:
    """Every deed of the run, in the order of their moments."""
    lots = random.Random(f"deeds {wish.seed}")
    deeds = [_kill(lots, place) for place in range(wish.kills)]
    for kind in (Kind.CUT, Kind.TORN, Kind.SLOW):
        deeds += [_link(lots, kind) for _ in range(max(1, wish.kills // 6))]
    deeds += [_link(lots, Kind.SILENT) for _ in range(max(1, wish.kills // 20))]
    deeds += _once(lots, wish)
    places = sorted(lots.uniform(0.04, 0.9) for _ in deeds)
    lots.shuffle(deeds)
    moments = [int(place * wish.documents) for place in places]
    return tuple(_at(deed, moment) for deed, moment in zip(deeds, moments, strict=True))


def _at(deed: Deed, moment: int) -> Deed:
    return Deed(moment, deed.kind, deed.target, deed.seconds, deed.much)


def _kill(lots: random.Random, place: int) -> Deed:
    # every hop in turn, so that few kills reach all of them; the authority now and then
    target = "ca" if place % 8 == 7 else HOPS[place % len(HOPS)]
    return Deed(0, Kind.KILL, target, lots.choice((0.0, 0.0, 0.5, 2.0, 5.0)))


def _link(lots: random.Random, kind: Kind) -> Deed:
    much = {Kind.TORN: lots.choice((1.0, 300.0, 5_000.0, 60_000.0)), Kind.SLOW: lots.uniform(0.1, 0.6)}.get(kind, 0.0)
    return Deed(0, kind, lots.choice(LINKS), lots.uniform(0.5, 4.0), much)


def _once(lots: random.Random, wish: Wish) -> Sequence[Deed]:
    """What every run has, however short: clocks both ways, full disks, a week without the registry."""
    ahead, behind = lots.sample(HOPS, 2)
    deeds = [
        Deed(0, Kind.CLOCK, ahead, lots.uniform(2.0, 5.0), JUMP),
        Deed(0, Kind.CLOCK, behind, lots.uniform(2.0, 5.0), -JUMP),
        *(Deed(0, Kind.DISK, hop, lots.uniform(2.0, 4.0)) for hop in HOPS),
        Deed(0, Kind.REGISTRY, "registry", lots.uniform(3.0, 6.0)),
    ]
    if wish.store == "postgresql":
        deeds += [Deed(0, Kind.DATABASE, "database", lots.uniform(0.5, 3.0)) for _ in range(2)]
        deeds.append(Deed(0, Kind.FAILOVER, "database", lots.uniform(0.5, 2.0)))
    if wish.objects == "s3":
        deeds += [Deed(0, Kind.OBJECTS, "objects", lots.uniform(1.0, 4.0)) for _ in range(2)]
    return deeds
