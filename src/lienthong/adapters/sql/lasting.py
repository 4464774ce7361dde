"""Proofs that last, in the tables of a hop. Port: `signature.lasting.keeping.Ledger`."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from lienthong.adapters.sql import rows
from lienthong.adapters.sql import schema as t
from lienthong.adapters.sql.store import SqlStore
from lienthong.adapters.sql.transaction import SqlTransaction
from lienthong.errors import NotFound
from lienthong.signature.lasting.keeping import Entry, Kind, Member, Planted, Stamp, Standing, State
from lienthong.signature.lasting.link import Grove

CURSOR = "lasting:package"
"""The mark up to which packages have their entries."""
_members = msgspec.json.Decoder(tuple[Member, ...]).decode
_e, _t, _s = t.lasting_entry.c, t.lasting_tree.c, t.lasting_stamp.c
_ENTRY = [_e[name] for name in Entry.__dataclass_fields__]
_TREE = [_t.seq, _t.at, _t.algorithm, _t.root, _t.leaves, _t.ends, _t.renewed]
_STAMP = [_s[name] for name in Stamp.__dataclass_fields__]
_ADD = sa.insert(t.lasting_entry)
_PLACE = sa.update(t.lasting_entry).where(_e.seq == sa.bindparam("of_seq"))


class SqlLedger:
    """Over the store of the process."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    async def cursor(self) -> int:
        return int(await self._store.read(lambda view: view.mark(CURSOR)) or 0)

    async def enrol(self, fresh: Sequence[Entry], cursor: int | None = None) -> int:
        def work(tx: SqlTransaction) -> int:
            new = [each for each in fresh if not tx.settled().execute(sa.select(_e.seq).where(*_is(each))).first()]
            for each in new:
                tx.execute(sa.update(t.lasting_entry).where(_e.kind == each.kind, _e.of == each.of), {"newest": 0})
                tx.execute(_ADD, _values(each) | {"newest": 1})
                if each.kind is Kind.TREE:
                    tx.execute(sa.update(t.lasting_tree).where(_t.seq == int(each.of)), {"renewed": 1})
            if cursor is not None:
                tx.set_mark(CURSOR, str(cursor))
            return len(new)

        return await self._store.change(work)

    async def due(self, now: datetime, limit: int) -> Sequence[Entry]:
        waiting = sa.select(*_ENTRY).where(_e.state == State.WAITING, _e.due <= rows.ticks(now))
        return await self._entries(waiting.order_by(_e.attempts, _e.due, _e.seq).limit(limit))

    async def put_off(self, entry: Entry) -> None:
        told = {name: value for name, value in _values(entry).items() if name in {"due", "attempts", "code", "detail"}}
        await self._change(sa.update(t.lasting_entry).where(*_is(entry), _e.state == State.WAITING), told)

    async def gathered(self, entry: Entry) -> None:
        def work(tx: SqlTransaction) -> None:
            waiting = sa.update(t.lasting_entry).where(*_is(entry), _e.state == State.WAITING)
            if tx.execute(waiting, _values(entry) | {"state": State.GATHERED}):
                _need(tx, {each.sha256: each.size for each in entry.members if each.held})

        await self._store.change(work)

    async def planting(self) -> datetime | None:
        newest = sa.select(_t.at).order_by(_t.seq.desc()).limit(1)
        at = await self._store.look(lambda connection: connection.execute(newest).scalar())
        return None if at is None else rows.moment(at)

    async def plant(self, algorithm: str, now: datetime, limit: int) -> Planted | None:
        ready = sa.select(_e.seq, _e.leaf).where(_e.state == State.GATHERED, _e.algorithm == algorithm)

        def work(tx: SqlTransaction) -> Planted | None:
            found = tx.settled().execute(ready.order_by(_e.seq).limit(limit)).all()
            if not found:
                return None
            leaves = tuple(bytes.fromhex(row.leaf) for row in found)
            root = Grove(algorithm, leaves).root.hex()
            made = {"at": rows.ticks(now), "algorithm": algorithm, "root": root, "leaves": b"".join(leaves)}
            tx.execute(sa.insert(t.lasting_tree), made | {"renewed": 0})
            number = int(tx.settled().execute(sa.select(sa.func.max(_t.seq))).scalar_one())
            for place, row in enumerate(found):
                tx.execute(_PLACE, {"of_seq": row.seq, "tree": number, "place": place, "state": State.PLANTED})
            return Planted(number, now, algorithm, root, leaves)

        return await self._store.change(work)

    async def unstamped(self, authority: str, since: datetime, limit: int) -> Sequence[Planted]:
        by = sa.exists().where(_s.tree == _t.seq, _s.authority == authority)
        open_ = sa.or_(_t.ends.is_(None), _t.at >= rows.ticks(since))
        return await self._trees(sa.select(*_TREE).where(open_, ~by).order_by(_t.seq).limit(limit))

    async def uproot(self, before: datetime) -> int:
        bare = sa.select(_t.seq).where(_t.ends.is_(None), _t.at < rows.ticks(before))

        def work(tx: SqlTransaction) -> int:
            trees = list(tx.settled().execute(bare).scalars())
            mine = sa.update(t.lasting_entry).where(_e.tree.in_(trees))
            count = tx.execute(mine, {"state": State.WAITING, "tree": 0, "place": 0})
            tx.execute(sa.delete(t.lasting_tree).where(_t.seq.in_(trees)), {})
            return count

        return await self._store.change(work)

    async def keep_stamp(self, stamp: Stamp) -> None:
        told = {name: getattr(stamp, name) for name in Stamp.__dataclass_fields__}
        row = told | {"at": rows.ticks(stamp.at), "ends": rows.ticks(stamp.ends)}
        known = sa.select(_s.tree).where(_s.tree == stamp.tree, _s.authority == stamp.authority)

        def work(tx: SqlTransaction) -> None:
            if tx.settled().execute(known).first() is not None:
                return
            tx.execute(sa.insert(t.lasting_stamp), row)
            best = sa.select(sa.func.max(_s.ends)).where(_s.tree == stamp.tree)
            ends = tx.settled().execute(best).scalar_one()
            tx.execute(sa.update(t.lasting_tree).where(_t.seq == stamp.tree), {"ends": ends})

        await self._store.change(work)

    async def tree(self, number: int) -> tuple[Planted, Sequence[Stamp]]:
        found = await self._trees(sa.select(*_TREE).where(_t.seq == number))
        if not found:
            raise NotFound(f"tree {number}")
        query = sa.select(*_STAMP).where(_s.tree == number).order_by(_s.authority)
        stamps = await self._store.look(lambda connection: connection.execute(query).all())
        return found[0], [_stamp(row) for row in stamps]

    async def ending(self, before: datetime, limit: int) -> Sequence[Planted]:
        over = sa.select(*_TREE).where(_t.renewed == 0, _t.ends < rows.ticks(before))
        return await self._trees(over.order_by(_t.ends, _t.seq).limit(limit))

    async def entries(self, kind: Kind, of: str) -> Sequence[Entry]:
        return await self._entries(sa.select(*_ENTRY).where(_e.kind == kind, _e.of == of).order_by(_e.round))

    async def recorded_with(self, algorithm: str, limit: int) -> Sequence[Entry]:
        last = (_e.algorithm == algorithm, _e.newest == 1, _e.state == State.PLANTED, _e.kind == Kind.DOCUMENT)
        return await self._entries(sa.select(*_ENTRY).where(*last).order_by(_e.seq).limit(limit))

    async def in_tree(self, number: int, limit: int) -> Sequence[Entry]:
        return await self._entries(sa.select(*_ENTRY).where(_e.tree == number).order_by(_e.place).limit(limit))

    async def held(self, after: int, limit: int) -> Sequence[tuple[int, str]]:
        kept = t.lasting_object.c
        query = sa.select(kept.seq, kept.sha256).where(kept.seq > after).order_by(kept.seq).limit(limit)
        found = await self._store.look(lambda connection: connection.execute(query).all())
        return [(row.seq, row.sha256) for row in found]

    async def failing(self, limit: int) -> Sequence[Entry]:
        bad = sa.select(*_ENTRY).where(_e.state == State.WAITING, _e.attempts > 0)
        return await self._entries(bad.order_by(_e.since, _e.seq).limit(limit))

    async def lacking(self) -> Mapping[str, int]:
        last = (_e.kind == Kind.DOCUMENT, _e.newest == 1, _e.lacks != "")
        query = sa.select(_e.lacks, sa.func.count()).where(*last).group_by(_e.lacks)
        found = await self._store.look(lambda connection: connection.execute(query).all())
        return {row.lacks: row[1] for row in found}

    async def standing(self) -> Standing:
        return await self._store.look(_standing)

    async def _change(self, statement: Any, values: dict[str, Any]) -> int:
        return await self._store.change(lambda tx: tx.execute(statement, values))

    async def _entries(self, query: sa.Select[Any]) -> Sequence[Entry]:
        found = await self._store.look(lambda connection: connection.execute(query).all())
        return [_entry(row) for row in found]

    async def _trees(self, query: sa.Select[Any]) -> Sequence[Planted]:
        found = await self._store.look(lambda connection: connection.execute(query).all())
        return [_planted(row) for row in found]


