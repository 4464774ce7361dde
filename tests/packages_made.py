"""Sealed packages as a gateway might send them: right ones, and wrong ones on purpose."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from lienthong.document import OrganisationCode
from lienthong.envelope import Edoc, Part, StatusMessage, frame, manifest, pack
from lienthong.seal import Signer, seal
from lienthong.testing.world import World


def sealed(
    world: World,
    message: Edoc | StatusMessage,
    message_id: str = "id-1",
    *,
    parts: Sequence[Part] | None = None,
    sender: str = "H29",
    signer: Signer | None = None,
    now: datetime | None = None,
    live: timedelta | None = timedelta(days=1),
) -> tuple[str, tuple[Part, ...]]:
    """Seal and parts."""
    moment = now or world.clock.now()
    found = tuple(pack(message) if parts is None else parts)
    expires = None if live is None else moment + live
    made = seal(
        manifest(found),
        signer or world.signer(sender),
        moment,
        OrganisationCode.parse(sender),
        message_id,
        expires_at=expires,
    )
    return made, found


def framed(world: World, message: Edoc | StatusMessage, message_id: str = "id-1", **how: Any) -> bytes:
    """The wire form of a sealed package."""
    return frame(*sealed(world, message, message_id, **how))
