"""What a hop knows of files, in its tables. Port: `signature.known.Known`."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime

import sqlalchemy as sa

from lienthong.adapters.sql import rows
from lienthong.adapters.sql import schema as t
from lienthong.adapters.sql.store import SqlStore
from lienthong.adapters.sql.transaction import SqlTransaction
from lienthong.errors import InvalidValue
from lienthong.signature.facts.encoding import decode, encode
from lienthong.signature.facts.model import Facts
from lienthong.signature.known import Stand

_FACTS, _STAND, _BROUGHT = t.file_facts, t.file_stand, t.file_brought


class SqlKnown:
    """Over the store of the process."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    async def keep(self, facts: Facts, now: datetime, tenant: str = "") -> None:
        data = encode(replace(facts, looks=None))

        def work(tx: SqlTransaction) -> None:
            if _read(tx.settled(), facts.sha256) is None:
                tx.settled().execute(sa.delete(_FACTS).where(_FACTS.c.sha256 == facts.sha256))
                tx.execute(sa.insert(_FACTS), {"sha256": facts.sha256, "facts": data})
            if tenant:
                mine = {"tenant": tenant, "sha256": facts.sha256, "at": rows.ticks(now)}
                tx.settled().execute(sa.delete(_BROUGHT).where(*_by(tenant, facts.sha256)))
                tx.execute(sa.insert(_BROUGHT), mine)

        await self._store.change(work)

    async def facts(self, sha256: str) -> Facts | None:
        return await self._store.look(lambda connection: _read(connection, sha256))

    async def brought(self, tenant: str, sha256: str) -> bool:
        query = sa.select(sa.literal(1)).where(*_by(tenant, sha256))
        return await self._store.look(lambda connection: connection.execute(query).first()) is not None

    async def stands(self, sha256: str, limit: int) -> Sequence[Stand]:
        mine = sa.select(_STAND.c.sha256, _STAND.c.package, _STAND.c.name).where(_STAND.c.sha256 == sha256)
        query = mine.order_by(_STAND.c.seq.desc()).limit(limit)
        found = await self._store.look(lambda connection: connection.execute(query).all())
        return [Stand(*row) for row in found]

    async def stand(self, stands: Sequence[Stand]) -> None:
        def work(tx: SqlTransaction) -> None:
            for each in stands:
                if not _there(tx, _STAND.c.package == each.package, _STAND.c.name == each.name):
                    tx.execute(sa.insert(_STAND), asdict(each))

        await self._store.change(work)

    async def forget(self, before: datetime, limit: int) -> int:
        old = sa.select(_BROUGHT.c.tenant, _BROUGHT.c.sha256).where(_BROUGHT.c.at < rows.ticks(before)).limit(limit)

        def work(tx: SqlTransaction) -> int:
            found = tx.settled().execute(old).all()
            for tenant, sha256 in found:
                tx.settled().execute(sa.delete(_BROUGHT).where(*_by(tenant, sha256)))
                tx.settled().execute(_unheld(sha256))
            return len(found)

        return await self._store.change(work)


def _read(connection: sa.Connection, sha256: str) -> Facts | None:
    """None also for facts of a form that is not known any more: the file is looked at anew."""
    found = connection.execute(sa.select(_FACTS.c.facts).where(_FACTS.c.sha256 == sha256)).scalar()
    try:
        return decode(found) if found is not None else None
    except InvalidValue:
        return None


def _by(tenant: str, sha256: str) -> tuple[sa.ColumnElement[bool], ...]:
    return _BROUGHT.c.tenant == tenant, _BROUGHT.c.sha256 == sha256


def _there(tx: SqlTransaction, *conditions: sa.ColumnElement[bool]) -> bool:
    return tx.settled().execute(sa.select(sa.literal(1)).where(*conditions)).first() is not None


def _unheld(sha256: str) -> sa.Delete:
    """Facts of a file that stands nowhere and that nobody else brought."""
    stands = sa.exists().where(_STAND.c.sha256 == sha256)
    brought = sa.exists().where(_BROUGHT.c.sha256 == sha256)
    return sa.delete(_FACTS).where(_FACTS.c.sha256 == sha256, ~stands, ~brought)
