"""What holds for a bus of every shape, against a real server; each shape's own test file takes these and adds its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest

from envelope_made import FULL, SMALL, STATUS
from lienthong.adapters.buses.asking import Asker
from lienthong.adapters.buses.bkav import Bkav
from lienthong.adapters.buses.lang_son import LangSon
from lienthong.adapters.buses.quang_nam import QuangNam
from lienthong.envelope import write
from lienthong.errors import Busy, HandoverFailed, NotAllowed, Unavailable
from lienthong.gateway.bus import Bus, Kind
from lienthong.gateway.bus.settings import Shape
from lienthong.testing.buses import BusServer, Fault

AGENCY = "H47.01"
FILE, OTHER, NEWS = write(SMALL, {}), write(FULL, {}), write(STATUS)


@asynccontextmanager
async def bus(server: BusServer, secret: str = "") -> AsyncIterator[Bus]:
    """Our side of it."""
    secret = secret or server.secret
    async with aiohttp.ClientSession() as session:
        asker = Asker(session, server.url)
        if server.shape is Shape.BKAV:
            yield Bkav(asker, server.system, secret, (AGENCY,))
        elif server.shape is Shape.LANG_SON:
            yield LangSon(asker, server.system, secret)
        else:
            yield QuangNam(asker, server.system, secret)


class BusSuite:
    """Subclass it with the shape."""

    shape: Shape

    async def test_what_waits_is_listed_fetched_and_done_with(self) -> None:
        async with BusServer(self.shape) as server, bus(server) as ours:
            first = server.put(FILE)
            server.put(NEWS, "status")
            [mailbox] = ours.mailboxes
            found = [*await ours.waiting(mailbox, Kind.EDOC), *await ours.waiting(mailbox, Kind.STATUS)]
            assert sorted(found) == ["doc-1", "doc-2"]
            assert await ours.fetch(mailbox, first) == FILE
            await ours.done(mailbox, first)
            await ours.done(mailbox, first)
            assert first not in await ours.waiting(mailbox, Kind.EDOC)

    async def test_what_is_sent_arrives_byte_for_byte(self) -> None:
        async with BusServer(self.shape) as server, bus(server) as ours:
            await ours.send(AGENCY, Kind.EDOC, "p-1", FILE)
            await ours.send(AGENCY, Kind.STATUS, "p-2", NEWS)
            assert [(each.kind, each.data) for each in server.got] == [("edoc", FILE), ("status", NEWS)]

    @pytest.mark.parametrize(
        ("fault", "error"),
        [(Fault.DOWN, Unavailable), (Fault.MUMBLES, Unavailable), (Fault.BUSY, Busy)],
    )
    async def test_what_may_work_later_is_told_as_such(self, fault: Fault, error: type[Exception]) -> None:
        async with BusServer(self.shape, faults=[fault]) as server, bus(server) as ours:
            with pytest.raises(error):
                await ours.waiting(ours.mailboxes[0], Kind.EDOC)
            assert await ours.waiting(ours.mailboxes[0], Kind.EDOC) == []

    async def test_a_lost_answer_is_worth_another_try(self) -> None:
        lost = [None, Fault.LOSES] if self.shape is Shape.BKAV else [Fault.LOSES]
        async with BusServer(self.shape, faults=lost) as server, bus(server) as ours:
            with pytest.raises(Unavailable):
                await ours.send(AGENCY, Kind.EDOC, "p-1", FILE)
            assert [each.data for each in server.got] == [FILE]

    async def test_wrong_credentials_are_about_us(self) -> None:
        async with BusServer(self.shape) as server, bus(server, secret="sai") as ours:
            with pytest.raises(NotAllowed):
                await ours.waiting(ours.mailboxes[0], Kind.EDOC)

    async def test_nobody_there_is_unavailable(self) -> None:
        async with BusServer(self.shape) as server:
            pass
        async with bus(server) as ours:
            with pytest.raises(Unavailable):
                await ours.waiting(ours.mailboxes[0], Kind.EDOC)

    async def test_a_refusal_of_one_message_says_why(self) -> None:
        async with BusServer(self.shape, refuses=self.refusal) as server, bus(server) as ours:
            with pytest.raises(HandoverFailed) as refused:
                await ours.send(AGENCY, Kind.EDOC, "p-1", FILE)
            assert self.refusal in refused.value.detail

    refusal = "18"
