"""One suite for the place that keeps proofs and its twin."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from lienthong.adapters.objects import LocalObjects
from lienthong.adapters.sql import SqlStore
from lienthong.adapters.sql.audit import named
from lienthong.adapters.sql.proofs import SqlProofs
from lienthong.errors import NotFound
from lienthong.signature.proofs import Proof, ProofKind, Proofs
from lienthong.testing.clock import START, FakeClock
from lienthong.testing.pki import pki
from lienthong.testing.proofs import MemoryProofs

Opened = Callable[[], AbstractAsyncContextManager[Proofs]]


def in_memory(_place: Path | str, _folder: Path) -> Opened:
    place = MemoryProofs()

    @asynccontextmanager
    async def opened() -> AsyncIterator[Proofs]:
        yield place

    return opened


def in_tables(place: Path | str, folder: Path) -> Opened:
    @asynccontextmanager
    async def opened() -> AsyncIterator[Proofs]:
        async with SqlStore.open(place, pki().log(), FakeClock()) as store:
            yield SqlProofs(store, LocalObjects(folder / "objects"))

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
        return in_tables(request.getfixturevalue("database"), tmp_path)
    make = in_memory if request.param == "memory" else in_tables
    return make(tmp_path / "data", tmp_path)


@pytest.fixture
async def proofs(opened: Opened) -> AsyncIterator[Proofs]:
    async with opened() as place:
        yield place


def answer(words: str, serial: str = "a1", later: int = 0) -> tuple[Proof, bytes]:
    data = words.encode()
    made = START + timedelta(hours=later)
    of = Proof(
        ProofKind.ANSWER, sha256(data).hexdigest(), len(data), "f" * 64, serial, made, made + timedelta(hours=12)
    )
    return of, data


FIRST, SECOND, OTHER = answer("first"), answer("second", later=1), answer("other", "b2", 2)
LISTED = (
    replace(FIRST[0], kind=ProofKind.LIST, serial="", sha256=sha256(b"list").hexdigest(), size=4, until=None),
    b"list",
)


async def test_what_is_kept_is_there_and_a_repeat_changes_nothing(proofs: Proofs):
    assert await proofs.keep(*FIRST)
    assert not await proofs.keep(*FIRST)
    assert await proofs.data(FIRST[0].sha256) == b"first"
    assert [proof for _, proof in await proofs.since(0, 10)] == [FIRST[0]]


async def test_the_newest_of_a_place_is_in_force_and_the_others_stay_readable(proofs: Proofs):
    for each in (FIRST, LISTED, SECOND, OTHER):
        await proofs.keep(*each)
    found = await proofs.since(0, 10)
    assert [proof for _, proof in found] == [LISTED[0], SECOND[0], OTHER[0]]
    assert [proof for _, proof in await proofs.since(found[0][0], 1)] == [SECOND[0]]
    assert await proofs.data(FIRST[0].sha256) == b"first"


async def test_what_is_known_about_a_certificate_answers_first(proofs: Proofs):
    for each in (FIRST, LISTED, SECOND, OTHER):
        await proofs.keep(*each)
    assert await proofs.about("f" * 64, "a1") == [SECOND[0], FIRST[0], LISTED[0]]
    assert await proofs.about("e" * 64, "a1") == []


async def test_nothing_is_made_up(proofs: Proofs):
    with pytest.raises(NotFound):
        await proofs.data("0" * 64)


async def test_it_outlives_the_process(opened: Opened):
    async with opened() as place:
        await place.keep(*FIRST)
    async with opened() as place:
        assert [proof for _, proof in await place.since(0, 10)] == [FIRST[0]]
        assert await place.data(FIRST[0].sha256) == b"first"


@pytest.mark.integration
async def test_what_is_in_force_is_not_swept(tmp_path: Path):
    async with SqlStore.open(tmp_path / "data", pki().log(), FakeClock()) as store:
        proofs = SqlProofs(store, LocalObjects(tmp_path / "objects"))
        for each in (FIRST, SECOND):
            await proofs.keep(*each)
        found = await store.look(lambda connection: list(named(connection)))
        assert found == [{SECOND[0].sha256: 6}]
