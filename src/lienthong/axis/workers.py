"""What the axis does by itself: end what expired, have its checkpoints time-stamped."""

import hashlib

from lienthong.axis.routes import Axis
from lienthong.delivery import expire
from lienthong.delivery.ports import Log, Timestamper


async def expiring(axis: Axis) -> None:
    """End legs until none is due."""
    while await expire(axis.hop):
        pass


async def stamping(evidence: Log, timestamper: Timestamper) -> None:
    """Stamp the newest checkpoint unless it is stamped already."""
    if (found := await evidence.unstamped()) is None:
        return
    size, note, _ = found
    await evidence.keep_stamp(size, await timestamper.stamp(hashlib.sha256(note.encode()).digest()))
