"""The bus of Quảng Nam: tokens of an API manager, states of a collection."""

import pytest

from bus_suite import AGENCY, FILE, BusSuite, bus
from lienthong.gateway.bus import Kind
from lienthong.gateway.bus.settings import Shape
from lienthong.testing.buses import BusServer, Fault

pytestmark = pytest.mark.integration


class TestQuangNam(BusSuite):
    shape = Shape.QUANG_NAM


async def test_one_token_serves_many_calls_and_a_forgotten_one_is_asked_for_anew() -> None:
    async with BusServer(Shape.QUANG_NAM, faults=[None, Fault.FORGETS]) as server, bus(server) as ours:
        for _ in range(3):
            await ours.waiting("", Kind.EDOC)
        assert server.calls.count("POST /token") == 2


async def test_the_agency_stands_in_a_header_and_a_refusal_is_a_state() -> None:
    async with BusServer(Shape.QUANG_NAM) as server, bus(server) as ours:
        await ours.send(AGENCY, Kind.EDOC, "p-1", FILE)
        assert server.got[0].organ == AGENCY
        await ours.refuse("", server.put(FILE, id="a/b?c"), "sai")
        assert server.states == {"a/b?c": "FAIL"}
