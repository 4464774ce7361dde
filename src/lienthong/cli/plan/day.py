"""A busy day played through minute by minute, once as it should be and once with a node and a database failing.

Each database has its part of the documents, its part of the processes, and a queue. What an axis cannot take at once
waits at the gateways, which hold it durably and come again: so a queue costs time and never a document.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from lienthong.cli.plan.costs import Costs
from lienthong.cli.plan.demand import Demand, minutes, shares
from lienthong.cli.plan.sizing import Need

_NOISE = 0.15  # how far one minute lies from the day's curve, one standard deviation
_SEEN = 1e-6  # of a package: less than this is nobody


@dataclass(frozen=True, slots=True)
class Failure:
    """A node that is down, and a database that fails over: the minute of the day it begins, and how many it lasts."""

    node_from: int = 9 * 60 + 30
    node_minutes: int = 120
    database_from: int = 10 * 60
    database_minutes: int = 2


@dataclass(frozen=True, slots=True)
class Day:
    """What a day was like. Waits in seconds; `load` (part of what could be done) and `waiting` (packages) by minute."""

    packages: float
    done: float
    longest_queue: float
    longest_wait: float  # infinite when some were not served that day
    waited_over_a_minute: float  # the share of all packages
    drained_at: int  # the last minute of the day somebody waited, 0 if nobody ever did
    load: tuple[float, ...] = field(repr=False)
    waiting: tuple[float, ...] = field(repr=False)

    @property
    def lost(self) -> float:
        """What came and was neither done nor left waiting: must be nothing."""
        return self.packages - self.done - self.waiting[-1]


@dataclass(frozen=True, slots=True)
class _Lane:
    """One database, or several that fare alike: by minute, what came, what could be done, what was done."""

    count: int
    came: tuple[float, ...]
    could: tuple[float, ...]
    done: tuple[float, ...]

    def waiting(self) -> list[float]:
        """Who waits after each minute, in all of these databases."""
        left = (came - done for came, done in zip(accumulate(self.came), accumulate(self.done), strict=True))
        return [self.count * max(each, 0.0) for each in left]

    def waits(self) -> list[float]:
        """Seconds until the last who came in each minute was served; first come, first served."""
        served = list(accumulate(self.done))
        waits, at = [], 0
        for minute, wanted in enumerate(accumulate(self.came)):
            at = max(at, minute)
            while at < len(served) and served[at] < wanted - _SEEN:
                at += 1
            waits.append(60.0 * (at - minute) if at < len(served) else float("inf"))
        return waits


def simulate(demand: Demand, need: Need, costs: Costs, failure: Failure | None = None, seed: int = 1) -> Day:
    """Play a busy day. The same seed gives the same day, with or without a failure."""
    chance = random.Random(seed)
    whole = demand.busy * demand.packages
    arriving = [whole * share * max(0.0, chance.gauss(1, _NOISE)) for share in minutes()]
    first, *rest = shares(need.databases)
    lanes = [_lane(1, first, arriving, need, costs, failure, fails=True)]
    lanes += [_lane(len(rest), rest[0], arriving, need, costs, failure, fails=False)] if rest else []
    return _day(lanes, sum(arriving))


def _lane(
    count: int,
    share: float,
    arriving: Sequence[float],
    need: Need,
    costs: Costs,
    failure: Failure | None,
    *,
    fails: bool,
) -> _Lane:
    came = [share * each for each in arriving]
    could = [_capacity(share, minute, need, costs, failure, fails=fails) for minute in range(len(arriving))]
    waiting, done = 0.0, []
    for new, limit in zip(came, could, strict=True):
        done.append(min(waiting + new, limit))
        waiting += new - done[-1]
    return _Lane(count, tuple(came), tuple(could), tuple(done))


def _capacity(share: float, minute: int, need: Need, costs: Costs, failure: Failure | None, *, fails: bool) -> float:
    """Packages a database and its processes can do in a minute; processes are spread as the documents are."""
    processes = need.processes
    if failure and 0 <= minute - failure.node_from < failure.node_minutes:
        processes -= need.processes // need.nodes
    if failure and fails and 0 <= minute - failure.database_from < failure.database_minutes:
        return 0.0
    return 60 * min(costs.database_per_second, processes * share * need.process_rate)


def _day(lanes: Sequence[_Lane], packages: float) -> Day:
    waiting = [sum(each) for each in zip(*(lane.waiting() for lane in lanes), strict=True)]
    done = [sum(each) for each in zip(*([lane.count * one for one in lane.done] for lane in lanes), strict=True)]
    could = [sum(each) for each in zip(*([lane.count * one for one in lane.could] for lane in lanes), strict=True)]
    waits = [lane.waits() for lane in lanes]
    late = sum(
        lane.count * came
        for lane, waited in zip(lanes, waits, strict=True)
        for came, wait in zip(lane.came, waited, strict=True)
        if wait > 60
    )
    return Day(
        packages=packages,
        done=sum(done),
        longest_queue=max(waiting),
        longest_wait=max(map(max, waits)),
        waited_over_a_minute=late / packages,
        drained_at=max((minute for minute, queue in enumerate(waiting) if queue > _SEEN * packages), default=0),
        load=tuple(one / limit if limit else 1.0 for one, limit in zip(done, could, strict=True)),
        waiting=tuple(waiting),
    )
