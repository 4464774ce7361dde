"""The eDoc bus of Bkav: mailboxes of agencies, hashes, and a question that keeps a document from going twice."""

import pytest

from bus_suite import AGENCY, FILE, OTHER, BusSuite, bus
from lienthong.errors import NotAllowed, Unavailable
from lienthong.gateway.bus import Kind
from lienthong.gateway.bus.settings import Shape
from lienthong.testing.buses import BusServer, Fault

pytestmark = pytest.mark.integration


class TestBkav(BusSuite):
    shape = Shape.BKAV
    refusal = "N.MessageHeader.From.OrganId"


async def test_what_it_has_is_not_sent_again_though_the_answer_was_lost() -> None:
    async with BusServer(Shape.BKAV, faults=[None, Fault.LOSES]) as server, bus(server) as ours:
        with pytest.raises(Unavailable):
            await ours.send(AGENCY, Kind.EDOC, "p-1", FILE)
        await ours.send(AGENCY, Kind.EDOC, "p-1", FILE)
        await ours.send(AGENCY, Kind.EDOC, "p-2", OTHER)
        assert [each.data for each in server.got] == [FILE, OTHER]


async def test_a_code_without_errors_is_the_bus_itself_and_permission_is_about_us() -> None:
    async with BusServer(Shape.BKAV, refuses="M.CheckPermission") as server, bus(server) as ours:
        with pytest.raises(NotAllowed):
            await ours.send(AGENCY, Kind.EDOC, "p-1", FILE)


async def test_what_it_says_exists_already_is_sent() -> None:
    async with BusServer(Shape.BKAV, refuses="M.Exist") as server, bus(server) as ours:
        await ours.send(AGENCY, Kind.EDOC, "p-1", FILE)
