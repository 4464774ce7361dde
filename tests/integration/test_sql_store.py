"""What only the store on a disk can show: batches, one owner, migrations, a disk that fills up."""

import asyncio
import os
import subprocess
import threading
import warnings
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import sqlalchemy as sa  # noqa: TID251  the adapter's own suite
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from lienthong.adapters.sql import Limits, SqlStore
from lienthong.adapters.sql.engine import make_engine
from lienthong.adapters.sql.migrate import HEAD, configuration, upgrade
from lienthong.adapters.sql.schema import metadata
from lienthong.adapters.sql.writer import WORKS
from lienthong.adapters.tracing import PROCESS
from lienthong.delivery.ports import Transaction, View
from lienthong.errors import Busy, ConfigurationInvalid, EvidenceBroken, StorageFull, Unavailable
from lienthong.evidence import ProofResult, verify_receipt
from lienthong.testing.clock import FakeClock
from lienthong.testing.pki import pki
from store_world import accept, package

pytestmark = pytest.mark.integration
OTHER_ORIGIN = "lienthong.example/log/other"


async def test_two_hundred_writes_make_few_commits(tmp_path: Path) -> None:
    batches: list[int] = []
    async with SqlStore.open(tmp_path, pki().log(), FakeClock(), committed=batches.append) as store:
        await asyncio.gather(*(store.write(accept(package(str(n)))) for n in range(200)))
    assert sum(batches) == 200
    assert len(batches) <= 10
    assert max(batches) <= 64


async def test_batches_and_commits_are_measured(tmp_path: Path) -> None:
    works, batches = WORKS._sum.get(), told("lienthong_batch_works_count")
    commits = told("lienthong_commit_seconds_count")
    async with SqlStore.open(tmp_path, pki().log(), FakeClock()) as store:
        for n in range(3):
            await store.write(accept(package(str(n))))
        assert (store.seated, store.on_duty, store.waiting) == (True, True, 0)
    assert WORKS._sum.get() - works == 3
    assert told("lienthong_batch_works_count") - batches == 3
    assert told("lienthong_commit_seconds_count") - commits == 3


def told(name: str) -> float:
    return PROCESS.get_sample_value(name) or 0


async def test_a_read_sees_one_moment(tmp_path: Path) -> None:
    async with SqlStore.open(tmp_path, pki().log(), FakeClock()) as store:
        await store.write(accept(package("a")))
        loop, late = asyncio.get_running_loop(), package("b").id

        def look(view: View) -> tuple[bool, bool]:
            before = view.package(late) is not None
            asyncio.run_coroutine_threadsafe(store.write(accept(package("b"))), loop).result(30)
            return before, view.package(late) is not None or bool(view.legs(late))

        assert await store.read(look) == (False, False)
        assert await store.read(lambda view: bool(view.legs(late)))


async def test_large_works_end_a_batch(tmp_path: Path) -> None:
    batches: list[int] = []

    def large(tx: Transaction) -> None:
        tx.add_package(package("a"), {f"{len(batches):064}": b"x" * 600})

    limits = Limits(size=1000)
    async with SqlStore.open(tmp_path, pki().log(), FakeClock(), limits=limits, committed=batches.append) as store:
        await asyncio.gather(*(store.write(large) for _ in range(5)))
    assert batches == [1, 1, 1, 1, 1]


async def test_too_many_waiting_writes_are_turned_away(tmp_path: Path) -> None:
    gate, entered = threading.Event(), threading.Event()

    def hold(_tx: Transaction) -> None:
        entered.set()
        gate.wait()

    async with SqlStore.open(tmp_path, pki().log(), FakeClock(), limits=Limits(waiting=3)) as store:
        held = asyncio.create_task(store.write(hold))
        await asyncio.to_thread(entered.wait)
        waiting = [asyncio.create_task(store.write(accept(package(str(n))))) for n in range(3)]
        await asyncio.sleep(0)
        with pytest.raises(Busy):
            await store.write(accept(package("one too many")))
        gate.set()
        assert await asyncio.gather(held, *waiting) == [None, 0, 1, 2]


async def test_closing_answers_what_waits(tmp_path: Path) -> None:
    async with SqlStore.open(tmp_path, pki().log(), FakeClock()) as store:
        waiting = [asyncio.create_task(store.write(accept(package(str(n))))) for n in range(100)]
        await asyncio.sleep(0)
    assert await asyncio.gather(*waiting) == list(range(100))
    with pytest.raises(Unavailable):
        await store.write(accept(package("late")))


