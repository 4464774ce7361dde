"""Signing sessions in the tables of a hop. Port: `signature.session.keeping.Sessions`."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from lienthong.adapters.sql import rows
from lienthong.adapters.sql import schema as t
from lienthong.adapters.sql.store import SqlStore
from lienthong.adapters.sql.transaction import SqlTransaction
from lienthong.errors import NotFound
from lienthong.signature.session.keeping import Kept, Trace
from lienthong.signature.session.machine import OPEN

_kept = msgspec.json.Decoder(Kept).decode
_ADD, _TRACE = sa.insert(t.signing), sa.insert(t.signing_trace)
_CHANGE = sa.update(t.signing).where(
    t.signing.c.tenant == sa.bindparam("of_tenant"), t.signing.c.id == sa.bindparam("of_id")
)


class SqlSessions:
    """Over the store of the process."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    async def begin(self, fresh: Sequence[Kept], trail: Sequence[Trace]) -> tuple[Kept, ...]:
        def work(tx: SqlTransaction) -> tuple[Kept, ...]:
            known = [_one(tx.settled(), each.session.tenant, each.session.id) for each in fresh]
            if found := tuple(each for each in known if each is not None):
                return found
            for each in fresh:
                tx.execute(_ADD, _values(each))
            _note(tx, trail)
            return tuple(fresh)

        return await self._store.change(work)

    async def get(self, tenant: str, id: str) -> Kept | None:
        return await self._store.look(lambda connection: _one(connection, tenant, id))

    async def batch(self, tenant: str, batch: str) -> tuple[Kept, ...]:
        query = _query(t.signing.c.tenant == tenant, t.signing.c.batch == batch).order_by(t.signing.c.seq)
        return await self._store.look(lambda connection: _all(connection, query))

    async def change(self, tenant: str, id: str, work: Callable[[Kept], Kept], *trail: Trace) -> Kept:
        def changing(tx: SqlTransaction) -> Kept:
            known = _one(tx.settled(), tenant, id)
            if known is None:
                raise NotFound(id[:80])
            new = work(known)
            if new != known:
                tx.execute(_CHANGE, {"of_tenant": tenant, "of_id": id, **_values(new)})
                _note(tx, trail)
            return new

        return await self._store.change(changing)

    async def note(self, *trail: Trace) -> None:
        await self._store.change(lambda tx: _note(tx, trail))

    async def trail(self, tenant: str, id: str) -> tuple[Trace, ...]:
        own = t.signing_trace
        columns = [own.c[name] for name in Trace.__dataclass_fields__]
        query = sa.select(*columns).where(own.c.tenant == tenant, own.c.session == id).order_by(own.c.seq)
        found = await self._store.look(lambda connection: connection.execute(query).all())
        return tuple(Trace(rows.moment(row[0]), *row[1:]) for row in found)

    async def open(self, limit: int) -> tuple[Kept, ...]:
        query = _query(t.signing.c.open == 1).order_by(t.signing.c.expires, t.signing.c.seq).limit(limit)
        return await self._store.look(lambda connection: _all(connection, query))

    async def held(self, before: datetime, limit: int) -> tuple[Kept, ...]:
        over = _query(t.signing.c.holds == 1, t.signing.c.open == 0, t.signing.c.expires < rows.ticks(before))
        query = over.order_by(t.signing.c.expires, t.signing.c.seq).limit(limit)
        return await self._store.look(lambda connection: _all(connection, query))


def _query(*conditions: sa.ColumnElement[bool]) -> sa.Select[Any]:
    return sa.select(t.signing.c.body).where(*conditions)


def _one(connection: sa.Connection, tenant: str, id: str) -> Kept | None:
    found = _all(connection, _query(t.signing.c.tenant == tenant, t.signing.c.id == id))
    return found[0] if found else None


def _all(connection: sa.Connection, query: sa.Select[Any]) -> tuple[Kept, ...]:
    return tuple(_kept(body) for body in connection.execute(query).scalars())


def _values(kept: Kept) -> dict[str, Any]:
    session = kept.session
    return {
        "tenant": session.tenant,
        "id": session.id,
        "batch": session.batch,
        "state": session.state.value,
        "expires": rows.ticks(session.expires),
        "open": int(session.state in OPEN),
        "prepared": kept.prepared,
        "prepared_size": kept.prepared_size,
        "result": session.result,
        "result_size": kept.result_size,
        "holds": int(bool(kept.prepared_size or kept.result_size)),
        "body": kept,
    }


def _note(tx: SqlTransaction, trail: Iterable[Trace]) -> None:
    for each in trail:
        values = {name: getattr(each, name) for name in Trace.__dataclass_fields__}
        tx.execute(_TRACE, values | {"at": rows.ticks(each.at)})
