"""One suite for the place that keeps lasting proofs and its twin."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from lienthong.adapters.sql import SqlStore
from lienthong.adapters.sql.audit import named
from lienthong.adapters.sql.lasting import SqlLedger
from lienthong.adapters.sql.retention import contents, named_since
from lienthong.errors import NotFound
from lienthong.signature.lasting.keeping import Entry, Kind, Ledger, Member, Stamp, State
from lienthong.signature.lasting.link import Grove
from lienthong.testing.clock import START, FakeClock
from lienthong.testing.lasting import MemoryLedger
from lienthong.testing.pki import pki

Opened = Callable[[], AbstractAsyncContextManager[Ledger]]
HOUR, YEAR = timedelta(hours=1), timedelta(days=365)


def in_memory(_place: Path | str) -> Opened:
    place = MemoryLedger()

    @asynccontextmanager
    async def opened() -> AsyncIterator[Ledger]:
        yield place

    return opened


def in_tables(place: Path | str) -> Opened:
    @asynccontextmanager
    async def opened() -> AsyncIterator[Ledger]:
        async with SqlStore.open(place, pki().log(), FakeClock()) as store:
            yield SqlLedger(store)

    return opened


@pytest.fixture(
    params=[
        pytest.param("memory", id="memory"),
        pytest.param("sqlite", id="sqlite", marks=pytest.mark.integration),
        pytest.param("postgresql", id="postgresql", marks=pytest.mark.integration),
    ]
)
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Opened:
    if request.param == "postgresql":
        return in_tables(request.getfixturevalue("database"))
    return (in_memory if request.param == "memory" else in_tables)(tmp_path / "data")


@pytest.fixture
async def ledger(opened: Opened) -> AsyncIterator[Ledger]:
    async with opened() as place:
        yield place


def entry(of: str = "a", hours: int = 0, kind: Kind = Kind.DOCUMENT, **more: object) -> Entry:
    at = START + hours * HOUR
    return Entry(kind, of, at, at, **more)  # type: ignore[arg-type]  # fields by name


def gathered(of: Entry) -> Entry:
    leaf = sha256(of.of.encode()).hexdigest()
    members = (Member("files/a.pdf", "a" * 64, 5, held=False), Member("record", "b" * 64, 7))
    return replace(of, algorithm="sha256", record="c" * 64, leaf=leaf, members=members, state=State.GATHERED)


async def planted(ledger: Ledger, *names: str) -> int:
    for number, name in enumerate(names):
        await ledger.enrol([entry(name, number)])
        await ledger.gathered(gathered(entry(name, number)))
    tree = await ledger.plant("sha256", START + HOUR, 100)
    assert tree is not None
    return tree.number


def stamp(tree: int, authority: str = "A", years: int = 5) -> Stamp:
    return Stamp(tree, authority, b"token", START + HOUR, START + years * YEAR)


async def test_what_is_enrolled_once_is_there_once(ledger: Ledger):
    assert await ledger.enrol([entry("a"), entry("b")], 7) == 2
    assert await ledger.enrol([entry("b", 5), entry("c")], 9) == 1
    assert await ledger.cursor() == 9
    assert [each.of for each in await ledger.due(START, 10)] == ["a", "b", "c"]
    assert (await ledger.entries(Kind.DOCUMENT, "b")) == [entry("b")]


async def test_what_failed_waits_behind_the_others_and_is_listed(ledger: Ledger):
    await ledger.enrol([entry("a"), entry("b")])
    bad = replace(entry("a"), due=START + HOUR, attempts=1, code="unavailable", detail="no answer")
    await ledger.put_off(bad)
    assert [each.of for each in await ledger.due(START, 10)] == ["b"]
    assert [each.of for each in await ledger.due(START + HOUR, 10)] == ["b", "a"]
    assert await ledger.failing(10) == [bad]
    assert (await ledger.standing()).failing == 1


async def test_the_first_gathering_stands(ledger: Ledger):
    await ledger.enrol([entry("a")])
    first = gathered(entry("a"))
    await ledger.gathered(first)
    await ledger.gathered(replace(first, record="d" * 64))
    await ledger.put_off(replace(first, attempts=3))
    assert await ledger.entries(Kind.DOCUMENT, "a") == [first]
    assert not await ledger.due(START + YEAR, 10)


async def test_gathered_entries_stand_in_a_tree_in_their_order(ledger: Ledger):
    assert await ledger.planting() is None
    assert await ledger.plant("sha256", START, 10) is None
    number = await planted(ledger, "a", "b", "c")
    tree, stamps = await ledger.tree(number)
    leaves = [sha256(name).digest() for name in (b"a", b"b", b"c")]
    assert (list(tree.leaves), tree.root, stamps) == (leaves, Grove("sha256", leaves).root.hex(), [])
    assert [(each.of, each.tree, each.place) for each in await ledger.in_tree(number, 10)] == [
        (name, number, place) for place, name in enumerate("abc")
    ]
    assert await ledger.planting() == START + HOUR
    assert await ledger.plant("sha256", START, 10) is None
    with pytest.raises(NotFound):
        await ledger.tree(number + 1)


async def test_a_tree_waits_for_each_authority_and_is_secured_by_the_first(ledger: Ledger):
    number = await planted(ledger, "a")
    assert (await ledger.standing()).unstamped == 1
    assert [each.number for each in await ledger.unstamped("A", START + YEAR, 10)] == [number]
    await ledger.keep_stamp(stamp(number))
    await ledger.keep_stamp(replace(stamp(number), token=b"another"))
    assert not await ledger.unstamped("A", START, 10)
    assert [each.number for each in await ledger.unstamped("B", START, 10)] == [number]
    assert not await ledger.unstamped("B", START + YEAR, 10)  # long ago, and stamped by another
    await ledger.keep_stamp(stamp(number, "B", 9))
    tree, stamps = await ledger.tree(number)
    assert [each.token for each in stamps] == [b"token", b"token"]
    assert tree.ends == START + 9 * YEAR
    found = await ledger.standing()
    assert (found.secured, found.unstamped, found.oldest, found.ends) == (1, 0, None, START + 9 * YEAR)


async def test_a_tree_that_nobody_stamped_is_taken_apart(ledger: Ledger):
    await ledger.keep_stamp(stamp(await planted(ledger, "a")))
    await planted(ledger, "b")
    assert await ledger.uproot(START + HOUR) == 0
    assert await ledger.uproot(START + 2 * HOUR) == 1
    assert [each.of for each in await ledger.due(START + HOUR, 10)] == ["b"]
    again = gathered(entry("b"))
    await ledger.gathered(again)
    tree = await ledger.plant("sha256", START + HOUR, 10)
    assert tree is not None
    assert tree.number > 2  # a number is never given twice
    assert (await ledger.standing()).unstamped == 1


async def test_a_tree_that_ends_is_renewed_once(ledger: Ledger):
    number = await planted(ledger, "a")
    await ledger.keep_stamp(stamp(number))
    assert not await ledger.ending(START + 5 * YEAR, 10)
    assert [each.number for each in await ledger.ending(START + 5 * YEAR + HOUR, 10)] == [number]
    assert await ledger.enrol([entry(str(number), kind=Kind.TREE)]) == 1
    assert await ledger.enrol([entry(str(number), kind=Kind.TREE)]) == 0
    assert not await ledger.ending(START + 9 * YEAR, 10)
    assert (await ledger.standing()).waiting == 0  # documents alone are counted


async def test_the_last_round_alone_is_asked_for(ledger: Ledger):
    await planted(ledger, "a", "b")
    assert [each.of for each in await ledger.recorded_with("sha256", 10)] == ["a", "b"]
    await ledger.enrol([entry("a", 9, round=1)])
    assert [each.of for each in await ledger.recorded_with("sha256", 10)] == ["b"]
    assert [each.round for each in await ledger.entries(Kind.DOCUMENT, "a")] == [0, 1]


async def test_the_oldest_that_is_not_secured(ledger: Ledger):
    assert (await ledger.standing()).oldest is None
    await ledger.enrol([entry("late", 3)])
    number = await planted(ledger, "a", "b")
    found = await ledger.standing()
    assert (found.waiting, found.gathered, found.unstamped, found.oldest) == (1, 0, 2, START)
    await ledger.keep_stamp(stamp(number))
    assert (await ledger.standing()).oldest == START + 3 * HOUR


async def test_what_documents_lack_is_counted(ledger: Ledger):
    await planted(ledger, "a", "b")
    assert await ledger.lacking() == {}
    for name, lacks in (("c", "revocation-unknown"), ("d", "revocation-unknown")):
        await ledger.enrol([entry(name)])
        await ledger.gathered(replace(gathered(entry(name)), lacks=lacks))
    assert await ledger.lacking() == {"revocation-unknown": 2}
    await ledger.enrol([entry("c", round=1)])
    assert await ledger.lacking() == {"revocation-unknown": 1}


async def test_what_proofs_need_is_listed_once(ledger: Ledger):
    await planted(ledger, "a", "b")
    [(number, digest)] = await ledger.held(0, 10)
    assert digest == "b" * 64
    assert not await ledger.held(number, 10)


async def test_it_outlives_the_process(opened: Opened):
    async with opened() as place:
        number = await planted(place, "a")
        await place.keep_stamp(stamp(number))
    async with opened() as place:
        tree, stamps = await place.tree(number)
        assert (tree.number, len(stamps)) == (number, 1)
        assert (await place.in_tree(number, 1))[0].members == gathered(entry("a")).members


@pytest.mark.integration
async def test_what_a_proof_needs_is_never_swept(tmp_path: Path):
    """The objects of a gathered entry are named for ever; the contents of the document are the package's to keep."""
    async with SqlStore.open(tmp_path / "data", pki().log(), FakeClock()) as store:
        await planted(SqlLedger(store), "a")
        assert await store.look(lambda connection: list(named(connection))) == [{"b" * 64: 7}]
        known = await store.look(lambda connection: contents(connection, "b"))
        assert known.live == {"b" * 64}
        ledger = SqlLedger(store)
        await ledger.enrol([entry("later")])
        fresh = replace(gathered(entry("later")), members=(Member("report", "e" * 64, 9),))
        await ledger.gathered(fresh)
        assert await store.look(lambda connection: named_since(connection, known)) == {"e" * 64}