async def test_a_caller_who_left_does_not_stop_the_others(tmp_path: Path) -> None:
    async with SqlStore.open(tmp_path, pki().log(), FakeClock()) as store:
        gone = asyncio.create_task(store.write(accept(package("gone"))))
        await asyncio.sleep(0)
        gone.cancel()
        with suppress(asyncio.CancelledError):
            await gone
        assert await store.write(accept(package("here"))) in {0, 1}


async def test_one_owner(tmp_path: Path) -> None:
    async with SqlStore.open(tmp_path, pki().log(), FakeClock()):
        with pytest.raises(ConfigurationInvalid, match="another process owns this log"):
            async with SqlStore.open(tmp_path, pki().log(), FakeClock()):
                pass
    async with SqlStore.open(tmp_path, pki().log(), FakeClock()) as store:
        assert await store.write(accept(package("a"))) == 0


async def test_a_log_that_was_tampered_with_does_not_open(tmp_path: Path) -> None:
    async with SqlStore.open(tmp_path, pki().log(), FakeClock()) as store:
        await asyncio.gather(*(store.write(accept(package(str(n)))) for n in range(3)))
    engine = make_engine(f"sqlite:///{tmp_path / 'hop.sqlite3'}", writer=True)
    with engine.begin() as connection:
        connection.exec_driver_sql('UPDATE leaf SET hash = zeroblob(32) WHERE "index" = 1')
    engine.dispose()
    with pytest.raises(EvidenceBroken):
        async with SqlStore.open(tmp_path, pki().log(), FakeClock()):
            pass


async def test_the_log_of_another_origin_does_not_open(tmp_path: Path) -> None:
    async with SqlStore.open(tmp_path, pki().log(), FakeClock()) as store:
        await store.write(accept(package("a")))
    with pytest.raises(EvidenceBroken):
        async with SqlStore.open(tmp_path, pki().log(OTHER_ORIGIN), FakeClock()):
            pass


