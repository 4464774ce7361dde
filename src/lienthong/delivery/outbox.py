"""Outbox: a gateway tells the axis what its desks did, until the axis has heard it."""

from typing import Protocol

from lienthong.delivery.deliver import news_for
from lienthong.delivery.hop import Hop
from lienthong.delivery.model import AXIS
from lienthong.delivery.news import News


class Listener(Protocol):
    """The axis as a reporting gateway sees it."""

    async def hear(self, news: tuple[News, ...]) -> None:
        """Take a report; returns once durable. Repeats are harmless."""
        ...


async def tell(hop: Hop, axis: Listener, limit: int = 100) -> int:
    """Report what waits in the outbox, then forget it; returns how much. A crash in between repeats the report."""
    page = await news_for(hop, AXIS, 0, limit)
    if not page.news:
        return 0
    await axis.hear(page.news)
    await hop.store.write(lambda tx: tx.drop_notices(AXIS, page.cursor))
    return len(page.news)
