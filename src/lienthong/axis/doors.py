"""Who is at the axis's door: when each gateway last came, and which ones are held. In memory, for the hot path."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from lienthong.delivery import Hop
from lienthong.delivery.oversight import Contact, Held, Hold, held, keep_contacts
from lienthong.errors import GatewayHeld

OFTEN = timedelta(seconds=5)
"""How exact the last contact is: one write for all that came meanwhile."""
READING = frozenset({"/v1/registry", "/v1/bell"})
"""What a held gateway may still ask for: it must not fall behind while it waits; the bell tells of a newer registry."""


class Doors:
    """One process's view; `refresh` brings it together with what the store, and other processes, know."""

    def __init__(self, hop: Hop) -> None:
        self._hop = hop
        self._heard: dict[str, Contact] = {}
        self._told: dict[str, datetime] = {}
        self._held: Mapping[str, Held] = {}

    def enter(self, gateway: str, path: str, version: str, *, takes: bool) -> None:
        """A gateway with a good token is here. Raises `GatewayHeld` when it is held and this is not for the held."""
        now = self._hop.clock.now()
        if gateway not in self._told or now - self._told[gateway] >= OFTEN:
            self._heard[gateway], self._told[gateway] = Contact(now, version[:60]), now
        known = self._held.get(gateway)
        if known is None or path in READING or (known.hold is Hold.DRAINING and not takes):
            return
        raise GatewayHeld(known.order)

    def hold(self, known: Mapping[str, Held]) -> None:
        """What was just ordered holds here at once."""
        self._held = known

    async def refresh(self) -> None:
        """Write who came, read who is held."""
        came, self._heard = self._heard, {}
        if came:
            await self._hop.store.write(lambda tx: keep_contacts(tx, came))
        self._held = await self._hop.store.read(held)
