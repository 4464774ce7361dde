"""Group commit: one thread writes for all; a batch is one transaction, one fsync, one signature.

    write() ─► queue ─► [ work, work, work … ] ─► rows, leaves, checkpoint ─► COMMIT ─► everyone is answered

A batch takes whatever waits, so it grows by itself when many come and costs nobody a wait when few do.
"""

import asyncio
import queue
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from prometheus_client import Histogram

from lienthong.adapters.ledger import Growth, Ledger
from lienthong.adapters.sql import log, seats
from lienthong.adapters.sql.copying import held
from lienthong.adapters.sql.engine import broken, translated, worth_repeating
from lienthong.adapters.sql.places import place, shard_of, within
from lienthong.adapters.sql.seats import NoSeat, Seats
from lienthong.adapters.sql.transaction import BatchSpoilt, SqlTransaction, hashes_of
from lienthong.adapters.tracing import PROCESS
from lienthong.delivery.ports import Clock
from lienthong.errors import Busy, InvalidValue, LienThongError, Unavailable
from lienthong.evidence import Receipt

Work = Callable[[SqlTransaction], Any]
WORKS = Histogram(
    "lienthong_batch_works",
    "Works in a durable batch",
    buckets=(1, 2, 4, 8, 16, 32, 64),
    registry=PROCESS,
)
COMMITS = Histogram(
    "lienthong_commit_seconds",
    "From COMMIT to durable, the disk's word included",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=PROCESS,
)


