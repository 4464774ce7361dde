"""One suite for what a hop knows of files and its twin."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from lienthong.adapters.sql import SqlStore
from lienthong.adapters.sql.known import SqlKnown
from lienthong.signature.facts.model import Facts, Looks
from lienthong.signature.known import Known, Stand
from lienthong.testing.clock import START, FakeClock
from lienthong.testing.known import MemoryKnown
from lienthong.testing.pki import pki

PLACES = [
    pytest.param("memory", id="memory"),
    pytest.param("sqlite", id="sqlite", marks=pytest.mark.integration),
    pytest.param("postgresql", id="postgresql", marks=pytest.mark.integration),
]
A, B = "a" * 64, "b" * 64


@pytest.fixture(params=PLACES)
async def known(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Known]:
    if request.param == "memory":
        yield MemoryKnown()
        return
    where = request.getfixturevalue("database") if request.param == "postgresql" else tmp_path / "data"
    async with SqlStore.open(where, pki().log(), FakeClock()) as store:
        yield SqlKnown(store)


async def test_facts_are_kept_once_without_looks(known: Known) -> None:
    assert await known.facts(A) is None
    await known.keep(Facts(A, 7, looks=Looks()), START)
    await known.keep(Facts(A, 7, odd=("other",)), START)
    assert await known.facts(A) == Facts(A, 7)
    assert not await known.brought("H29", A)


async def test_who_brought_a_file(known: Known) -> None:
    await known.keep(Facts(A, 7), START, "H29")
    await known.keep(Facts(A, 7), START, "H29")
    assert await known.brought("H29", A)
    assert not await known.brought("G09", A)


async def test_where_files_stand(known: Known) -> None:
    stands = [Stand(A, "p1", "x.pdf"), Stand(A, "p2", "y.pdf"), Stand(B, "p2", "z.xlsx")]
    await known.stand(stands)
    await known.stand(stands[:1])
    assert await known.stands(A, 9) == [stands[1], stands[0]]
    assert await known.stands(A, 1) == [stands[1]]
    assert await known.stands("c" * 64, 9) == []


async def test_what_was_only_brought_goes(known: Known) -> None:
    for digest, tenant in ((A, "H29"), (A, "G09"), (B, "H29")):
        await known.keep(Facts(digest, 7), START, tenant)
    await known.stand([Stand(B, "p1", "x.pdf")])
    await known.keep(Facts(A, 7), START + timedelta(days=2), "G09")
    assert await known.forget(START + timedelta(days=1), 9) == 2
    assert await known.facts(A) is not None  # brought by another since
    assert await known.forget(START + timedelta(days=3), 9) == 1
    assert await known.facts(A) is None
    assert await known.facts(B) is not None  # stands in a package


@pytest.mark.integration
async def test_facts_of_a_form_long_gone_are_found_anew(tmp_path: Path) -> None:
    async with SqlStore.open(tmp_path / "data", pki().log(), FakeClock()) as store:
        known = SqlKnown(store)
        await known.keep(Facts(A, 7, version=0), START)
        assert await known.facts(A) is None
        await known.keep(Facts(A, 7), START)
        assert await known.facts(A) == Facts(A, 7)
