"""Contents whose time is over go into the archive and away, rows and evidence stay; leftovers are put aside first."""

import asyncio
import os
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import pytest

from lienthong.adapters.installation import AnyObjects
from lienthong.adapters.object_settings import ObjectSettings, open_objects
from lienthong.adapters.retention import Keeper, Record
from lienthong.adapters.retention_settings import MISSING, Retention
from lienthong.adapters.sql import SqlStore, audit
from lienthong.adapters.sql.sessions import SqlSessions
from lienthong.adapters.stock import key
from lienthong.delivery.journey import JourneyState
from lienthong.delivery.model import Lane
from lienthong.delivery.retention import MARK, require_contents
from lienthong.errors import ContentsArchived, NotFound, Unavailable
from lienthong.testing.clock import FakeClock
from lienthong.testing.pki import pki
from signing_world import kept
from store_world import NOW, leg
from stored_hops import LARGE, Place, fill, large, of, outgrown

pytestmark = pytest.mark.integration
DAYS = 90.0
LATER = NOW + timedelta(days=DAYS + 1)


def today() -> datetime:
    """A moment after what was just written: files have the age the disk gives them."""
    return datetime.now(UTC) + timedelta(seconds=5)  # noqa: TID251  # as the disk does


@pytest.fixture(params=["embedded", "outgrown"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    return outgrown(request, tmp_path / "hop") if request.param == "outgrown" else Place(tmp_path / "hop")


@pytest.fixture
def archive(tmp_path: Path) -> ObjectSettings:
    return ObjectSettings(folder=tmp_path / "archive")


class World:
    """An open store with its objects."""

    def __init__(self, store: SqlStore, objects: AnyObjects) -> None:
        self.store, self.objects = store, objects

    def keeper(self, archive: ObjectSettings | None = None, **changes: Any) -> Keeper:
        settings = Retention(days=DAYS, grace=0.0, archive=archive or ObjectSettings())
        return Keeper(self.store, self.objects, replace(settings, **changes))

    async def over(self, *numbers: int, state: JourneyState = JourneyState.DELIVERED, **changes: Any) -> None:
        """Let the legs of these packages come to an end."""
        for number in numbers:
            ended = replace(leg(of(number)), state=state, **changes)
            await self.store.write(lambda tx, ended=ended: tx.put_leg(ended))  # type: ignore[misc]  # bound now

    async def archived(self) -> set[int]:
        marks = await self.store.read(lambda view: [view.mark(MARK + of(number).id) for number in range(6)])
        return {number for number, mark in enumerate(marks) if mark}

    async def here(self, number: int) -> bool:
        """Whether both contents of a package can be had."""
        small, big = of(number).parts
        if await self.store.read(lambda view: view.content(small.sha256)) is None:
            return False
        with suppress(NotFound):
            return await self.objects.fetch(big.sha256) == large(number)
        return False


@asynccontextmanager
async def opened(place: Place) -> Any:
    await fill(place, range(6))  # six packages, three large contents, each named twice
    async with SqlStore.open(place.where, pki().log(), FakeClock()) as store:
        yield World(store, open_objects(place.objects, place.data))


async def test_contents_go_once_every_package_that_names_them_is_over(place: Place, archive: ObjectSettings) -> None:
    async with opened(place) as world:
        receipts = [(await world.store.receipt(index)).to_json() for index in range(6)]
        await world.over(0, 1, 3)
        keeper = world.keeper(archive)
        assert (await keeper.round(NOW + timedelta(days=DAYS - 1))).archived == 0
        done = await keeper.round(max(LATER, today()))
        assert (done.archived, done.rows, done.aside, done.missing) == (3, 3, 1, [])
        assert await world.archived() == {0, 1, 3}
        assert [await world.here(number) for number in (2, 4, 5)] == [True, True, True]  # 4 shares with 1
        done = await keeper.round(today() + timedelta(days=400))
        assert done.dropped == 1
        with pytest.raises(NotFound):
            await world.objects.fetch(of(0).parts[1].sha256)
        with pytest.raises(ContentsArchived):
            await world.store.read(lambda view: require_contents(view, of(0).id))
        assert [(await world.store.receipt(index)).to_json() for index in range(6)] == receipts
        assert await world.store.read(lambda view: view.steps(of(0).id))


async def test_the_archive_has_contents_and_record(archive: ObjectSettings, tmp_path: Path) -> None:
    async with opened(Place(tmp_path / "hop")) as world:
        await world.over(0)
        await world.keeper(archive).round(LATER)
        kept = open_objects(archive, tmp_path)
        assert await kept.fetch(of(0).parts[1].sha256) == large(0)
        assert await kept.fetch(of(0).parts[0].sha256) == of(0).message_id.encode()
        told = await world.store.read(lambda view: view.mark(MARK + of(0).id))
        record = msgspec.json.decode(await kept.fetch(told.split()[1]), type=Record)
        assert record.package.id == of(0).id
        assert (
            record.receipt
            == (await world.store.receipt(0 if record.package.index is None else record.package.index)).to_json()
        )


@pytest.mark.parametrize(
    ("state", "changes"),
    [
        (JourneyState.ACCEPTED, {}),
        (JourneyState.RECORDED, {}),
        (JourneyState.ARRIVED, {}),
        (JourneyState.DELIVERED, {"lane": Lane.IN}),
        (JourneyState.DELIVERED, {"asked": 1}),
        (JourneyState.DELIVERED, {"since": LATER - timedelta(days=1)}),
    ],
)
async def test_what_is_not_over_stays(tmp_path: Path, state: JourneyState, changes: dict[str, Any]) -> None:
    async with opened(Place(tmp_path / "hop")) as world:
        await world.over(0)
        await world.over(0, state=state, **changes)
        assert (await world.keeper().round(LATER)).archived == 0
        assert await world.here(0)


async def test_a_package_that_moves_again_meanwhile_is_not_marked(tmp_path: Path, archive: ObjectSettings) -> None:
    async with opened(Place(tmp_path / "hop")) as world:
        await world.over(0)
        keeper = world.keeper(archive)
        export = keeper._exported

        async def slowly(package: Any) -> str:
            told = await export(package)
            await world.over(0, state=JourneyState.DELIVERED, asked=1)
            return told

        keeper._exported = slowly  # type: ignore[method-assign]  # something happens while it is copied
        assert await keeper.archive(LATER) == 0
        assert await world.here(0)


async def test_cut_off_anywhere_nothing_is_lost(
    tmp_path: Path, archive: ObjectSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(Place(tmp_path / "hop")) as world:
        await world.over(0, 3)
        keeper = world.keeper(archive)
        for name in ("_exported", "_clear_rows", "_clear_objects"):

            async def cut(*_: Any) -> Any:
                raise Unavailable

            with monkeypatch.context() as patch:
                patch.setattr(keeper, name, cut)
                with pytest.raises(Unavailable):
                    await keeper.round(today() + timedelta(days=DAYS))
            assert all([await world.here(number) for number in (1, 2, 4, 5)])
            kept = open_objects(archive, tmp_path)
            if await world.archived():
                assert await kept.fetch(of(0).parts[1].sha256) == large(0)
            else:
                assert await world.here(0)
        await keeper.round(today() + timedelta(days=DAYS))
        assert await world.archived() == {0, 3}
        assert not await world.store.read(lambda view: view.content(of(0).parts[0].sha256))


# ---------------------------------------------------------------- leftovers


async def test_leftovers_are_put_aside_found_there_and_go_in_the_end(place: Place) -> None:
    orphan = b"left over " * 20_000
    digest = sha256(orphan).hexdigest()
    async with opened(place) as world:
        await world.objects.keep({digest: orphan})
        fresh = await world.keeper(grace=48.0).round(today())
        assert fresh.aside == 0  # it may be on its way into a row
        assert (await world.keeper(days=0.0).round(today())).aside == 1
        assert await world.objects.fetch(digest) == orphan
        assert b"".join([block async for block in world.objects.read(digest)]) == orphan
        assert (await world.keeper(days=0.0, grace=48.0).round(today())).dropped == 0
        assert (await world.keeper(days=0.0).round(today() + timedelta(seconds=60))).dropped == 1
        with pytest.raises(NotFound):
            await world.objects.fetch(digest)
        assert all([await world.here(number) for number in range(6)])


async def test_what_was_put_aside_while_it_got_its_row_comes_back(tmp_path: Path) -> None:
    async with opened(Place(tmp_path / "hop")) as world:
        digest = of(0).parts[1].sha256
        await world.objects.stock.set_aside(digest)
        assert await world.objects.fetch(digest) == large(0)
        done = await world.keeper(days=0.0).round(today())
        assert (done.back, done.aside, done.dropped, done.missing) == (1, 0, 0, [])
        assert await world.objects.size(digest) == len(large(0))


async def test_a_row_without_its_object_is_told(tmp_path: Path) -> None:
    async with opened(Place(tmp_path / "hop")) as world:
        digest = of(1).parts[1].sha256
        await world.objects.stock.set_aside(digest)
        await world.objects.stock.drop(digest)
        assert (await world.keeper(days=0.0).round(today())).missing == [digest]
        assert await world.store.read(lambda view: view.mark(MISSING)) == "1"
        await world.objects.keep({digest: large(1)})
        assert (await world.keeper(days=0.0).round(today())).missing == []
        assert await world.store.read(lambda view: view.mark(MISSING)) == ""


async def test_uploads_beside_a_sweep_lose_nothing(tmp_path: Path) -> None:
    async with opened(Place(tmp_path / "hop")) as world:
        done = asyncio.Event()

        async def sweep() -> None:
            while not done.is_set():
                await world.keeper(days=0.0, grace=1.0).round(today())

        sweeping = asyncio.create_task(sweep())
        for number in range(6, 30):
            data = f"own large content {number} ".encode() * 5000
            digest = sha256(data).hexdigest()
            await world.objects.keep({digest: data})
            os.utime(tmp_path / "hop" / "objects" / key(digest), (0, 0))  # an old leftover that is named after all
            part = replace(of(number).parts[1], sha256=digest, size=len(data))
            made = replace(of(number), parts=(of(number).parts[0], part))
            await world.store.write(
                lambda tx, made=made: tx.add_package(made, {made.parts[0].sha256: made.message_id.encode()})
            )  # type: ignore[misc]  # bound now
        done.set()
        await sweeping
        assert (await world.keeper(days=0.0, grace=48.0).round(today())).missing == []


async def test_a_round_comes_when_it_is_due(tmp_path: Path) -> None:
    async with opened(Place(tmp_path / "hop")) as world:
        await world.over(0)
        keeper = world.keeper()
        assert await keeper.when_due(LATER) is None  # the first start only counts from here
        assert await keeper.when_due(LATER + timedelta(hours=23)) is None
        done = await keeper.when_due(LATER + timedelta(hours=25))
        assert done is not None
        assert done.archived == 1
        assert await keeper.when_due(LATER + timedelta(hours=26)) is None


def test_all_large_contents_are_shared() -> None:
    assert len({of(number).parts[1].sha256 for number in range(6)}) == LARGE


def _all_named(connection: Any) -> dict[str, int]:
    """What a backup takes along."""
    return {name: size for found in audit.named(connection) for name, size in found.items()}


async def test_what_is_being_signed_is_no_leftover(place: Place) -> None:
    shown, done = b"prepared" * 9000, b"signed" * 9000
    async with opened(place) as world:
        sessions = SqlSessions(world.store)
        names = [sha256(data).hexdigest() for data in (shown, done)]
        await world.objects.keep(dict(zip(names, (shown, done), strict=True)))
        under_way = replace(kept("s"), prepared=names[0], prepared_size=len(shown), result_size=len(done))
        under_way = replace(under_way, session=replace(under_way.session, result=names[1]))
        await sessions.begin([under_way], [])
        assert (await world.keeper().round(today())).aside == 0
        named = await world.store.look(_all_named)
        assert [named[name] for name in names] == [len(shown), len(done)]
        await sessions.change("H29", "s", lambda found: replace(found, prepared_size=0, result_size=0))
        assert (await world.keeper().round(today())).aside == 2
