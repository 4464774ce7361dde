"""Who goes on when not everybody can: callers wait in lines of their own, are served in turn, and the longest line is
refused first. Nothing here knows HTTP; everything is bounded.

Turns are start-time fair queueing (Goyal, Vin, Cheng 1996): each who waits carries the virtual moment at which its
caller's share is used up, and the earliest goes first, so a caller with a thousand waiting delays another by one turn.
"""

import asyncio
import math
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from lienthong.errors import Busy

LONGEST_PAUSE = 30
"""Seconds; the longest Retry-After told."""


@dataclass(frozen=True, slots=True)
class Room:
    """What a gate holds: `units` at a time, `waiting` in all lines together, each for `patience` seconds at most.

    `spare`: a caller may take more only while it would hold no more than then remains free, so that whoever holds long
    always leaves room for the next caller (dynamic thresholds, Choudhury and Hahne 1998).
    """

    units: int
    waiting: int
    patience: float
    spare: bool = False


@dataclass(eq=False, slots=True)
class _Waiting:
    caller: str
    cost: int
    turn: float
    told: asyncio.Future[None]


@dataclass
class Gate:
    """One bounded resource shared fairly. Use it from one event loop."""

    room: Room
    weights: Mapping[str, float] = field(default_factory=dict)
    now: Callable[[], float] = field(default=lambda: asyncio.get_running_loop().time())
    held: dict[str, int] = field(default_factory=dict)
    _lines: dict[str, deque[_Waiting]] = field(default_factory=dict)
    _turns: dict[str, float] = field(default_factory=dict)
    _turn: float = 0.0
    _used: int = 0
    _in_line: int = 0
    _pace: float = 0.01
    _left_at: float | None = None

    @property
    def used(self) -> int:
        """Units held now."""
        return self._used

    @property
    def waiting(self) -> int:
        """How many stand in line."""
        return self._in_line

    async def enter(self, caller: str, cost: int = 1) -> int:
        """The units now held, at most all there are; give them back with `leave`. Raises Busy with `retry_after`."""
        cost = min(max(cost, 1), self.room.units)
        turn = max(self._turn, self._turns.get(caller, 0.0)) + cost / self._weight(caller)
        if not self._lines and self._fits(caller, cost):
            self._take(caller, cost, turn)
            return cost
        one = self._join(caller, cost, turn)
        self._call()  # all who wait may be such as hold too much already
        try:
            async with asyncio.timeout(self.room.patience):
                await one.told
        except BaseException as error:
            self._gone(one)
            if isinstance(error, TimeoutError):
                raise self.busy() from error
            raise
        return cost

    def leave(self, caller: str, cost: int) -> None:
        """Give units back; whoever's turn it is goes on."""
        self._used -= cost
        self.held[caller] -= cost
        if not self.held[caller]:
            del self.held[caller]
        self._measure()
        self._call()

    @property
    def crowded(self) -> bool:
        """Whether the line is full, so that somebody will be refused."""
        return self._in_line >= self.room.waiting

    def hopeless(self, caller: str) -> bool:
        """Whether `enter` would refuse this caller now. Asked before anything costly is done for it."""
        return self.crowded and self._longest(caller) == caller

    def busy(self) -> Busy:
        """What the refused are told, with when to come again: when the present line will be gone."""
        pause = min(max(math.ceil(self._in_line * self._pace), 1), LONGEST_PAUSE)
        return Busy(f"{self._in_line} waiting", retry_after=str(pause))

    def _weight(self, caller: str) -> float:
        return self.weights.get(caller, 1.0)

    def _fits(self, caller: str, cost: int) -> bool:
        return self._used + cost <= self.room.units and self._may_hold(caller, cost)

    def _may_hold(self, caller: str, cost: int) -> bool:
        held = self.held.get(caller, 0)
        return not self.room.spare or not held or held + cost <= self.room.units - self._used - cost

    def _take(self, caller: str, cost: int, turn: float) -> None:
        self._used += cost
        self.held[caller] = self.held.get(caller, 0) + cost
        self._turn = max(self._turn, turn - cost / self._weight(caller))
        self._turns[caller] = max(turn, self._turns.get(caller, 0.0))
        if len(self._turns) > 4096:  # whose turn has passed needs none remembered
            self._turns = {name: last for name, last in self._turns.items() if last > self._turn}

    def _join(self, caller: str, cost: int, turn: float) -> _Waiting:
        if self.crowded:
            self._make_place(caller)
        one = _Waiting(caller, cost, turn, asyncio.get_running_loop().create_future())
        self._turns[caller] = turn
        self._lines.setdefault(caller, deque()).append(one)
        self._in_line += 1
        return one

    def _make_place(self, caller: str) -> None:
        longest = self._longest(caller)
        if longest == caller:
            raise self.busy()
        one = self._lines[longest][-1]
        self._remove(one)
        one.told.set_exception(self.busy())

    def _longest(self, newcomer: str) -> str:
        """Whose line is longest for its weight, the newcomer's counted with the newcomer; equals lose to no one."""
        lengths = {name: len(line) / self._weight(name) for name, line in self._lines.items()}
        lengths[newcomer] = (len(self._lines.get(newcomer, ())) + 1) / self._weight(newcomer)
        return max(lengths, key=lambda name: (lengths[name], name == newcomer))

    def _remove(self, one: _Waiting) -> None:
        line = self._lines[one.caller]
        if line[-1] is one:  # its share was never used
            self._turns[one.caller] = one.turn - one.cost / self._weight(one.caller)
        line.remove(one)
        self._in_line -= 1
        if not line:
            del self._lines[one.caller]

    def _gone(self, one: _Waiting) -> None:
        """It gave up waiting: out of the line, or, if its turn had just come, its units go back."""
        if one in self._lines.get(one.caller, ()):
            self._remove(one)
            self._call()
        elif one.told.done() and not one.told.cancelled() and one.told.exception() is None:
            self.leave(one.caller, one.cost)

    def _call(self) -> None:
        """Let in whose turn it is. Who holds too much is passed over; who needs more than is free is waited for."""
        while self._lines:
            heads = sorted((line[0] for line in self._lines.values()), key=lambda one: one.turn)
            one = next((head for head in heads if self._may_hold(head.caller, head.cost)), None)
            if one is None or not self._fits(one.caller, one.cost):
                return
            self._lines[one.caller].popleft()
            self._in_line -= 1
            if not self._lines[one.caller]:
                del self._lines[one.caller]
            self._take(one.caller, one.cost, one.turn)
            if one.told.done():  # cancelled a moment ago; `_gone` gives the units back
                self.leave(one.caller, one.cost)
                return
            one.told.set_result(None)

    def _measure(self) -> None:
        """Seconds between two departures, smoothed; only a busy gate tells anything."""
        moment = self.now()
        if self._left_at is not None and self._lines:
            self._pace += (moment - self._left_at - self._pace) / 32
        self._left_at = moment


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a caller has left: so many of `burst` requests at once, all of them again after `seconds`.

    `taken`: what it got of those wanted; the others may come after `pause` seconds.
    """

    left: int
    burst: int
    window: int
    seconds: int
    taken: int = 1
    pause: int = 1

    def rest(self) -> Busy:
        """What those are told that got nothing."""
        return Busy(f"{self.taken} let in", retry_after=str(self.pause), policy="rate")

    def headers(self) -> list[tuple[bytes, bytes]]:
        """In the words of draft-ietf-httpapi-ratelimit-headers."""
        policy, stand = f'"rate";q={self.burst};w={self.window}', f'"rate";r={self.left};t={self.seconds}'
        return [(b"ratelimit-policy", policy.encode()), (b"ratelimit", stand.encode())]


def _pause(seconds: float) -> int:
    return min(max(math.ceil(seconds), 1), LONGEST_PAUSE)


@dataclass
class Buckets:
    """A token bucket a caller: `rate` a second, `burst` at once. A rate of zero lets everything through."""

    rate: float
    burst: float
    now: Callable[[], float] = field(default=lambda: asyncio.get_running_loop().time())
    _levels: dict[str, tuple[float, float]] = field(default_factory=dict)

    def take(self, caller: str, weight: float = 1.0, most: float = 0.0, wanted: int = 1) -> Allowance | None:
        """As many tokens as are there of those wanted, and what is left; None where there is no limit.

        Raises Busy, with when the next one is there, when there is none. `most`: a rate of the caller's own, which only
        narrows; 0 for none. A narrower one has as many seconds' burst.
        """
        rate = min(filter(None, (self.rate * weight, most)), default=0.0)
        if not rate:
            return None
        burst, moment = max(rate * (self.burst / self.rate if self.rate else 1.0), 1.0), self.now()
        level, at = self._levels.get(caller, (burst, moment))
        level = min(level + (moment - at) * rate, burst)
        if level < 1:
            raise Busy(f"{rate:g}/s", retry_after=str(_pause((1 - level) / rate)), policy="rate")
        taken = min(wanted, int(level))
        self._levels[caller] = (level - taken, moment)
        if len(self._levels) > 4096:
            self._levels = {name: kept for name, kept in self._levels.items() if moment - kept[1] < burst / rate}
        again = math.ceil((burst - level + taken) / rate)
        return Allowance(
            int(level - taken), int(burst), math.ceil(burst / rate), again, taken, _pause((wanted - level) / rate)
        )


@dataclass
class Count:
    """How many of something each caller, and all together, may have at a time; refused at once beyond it."""

    each: int
    total: int
    _held: dict[str, int] = field(default_factory=dict)
    _sum: int = 0

    def enter(self, caller: str) -> None:
        """Raises Busy."""
        if self._held.get(caller, 0) >= self.each or self._sum >= self.total:
            raise Busy(f"{self._sum} waiting", retry_after="5")
        self._held[caller] = self._held.get(caller, 0) + 1
        self._sum += 1

    def leave(self, caller: str) -> None:
        """One less."""
        self._sum -= 1
        self._held[caller] -= 1
        if not self._held[caller]:
            del self._held[caller]
