"""Time that moves when told to, and chance that is known beforehand."""

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import count

START = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


class FakeClock:
    """The `Clock` port with a hand that stands still until it is advanced."""

    def __init__(self, start: datetime = START) -> None:
        self._now = start
        self._sleepers: list[tuple[datetime, asyncio.Future[None]]] = []

    @property
    def sleepers(self) -> int:
        """How many wait for the hand."""
        return len(self._sleepers)

    def now(self) -> datetime:
        """Where the hand stands."""
        return self._now

    def advance(self, by: float | timedelta) -> datetime:
        """Move the hand by seconds or a span and wake whom it passes, the earliest first; returns the new moment."""
        self._now += by if isinstance(by, timedelta) else timedelta(seconds=by)
        passed = sorted((item for item in self._sleepers if item[0] <= self._now), key=lambda item: item[0])
        for item in passed:
            self._sleepers.remove(item)
            if not item[1].done():
                item[1].set_result(None)
        return self._now

    async def sleep(self, seconds: float) -> None:
        """Wait until the hand has moved so far; nothing or less only lets others run."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        future = asyncio.get_running_loop().create_future()
        item = (self._now + timedelta(seconds=seconds), future)
        self._sleepers.append(item)
        try:
            await future
        finally:
            if item in self._sleepers:  # cancelled before its time
                self._sleepers.remove(item)


class FixedLots:
    """The `Lots` port: numbered tokens, and jitters from a list that begins again at its end."""

    def __init__(self, jitters: Iterable[float] = (0.5,)) -> None:
        self._numbers = count(1)
        self._jitters = tuple(jitters)
        self._drawn = count()

    def token(self) -> str:
        """00…01, 00…02, and so on: 32 hex digits."""
        return f"{next(self._numbers):032x}"

    def jitter(self) -> float:
        """The next of the list."""
        return self._jitters[next(self._drawn) % len(self._jitters)]