@dataclass(slots=True)
class Job:
    """A work, who waits for it, and what became of it."""

    work: Work
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Any]
    result: Any = None
    error: BaseException | None = None

    def answer(self) -> None:
        """Tell the caller, in the caller's own loop."""
        if self.future.done():  # the caller has gone
            return
        if self.error is None:
            self.future.set_result(self.result)
        else:
            self.future.set_exception(self.error)


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a batch and the queue before it may grow."""

    works: int = 64
    size: int = 16 << 20
    waiting: int = 1024


TRIES = 3
"""So often a batch is run whose transaction another process, or a connection found dead, brought to nothing."""
KNOCK = 1.0
"""Seconds after which a process without a seat, or without the duty, asks again."""


@dataclass(frozen=True, slots=True)
class Seat:
    """The shard we write, its log, and the number of the certificates it is signed under."""

    shard: int
    ledger: Ledger
    chain: int


class Writer:
    """The thread that owns the writing connection, and with it a seat; without a seat it stands by."""

    def __init__(
        self,
        engine: sa.Engine,
        owner: Seats,
        clock: Clock,
        limits: Limits,
        committed: Callable[[int], None] | None = None,
    ) -> None:
        self._engine, self._seats, self._clock = engine, owner, clock
        self._limits, self._committed = limits, committed
        self._queue: queue.Queue[Job | None] = queue.Queue(limits.waiting)
        self._closing = False
        self._doubtful = True  # whether the database may know more than we do
        self._before: int | None = None
        self.seat: Seat | None = None
        self.on_duty = False
        self._patience = None if engine.dialect.name == "sqlite" else KNOCK
        self._sit()
        self._thread = threading.Thread(target=self._serve, name="store-writer", daemon=True)
        self._thread.start()

    async def submit(self, work: Work) -> Any:
        """The work's result once its batch is durable.

        Busy when too many wait, Unavailable after closing or while another process holds every seat.
        """
        if self._closing:
            raise Unavailable("the store is closed")
        loop = asyncio.get_running_loop()
        job = Job(work, loop, loop.create_future())
        try:
            self._queue.put_nowait(job)
        except queue.Full:
            raise Busy(f"{self._limits.waiting} writes wait") from None
        return await job.future

    def receipt(self, number: int) -> Receipt | None:
        """The receipt of a recent leaf of our own, or None."""
        seat = self.seat
        if seat is None or shard_of(number) != seat.shard:
            return None
        return seat.ledger.receipt(within(number))

    @property
    def waiting(self) -> int:
        """How many works wait for their batch."""
        return self._queue.qsize()

    async def close(self) -> None:
        """Write what waits, answer it, and end."""
        if not self._closing:
            self._closing = True
            await asyncio.to_thread(self._queue.put, None)
        await asyncio.to_thread(self._thread.join)

    # ------------------------------------------------------------ the thread

    def _serve(self) -> None:
        more = True
        while more:
            try:
                jobs, more = self._gather()
            except queue.Empty:
                self._sit()
                continue
            if self._patience is not None and not self.on_duty and time.monotonic() - self._knocked > KNOCK:
                self._sit()  # however busy: without this nobody might do the work of one who died
            while jobs:
                ran = self._batch(jobs)
                _answer(jobs[:ran])
                jobs = jobs[ran:]

    def _gather(self) -> tuple[list[Job], bool]:
        """What waits, at least one; False when nothing will follow. queue.Empty when it is time to ask for a seat."""
        jobs: list[Job] = []
        found = self._queue.get(timeout=self._patience)
        while found is not None:
            jobs.append(found)
            if len(jobs) >= self._limits.works or self._queue.empty():
                return jobs, True
            found = self._queue.get()
        return jobs, False

    def _batch(self, jobs: Sequence[Job]) -> int:
        """Bring jobs to an end, as one batch if nothing hinders; returns how many of them."""
        try:
            return self._commit_at_last(jobs)
        except BatchSpoilt as error:
            return self._one_by_one(jobs, error)
        except sa.exc.DBAPIError as error:
            _fail(jobs, translated(error))
        except LienThongError as error:
            _fail(jobs, error)
        except Exception as error:  # noqa: BLE001  a worker's outermost loop: the thread must outlive any batch
            _fail(jobs, error)
        return len(jobs)

    def _commit_at_last(self, jobs: Sequence[Job]) -> int:
        """Commit, again if the works were brought to nothing by others: they are repeatable.

        Not after a commit that may have happened: whose answer is lost, its caller must ask.
        """
        for left in reversed(range(TRIES)):
            self._committing = False
            try:
                return self._commit(jobs)
            except sa.exc.DBAPIError as error:
                if self._committing or not left or not worth_repeating(error):
                    raise
        raise AssertionError("unreachable")

    def _one_by_one(self, jobs: Sequence[Job], error: BatchSpoilt) -> int:
        """Works are repeatable, and only alone can the one with the unwritable value be told from the rest."""
        if len(jobs) == 1:
            _fail(jobs, InvalidValue(str(error)))
        else:
            for job in jobs:
                self._batch([job])
        return len(jobs)

    def _commit(self, jobs: Sequence[Job]) -> int:
        with self._engine.begin() as connection:
            seat = self._seated(connection)
            self._doubtful = True  # until the commit has been seen to succeed
            tx = SqlTransaction(connection, place(seat.shard, seat.ledger.frontier.size))
            ran = _run(tx, jobs, self._limits.size)
            tx.finish()
            growth = self._grow(connection, seat, tx.leaves) if tx.leaves else None
            _require_transaction(connection)
            self._committing = True
            started = time.monotonic()
        COMMITS.observe(time.monotonic() - started)
        WORKS.observe(ran)
        if growth is not None:
            seat.ledger.publish(growth)
        self._doubtful = False
        if self._committed is not None:
            self._committed(ran)
        return ran

    def _grow(self, connection: sa.Connection, seat: Seat, leaves: Sequence[bytes]) -> Growth:
        hashes = hashes_of(leaves)
        growth = seat.ledger.grown(leaves, hashes)
        log.store(connection, seat.shard, growth, hashes, self._clock.now(), seat.chain)
        return growth

    def _seated(self, connection: sa.Connection) -> Seat:
        """Our seat on this connection, taken anew if it is a new one; nobody else writes from here on.

        The log is read again whenever a commit may or may not have happened, or others may have had the seat.
        """
        shard = self._seats.held(connection)
        if shard is None:
            self.seat, self.on_duty = None, False
            shard = self._seats.take(connection, self._before)
        seats.alone(connection)
        if self.seat is None and (reason := held(connection)):  # it may have moved away while we waited
            raise NoSeat(reason)
        if self.seat is None or self._doubtful:
            signer = self._seats.signers[shard]
            ledger = log.load(connection, signer, shard)
            self.seat = Seat(shard, ledger, log.chain_id(connection, ledger.chain))
        self._before = shard
        return self.seat

    def _sit(self) -> None:
        """At start and whenever nothing is to be written: have a seat, and the duty if it is free.

        Raises at start on SQLite alone what stands in the way; a server is waited for.
        """
        self._knocked = time.monotonic()
        try:
            with self._engine.begin() as connection:
                self._seated(connection)
                self.on_duty = seats.on_duty(connection)
            self._doubtful = False
        except NoSeat:
            self.seat, self.on_duty = None, False
        except sa.exc.DBAPIError:
            if self._patience is None:
                raise
            self.seat, self.on_duty, self._doubtful = None, False, True


def _run(tx: SqlTransaction, jobs: Sequence[Job], limit: int) -> int:
    """Run works until the batch is large enough; returns how many."""
    for number, job in enumerate(jobs, start=1):
        job.error = None
        try:
            job.result = None if job.future.cancelled() else tx.run(job.work)
        except Exception as error:
            if isinstance(error, BatchSpoilt) or broken(error):
                raise
            job.error = error
        if tx.size >= limit:
            return number
    return len(jobs)


def _require_transaction(connection: sa.Connection) -> None:
    """SQLite may end a transaction by itself; committing nothing must not pass for success.

    sqlite.org/lang_transaction.html §3.4
    """
    if not getattr(connection.connection.dbapi_connection, "in_transaction", True):
        raise Unavailable("the database gave the transaction up")


def _fail(jobs: Sequence[Job], error: BaseException) -> None:
    for job in jobs:
        job.error = error


def _answer(jobs: Sequence[Job]) -> None:
    """Wake each loop once."""
    loops: defaultdict[asyncio.AbstractEventLoop, list[Job]] = defaultdict(list)
    for job in jobs:
        loops[job.loop].append(job)
    for loop, waiting in loops.items():
        with suppress(RuntimeError):  # that loop is closed, and its callers with it
            loop.call_soon_threadsafe(_answer_all, waiting)


def _answer_all(jobs: Sequence[Job]) -> None:
    for job in jobs:
        job.answer()
