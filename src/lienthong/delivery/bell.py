"""A bell for those who wait: rung once something durable concerns them. It only wakes; asking remains the contract."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any, TypeVar, cast

from lienthong.delivery.journey import JourneyState
from lienthong.delivery.model import DESK, Lane, Leg, Notice, Step, freight_lane
from lienthong.delivery.ports import Store, Transaction, View
from lienthong.evidence import Receipt

T = TypeVar("T")

REGISTRY_TOPIC = "registry:"
"""The topic of a newer registry, which concerns every hop."""


def news_topic(hop: str) -> str:
    """The topic of news for a hop; legs ring under the bare name of their next hop."""
    return f"news:{hop}"


def desk_topic(tenant: str) -> str:
    """The topic of what comes to one tenant's desk: on a shared gateway nobody wakes for the others."""
    return f"{DESK}:{tenant}"


def events_topic(tenant: str) -> str:
    """The topic of everything that happens to one tenant's documents."""
    return f"events:{tenant}"


class Bell:
    """Topics with a count of rings, so that a ring between looking and waiting is not missed."""

    def __init__(self, id: str = "") -> None:
        """`id`: no other bell's, wherever its counts are told to others, who might take another's for the same."""
        self.id = id
        self._closed = False
        self._rings: defaultdict[str, int] = defaultdict(int)
        self._waiting: defaultdict[str, set[asyncio.Future[None]]] = defaultdict(set)

    @property
    def closed(self) -> bool:
        """Whether nobody waits any more."""
        return self._closed

    def rings(self, topic: str) -> int:
        """How often the topic was rung; look at it before looking for work."""
        return self._rings[topic]

    def ring(self, topics: Iterable[str]) -> None:
        """Wake everyone who waits for these topics."""
        for topic in topics:
            self._rings[topic] += 1
            self._wake(topic)

    def close(self) -> None:
        """Wake everyone, and let nobody wait any more: the process is about to end."""
        self._closed = True
        for topic in list(self._waiting):
            self._wake(topic)

    async def wait(self, heard: Mapping[str, int], seconds: float) -> None:
        """Wait until one of the topics has rung more often than heard, or so many seconds."""
        if any(self._rings[topic] != count for topic, count in heard.items()) or seconds <= 0 or self._closed:
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        for topic in heard:
            self._waiting[topic].add(future)
        try:
            with suppress(TimeoutError):
                await asyncio.wait_for(future, seconds)
        finally:
            for topic in heard:
                self._forget(topic, future)

    def _wake(self, topic: str) -> None:
        for future in self._waiting.pop(topic, ()):
            if not future.done():
                future.set_result(None)

    def _forget(self, topic: str, future: asyncio.Future[None]) -> None:
        """Whoever gave up waiting leaves nothing behind, nor does a topic nobody waits for."""
        waiting = self._waiting.get(topic, set())
        waiting.discard(future)
        if not waiting:
            self._waiting.pop(topic, None)


class RingingStore:
    """A store that rings the bell after each durable write, for the hops its legs and news go to."""

    def __init__(self, store: Store, bell: Bell, announce: Callable[[Iterable[str]], None] | None = None) -> None:
        """`announce` tells the topics to the hop's other processes."""
        self._store, self._bell, self._announce = store, bell, announce

    async def write(self, work: Callable[[Transaction], T]) -> T:
        """As the store's; the bell rings once the batch is durable."""
        topics: set[str] = set()
        result = await self._store.write(lambda tx: work(cast("Transaction", _Listening(tx, topics))))
        self._bell.ring(topics)
        if topics and self._announce is not None:
            self._announce(topics)
        return result

    async def read(self, work: Callable[[View], T]) -> T:
        """As the store's."""
        return await self._store.read(work)

    async def receipt(self, index: int) -> Receipt:
        """As the store's."""
        return await self._store.receipt(index)


_WAITS = frozenset({JourneyState.RECORDED, JourneyState.ACCEPTED})
"""States in which something is asked of a leg's next hop."""


class _Listening:
    """A transaction that notes whom its changes concern."""

    def __init__(self, tx: Transaction, topics: set[str]) -> None:
        self._tx, self._topics = tx, topics

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tx, name)

    def put_leg(self, leg: Leg) -> None:
        # under the hop's own name waits who asks for both lanes, and a recall until its document came in the slow one
        hop = leg.next_hop.removesuffix(freight_lane(""))
        if leg.next_hop == DESK:
            self._topics |= {desk_topic(leg.recipient), events_topic(leg.recipient)}
        elif leg.state in _WAITS or leg.next_hop != hop:
            self._topics |= {hop, leg.next_hop}
        self._tx.put_leg(leg)

    def add_step(self, step: Step) -> None:
        package = self._tx.package(step.package) if step.lane is Lane.OUT else None
        if package is not None:
            self._topics.add(events_topic(package.sender))
        self._tx.add_step(step)

    def add_notice(self, notice: Notice) -> None:
        if not notice.seq:  # one that had a number already is put back in the queue: no reason to wake anybody
            self._topics.add(news_topic(notice.to))
        self._tx.add_notice(notice)
