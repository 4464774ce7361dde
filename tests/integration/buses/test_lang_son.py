"""The bus of Lạng Sơn: a login, codes, and files it would leave out."""

import pytest

from bus_suite import AGENCY, FILE, BusSuite, bus
from lienthong.adapters.buses import lang_son
from lienthong.errors import HandoverFailed, NotAllowed, Unavailable
from lienthong.gateway.bus import Kind
from lienthong.gateway.bus.settings import Shape
from lienthong.testing.buses import BusServer, Fault

pytestmark = pytest.mark.integration


class TestLangSon(BusSuite):
    shape = Shape.LANG_SON


@pytest.mark.parametrize("code", ["10", "18", "19", "21", "22", "23"])
async def test_codes_about_the_message_are_final_and_in_words(code: str) -> None:
    async with BusServer(Shape.LANG_SON, refuses=code) as server, bus(server) as ours:
        with pytest.raises(HandoverFailed, match=lang_son.WORDS[code].split("/")[0].strip()):
            await ours.send(AGENCY, Kind.EDOC, "p-1", FILE)


@pytest.mark.parametrize(("code", "error"), [("15", NotAllowed), ("20", Unavailable)])
async def test_codes_about_us_or_the_bus_are_not(code: str, error: type[Exception]) -> None:
    async with BusServer(Shape.LANG_SON, refuses=code) as server, bus(server) as ours:
        with pytest.raises(error):
            await ours.send(AGENCY, Kind.EDOC, "p-1", FILE)


async def test_a_file_it_would_leave_out_in_silence_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lang_son, "LARGEST", 100)
    async with BusServer(Shape.LANG_SON) as server, bus(server) as ours:
        with pytest.raises(HandoverFailed):
            await ours.send(AGENCY, Kind.EDOC, "p-1", FILE)
        assert server.got == []


async def test_a_forgotten_login_is_renewed_in_the_next_round() -> None:
    async with BusServer(Shape.LANG_SON, faults=[None, Fault.FORGETS]) as server, bus(server) as ours:
        await ours.waiting("", Kind.EDOC)
        with pytest.raises(NotAllowed):
            await ours.waiting("", Kind.EDOC)
        assert await ours.waiting("", Kind.EDOC) == []
        assert server.calls.count("POST /api/lgspedoc/login") == 2
