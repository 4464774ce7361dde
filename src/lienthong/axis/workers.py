"""What the axis does by itself: end what expired, have its checkpoints witnessed and time-stamped."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from lienthong.axis.routes import Axis
from lienthong.delivery import (
    REGISTRY_TOPIC,
    Hop,
    Witness,
    Work,
    collect_cosignatures,
    expire,
    reaim,
    sweep_uploads,
    tell_again,
)
from lienthong.delivery.isolation import began, counted
from lienthong.delivery.oversight import tally
from lienthong.delivery.ports import Log, Store, Timestamper
from lienthong.errors import LienThongError
from lienthong.evidence import stamp as rfc3161


async def registering(axis: Axis, read: Callable[[], Awaitable[object]]) -> None:
    """Take what was newly published into force, and wake every gateway that waits."""
    before = axis.book.version
    await read()
    if axis.book.version != before:
        axis.bell.ring([REGISTRY_TOPIC])


async def expiring(axis: Axis) -> None:
    """End legs until none is due; news that was set aside gets its next try."""
    while await expire(axis.hop):
        pass
    await tell_again(axis.hop)


async def aiming(axis: Axis) -> None:
    """Bring what waits for agencies that moved to the gateways they have now."""
    await reaim(axis.hop)


async def tallying(axis: Axis) -> None:
    """Count what happened into its day."""
    while await tally(axis.hop):
        pass


async def sweeping(axis: Axis) -> None:
    """Drop uploads that ran out."""
    await sweep_uploads(axis.hop)


async def stamping(
    hop: Hop, evidence: Log, timestamper: Timestamper | None, witnesses: Sequence[Witness] = ()
) -> Mapping[str, LienThongError]:
    """`vouch`, by an authority that we trust; failing again and again is listed."""
    refused: dict[str, LienThongError] = {}
    trusted = timestamper and Trusted(timestamper, hop.roots)

    async def work() -> None:
        refused.update(await vouch(evidence, hop.store, trusted, witnesses))

    await counted(hop, began(Work.STAMP, hop.clock.now()), work)
    return refused


@dataclass(frozen=True, slots=True)
class Trusted:
    """An authority whose tokens are judged before they are kept: the first one of a checkpoint stands for ever.

    What does not hold is no stamp, so its checkpoint goes on waiting for one, and the alarm on its age is heard.
    """

    authority: Timestamper
    roots: Sequence[bytes]

    async def stamp(self, digest: bytes) -> bytes:
        """As the authority's. EvidenceBroken for a token that does not hold down to a root."""
        token = await self.authority.stamp(digest)
        rfc3161.check(token, digest, self.roots)
        return token


async def vouch(
    evidence: Log, store: Store, timestamper: Timestamper | None, witnesses: Sequence[Witness] = ()
) -> Mapping[str, LienThongError]:
    """Have the newest checkpoint of each log cosigned, then stamped, unless it is stamped already.

    In this order, since what is stamped is the note with its cosignatures; a stamp covers all leaves before it, so that
    one round leaves nothing behind, however many checkpoints there were. Witnesses that did not sign hold no stamp up:
    they are returned with their reasons.
    """
    refused: dict[str, LienThongError] = {}
    done = set[str]()
    while (found := await evidence.unstamped()) is not None and (origin := _origin(found[1])) not in done:
        size, note, _ = found
        done.add(origin)  # one that grew meanwhile has its turn in the next round
        cosigned, missing = await collect_cosignatures(store, note, witnesses)
        refused.update(missing)
        if timestamper is not None:
            await evidence.keep_stamp(size, await timestamper.stamp(hashlib.sha256(cosigned.encode()).digest()))
    return refused


def _origin(note: str) -> str:
    return note.partition("\n")[0]
