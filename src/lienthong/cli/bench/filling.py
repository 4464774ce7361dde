"""Fill a hop's store with packages of the past, delivered long ago: what a busy axis carries around.

A seed goes in through the store itself; then, while nobody has the store open, its rows are copied inside the database
under new ids that follow each other, so that every index grows at its end. The log grows with them by one and the same
leaf, tile by tile, and is one that verifies.
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
"""Since when there are packages: the seed is the oldest, each copy of it an hour younger."""
_WORK = 500
_LEAVES = 3
_MARK = 8
"""Characters of an id that tell a copy, in their place."""
Told = Callable[[str], None]


async def sow(hop: Hop, count: int) -> None:
    """Bring an empty store to `count` packages, at most a seed, each with a leg, two steps and three leaves."""
    past = hop.clock.now() - AGO
    packages = [_package(f"seed-{number}", past) for number in range(min(count, SEED))]
    packages.sort(key=lambda package: package.id[_MARK:])  # the copies' order
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
    with _careless(engine):
        with engine.begin() as connection:
            ledger = log.load(connection, signer)
        for number in range(1, count // SEED):
            with engine.begin() as connection:
                _grow_log(connection, ledger, at)
                for table, key in ((t.package, t.package.c.id), (t.leg, t.leg.c.package), (t.step, t.step.c.package)):
                    connection.execute(_copied(table, key, number))
            told(f"gói / packages {(number + 1) * SEED:,}")


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


def _grow_log(connection: sa.Connection, ledger: Ledger, at: datetime) -> None:
    """A copy's leaves, all of them the same, made by the database; their tiles and checkpoint, by the log itself."""
    body = event_of(EventKind.CONSIGNED, AXIS, at, _package("grown", at)).to_leaf()
    growth = ledger.grown((), [leaf_hash(body)] * (_LEAVES * SEED))
    places = sa.select(sa.literal(growth.first).label("index")).cte("places", recursive=True)
    places = places.union_all(sa.select(places.c.index + 1).where(places.c.index < growth.size - 1))
    leaves = sa.select(places.c.index, sa.literal(leaf_hash(body)), sa.literal(body))
    connection.execute(t.leaf.insert().from_select([t.leaf.c.index, t.leaf.c.hash, t.leaf.c.body], leaves))
    log.store(connection, 0, growth, (), at, log.chain_id(connection, ledger.chain))
    ledger.publish(growth)


def _copied(table: sa.Table, key: sa.Column[str], number: int) -> sa.Insert:
    """Rows of the seed (ids that begin with no mark of ours) once more, their ids marked with a number."""
    mark = sa.literal(f"x{number:0{_MARK - 1}}")
    marked = (key, t.package.c.folded)  # what is searched begins with the id
    new = {column: mark + sa.func.substr(column, _MARK + 1) for column in marked}
    new[t.package.c.document_id] = mark + t.package.c.document_id
    new[t.package.c.recorded_at] = t.package.c.recorded_at + number * HOUR
    columns = [column for column in table.c if column.name not in {"seq", "package_seq"}]
    changed = [new.get(column, column).label(column.name) for column in columns]
    seed = sa.select(*changed).where(key < "x", table.c.seq <= 2 * SEED).order_by(table.c.seq)
    return table.insert().from_select(columns, seed)
