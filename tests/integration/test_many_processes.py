"""Several stores on one PostgreSQL, as several processes of a hop have them."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest

from lienthong.adapters.sql import SqlStore
from lienthong.adapters.sql.messenger import messenger, payloads
from lienthong.adapters.sql.places import place, shard_of, within
from lienthong.delivery.model import Leg, Notice
from lienthong.delivery.ports import Transaction
from lienthong.errors import ConfigurationInvalid, Unavailable
from lienthong.evidence import ProofResult, open_checkpoint, verify_receipt
from lienthong.evidence.note import VerifierKey
from lienthong.testing.clock import FakeClock
from lienthong.testing.pki import pki
from store_world import NOW, accept, inbound, package

pytestmark = pytest.mark.integration
ORIGINS = ("lienthong.example/log/axis", "lienthong.example/log/axis/1", "lienthong.example/log/axis/2")


def opened(url: str, logs: int = 3) -> AbstractAsyncContextManager[SqlStore]:
    first, *others = (pki().log(origin) for origin in ORIGINS[:logs])
    return SqlStore.open(url, first, FakeClock(), others=others)


@asynccontextmanager
async def pair(url: str) -> AsyncIterator[tuple[SqlStore, SqlStore]]:
    async with opened(url) as first, opened(url) as second:
        yield first, second


async def until(found: object) -> None:
    """Wait for what another thread does."""
    assert callable(found)
    async with asyncio.timeout(60):
        while not found():  # noqa: ASYNC110  # another thread's doing rings no event here
            await asyncio.sleep(0.02)


# ---------------------------------------------------------------- seats


def test_one_number_says_which_log_and_where() -> None:
    assert [place(0, 7), shard_of(place(3, 7)), within(place(3, 7))] == [7, 3, 7]
    assert place(4095, (1 << 40) - 1) < 2**53


async def test_each_process_writes_a_log_of_its_own_and_reads_all(database: str) -> None:
    async with pair(database) as (first, second):
        a = await first.write(accept(package("a")))
        b = await second.write(accept(package("b")))
        assert (shard_of(a), shard_of(b)) == (0, 1)
        for store in (first, second):
            for number, shard in ((a, 0), (b, 1)):
                receipt = await store.receipt(number)
                assert receipt.checkpoint.startswith(ORIGINS[shard] + "\n")
                assert receipt.index == 0
                assert verify_receipt(receipt, None, pki().roots).result is ProofResult.PROVED
                vkey = VerifierKey.parse(pki().vkey(ORIGINS[shard]))
                assert open_checkpoint(await store.checkpoint(shard), [vkey]).size == 1


async def test_a_process_without_a_seat_stands_by_until_one_falls_free(database: str) -> None:
    async with AsyncExitStack() as others:
        first = await others.enter_async_context(opened(database, 1))
        index = await first.write(accept(package("a")))
        async with opened(database, 1) as second:
            assert (first.seated, second.seated) == (True, False)
            with pytest.raises(Unavailable):
                await second.write(accept(package("b")))
            assert await second.read(lambda view: view.package(package("a").id)) is not None
            await others.aclose()
            await until(lambda: second.seated and second.on_duty)
            assert await second.write(accept(package("b"))) == index + 1


async def test_who_loses_the_connection_loses_the_seat_and_takes_it_again(postgres: object, database: str) -> None:
    async with opened(database, 1) as store:
        assert await store.write(accept(package("a"))) == 0
        cut(database)
        assert await eventually(store, "b") == 1
        receipt = await store.receipt(1)
        assert verify_receipt(receipt, None, pki().roots).result is ProofResult.PROVED


def cut(url: str) -> None:
    """End every other connection to the database."""
    operate(
        url,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'",
    )


def operate(url: str, statement: str) -> None:
    """As the server's operator, whatever holds for others."""
    with psycopg.connect(url, autocommit=True, options="-c default_transaction_read_only=off") as connection:
        connection.execute(statement.encode())


async def eventually(store: SqlStore, name: str) -> int:
    """Hand in until it is taken, as every caller does."""
    async with asyncio.timeout(60):
        while True:
            try:
                return await store.write(accept(package(name)))
            except Unavailable:
                await asyncio.sleep(0.05)


async def test_one_process_alone_has_the_duty(database: str) -> None:
    async with AsyncExitStack() as others:
        first = await others.enter_async_context(opened(database))
        async with opened(database) as second:
            assert (first.on_duty, second.on_duty) == (True, False)
            await others.aclose()
            await until(lambda: second.on_duty)


# ---------------------------------------------------------------- several writers


