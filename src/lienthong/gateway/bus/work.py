"""The work between a gateway and a bus, a round at a time, by what the gateway's store already keeps.

The inbox of each agency is the outbox towards the bus: a document leaves it once the bus has answered. What waits on
the bus is handed in under an id made of the bus's own, so a repeat is known. Faults of one document are counted and
rest; a bus that does not answer is left alone, longer each time.
"""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial

from lienthong.delivery import Leg, Package, acknowledge, inbox, is_aside, release, set_aside, take
from lienthong.delivery.isolation import began, cause, count
from lienthong.delivery.retry import breaker, failed, succeeded
from lienthong.delivery.trouble import NEVER, Trouble, Work
from lienthong.document import OrganisationCode
from lienthong.envelope import Edoc, read_head
from lienthong.errors import (
    Busy,
    HandoverFailed,
    LienThongError,
    LockLost,
    NotAllowed,
    SenderNotRepresented,
    Unavailable,
)
from lienthong.gateway.bus.ports import Bus, Kind
from lienthong.gateway.desk import Gateway, send_edxml
from lienthong.gateway.packages import edxml

MANY = 50
"""So many documents in one direction a round."""
_AWAY = (Unavailable, Busy, NotAllowed)
"""Faults of the bus as a whole: nothing more of it is tried in this round."""


@dataclass
class Exchange:
    """Between this gateway and one bus. `largest`: bytes of a file the bus takes."""

    name: str
    gateway: Gateway
    bus: Bus
    agencies: tuple[str, ...]
    largest: int

    async def round(self) -> int:
        """Both directions once; how many documents went or came. Raises what keeps the bus from answering."""
        place, now = f"bus:{self.name}", self.gateway.now()
        hop = self.gateway.hop
        if not (await hop.store.read(lambda view: breaker(view, place))).closed(now):
            return 0
        try:
            moved = await self._give_all() + await self._fetch_all()
        except _AWAY:
            await hop.store.write(lambda tx: failed(tx, place, hop.terms, self.gateway.now(), hop.lots.jitter()))
            raise
        await hop.store.write(lambda tx: succeeded(tx, place))
        return moved

    # ------------------------------------------------------------ onto the bus

    async def _give_all(self) -> int:
        given = 0
        for agency in self.agencies:
            for package, leg in await inbox(self.gateway.hop, agency, frozenset(Kind), MANY):
                trouble = began(Work.BUS, self.gateway.now(), package.id, leg.lane, leg.addressee)
                given += await self._one(trouble, partial(self._give, package, leg))
        return given

    async def _give(self, package: Package, leg: Leg) -> bool:
        hop = self.gateway.hop
        if await hop.store.read(lambda view: is_aside(view, leg)):
            return False
        try:
            lock = (await take(hop, leg.recipient, package.id, leg.addressee)).lock
        except LockLost:  # another session has it
            return False
        try:
            await self._send_once(package, leg)
        except HandoverFailed as refusal:
            await set_aside(hop, leg.recipient, package.id, leg.addressee, lock, f"{self.name}: {refusal.detail}"[:300])
            return False
        except Exception:
            await release(hop, leg.recipient, package.id, leg.addressee, lock)
            raise
        await self._acknowledge(leg, lock)
        return True

    async def _acknowledge(self, leg: Leg, lock: str) -> None:
        """A bus slower than the lock cost us the lock, not the document."""
        hop = self.gateway.hop
        try:
            await acknowledge(hop, leg.recipient, leg.package, leg.addressee, lock)
        except LockLost:
            again = (await take(hop, leg.recipient, leg.package, leg.addressee)).lock
            await acknowledge(hop, leg.recipient, leg.package, leg.addressee, again)

    async def _send_once(self, package: Package, leg: Leg) -> None:
        """A mark between the bus's answer and our own: after a crash there it is not sent again."""
        mark, value = f"bus:{self.name}:sent", f"{package.id} {leg.addressee}"
        store = self.gateway.hop.store
        if await store.read(lambda view: view.mark(mark)) == value:
            return
        data = await self._whole(package)
        await self.bus.send(leg.recipient, Kind(package.head.content), package.id, data)
        await store.write(lambda tx: tx.set_mark(mark, value))

    async def _whole(self, package: Package) -> bytes:
        """One edXML file with everything inside, as it came where it came so. HandoverFailed above the bus's limit."""
        if sum(part.size for part in package.parts) > self.largest:
            raise HandoverFailed(f"tệp lớn hơn mức trục tỉnh nhận / larger than the bus takes: {self.largest}")
        return b"".join([block async for block in await edxml(self.gateway, package)])

    # ------------------------------------------------------------ from the bus

    async def _fetch_all(self) -> int:
        came = 0
        for mailbox in self.bus.mailboxes:
            for kind in Kind:
                for each in (await self.bus.waiting(mailbox, kind))[:MANY]:
                    trouble = began(Work.BUS, self.gateway.now(), more=f"{self.name}:{each}"[:200])
                    came += await self._one(trouble, partial(self._fetch, mailbox, each, trouble))
        return came

    async def _fetch(self, mailbox: str, id: str, begun: Trouble) -> bool:
        try:
            data = await self.bus.fetch(mailbox, id)
            await send_edxml(self.gateway, self._sender(data), self._own(id), data, None)
        except LienThongError as refusal:
            if not refusal.permanent or isinstance(refusal, _AWAY):
                raise
            await self._refuse(mailbox, id, begun, refusal)
            return False
        await self.bus.done(mailbox, id)
        return True

    def _sender(self, data: bytes) -> str:
        """Whose document it is: one of the bus's agencies, by its code in the registry. SenderNotRepresented."""
        message = read_head(data, self.gateway.hop.limits).message
        written = str(message.sender.code)
        found = self.gateway.directory().organisation(OrganisationCode.parse(written))
        code = str(found.code) if found else written
        if code not in self.agencies:
            kind = "văn bản" if isinstance(message, Edoc) else "trạng thái"
            raise SenderNotRepresented(f"{kind} của {written}: trục tỉnh không nói thay / not an agency of this bus")
        return code

    def _own(self, id: str) -> str:
        return f"bus-{hashlib.sha256(f'{self.name} {id}'.encode()).hexdigest()[:40]}"

    async def _refuse(self, mailbox: str, id: str, begun: Trouble, refusal: LienThongError) -> None:
        """Listed for operators and, by the word of the bus, told to whoever sent it. It is not fetched again."""
        code, detail = cause(refusal)
        await self.bus.refuse(mailbox, id, f"{code}: {refusal.sentence('vi')}"[:500])
        parked = replace(begun, code=code, detail=f"{self.name} {id}: {detail}"[:500], due=NEVER, attempts=1, dead=True)
        await self.gateway.hop.store.write(lambda tx: tx.put_trouble(parked))

    # ------------------------------------------------------------ one of many

    async def _one(self, begun: Trouble, work: Callable[[], Awaitable[bool]]) -> bool:
        """Do it unless it rests. A fault of its own is counted and stops no other; done, it is forgotten."""
        store = self.gateway.hop.store
        known = await store.read(lambda view: view.trouble(begun.key))
        if known is not None and known.due > self.gateway.now():
            return False
        try:
            moved = await work()
        except _AWAY:
            raise
        except Exception as error:  # noqa: BLE001  the border around one document; its fault is counted
            fault = error
            await store.write(lambda tx: count(tx, self.gateway.hop, begun, fault))
            return False
        if moved and known is not None:
            await store.write(lambda tx: tx.drop_trouble(begun.key))
        return moved
