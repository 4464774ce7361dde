"""The life of a document, each step under each mishap, on twins: the grid of `life_grid`, cell by cell.

A step is one call of one port; the mishap befalls exactly that call. Whoever hears an error or died comes again, as
workers and agencies' software do. In the end the document lies once in the register of its recipient, its sender
holds the proofs, and both logs tell the same story.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from lienthong.adapters.sql import SqlStore
from lienthong.axis.workers import vouch
from lienthong.delivery import (
    AXIS,
    JourneyState,
    Lane,
    Leg,
    Package,
    Standing,
    Step,
    acknowledge,
    date,
    hand_in,
    take,
)
from lienthong.errors import LienThongError, SealKeyUnknown
from lienthong.evidence import EventKind, ProofResult, Receipt, verify_receipt
from lienthong.testing.clock import FakeClock
from lienthong.testing.mishaps import Crash, Mishap, Script, befallen, catch_up
from lienthong.testing.pki import pki
from lienthong.testing.world import DEDICATED, SHARED, World, handing, origin
from life_grid import LESS, POLLED, ROWS, STORIES, WHOLE, Row, cells, table
from sql_world import sql_world

pytestmark = pytest.mark.faults
SENDER, RECIPIENT, ADDED, SILENT = "H29", "G09", "H34", "H40"
LARGE = {"phu-luc.pdf": b"%PDF-1.7 " + bytes(70_000)}
MEMORY = "memory"


class At:
    """Fate that strikes one call of one method of one port, once it is armed; it counts all that are made."""

    def __init__(
        self, row: Row | None = None, mishap: Mishap | LienThongError = Mishap.NONE, *, armed: bool = False
    ) -> None:
        self.late: list[Callable[[], Awaitable[object]]] = []
        self.struck, self.armed = False, armed
        self.calls: Counter[tuple[str, str]] = Counter()
        self._row, self._mishap = row, mishap

    def next(self, port: str, method: str) -> Mishap | LienThongError:
        if not self.armed:
            return Mishap.NONE
        self.calls[port, method] += 1
        row = self._row
        if row is None or self.struck or (port, method) != (row.port, row.method):
            return Mishap.NONE
        self.struck = self.calls[port, method] > row.nth
        return self._mishap if self.struck else Mishap.NONE


class Seen(NamedTuple):
    """What a hop's store holds of a package."""

    legs: tuple[Leg, ...]
    steps: tuple[Step, ...]


