"""Systems of the VXP face in the tables of a gateway. Port: `gateway.vxp.ports.Systems`."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import msgspec
import sqlalchemy as sa

from lienthong.adapters.sql import rows
from lienthong.adapters.sql import schema as t
from lienthong.adapters.sql.store import SqlStore
from lienthong.adapters.sql.transaction import SqlTransaction
from lienthong.errors import Busy, InvalidValue, NotFound
from lienthong.gateway.vxp.ports import MOST_WISHES
from lienthong.gateway.vxp.systems import System, TrailRow, Wish

KEPT = timedelta(days=400)
"""How long the trail goes back."""
_ADD, _WISH, _TRAIL = sa.insert(t.system), sa.insert(t.system_wish), sa.insert(t.system_trail)
_CHANGE = sa.update(t.system).where(t.system.c.id == sa.bindparam("of_id"))
_DECIDE = sa.update(t.system_wish).where(t.system_wish.c.id == sa.bindparam("of_id"))
_COUNT = sa.update(t.system_trail).where(
    *(t.system_trail.c[name] == sa.bindparam(f"of_{name}") for name in ("minute", "system", "call", "code"))
)
_system, _wish = msgspec.json.Decoder(System).decode, msgspec.json.Decoder(Wish).decode


class SqlSystems:
    """Over the store of the process."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    async def all(self) -> Sequence[System]:
        query = sa.select(t.system.c.body).order_by(t.system.c.id)
        return await self._store.look(lambda connection: list(map(_system, connection.execute(query).scalars())))

    async def add(self, system: System) -> None:
        def adding(tx: SqlTransaction) -> None:
            if _one(tx.settled(), system.id) is not None:
                raise InvalidValue(f"{system.id}: đã đăng ký / registered already")
            tx.execute(_ADD, {"id": system.id, "body": system})

        await self._store.change(adding)

    async def change(self, id: str, work: Callable[[System], System]) -> System:
        def changing(tx: SqlTransaction) -> System:
            known = _one(tx.settled(), id)
            if known is None:
                raise NotFound(id[:64])
            new = work(known)
            tx.execute(_CHANGE, {"of_id": id, "body": new})
            return new

        return await self._store.change(changing)

    async def wish(self, wish: Wish) -> Wish:
        def wishing(tx: SqlTransaction) -> Wish:
            own = (t.system_wish.c.state == "waiting", t.system_wish.c.system == wish.system)
            same = (t.system_wish.c.act == wish.act, t.system_wish.c.code == wish.code)
            if (found := tx.settled().execute(_wishes(*own, *same)).scalar()) is not None:
                return _wish(found)
            count = sa.select(sa.func.count()).select_from(t.system_wish).where(*own)
            if (tx.settled().execute(count).scalar() or 0) >= MOST_WISHES:
                raise Busy(f"{wish.system}: {MOST_WISHES} wishes wait")
            tx.execute(_WISH, _values(wish))
            return wish

        return await self._store.change(wishing)

    async def wishes(self, *, waiting: bool) -> Sequence[Wish]:
        own = t.system_wish
        query = _wishes(own.c.state == "waiting").order_by(own.c.seq)
        newest = sa.select(own.c.body).order_by(own.c.seq.desc())
        limited = (query if waiting else newest).limit(MOST_WISHES)
        return await self._store.look(lambda connection: list(map(_wish, connection.execute(limited).scalars())))

    async def decide(self, id: str, work: Callable[[Wish], Wish]) -> Wish:
        def deciding(tx: SqlTransaction) -> Wish:
            query = _wishes(t.system_wish.c.id == id, t.system_wish.c.state == "waiting")
            found = tx.settled().execute(query).scalar()
            if found is None:
                raise NotFound(id[:64])
            new = work(_wish(found))
            tx.execute(_DECIDE, {"of_id": id, **_values(new)})
            return new

        return await self._store.change(deciding)

    async def note(self, rows_: Sequence[TrailRow]) -> None:
        def noting(tx: SqlTransaction) -> None:
            for row in rows_:
                _count(tx, row)
            oldest = rows.ticks(max(row.minute for row in rows_) - KEPT)
            tx.settled().execute(sa.delete(t.system_trail).where(t.system_trail.c.minute < oldest))

        if rows_:
            await self._store.change(noting)

    async def trail(self, system: str, limit: int) -> Sequence[TrailRow]:
        own = t.system_trail
        columns = [own.c[name] for name in TrailRow.__dataclass_fields__]
        query = sa.select(*columns).order_by(own.c.minute.desc(), own.c.seq.desc()).limit(limit)
        asked = query.where(own.c.system == system) if system else query
        found = await self._store.look(lambda connection: connection.execute(asked).all())
        return [TrailRow(rows.moment(row[0]), *row[1:]) for row in found]


def _one(connection: sa.Connection, id: str) -> System | None:
    found = connection.execute(sa.select(t.system.c.body).where(t.system.c.id == id)).scalar()
    return _system(found) if found is not None else None


def _wishes(*conditions: sa.ColumnElement[bool]) -> sa.Select[Any]:
    return sa.select(t.system_wish.c.body).where(*conditions)


def _values(wish: Wish) -> dict[str, Any]:
    return {name: getattr(wish, name) for name in ("id", "system", "act", "code", "state")} | {"body": wish}


def _count(tx: SqlTransaction, row: TrailRow) -> None:
    key = {"minute": rows.ticks(row.minute), "system": row.system, "call": row.call, "code": row.code}
    more = _COUNT.values(count=t.system_trail.c.count + row.count)
    if not tx.execute(more, {f"of_{name}": value for name, value in key.items()}):
        tx.execute(_TRAIL, {**key, "count": row.count, "detail": row.detail})