async def test_the_same_package_at_two_processes_is_accepted_once(database: str) -> None:
    async with pair(database) as stores:
        names = [f"p{n}" for n in range(40)]
        told = await asyncio.gather(*(store.write(accept(package(name))) for name in names for store in stores))
        assert told[::2] == told[1::2]
        assert len(set(told)) == len(names)


async def test_two_processes_never_take_the_same_document(database: str) -> None:
    letters = [package(f"p{n}") for n in range(30)]

    def take(who: str) -> object:
        def work(tx: Transaction) -> Sequence[Leg]:
            waiting = tx.inbox("H26", frozenset({"edoc"}), NOW, 3)
            for leg in waiting:
                tx.put_leg(replace(leg, lock=who, locked_until=NOW + timedelta(hours=1)))
            return waiting

        return work

    async with pair(database) as stores:
        await stores[0].write(lambda tx: [tx.put_leg(inbound(letter)) for letter in letters])
        rounds = [store.write(take(str(n))) for n in range(10) for store in stores]  # type: ignore[arg-type]  # one work
        taken = [leg.package for legs in await asyncio.gather(*rounds) for leg in legs]
        assert sorted(taken) == sorted(letter.id for letter in letters)


async def test_a_counter_of_two_processes_loses_nothing(database: str) -> None:
    def count(tx: Transaction) -> None:
        tx.set_mark("count", str(int(tx.mark("count") or 0) + 1))

    async with pair(database) as stores:
        await asyncio.gather(*(store.write(count) for _ in range(100) for store in stores))
        assert await stores[0].read(lambda view: view.mark("count")) == "200"


async def test_a_reader_of_news_never_skips_a_row(database: str) -> None:
    """Numbers are given in one batch and seen after another: who reads by number must have missed none."""
    told, seen, writing = 150, [], True

    async def tell(store: SqlStore, who: str) -> None:
        for number in range(told):
            await store.write(lambda tx, n=number: tx.add_notice(Notice("gw", f"{who}{n}", "x")))

    async def follow(store: SqlStore) -> None:
        after = 0
        while True:
            last = not writing
            page = await store.read(lambda view, after=after: view.notices("gw", after, 7))
            seen.extend(notice.package for notice in page)
            after = page[-1].seq if page else after
            if last and not page:
                return

    async with opened(database) as first, opened(database) as second, opened(database) as reader:
        following = asyncio.create_task(follow(reader))
        await asyncio.gather(tell(first, "a"), tell(second, "b"), tell(reader, "c"))
        writing = False
        await following
    assert len(seen) == len(set(seen)) == 3 * told


# ---------------------------------------------------------------- refusals


async def test_a_database_that_went_away_is_unavailable_and_comes_back(database: str) -> None:
    async with opened(database) as store:
        cut(database)
        assert await store.read(lambda view: view.mark("m")) == ""  # asked again on a new connection
        operate(database, "ALTER DATABASE lienthong SET default_transaction_read_only = on")
        try:
            cut(database)
            with pytest.raises(Unavailable):
                await store.write(accept(package("a")))
        finally:
            operate(database, "ALTER DATABASE lienthong RESET default_transaction_read_only")
        cut(database)
        await eventually(store, "a")


async def test_a_password_has_no_place_in_the_url() -> None:
    with pytest.raises(ConfigurationInvalid, match=r"passfile.*belongs into a file") as caught:
        async with opened("postgresql://user:s3cret@127.0.0.1:1/x"):
            pass
    assert "s3cret" not in str(caught.value)


async def test_no_server_at_the_start_is_said(database: str) -> None:
    with pytest.raises(Unavailable):
        async with opened("postgresql://nobody@127.0.0.1:9/x?connect_timeout=2"):
            pass


async def test_text_that_postgresql_cannot_hold_hurts_only_its_giver(database: str) -> None:
    async with opened(database) as store:
        bad = accept(replace(package("bad"), request="zero\0byte"))
        told = await asyncio.gather(store.write(accept(package("a"))), store.write(bad), return_exceptions=True)
        assert told[0] == 0
        assert isinstance(told[1], ValueError)


# ---------------------------------------------------------------- rings


async def test_a_ring_is_heard_in_the_other_process(database: str) -> None:
    heard: list[str] = []
    async with messenger(database, heard.extend), messenger(database, list) as announce:

        def both() -> bool:
            announce(["gw-h26", "news:gw-h29"])  # until the other one listens
            return {"gw-h26", "news:gw-h29"} <= set(heard)

        await until(both)
        cut(database)
        heard.clear()
        await until(both)


def test_notices_stay_below_the_server_s_limit() -> None:
    topics = [f"desk:{n:06}{'x' * 90}" for n in range(500)]
    made = payloads("me", topics)
    assert max(map(len, made)) < 8000
    assert [topic for text in made for topic in text.split("\n")[1:]] == topics
    assert payloads("me", []) == []
