"""Fill a hop's store with packages of the past, delivered long ago: what a busy axis carries around.

A seed goes in through the store itself; then its rows are copied under new ids inside the database, which is quick
enough for millions. The log grows through the store too, leaf by leaf, so that it is one that verifies.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import sqlalchemy as sa

from lienthong.adapters.sql import schema as t
from lienthong.adapters.sql.finding import HOUR
from lienthong.cli.bench.packages import RECIPIENT, RECIPIENT_GATEWAY, SENDER, SENDER_GATEWAY
from lienthong.delivery import AXIS, Content, Hop, Lane, Leg, Package, Step
from lienthong.delivery.evidence import event_of
from lienthong.delivery.journey import JourneyState
from lienthong.delivery.model import Head
from lienthong.delivery.ports import Transaction
from lienthong.document import package_id
from lienthong.evidence import Event, EventKind

SEED = 10_000
AGO = timedelta(days=60)
"""Since when there are packages: the seed is the oldest, each copy of it an hour younger."""
_WORK = 500
_GROWTH = 20_000
Told = Callable[[str], None]


async def fill(hop: Hop, engine: sa.Engine, count: int, told: Told) -> None:
    """Bring an empty store to about `count` packages, each with a leg, two steps and three leaves."""
    past = hop.clock.now() - AGO
    seed = min(count, SEED)
    for start in range(0, seed, _WORK):
        await hop.store.write(partial(_packages, start, min(start + _WORK, seed), past))
    if count > SEED:
        await _grow_log(hop, 3 * (count - SEED), past, told)
        multiply(engine, count // SEED, told)


def _packages(start: int, stop: int, at: datetime, tx: Transaction) -> None:
    for number in range(start, stop):
        package = _package(f"seed-{number}", at)
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
    return Package(key, SENDER, message_id, head, key * 2, (), "…" * 200, SENDER_GATEWAY, at, at)


async def _grow_log(hop: Hop, leaves: int, at: datetime, told: Told) -> None:
    event = event_of(EventKind.CONSIGNED, AXIS, at, _package("grown", at))
    for start in range(0, leaves, _GROWTH):
        count = min(_GROWTH, leaves - start)
        await hop.store.write(partial(_recorded, event, count))
        told(f"nhật ký / log {start + count:,}")


def _recorded(event: Event, count: int, tx: Transaction) -> None:
    for _ in range(count):
        tx.record(event)


def multiply(engine: sa.Engine, times: int, told: Told) -> None:
    """Copy what is there `times - 1` times under ids of its own; both sides of every key change alike."""
    for number in range(1, times):
        with engine.begin() as connection:
            for table, key in ((t.package, t.package.c.id), (t.leg, t.leg.c.package), (t.step, t.step.c.package)):
                connection.execute(_copied(table, key, number))
        told(f"gói / packages {(number + 1) * SEED:,}")


def _copied(table: sa.Table, key: sa.Column[str], number: int) -> sa.Insert:
    """Rows of the seed (ids that begin with no mark of ours) once more, their ids marked with a number."""
    mark = sa.literal(f"x{number:07}")
    marked = (key, t.package.c.folded)  # what is searched begins with the id
    new = {column: mark + sa.func.substr(column, 9) for column in marked}
    new[t.package.c.recorded_at] = t.package.c.recorded_at + number * HOUR
    columns = [column for column in table.c if column.name not in {"seq", "package_seq"}]
    changed = [new.get(column, column).label(column.name) for column in columns]
    return table.insert().from_select(columns, sa.select(*changed).where(sa.not_(key.like("x%"))))
