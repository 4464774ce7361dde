"""A gateway and a bus: both directions, once each, whatever fails; over a real HTTP server of each shape."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from bus_suite import bus
from envelope_made import PDF, SMALL, STATUS
from lienthong.delivery import Content, JourneyState, Lane, Leg, Search, Troubles
from lienthong.document import DocumentId, OrganisationCode, StatusCode
from lienthong.envelope import Edoc, Party, attach, read, write
from lienthong.errors import LienThongError, Unavailable
from lienthong.gateway.bus import Exchange, Kind
from lienthong.gateway.bus.settings import Shape
from lienthong.gateway.desk import Gateway
from lienthong.testing.buses import BusServer, Fault
from lienthong.testing.tenants import MemoryTenants
from lienthong.testing.world import DEDICATED, SHARED, World

pytestmark = pytest.mark.integration
AGENCY, OTHER, OUTSIDE = "H34", "H34.7", "H29"


@dataclass
class Scene:
    """The country, the bus, and what is between them."""

    world: World
    server: BusServer
    exchange: Exchange

    async def letter(self, *to: str) -> str:
        """From outside to agencies behind the bus, delivered at their gateway."""
        sent = await self.world.send(OUTSIDE, list(to), subject="V/v mẫu")
        await self.world.run()
        return sent.id

    async def leg(self, package: str, agency: str = AGENCY, lane: Lane = Lane.IN, station: str = SHARED) -> Leg:
        found = await self.world.stations[station].store.read(lambda view: view.leg((package, lane, agency)))
        assert found is not None
        return found

    async def state(self, package: str, agency: str = AGENCY) -> JourneyState:
        return (await self.leg(package, agency)).state

    async def rounds(self, count: int = 1) -> None:
        for _ in range(count):
            await self.exchange.round()

    async def troubles(self) -> list[tuple[str, bool]]:
        hop = self.exchange.gateway.hop
        return [(each.code, each.dead) for each in await hop.store.read(lambda view: view.troubles(Troubles()))]

    async def handed_in(self) -> list[str]:
        """Subjects of what the agencies behind the bus have sent."""
        hop = self.exchange.gateway.hop
        page = await hop.store.read(lambda view: view.listing(Search(Lane.OUT, party=AGENCY, content=Content.EDOC)))
        return [package.head.subject for package, _ in page.entries]


@asynccontextmanager
async def scene(shape: Shape = Shape.LANG_SON, **server: Any) -> AsyncIterator[Scene]:
    world = World()
    station = world.stations[SHARED]
    tenants = MemoryTenants()
    for code in (AGENCY, OTHER):
        tenants.signers[code] = world.signer(code)
    gateway = Gateway(station.hop, station.store, station.bell, tenants, station.wire)
    async with BusServer(shape, **server) as peer, bus(peer) as ours:
        if shape is Shape.BKAV:
            ours.mailboxes = (AGENCY,)  # type: ignore[misc]  # as the settings would
        yield Scene(world, peer, Exchange("mau", gateway, ours, (AGENCY, OTHER), 2**20))


def dispatch(sender: str = AGENCY, subject: str = "V/v gửi lên", **changes: Any) -> bytes:
    """What software in the province writes."""
    made: Edoc = replace(
        SMALL,
        sender=Party(OrganisationCode(sender), "Cơ quan trong tỉnh"),
        recipients=(Party(OrganisationCode(OUTSIDE), "Nơi nhận"),),
        document_id=DocumentId(f"{sender},2026/11/22,{subject}"),
        subject=subject,
        content=subject,
        attachments=attach([("van-ban.pdf", "application/pdf", PDF)]),
    )
    return write(replace(made, **changes), {})


@pytest.mark.parametrize("shape", Shape)
async def test_both_directions_once_each(shape: Shape) -> None:
    async with scene(shape) as here:
        package = await here.letter(AGENCY)
        name = here.server.put(dispatch())
        await here.rounds(3)
        [got] = here.server.got
        message = read(got.data).message
        assert isinstance(message, Edoc)
        assert (got.kind, message.subject) == ("edoc", "V/v mẫu")
        assert message.attachments[0].content.data.startswith(b"%PDF")
        assert await here.state(package) is JourneyState.HANDED_OVER
        assert await here.handed_in() == ["V/v gửi lên"]
        assert name in here.server.states
        assert await here.troubles() == []
        await here.world.run()
        inbox = Search(Lane.IN, party=OUTSIDE, content=Content.EDOC)
        page = await here.world.stations[DEDICATED].store.read(lambda view: view.listing(inbox))
        assert [package.head.subject for package, _ in page.entries] == ["V/v gửi lên"]


@pytest.mark.parametrize("shape", Shape)
async def test_a_lost_confirmation_hands_in_nothing_twice(shape: Shape) -> None:
    quiet = {Shape.BKAV: 2, Shape.LANG_SON: 2, Shape.QUANG_NAM: 2}[shape]  # list, fetch; then the confirmation
    async with scene(shape, faults=[None] * quiet + [Fault.DOWN]) as here:
        here.server.put(dispatch())
        with pytest.raises(Unavailable):
            await here.rounds()
        here.world.clock.advance(timedelta(hours=1))
        await here.rounds(2)
        assert await here.handed_in() == ["V/v gửi lên"]
        assert len(here.server.states) == 1


async def test_a_kill_between_the_buss_answer_and_ours_sends_nothing_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    async with scene() as here:
        package = await here.letter(AGENCY)

        async def killed(*_: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr("lienthong.gateway.bus.work.acknowledge", killed)
        with pytest.raises(KeyboardInterrupt):
            await here.rounds()
        monkeypatch.undo()
        here.world.clock.advance(timedelta(hours=1))  # the lock of the dead process runs out
        await here.rounds(2)
        assert len(here.server.got) == 1
        assert await here.state(package) is JourneyState.HANDED_OVER


async def test_a_bus_that_is_away_is_left_alone_longer_each_time_and_nothing_is_lost() -> None:
    async with scene(faults=[Fault.DOWN] * 400) as here:
        package = await here.letter(AGENCY)
        asked = []
        for _ in range(60):
            before = len(here.server.calls)
            with suppress(LienThongError):
                await here.rounds()
            asked.append(len(here.server.calls) > before)
            here.world.clock.advance(timedelta(seconds=10))
        assert asked[0]
        assert sum(asked[-30:]) < sum(asked[:30])
        here.server.faults.clear()
        here.world.clock.advance(timedelta(days=1))
        await here.rounds(2)
        assert await here.state(package) is JourneyState.HANDED_OVER
        assert len(here.server.got) == 1


async def test_a_bus_slower_than_the_lock_gets_it_once(monkeypatch: pytest.MonkeyPatch) -> None:
    async with scene() as here:
        package = await here.letter(AGENCY)
        real = here.exchange.bus.send

        async def slowly(*told: Any) -> None:
            await real(*told)
            here.world.clock.advance(timedelta(hours=1))

        monkeypatch.setattr(here.exchange.bus, "send", slowly)
        await here.rounds(2)
        assert len(here.server.got) == 1
        assert await here.state(package) is JourneyState.HANDED_OVER


async def test_what_the_bus_refuses_is_kept_aside_for_the_operator_and_others_go_on() -> None:
    async with scene(refuses="18") as here:
        refused = await here.letter(AGENCY)
        await here.rounds()
        assert await here.state(refused) is JourneyState.DELIVERED
        assert await here.troubles() == [("handover-failed", True)]
        here.server.refuses = ""
        good = await here.letter(OTHER)
        await here.rounds(2)
        assert await here.state(good, OTHER) is JourneyState.HANDED_OVER
        assert len(here.server.got) == 1  # the refused one is not tried again by itself


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (lambda: b"<edXML>half", "envelope-unreadable"),
        (lambda: dispatch("G09"), "sender-not-represented"),
        (lambda: dispatch(recipients=(Party(OrganisationCode("H99"), "Không có"),)), "recipient-unknown"),
        (lambda: dispatch(subject="Tối mật"), "secret-not-allowed"),
    ],
)
async def test_what_cannot_be_handed_in_is_told_to_the_bus_and_the_operator(
    bad: Callable[[], bytes], code: str
) -> None:
    async with scene() as here:
        name = here.server.put(bad())
        here.server.put(dispatch())
        await here.rounds(2)
        assert here.server.states[name] == "fail"
        assert (code, True) in await here.troubles()
        assert await here.handed_in() == ["V/v gửi lên"]


async def test_a_bus_without_a_word_for_no_is_not_asked_for_it_again() -> None:
    async with scene(Shape.BKAV) as here:
        here.server.put(b"<edXML>half")
        await here.rounds(3)
        assert here.server.calls.count("POST /EdocService/getDocument") == 1
        assert await here.troubles() == [("envelope-unreadable", True)]


async def test_statuses_travel_too() -> None:
    async with scene() as here:
        package = await here.letter(AGENCY)
        await here.rounds()
        original = read(here.server.got[0].data).message
        assert isinstance(original, Edoc)
        status = replace(
            STATUS,
            sender=Party(OrganisationCode(AGENCY), "Cơ quan trong tỉnh"),
            response=replace(STATUS.response, organisation=OrganisationCode(OUTSIDE), document_id=original.document_id),
            code=StatusCode.ARRIVED,
            description="",
        )
        here.server.put(write(status), "status")
        await here.rounds()
        await here.world.run()
        assert (await here.leg(package, lane=Lane.OUT, station=DEDICATED)).status == "01"


async def test_a_file_above_what_the_bus_takes_waits_for_the_operator() -> None:
    async with scene() as here:
        here.exchange.largest = 10
        await here.letter(AGENCY)
        await here.rounds()
        assert await here.troubles() == [("handover-failed", True)]
        assert here.server.got == []


def test_the_kinds_are_those_of_the_store() -> None:
    assert {kind.value for kind in Kind} == {content.value for content in Content}
