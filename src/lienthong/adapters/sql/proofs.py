"""Proofs in the tables of a hop, their bytes in its object store. Port: `signature.proofs.Proofs`."""

from collections.abc import Sequence
from dataclasses import astuple
from typing import Any

import sqlalchemy as sa

from lienthong.adapters.sql import rows
from lienthong.adapters.sql import schema as t
from lienthong.adapters.sql.store import SqlStore
from lienthong.adapters.sql.transaction import SqlTransaction
from lienthong.delivery.ports import Objects
from lienthong.signature.proofs import Proof, ProofKind

_COLUMNS = [t.proof.c[name] for name in Proof.__dataclass_fields__]
_ADD = sa.insert(t.proof)


class SqlProofs:
    """Over the store of the process and its object store."""

    def __init__(self, store: SqlStore, objects: Objects) -> None:
        self._store, self._objects = store, objects

    async def keep(self, proof: Proof, data: bytes) -> bool:
        await self._objects.keep({proof.sha256: data})

        def work(tx: SqlTransaction) -> bool:
            known = sa.select(sa.literal(1)).where(t.proof.c.sha256 == proof.sha256)
            if tx.settled().execute(known).first() is not None:
                return False
            tx.settled().execute(_retired(proof))
            tx.execute(_ADD, _values(proof) | {"in_force": 1})
            return True

        return await self._store.change(work)

    async def since(self, after: int, limit: int) -> Sequence[tuple[int, Proof]]:
        query = sa.select(t.proof.c.seq, *_COLUMNS).where(t.proof.c.in_force == 1, t.proof.c.seq > after)
        ordered = query.order_by(t.proof.c.seq).limit(limit)
        found = await self._store.look(lambda connection: connection.execute(ordered).all())
        return [(row[0], _proof(row[1:])) for row in found]

    async def about(self, issuer: str, serial: str) -> Sequence[Proof]:
        mine = sa.select(*_COLUMNS).where(t.proof.c.issuer == issuer, t.proof.c.serial.in_(["", serial]))
        ordered = mine.order_by(t.proof.c.serial.desc(), t.proof.c.made.desc()).limit(20)
        found = await self._store.look(lambda connection: connection.execute(ordered).all())
        return [_proof(row) for row in found]

    async def data(self, sha256: str) -> bytes:
        return await self._objects.fetch(sha256)


def _retired(proof: Proof) -> sa.Update:
    """What was the newest of this place until now."""
    place = (t.proof.c.issuer == proof.issuer, t.proof.c.serial == proof.serial)
    same = (t.proof.c.kind == proof.kind.value, t.proof.c.in_force == 1)
    return sa.update(t.proof).where(*place, *same).values(in_force=0)


def _values(proof: Proof) -> dict[str, Any]:
    values = dict(zip(Proof.__dataclass_fields__, astuple(proof), strict=True))
    until = rows.ticks(proof.until) if proof.until else None
    return values | {"kind": proof.kind.value, "made": rows.ticks(proof.made), "until": until}


def _proof(row: Sequence[Any]) -> Proof:
    kind, sha256, size, issuer, serial, made, until = row
    ends = rows.moment(until) if until is not None else None
    return Proof(ProofKind(kind), sha256, size, issuer, serial, rows.moment(made), ends)