def _is(entry: Entry) -> Iterable[sa.ColumnElement[bool]]:
    return _e.kind == entry.kind, _e.of == entry.of, _e.round == entry.round


def _need(tx: SqlTransaction, objects: dict[str, int]) -> None:
    """Retention lets nothing go that stands here."""
    table = t.lasting_object
    here = set(tx.settled().execute(sa.select(table.c.sha256).where(table.c.sha256.in_(list(objects)))).scalars())
    for digest in objects.keys() - here:
        tx.execute(sa.insert(table), {"sha256": digest, "size": objects[digest]})


def _values(entry: Entry) -> dict[str, Any]:
    values = {name: getattr(entry, name) for name in Entry.__dataclass_fields__}
    return values | {"since": rows.ticks(entry.since), "due": rows.ticks(entry.due)}


def _entry(row: Sequence[Any]) -> Entry:
    told = dict(zip(Entry.__dataclass_fields__, row, strict=True))
    moments = {name: rows.moment(told[name]) for name in ("since", "due")}
    parsed = {"kind": Kind(told["kind"]), "state": State(told["state"]), "members": _members(told["members"])}
    return Entry(**told | moments | parsed)


def _planted(row: Sequence[Any]) -> Planted:
    number, at, algorithm, root, leaves, ends, renewed = row
    size = len(root) // 2
    parts = tuple(bytes(leaves[start : start + size]) for start in range(0, len(leaves), size))
    until = None if ends is None else rows.moment(ends)
    return Planted(number, rows.moment(at), algorithm, root, parts, until, bool(renewed))