class Life:
    """A document and whatever follows it, whatever befalls."""

    def __init__(self, fate: At, world: World) -> None:
        self.fate, self.world = fate, world

    async def insist(self, act: Callable[[], Awaitable[Any]]) -> Any:
        """As software does: what failed is done again, the dead are started anew."""
        for _ in range(3):
            try:
                return await act()
            except LienThongError:
                self.world.clock.advance(self.world.terms.lock + timedelta(seconds=1))
            except Crash as crash:
                self.world.crash(str(crash).partition(".")[0])
                self.world.clock.advance(self.world.terms.lock + timedelta(seconds=1))
        raise AssertionError("it never works")

    async def run(self) -> None:
        await self.insist(self.world.run)
        await catch_up(self.fate)
        await self.insist(self.world.run)

    async def hand_in(self, sender: str, message: Any, message_id: str, live: timedelta | None = None) -> Package:
        handed = handing(sender, message, message_id, live)
        sent: Package = await self.insist(lambda: hand_in(self.world.home(sender), self.world.signer(sender), handed))
        await self.run()
        return sent

    async def register(self, *codes: str) -> None:
        """Each takes what waits and acknowledges it, until it lies in its register."""
        for code in codes:
            assert await self.insist(lambda code=code: self._register(code))
        await self.run()

    async def _register(self, code: str) -> bool:
        hop = self.world.home(code)
        for package, leg in await self.world.waiting(code):
            lock = (await take(hop, code, package.id, leg.addressee)).lock
            await acknowledge(hop, code, package.id, leg.addressee, lock)
        return not await self.world.waiting(code)

    async def seen(self, hop: str, package: Package) -> Seen:
        store = self.world.stations[hop].store
        legs, steps = await store.read(lambda view: (view.legs(package.id), view.steps(package.id)))
        return Seen(tuple(legs), tuple(steps))

    async def leg(self, hop: str, package: Package, addressee: str, lane: Lane | None = None) -> Leg:
        lanes = [lane] if lane else [Lane.THROUGH] if hop == AXIS else [Lane.OUT, Lane.IN]
        legs = (await self.seen(hop, package)).legs
        return next(leg for want in lanes for leg in legs if (leg.lane, leg.addressee) == (want, addressee))

    # ------------------------------------------------------------ stories

    async def letter(self) -> None:
        self.fate.armed = True
        sent = await self.delivered()
        told = await self.hand_in(RECIPIENT, self.world.status(sent, "03", RECIPIENT), "trang-thai-1")
        await self.arrived_once(sent, RECIPIENT)
        await self.held_by_the_sender(sent)
        assert (await self.leg(DEDICATED, sent, RECIPIENT)).status == "03"
        assert (await self.leg(DEDICATED, told, SENDER, Lane.IN)).state is JourneyState.DELIVERED

    async def delivered(self) -> Package:
        """Sent and in the register of its recipient."""
        sent = await self.hand_in(SENDER, self.world.edoc(SENDER, [RECIPIENT], files=LARGE), "van-ban-1")
        await self.register(RECIPIENT)
        return sent

    async def recall(self) -> None:
        first = await self.delivered()
        message = await self.world.recalling(first)
        await self.withdrawn(first, message, Standing.RECALLED, RECIPIENT)

    async def update(self) -> None:
        first = await self.delivered()
        message = await self.world.updating(first, [ADDED], [RECIPIENT])
        await self.withdrawn(first, message, Standing.RECALLED, RECIPIENT, ADDED)

    async def replace(self) -> None:
        first = await self.delivered()
        of = {"business": 3, "replaces": (first.head.document_id,), "reason": "sửa số liệu"}
        message = self.world.edoc(SENDER, [RECIPIENT], files=LARGE, **of)
        await self.withdrawn(first, message, Standing.REPLACED, RECIPIENT)

    async def withdrawn(self, first: Package, message: Any, standing: Standing, *codes: str) -> None:
        """A message that takes an earlier document back; its recipient agrees."""
        self.fate.armed = True
        second = await self.hand_in(SENDER, message, "rut-lai-1")
        await self.register(*codes)
        await self.hand_in(RECIPIENT, self.world.status(first, "15", RECIPIENT, "đồng ý"), "dong-y-1")
        for code in codes:
            await self.arrived_once(second, code)
        for hop, lane in ((DEDICATED, Lane.OUT), (SHARED, Lane.IN)):
            leg = await self.leg(hop, first, RECIPIENT, lane)
            assert (leg.standing, leg.asked) == (standing, 0), f"{hop}: {leg.standing}"

    async def refusal(self) -> None:
        """The recipient's gateway does not know the sender's key."""
        gone = [row for row in self.world.registry.certificates if row.holder != f"org:{SENDER}"]
        self.world.publish(self.world.newer(certificates=tuple(gone)), SHARED)
        self.fate.armed = True
        sent = await self.hand_in(SENDER, self.world.edoc(SENDER, [RECIPIENT], files=LARGE), "van-ban-1")
        leg = await self.leg(DEDICATED, sent, RECIPIENT)
        assert (leg.state, leg.refusal) == (JourneyState.REFUSED, SealKeyUnknown.code)
        assert (await self.leg(AXIS, sent, RECIPIENT)).state is JourneyState.REFUSED
        assert await self.world.waiting(RECIPIENT) == ()
        await self.told_once(sent, SHARED, EventKind.REFUSED)
        await self.told_once(sent, AXIS, EventKind.REFUSED)

    async def expiry(self) -> None:
        """Nobody fetches it."""
        message = self.world.edoc(SENDER, [SILENT])
        sent = await self.hand_in(SENDER, message, "van-ban-1", timedelta(days=1))
        self.fate.armed = True
        self.world.clock.advance(timedelta(days=1))
        await self.run()
        assert (await self.leg(DEDICATED, sent, SILENT)).state is JourneyState.EXPIRED
        await self.told_once(sent, AXIS, EventKind.EXPIRED)
        last = Receipt.from_json((await self.seen(DEDICATED, sent)).steps[-1].receipt)
        assert last.event.kind is EventKind.EXPIRED
        assert verify_receipt(last, None, self.world.pki.roots).result is ProofResult.PROVED

    async def stamping(self) -> None:
        """The axis's checkpoint is dated, and the sender fetches its dated receipts."""
        sent = await self.delivered()
        self.fate.armed = True
        log = befallen(f"{AXIS}.log", self.world.stations[AXIS].store, self.fate)
        authority = befallen(f"{AXIS}.timestamper", self.world.timestamper, self.fate)
        store = self.world.stations[AXIS].store
        await self.insist(lambda: vouch(log, store, authority))
        await self.insist(lambda: self._dated(sent))
        await catch_up(self.fate)
        found = await date(self.world.hop(DEDICATED), self.world.wire(DEDICATED), sent.id)
        assert found
        for receipt in found.values():
            assert receipt.stamp is not None
            assert verify_receipt(receipt, None, self.world.pki.roots).result is ProofResult.PROVED

    async def _dated(self, sent: Package) -> Mapping[bytes, Receipt]:
        """`date` answers what is kept when the axis does not; a reader asks again."""
        return await date(self.world.hop(DEDICATED), self.world.wire(DEDICATED), sent.id)

    # ------------------------------------------------------------ what must hold

    async def arrived_once(self, sent: Package, addressee: str) -> None:
        states = [(await self.leg(hop, sent, addressee)).state for hop in (DEDICATED, AXIS, SHARED)]
        assert states == [JourneyState.HANDED_OVER] * 3
        for hop in (DEDICATED, AXIS):
            await self.told_once(sent, hop, EventKind.SUBMISSION_ACCEPTED)
        for hop, kind in (
            (AXIS, EventKind.RELAYED),
            (SHARED, EventKind.CONSIGNED),
            (SHARED, EventKind.HANDED_OVER),
        ):
            await self.told_once(sent, hop, kind, addressee)

    async def told_once(self, sent: Package, hop: str, kind: EventKind, addressee: str = "") -> None:
        told = [event for event in await self.world.events(hop) if event.kind is kind and event.package == sent.id]
        mine = [event for event in told if not addressee or event.addressee == addressee]
        assert len(mine) == 1, f"{hop}: {kind} {len(mine)} times"

    async def held_by_the_sender(self, sent: Package) -> None:
        """Exactly one proof of each step, each true to the root."""
        steps = (await self.seen(DEDICATED, sent)).steps
        receipts = [Receipt.from_json(step.receipt) for step in steps if step.receipt]
        assert sorted((receipt.event.hop, receipt.event.kind) for receipt in receipts) == [
            (AXIS, EventKind.RELAYED),
            (AXIS, EventKind.SUBMISSION_ACCEPTED),
            (SHARED, EventKind.CONSIGNED),
            (SHARED, EventKind.HANDED_OVER),
        ]
        proofs = [verify_receipt(receipt, None, self.world.pki.roots, self.world.clock.now()) for receipt in receipts]
        assert {proof.result for proof in proofs} == {ProofResult.PROVED}


