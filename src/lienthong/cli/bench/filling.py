"""Fill a hop's store with packages of the past, delivered long ago: what a busy axis carries around.

A seed goes in through the store itself; then, while nobody has the store open, its rows are copied inside the database.
The copies' ids lie all over, as those of the packages to come do; a handful of the seed is copied at a time, so that
indexes are written in one place at a time. The log grows with them by one and the same leaf, and is one that verifies.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial

import sqlalchemy as sa

from lienthong.adapters.ledger import Ledger, LogSigner
from lienthong.adapters.sql import log
from lienthong.adapters.sql import schema as t
from lienthong.adapters.sql.finding import HOUR
from lienthong.cli.bench.packages import RECIPIENT, RECIPIENT_GATEWAY, SENDER, SENDER_GATEWAY
from lienthong.delivery import AXIS, Content, Hop, Lane, Leg, Package, Step
from lienthong.delivery.evidence import event_of
from lienthong.delivery.journey import JourneyState
from lienthong.delivery.model import Head
from lienthong.delivery.ports import Transaction
from lienthong.document import package_id
from lienthong.evidence import EventKind, leaf_hash

SEED = 10_000
AGO = timedelta(days=60)
"""Since when there are packages: the seed is the oldest, the copies of each further handful an hour younger."""
STORED_BYTES = 3_000
"""About what a package takes, with its leg, steps and leaves, on SQLite."""
HANDFULS = 100
_HANDFUL = SEED // HANDFULS
_WORK = 500
_LEAVES = 3
_ID, _NUMBER, _FIRST = 32, 8, 10_000_000
"""Characters of an id, how many of them tell a copy, and what tells the first."""
_COPIED = ((t.package, t.package.c.id, 1), (t.leg, t.leg.c.package, 1), (t.step, t.step.c.package, 2))
Told = Callable[[str], None]


async def sow(hop: Hop, count: int) -> None:
    """Bring an empty store to `count` packages, at most a seed, each with a leg, two steps and three leaves."""
    past = hop.clock.now() - AGO
    packages = [_package(f"seed-{number}", past) for number in range(min(count, SEED))]
    packages.sort(key=lambda package: package.id)
    for start in range(0, len(packages), _WORK):
        await hop.store.write(partial(_sown, packages[start : start + _WORK]))


def _sown(packages: list[Package], tx: Transaction) -> None:
    for package in packages:
        at = package.recorded_at
        index = tx.record(event_of(EventKind.SUBMISSION_ACCEPTED, AXIS, at, package, with_parts=True))
        tx.add_package(package, {})
        leg = Leg(package.id, Lane.THROUGH, RECIPIENT, RECIPIENT, RECIPIENT_GATEWAY, JourneyState.DELIVERED, at, at, at)
        tx.put_leg(leg)
        tx.add_step(Step(package.id, at, AXIS, EventKind.SUBMISSION_ACCEPTED, index=index, lane=Lane.THROUGH))
        done = tx.record(event_of(EventKind.CONSIGNED, AXIS, at, package, leg))
        tx.record(event_of(EventKind.HANDED_OVER, AXIS, at, package, leg))
        tx.add_step(leg.step(at, AXIS, EventKind.CONSIGNED, index=done))


def _package(message_id: str, at: datetime) -> Package:
    head = Head(Content.EDOC, message_id, "15", "UBND-MẪU", "V/v đo tốc độ (văn bản mẫu)", "Công văn")
    key = package_id(SENDER, message_id)
    return Package(key, SENDER, message_id, head, key * 2, (), "." * 200, SENDER_GATEWAY, at, at)


def multiply(engine: sa.Engine, signer: LogSigner, count: int, at: datetime, told: Told) -> None:
    """Copy a sown seed until there are about `count` packages. The store is open nowhere else.

    Neither a crash nor a loss of power is survived: whoever meets one throws the store away.
    """
    copies = count // SEED - 1
    if copies < 1:
        return
    with _careless(engine):
        with engine.begin() as connection:
            ledger = log.load(connection, signer)
        for handful in range(1, HANDFULS + 1):
            with engine.begin() as connection:
                _grow_log(connection, ledger, _LEAVES * copies * _HANDFUL, at)
                for table, key, rows in _COPIED:
                    connection.execute(_copies(table, key, rows * _HANDFUL, handful, copies))
            told(f"gói / packages {SEED + handful * _HANDFUL * copies:,}")


@contextmanager
def _careless(engine: sa.Engine) -> Iterator[None]:
    """On SQLite, write pages once, straight to their place, and wait for no disk."""
    if engine.dialect.name == "sqlite":
        _pragmas(engine, "journal_mode=OFF", "synchronous=OFF")
        yield
        _pragmas(engine, "journal_mode=WAL", "synchronous=FULL")
    else:
        yield


def _pragmas(engine: sa.Engine, *pragmas: str) -> None:
    connection = engine.raw_connection()  # the pool's only one; outside of a transaction
    for pragma in pragmas:
        connection.cursor().execute(f"PRAGMA {pragma}")
    connection.close()


def _grow_log(connection: sa.Connection, ledger: Ledger, leaves: int, at: datetime) -> None:
    """Leaves of copies, all of them the same, made by the database; their tiles and checkpoint, by the log itself."""
    body = event_of(EventKind.CONSIGNED, AXIS, at, _package("grown", at)).to_leaf()
    growth = ledger.grown((), [leaf_hash(body)] * leaves)
    places = _numbers(growth.first, growth.size)
    rows = sa.select(places.c.number, sa.literal(leaf_hash(body)), sa.literal(body))
    connection.execute(t.leaf.insert().from_select([t.leaf.c.index, t.leaf.c.hash, t.leaf.c.body], rows))
    log.store(connection, 0, growth, (), at, log.chain_id(connection, ledger.chain))
    ledger.publish(growth)


def _numbers(start: int, stop: int) -> sa.CTE:
    first = sa.select(sa.literal(start).label("number")).cte("numbers", recursive=True)
    return first.union_all(sa.select(first.c.number + 1).where(first.c.number < stop - 1))


def _copies(table: sa.Table, key: sa.Column[str], rows: int, handful: int, copies: int) -> sa.Insert:
    """So many rows of the seed again and again, their ids ending with the number of the copy."""
    numbers = _numbers(_FIRST, _FIRST + copies)
    number = sa.cast(numbers.c.number, sa.Text)
    new = {column: _numbered(column, number) for column in (key, t.package.c.folded)}  # that begins with the id
    new[t.package.c.document_id] = t.package.c.document_id + "-" + number
    new[t.package.c.recorded_at] = t.package.c.recorded_at + handful * HOUR
    columns = [column for column in table.c if column.name not in {"seq", "package_seq"}]
    changed = [new.get(column, column).label(column.name) for column in columns]
    seed = table.c.seq.between((handful - 1) * rows + 1, handful * rows)
    return table.insert().from_select(columns, sa.select(*changed).join_from(table, numbers, sa.true()).where(seed))


def _numbered(text: sa.Column[str], number: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
    return sa.func.substr(text, 1, _ID - _NUMBER) + number + sa.func.substr(text, _ID + 1)