def _stamp(row: Sequence[Any]) -> Stamp:
    tree, authority, token, at, ends = row
    return Stamp(tree, authority, bytes(token), rows.moment(at), rows.moment(ends))


def _standing(connection: sa.Connection) -> Standing:
    documents = _e.kind == Kind.DOCUMENT
    counted = sa.select(_e.state, sa.func.count(), sa.func.min(_e.since)).where(documents).group_by(_e.state)
    by_state = {state: (count, since) for state, count, since in connection.execute(counted)}
    bare = sa.select(sa.func.count(), sa.func.min(_e.since)).join(t.lasting_tree, _t.seq == _e.tree)
    unstamped, since = connection.execute(bare.where(documents, _t.ends.is_(None))).one()
    failing = sa.select(sa.func.count()).where(_e.state == State.WAITING, _e.attempts > 0)
    ends = connection.execute(sa.select(sa.func.min(_t.ends)).where(_t.renewed == 0)).scalar()
    waits = [by_state.get(state, (0, None))[1] for state in (State.WAITING, State.GATHERED)]
    oldest = min((each for each in (*waits, since) if each is not None), default=None)
    return Standing(
        by_state.get(State.WAITING, (0, None))[0],
        by_state.get(State.GATHERED, (0, None))[0],
        unstamped,
        by_state.get(State.PLANTED, (0, None))[0] - unstamped,
        connection.execute(failing).scalar_one(),
        None if oldest is None else rows.moment(oldest),
        None if ends is None else rows.moment(ends),
    )