@pytest.mark.parametrize(
    ("row", "mishap"), [pytest.param(row, mishap, id=f"{row.name}-{word}") for row, word, mishap in cells()]
)
async def test_every_cell_of_the_grid(row: Row, mishap: Mishap | LienThongError) -> None:
    fate = At(row, mishap)
    life = Life(fate, World(around=lambda name, port: befallen(name, port, fate)))
    await getattr(life, row.story)()
    assert fate.struck, "the step never came"


@pytest.fixture(scope="module")
def empty_stores(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that was made and closed: copies of it open at once."""

    async def make() -> None:
        async with SqlStore.open(folder, pki().log(origin(AXIS)), FakeClock()):
            pass

    folder = tmp_path_factory.mktemp("empty") / "store"
    asyncio.run(make())
    return folder


DEATHS = [
    pytest.param(row, mishap, id=f"{row.name}-{mishap.name}")
    for row in ROWS
    for mishap in (Mishap.CRASH_BEFORE, Mishap.CRASH_AFTER)
    if row.story in {"letter", "refusal", "expiry"} and row.call.partition("#")[0].endswith("store.write")
]


@pytest.mark.parametrize(("row", "mishap"), DEATHS)
async def test_deaths_around_a_real_store(row: Row, mishap: Mishap, tmp_path: Path, empty_stores: Path) -> None:
    """The same stories with SQLite below; at the end every store is opened anew and still knows its log."""
    fate = At(row, mishap)
    async with sql_world(empty_stores, tmp_path, lambda name, port: befallen(name, port, fate)) as world:
        await getattr(Life(fate, world), row.story)()
        assert fate.struck, "the step never came"
        await world.reopen()


@pytest.mark.parametrize("story", STORIES)
async def test_the_grid_leaves_no_step_out(story: str) -> None:
    """Every call of an undisturbed life has its row; polling is asked more often than once."""
    fate = At()
    life = Life(fate, World(around=lambda name, port: befallen(name, port, fate)))
    await getattr(life, story)()
    rows = {(row.port, row.method, row.nth) for row in ROWS if row.story == story}
    speaks = LESS.get(story)
    made = {
        (port, method, nth)
        for (port, method), times in fate.calls.items()
        for nth in range(1 if method in POLLED else times)
        if method != "read"
        and (speaks is None or (port.rpartition(".")[2] in speaks and method not in {*POLLED, "receipt"}))
    }
    assert rows <= made | {(row.port, row.method, row.nth) for row in ROWS if row.method in {*POLLED, "receipt"}}
    assert story not in WHOLE or not made - rows, f"no row for {sorted(made - rows)}"


def test_the_docs_show_the_grid() -> None:
    page = Path(__file__).parents[2] / "docs" / "processes" / "nothing-lost.md"
    assert table() in page.read_text("utf-8"), "run: python tests/life_grid.py"


# ---------------------------------------------------------------- refused for good: the sender hears why, at once


REFUSED = SealKeyUnknown("khóa mẫu")
SUBMITTED = next(row for row in ROWS if row.name == "letter-4-on-the-wire-to-the-axis")


async def test_a_refusal_by_the_axis_ends_the_journey_with_its_reason() -> None:
    world = World(around=lambda name, port: befallen(name, port, At(SUBMITTED, REFUSED, armed=True)))
    sent = await world.send(SENDER, [RECIPIENT])
    await world.run()
    leg = world.leg(DEDICATED, sent, RECIPIENT)
    assert (leg.state, leg.refusal, leg.detail) == (JourneyState.REFUSED, REFUSED.code, "khóa mẫu")
    last = world.steps(DEDICATED, sent)[-1]
    assert (last.kind, last.code) == (EventKind.RELAY_REJECTED, REFUSED.code)
    assert last.index is not None
    assert not world.stations[AXIS].store.disk.state.legs


async def test_what_was_fetched_but_confirmed_too_late_reaches_no_desk() -> None:
    """The axis alone decides between delivered and expired: never both."""
    fate = Script(confirm=[Mishap.LATE])
    world = World(around=lambda name, port: befallen(name, port, fate))
    sent = await world.send(SENDER, [RECIPIENT], time_to_live=timedelta(hours=1))
    await world.round()
    assert world.leg(SHARED, sent, RECIPIENT).state is JourneyState.ARRIVED
    world.clock.advance(timedelta(hours=1))
    await catch_up(fate)
    await world.run()
    states = [world.leg(hop, sent, RECIPIENT).state for hop in (DEDICATED, AXIS, SHARED)]
    assert states == [JourneyState.EXPIRED] * 3
    assert await world.waiting(RECIPIENT) == ()


async def test_an_answer_of_yes_is_never_taken_back() -> None:
    """The axis accepted, its answer was lost; meanwhile the sender's key is withdrawn. The repeat gets the same yes."""
    fate = Script(submit=[Mishap.AFTER])
    world = World(around=lambda name, port: befallen(name, port, fate))
    sent = await world.send(SENDER, [RECIPIENT])
    await world.round()
    gone = [row for row in world.registry.certificates if row.holder != f"org:{SENDER}"]
    world.publish(world.newer(certificates=tuple(gone)), AXIS)
    await world.run()
    assert world.leg(DEDICATED, sent, RECIPIENT).state is JourneyState.DELIVERED
    accepted = [step for step in world.steps(DEDICATED, sent) if (step.hop, step.kind) == (AXIS, "submission-accepted")]
    assert len(accepted) == 1
