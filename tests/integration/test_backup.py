"""A backup taken under load, everything destroyed, restored, verified, gone on with; and what must be refused."""

import asyncio
import shutil
from contextlib import suppress
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from lienthong.adapters.backup import MANIFEST, ROWS, take, verify
from lienthong.adapters.installation import at_rest
from lienthong.adapters.keys import SoftNoteSigner
from lienthong.adapters.restoring import Knowledge, Restored, restore
from lienthong.adapters.sql import SqlStore, audit
from lienthong.cli.servers.postgres import Postgres
from lienthong.delivery.model import Notice
from lienthong.errors import ConfigurationInvalid, EvidenceBroken, FileUnusable, LogWouldFork, NotFound
from lienthong.evidence import Event, EventKind, ProofResult, Receipt, verify_receipt
from lienthong.testing.clock import START, FakeClock
from lienthong.testing.pki import pki
from store_world import accept, package
from stored_hops import LARGE, Place, execute, fill, of, outgrown, quiet, receipts

pytestmark = pytest.mark.integration
MANY = 30
NOTHING = Knowledge(nothing_followed=True)
NEXT = "phuc-hoi-1.lienthong.example/log/axis"


@pytest.fixture(params=["embedded", "outgrown"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param == "outgrown":
        return outgrown(request, tmp_path / "hop")
    return Place(tmp_path / "hop")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "backups"


def backed_up(place: Place, folder: Path, *, minutes: int = 0) -> Path:
    return take(place, folder, START + timedelta(minutes=minutes), quiet)[0]


def destroyed(place: Place, request: pytest.FixtureRequest) -> Place:
    """Nothing is left of the hop; where it is to stand again."""
    if not place.store.url:
        shutil.rmtree(place.data)
        return place
    server: Postgres = request.getfixturevalue("postgres")
    server.ask(f"DROP DATABASE {place.objects.prefix} WITH (FORCE)", database="postgres")
    return outgrown(request, place.data.with_name("anew"))


def restored(place: Place, backup: Path, known: Knowledge = NOTHING, signer: SoftNoteSigner | None = None) -> Restored:
    return restore(place, backup, [signer or pki().log()], START, known, quiet)


def newest(place: Place) -> str:
    with at_rest(place) as found, found.engine.connect() as connection:
        [proved] = audit.prove_logs(connection)
    return proved.note


def test_everything_destroyed_in_between(place: Place, folder: Path, request: pytest.FixtureRequest) -> None:
    given = asyncio.run(fill(place, range(MANY)))
    backup = backed_up(place, folder)
    assert verify(backup, quiet).objects == LARGE
    note, anew = newest(place), destroyed(place, request)
    done = restored(anew, backup, Knowledge((note,)))
    assert (done.rows["package"], done.objects, done.continued) == (MANY, LARGE, ())
    assert asyncio.run(receipts(anew, MANY)) == given
    assert verify_receipt(Receipt.from_json(given[0]), None, pki().roots).result is ProofResult.PROVED

    async def go_on() -> list[bytes]:
        async with SqlStore.open(anew.where, pki().log(), FakeClock()) as store:
            assert await store.write(accept(of(0))) == 0  # a repeat still is one
            assert await store.write(accept(package("after"))) == MANY
            return list(await store.consistency(MANY, MANY + 1))

    assert asyncio.run(go_on())


async def test_taken_while_the_hop_works(place: Place, folder: Path) -> None:
    numbers, done = count(MANY), asyncio.Event()
    await fill(place, range(MANY))
    async with SqlStore.open(place.where, pki().log(), FakeClock()) as store:

        async def load() -> None:
            while not done.is_set():
                await store.write(accept(of(next(numbers))))

        loads = [asyncio.create_task(load()) for _ in range(4)]
        for minute in range(3):
            backup, manifest = await asyncio.to_thread(take, place, folder, START + timedelta(minutes=minute), quiet)
            assert manifest.rows["package"] == manifest.leaves >= MANY
            await asyncio.to_thread(verify, backup, quiet)
        done.set()
        await asyncio.gather(*loads)


def test_only_new_objects_are_copied_again(place: Place, folder: Path) -> None:
    asyncio.run(fill(place, range(LARGE - 1)))
    first = backed_up(place, folder)
    there = {path: path.stat().st_ino for path in (folder / "objects").rglob("*") if path.is_file()}
    asyncio.run(fill(place, range(MANY)))
    second = backed_up(place, folder, minutes=1)
    after = {path: path.stat().st_ino for path in (folder / "objects").rglob("*") if path.is_file()}
    assert len(there) == LARGE - 1
    assert len(after) == LARGE
    assert there.items() <= after.items()
    assert verify(first, quiet).leaves < verify(second, quiet).leaves


def flipped(path: Path, place: int = -100) -> None:
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)


def an_object(folder: Path) -> Path:
    return next(path for path in (folder / "objects").rglob("*") if path.is_file())


def test_any_damage_is_found(tmp_path: Path, folder: Path) -> None:
    place = Place(tmp_path / "hop")
    asyncio.run(fill(place, range(MANY)))
    backup = backed_up(place, folder)
    for harm in (
        lambda: flipped(backup / ROWS),
        lambda: flipped(an_object(folder)),
        lambda: an_object(folder).unlink(),
        lambda: (backup / "objects.txt").write_text(""),
        (backup / ROWS).unlink,
    ):
        kept = shutil.copytree(folder, tmp_path / "kept")
        harm()
        with pytest.raises(EvidenceBroken):
            verify(backup, quiet)
        with pytest.raises(EvidenceBroken):
            restored(Place(tmp_path / "never"), backup)
        assert not (tmp_path / "never").exists()
        shutil.rmtree(folder)
        kept.rename(folder)
    verify(backup, quiet)
    (backup / MANIFEST).unlink()
    with pytest.raises(FileUnusable):
        verify(backup, quiet)


def test_a_log_that_does_not_hold_is_not_backed_up(tmp_path: Path, folder: Path) -> None:
    place = Place(tmp_path / "hop")
    asyncio.run(fill(place, range(MANY)))
    execute(place, 'UPDATE leaf SET hash = zeroblob(32) WHERE "index" = 3')
    with pytest.raises(EvidenceBroken):
        backed_up(place, folder)
    assert not [path for path in folder.iterdir() if path.name[0] not in {".", "o"}]


def test_a_restoration_cut_off_goes_on(tmp_path: Path, folder: Path) -> None:
    place, anew = Place(tmp_path / "hop"), Place(tmp_path / "anew")
    given = asyncio.run(fill(place, range(MANY)))
    backup = backed_up(place, folder)
    for allowed in range(3, 60, 4):
        calls = count()

        def tell(_what: str, _done: int, calls: "count[int]" = calls, allowed: int = allowed) -> None:
            if next(calls) > allowed:
                raise KeyboardInterrupt

        with suppress(KeyboardInterrupt):
            restore(anew, backup, [pki().log()], START, NOTHING, tell)
            break
        with suppress(NotFound), pytest.raises(ConfigurationInvalid, match="not all is restored"):
            asyncio.run(receipts(anew, 1))
    assert asyncio.run(receipts(anew, MANY)) == given


def test_a_place_that_holds_something_is_refused(tmp_path: Path, folder: Path) -> None:
    place = Place(tmp_path / "hop")
    asyncio.run(fill(place, range(MANY)))
    backup = backed_up(place, folder)
    with pytest.raises(ConfigurationInvalid, match="not empty"):
        restored(place, backup)


# ---------------------------------------------------------------- never two histories


def test_a_log_that_went_on_is_not_forked(tmp_path: Path, folder: Path) -> None:
    place, anew = Place(tmp_path / "hop"), Place(tmp_path / "anew")
    asyncio.run(fill(place, range(MANY)))
    backup = backed_up(place, folder)
    at_backup = newest(place)
    lost = asyncio.run(fill(place, range(MANY, MANY + 5)))
    for known in (Knowledge(), Knowledge((newest(place),))):
        with pytest.raises(LogWouldFork):
            restored(anew, backup, known)
    assert not anew.data.exists()
    assert not restored(anew, backup, Knowledge((at_backup,))).continued
    assert all(Receipt.from_json(text).index >= MANY for text in lost)


def test_an_older_or_foreign_checkpoint_proves_nothing(tmp_path: Path, folder: Path) -> None:
    place, other = Place(tmp_path / "hop"), Place(tmp_path / "other")
    asyncio.run(fill(place, range(5)))
    older = newest(place)
    asyncio.run(fill(place, range(MANY)))
    backup = backed_up(place, folder)
    asyncio.run(fill(other, range(100, 100 + MANY)))
    for note in (older, newest(other)):
        with pytest.raises(EvidenceBroken):
            restored(Place(tmp_path / "anew"), backup, Knowledge((note,)))


def test_under_a_new_name_the_old_log_is_the_beginning(tmp_path: Path, folder: Path) -> None:
    place, anew = Place(tmp_path / "hop"), Place(tmp_path / "anew")
    given = asyncio.run(fill(place, range(MANY)))
    backup, signer = backed_up(place, folder), pki().log(NEXT)
    asyncio.run(fill(place, range(MANY, MANY + 5)))
    done = restored(anew, backup, Knowledge(), signer)
    assert done.continued == (NEXT,)
    assert [(log.origin, log.size) for log in done.logs] == [(NEXT, MANY + 1)]
    assert asyncio.run(receipts(anew, MANY, signer)) == given  # still under the name they were given

    async def told() -> tuple[Receipt, Receipt]:
        async with SqlStore.open(anew.where, signer, FakeClock()) as store:
            after = await store.write(accept(package("after")))
            return await store.receipt(MANY), await store.receipt(after)

    continuing, after = asyncio.run(told())
    event = Event.from_leaf(continuing.leaf)
    assert event.kind is EventKind.CONTINUED
    assert event.text is not None
    assert event.text.startswith(f"{pki().log().name} {MANY} ")
    for receipt in (continuing, after, Receipt.from_json(given[3])):
        assert verify_receipt(receipt, None, pki().roots).result is ProofResult.PROVED
    with pytest.raises(EvidenceBroken):  # and nobody goes on under the old one
        asyncio.run(receipts(anew, 1))


def test_news_after_a_restoration_is_beyond_every_cursor(tmp_path: Path, folder: Path) -> None:
    place, anew = Place(tmp_path / "hop"), Place(tmp_path / "anew")
    asyncio.run(fill(place, range(3)))
    backup = backed_up(place, folder)

    async def notices(at: Place) -> int:
        async with SqlStore.open(at.where, pki().log(), FakeClock()) as store:
            await store.write(lambda tx: [tx.add_notice(Notice("gateway-9", "p", str(word))) for word in range(500)])
            return (await store.read(lambda view: view.notices("gateway-9", 0, 1000)))[-1].seq

    lost_cursor = asyncio.run(notices(place))
    restored(anew, backup)

    async def first_after() -> int:
        async with SqlStore.open(anew.where, pki().log(), FakeClock()) as store:
            await store.write(lambda tx: tx.add_notice(Notice("gateway-9", "p", "fresh")))
            return (await store.read(lambda view: view.notices("gateway-9", lost_cursor, 10)))[0].seq

    assert asyncio.run(first_after()) > lost_cursor