async def test_old_receipts_prove_and_recent_ones_cost_no_sql(tmp_path: Path) -> None:
    asked: list[str] = []
    async with SqlStore.open(tmp_path, pki().log(), FakeClock()) as store:
        await asyncio.gather(*(store.write(accept(package(str(n)))) for n in range(600)))

        @sa.event.listens_for(store._readers, "before_cursor_execute")
        def hear(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
            asked.append(statement)

        recent = [await store.receipt(index) for index in range(0, 600, 7)]
        assert asked == []
    async with SqlStore.open(tmp_path, pki().log(), FakeClock()) as store:
        assert [await store.receipt(index) for index in range(0, 600, 7)] == recent
    assert {verify_receipt(found, None, pki().roots).result for found in recent} == {ProofResult.PROVED}


# ---------------------------------------------------------------- tables


def of_the_schema(name: str | None, kind: str, _: object) -> bool:
    """The full-text table and its shadows belong to SQLite, the hours follow from the packages."""
    return kind != "table" or not (name or "").startswith(("package_words", "package_hour"))


def test_migrations_make_the_tables_of_the_schema(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'x'}", writer=True)
    upgrade(engine)
    with engine.begin() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": of_the_schema})
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Skipped unsupported reflection of expression-based index")
            assert compare_metadata(context, metadata) == []
        assert ScriptDirectory.from_config(configuration(connection)).get_current_head() == HEAD
    upgrade(engine)
    engine.dispose()


def test_every_question_has_its_index(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'x'}", writer=True)
    upgrade(engine)
    questions = {
        "leg_due": "SELECT * FROM leg WHERE next_hop='a' AND lane='through' AND state IN ('accepted') AND due<=1 "
        "ORDER BY precedence, due, seq LIMIT 9",
        "leg_inbox": "SELECT * FROM leg WHERE recipient='a' AND lane='in' AND state='delivered' "
        "AND content IN ('edoc') ORDER BY precedence, since, seq LIMIT 9",
        "leg_expiring": "SELECT * FROM leg WHERE lane IN ('out') AND state IN ('recorded') AND expires_at <= 1",
        "package_document": "SELECT * FROM package WHERE sender='a' AND document_id='b' AND content='edoc' ORDER BY seq",
        "package_sent": "SELECT * FROM package WHERE sender='a' AND content='edoc' ORDER BY seq DESC LIMIT 9",
        "package_unreported": "SELECT * FROM package WHERE unreported=1 ORDER BY seq LIMIT 9",
        "step_package": "SELECT * FROM step WHERE package='a' ORDER BY seq",
        "notice_to": "SELECT * FROM notice WHERE \"to\"='a' AND seq > 1 ORDER BY seq LIMIT 9",
        "status_package_seq": "SELECT * FROM status WHERE package='a' ORDER BY seq",
    }
    with engine.begin() as connection:
        for index, question in questions.items():
            plan = " ".join(row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {question}"))
            assert f"USING INDEX {index}" in plan, plan
            assert "TEMP B-TREE" not in plan, plan
    engine.dispose()


# ---------------------------------------------------------------- no room


def limit_pages(more: int) -> "object":
    """A work that lets the file grow by so many pages only."""

    def work(tx: Transaction) -> None:
        connection: sa.Connection = tx._connection  # type: ignore[attr-defined]  # the real one, in its own suite
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + more}")

    return work


async def test_a_full_store_says_so_and_goes_on(tmp_path: Path) -> None:
    async with SqlStore.open(tmp_path, pki().log(), FakeClock()) as store:
        assert await store.write(accept(package("before"))) == 0
        await store.write(limit_pages(8))  # type: ignore[arg-type]  # as above
        big = {f"{n:064}": b"x" * 4096 for n in range(20)}

        def fill(tx: Transaction) -> None:
            tx.add_package(package("big"), big)
            accept(package("with the big one"))(tx)

        with pytest.raises(StorageFull):
            await store.write(fill)
        assert await store.read(lambda view: view.package(package("big").id)) is None
        assert len(await store.leaves(0, 9)) == 1
        await store.write(limit_pages(100_000))  # type: ignore[arg-type]  # as above
        assert await store.write(accept(package("after"))) == 1
        proof = verify_receipt(await store.receipt(1), None, pki().roots)
        assert proof.result is ProofResult.PROVED


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mounted, check=False, capture_output=True).returncode != 0:
        pytest.skip("mounting a small disk needs root")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


async def test_a_full_disk(small_disk: Path) -> None:
    """A real ENOSPC, found in the middle of a batch or at its commit."""
    async with SqlStore.open(small_disk, pki().log(), FakeClock()) as store:
        done = [await store.write(accept(package("first")))]
        ballast = small_disk / "ballast"
        space = os.statvfs(small_disk)
        ballast.write_bytes(b"x" * (space.f_bavail * space.f_frsize - 200_000))
        failed = 0
        for n in range(200):
            try:
                done.append(await store.write(accept(package(f"{n}" * 300))))
            except StorageFull:
                failed += 1
        assert failed > 0
        ballast.unlink()
        done.append(await store.write(accept(package("last"))))
        assert done == list(range(len(done)))
        for index in done:
            assert verify_receipt(await store.receipt(index), None, pki().roots).result is ProofResult.PROVED
    async with SqlStore.open(small_disk, pki().log(), FakeClock()) as store:
        assert len(await store.leaves(0, 1000)) == len(done)


async def test_a_commit_that_fails_undoes_the_batch(tmp_path: Path) -> None:
    async with SqlStore.open(tmp_path, pki().log(), FakeClock()) as store:
        await store.write(accept(package("first")))
        fail = [True]

        @sa.event.listens_for(store._engine, "commit")
        def hinder(_connection: sa.Connection) -> None:
            if fail.pop() if fail else False:
                raise sa.exc.OperationalError("COMMIT", None, OSError("disk I/O error"))

        answers = await asyncio.gather(
            *(store.write(accept(package(str(n)))) for n in range(5)), return_exceptions=True
        )
        assert any(isinstance(answer, Unavailable) for answer in answers)
        good = [answer for answer in answers if isinstance(answer, int)]
        assert await store.write(accept(package("last"))) == 1 + len(good)
        assert len(await store.leaves(0, 99)) == 2 + len(good)
        found = [await store.read(lambda view, n=n: view.package(package(str(n)).id)) for n in range(5)]
        assert [each is not None for each in found] == [isinstance(answer, int) for answer in answers]
