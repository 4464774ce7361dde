"""Webhooks in the tables of a hop. Port: `gateway.hooking.Hooks`."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from lienthong.adapters.sql import rows
from lienthong.adapters.sql import schema as t
from lienthong.adapters.sql.store import SqlStore
from lienthong.adapters.sql.transaction import SqlTransaction
from lienthong.errors import InvalidValue, NotFound
from lienthong.gateway.hooking import Hook

_hook = msgspec.json.Decoder(Hook).decode
_h = t.webhook.c
_ADD = sa.insert(t.webhook)
_CHANGE = sa.update(t.webhook).where(_h.tenant == sa.bindparam("of_tenant"), _h.name == sa.bindparam("of_name"))
_DROP = sa.delete(t.webhook).where(_h.tenant == sa.bindparam("of_tenant"), _h.name == sa.bindparam("of_name"))


class SqlHooks:
    """Over the store of the process."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    async def put(self, hook: Hook, most: int) -> None:
        def work(tx: SqlTransaction) -> None:
            others = [each for each in _of(tx.settled(), hook.tenant) if each.name != hook.name]
            if len(others) >= most:
                raise InvalidValue(f"webhooks ≤ {most}")
            tx.execute(_DROP, _key(hook.tenant, hook.name))
            tx.execute(_ADD, _values(hook))

        await self._store.change(work)

    async def of(self, tenant: str) -> Sequence[Hook]:
        return await self._store.look(lambda connection: _of(connection, tenant))

    async def get(self, tenant: str, name: str) -> Hook:
        found = await self._store.look(lambda connection: _one(connection, tenant, name))
        if found is None:
            raise NotFound(name[:80])
        return found

    async def drop(self, tenant: str, name: str) -> None:
        await self._store.change(lambda tx: tx.execute(_DROP, _key(tenant, name)))

    async def due(self, now: datetime, limit: int) -> Sequence[Hook]:
        query = sa.select(_h.body).where(_h.parked == 0, _h.due <= rows.ticks(now)).order_by(_h.due, _h.seq)
        return await self._store.look(lambda connection: _all(connection, query.limit(limit)))

    async def change(self, tenant: str, name: str, work: Callable[[Hook], Hook]) -> None:
        def changing(tx: SqlTransaction) -> None:
            known = _one(tx.settled(), tenant, name)
            if known is not None and (new := work(known)) != known:
                tx.execute(_CHANGE, _key(tenant, name) | _values(new))

        await self._store.change(changing)


def _of(connection: sa.Connection, tenant: str) -> Sequence[Hook]:
    return _all(connection, sa.select(_h.body).where(_h.tenant == tenant).order_by(_h.name))


def _one(connection: sa.Connection, tenant: str, name: str) -> Hook | None:
    found = _all(connection, sa.select(_h.body).where(_h.tenant == tenant, _h.name == name))
    return found[0] if found else None


def _all(connection: sa.Connection, query: sa.Select[Any]) -> Sequence[Hook]:
    return [_hook(body) for body in connection.execute(query).scalars()]


def _key(tenant: str, name: str) -> dict[str, Any]:
    return {"of_tenant": tenant, "of_name": name}


def _values(hook: Hook) -> dict[str, Any]:
    due, parked = rows.ticks(hook.due), int(hook.parked)
    return {"tenant": hook.tenant, "name": hook.name, "due": due, "parked": parked, "body": hook}
