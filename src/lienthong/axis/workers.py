"""What the axis does by itself: end what expired, have its checkpoints time-stamped."""

import hashlib

from lienthong.axis.routes import Axis
from lienthong.delivery import Hop, Work, expire, tell_again
from lienthong.delivery.isolation import began, counted
from lienthong.delivery.ports import Log, Timestamper


async def expiring(axis: Axis) -> None:
    """End legs until none is due; news that was set aside gets its next try."""
    while await expire(axis.hop):
        pass
    await tell_again(axis.hop)


async def stamping(hop: Hop, evidence: Log, timestamper: Timestamper) -> None:
    """Stamp the newest checkpoint unless it is stamped already; failing again and again is listed."""
    await counted(hop, began(Work.STAMP, hop.clock.now()), lambda: _stamp(evidence, timestamper))


async def _stamp(evidence: Log, timestamper: Timestamper) -> None:
    if (found := await evidence.unstamped()) is None:
        return
    size, note, _ = found
    await evidence.keep_stamp(size, await timestamper.stamp(hashlib.sha256(note.encode()).digest()))
