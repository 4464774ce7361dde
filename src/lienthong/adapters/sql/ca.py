"""The certificate authority's memory in tables. Port: `ca.registers.Registers`."""

import asyncio
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from operator import attrgetter
from pathlib import Path
from typing import Any, Self, TypeVar

import sqlalchemy as sa

from lienthong.adapters.sql import ca_rows, rows
from lienthong.adapters.sql import schema_ca as t
from lienthong.adapters.sql.ca_counts import beginning, counted, tallied
from lienthong.adapters.sql.engine import make_engine
from lienthong.adapters.sql.store import FILE, SqlStore
from lienthong.adapters.sql.transaction import SqlTransaction
from lienthong.ca.hierarchy.purposes import PURPOSES
from lienthong.ca.life.kinds import CertificateState
from lienthong.ca.registers import (
    Case,
    CasesWanted,
    Change,
    Deed,
    Held,
    Record,
    RecordsWanted,
    StateChange,
    View,
    Wanted,
)
from lienthong.document.texts import folded
from lienthong.errors import Unavailable

T = TypeVar("T")
_LAST = "\U0010ffff"
_CERTIFICATE, _NAME, _CASE = t.ca_certificate.c, t.ca_name.c, t.ca_case.c
_ADD_CERTIFICATE, _ADD_NAME = sa.insert(t.ca_certificate), sa.insert(t.ca_name)
_ADD_DEED, _ADD_RECORD, _ADD_CHANGE = sa.insert(t.ca_deed), sa.insert(t.ca_record), sa.insert(t.ca_change)
_ADD_ORDER, _ADD_PAPER = sa.insert(t.ca_order), sa.insert(t.ca_paper)
_ADD_CASE = sa.insert(t.ca_case)
_WHERE_IT_STANDS, _WHOSE = ("state", "due", "body"), ("kind", "organisation", "path", "authority", "batch")
_whose = attrgetter(*_WHOSE)


def _change_case(*columns: str) -> sa.Update:
    bound: dict[str, Any] = {name: sa.bindparam(f"to_{name}") for name in columns}
    return sa.update(t.ca_case).where(_CASE.id == sa.bindparam("to_id")).values(bound)


_KNOWN = sa.select(_CASE.id, *[_CASE[name] for name in _WHOSE])
_MOVE_CASE, _CHANGE_CASE = _change_case(*_WHERE_IT_STANDS), _change_case(*_WHERE_IT_STANDS, *_WHOSE)
_DROP_RECORD = sa.delete(t.ca_record).where(
    t.ca_record.c.kind == sa.bindparam("of_kind"), t.ca_record.c.id == sa.bindparam("of_id")
)
_DROP_DUE = sa.delete(t.ca_record).where(
    t.ca_record.c.kind == sa.bindparam("of_kind"), t.ca_record.c.due < sa.bindparam("before")
)
_PUT_STATE = sa.update(t.ca_certificate).where(_CERTIFICATE.seq == sa.bindparam("of_seq"))


class SqlRegisters:
    """Over the store of the process, whose log takes every deed."""

    def __init__(self, store: SqlStore, ca: str) -> None:
        self._store, self._ca = store, ca

    async def read(self, work: Callable[[View], T]) -> T:
        return await self._store.look(lambda connection: work(SqlView(connection)))

    async def write(self, work: Callable[[Change], T]) -> T:
        return await self._store.change(lambda tx: work(SqlChange(tx, self._ca)))


class ReadingRegisters:
    """The same for reading alone, beside a process that is at work."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    @classmethod
    @contextmanager
    def open(cls, place: Path | str) -> Iterator[Self]:
        """The memory in a folder, or in the PostgreSQL database a URL names."""
        engine = make_engine(place if isinstance(place, str) else f"sqlite:///{place / FILE}", writer=False)
        try:
            yield cls(engine)
        finally:
            engine.dispose()

    async def read(self, work: Callable[[View], T]) -> T:
        return await asyncio.to_thread(self._read, work)

    async def write(self, work: Callable[[Change], T]) -> T:  # noqa: ARG002  the port's
        raise Unavailable("chỉ đọc / reading only")

    def _read(self, work: Callable[[View], T]) -> T:
        with self._engine.connect() as connection:
            return work(SqlView(connection))


class SqlView:
    """Questions over a connection."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def _all(self, query: Any) -> Sequence[Any]:
        return self._connection.execute(query).all()

    def certificate(self, id: str) -> Held | None:
        issuer, _, serial = id.rpartition("/")
        query = sa.select(*ca_rows.HELD).where(_CERTIFICATE.issuer == issuer, _CERTIFICATE.serial == serial)
        found = self._all(query)
        return ca_rows.held(found[0]) if found else None

    def names(self, ids: Collection[str]) -> Mapping[str, str]:
        """What these certificates are called, by id; one that is not there is left out."""
        places = [(issuer, serial) for issuer, _, serial in (each.rpartition("/") for each in ids)]
        pair = sa.tuple_(_CERTIFICATE.issuer, _CERTIFICATE.serial)
        query = sa.select(_CERTIFICATE.issuer, _CERTIFICATE.serial, _CERTIFICATE.name).where(pair.in_(places))
        return {f"{issuer}/{serial}": name for issuer, serial, name in self._all(query)}

    def of_key(self, key: str) -> Sequence[Held]:
        query = sa.select(*ca_rows.HELD).where(_CERTIFICATE.key == key).order_by(_CERTIFICATE.seq)
        return [ca_rows.held(row) for row in self._all(query)]

    def certificates(self, wanted: Wanted) -> Sequence[Held]:
        query = sa.select(*ca_rows.HELD).where(*_conditions(wanted)).limit(wanted.limit)
        text = folded(wanted.text)
        if not text:
            newest = query if wanted.after is None else query.where(_CERTIFICATE.seq < wanted.after)
            return [ca_rows.held(row) for row in self._all(newest.order_by(_CERTIFICATE.seq.desc()))]
        named = query.join(t.ca_name, _NAME.certificate == _CERTIFICATE.seq).where(*_within(_NAME.words, text))
        if wanted.after is not None:
            named = named.where(_after(text, wanted.after, self._connection))
        found = [ca_rows.held(row) for row in self._all(named.order_by(_NAME.words, _NAME.certificate))]
        return list({each.number: each for each in found}.values())

    def counts(self, scope: Sequence[str], now: datetime) -> Mapping[str, Any]:
        """What a dashboard shows of a scope."""
        return counted(self._connection, _inside(_CERTIFICATE.path, scope), _inside(_CASE.path, scope), now)

    def revoked(self, issuer: str, partition: int) -> Sequence[Held]:
        stopped = (_CERTIFICATE.issuer == issuer, _CERTIFICATE.partition == partition, _CERTIFICATE.state != "active")
        query = sa.select(*ca_rows.HELD).where(*stopped).order_by(_CERTIFICATE.seq)
        return [ca_rows.held(row) for row in self._all(query)]

    def page(self, issuer: str, after: int, limit: int) -> Sequence[Held]:
        query = sa.select(*ca_rows.HELD).where(_CERTIFICATE.seq > after, _CERTIFICATE.issuer == issuer)
        return [ca_rows.held(row) for row in self._all(query.order_by(_CERTIFICATE.seq).limit(limit))]

    def case(self, id: str) -> Case | None:
        found = self._connection.execute(sa.select(_CASE.body).where(_CASE.id == id)).scalar()
        return ca_rows.case(found) if found is not None else None

    def cases_of(self, ids: Sequence[str]) -> Sequence[Case]:
        """These cases, in the order of the ids; one that is not there is left out."""
        query = sa.select(_CASE.id, _CASE.body).where(_among(self._connection, _CASE.id, ids))
        found = {row[0]: row[1] for row in self._all(query)}
        return [ca_rows.case(found[each]) for each in ids if each in found]

    def given_out(self, issuer: str, serials: Sequence[int]) -> frozenset[int]:
        """Which of these serial numbers an issuer's certificates have."""
        named = _among(self._connection, _CERTIFICATE.serial, [f"{each:x}" for each in serials])
        found = self._all(sa.select(_CERTIFICATE.serial).where(_CERTIFICATE.issuer == issuer, named))
        return frozenset(int(row[0], 16) for row in found)

    def cases(self, wanted: CasesWanted) -> Sequence[tuple[int, Case]]:
        named = ("state", "kind", "organisation", "authority", "batch")
        query = sa.select(_CASE.seq, _CASE.body).where(*_inside(_CASE.path, wanted.scope))
        query = query.where(*[_CASE[name] == value for name in named if (value := getattr(wanted, name))])
        if wanted.overdue is not None:
            query = query.where(_CASE.due < rows.ticks(wanted.overdue))
        if wanted.after is not None:
            query = query.where(_CASE.seq < wanted.after)
        found = self._all(query.order_by(_CASE.seq.desc()).limit(wanted.limit))
        return [(row[0], ca_rows.case(row[1])) for row in found]

    def deeds(self, *, case: str = "", certificate: str = "", limit: int = 500) -> Sequence[Deed]:
        own = t.ca_deed.c
        about = [own.case_id == case] if case else []
        about += [own.certificate == certificate] if certificate else []
        newest = sa.select(*ca_rows.DEED).where(*about).order_by(own.seq.desc()).limit(limit)
        return [ca_rows.deed(row) for row in reversed(self._all(newest))]

    def record(self, kind: str, id: str) -> Any:
        own = t.ca_record.c
        return self._connection.execute(sa.select(own.body).where(own.kind == kind, own.id == id)).scalar()

    def records(self, wanted: RecordsWanted) -> Sequence[Any]:
        own = t.ca_record.c
        query = sa.select(own.body).where(own.kind == wanted.kind, *beginning(own.owner, wanted.within))
        query = query.where(*[own[name] == value for name in ("owner", "state") if (value := getattr(wanted, name))])
        if wanted.due is not None:
            query = query.where(own.due <= rows.ticks(wanted.due))
        if wanted.ids is not None:
            query = query.where(own.id.in_(list(wanted.ids)))
        found = self._all(query.order_by(own.due, own.id).limit(wanted.limit).offset(wanted.offset))
        return [row[0] for row in found]

    def tally(self, kind: str, within: Sequence[str]) -> Mapping[str, int]:
        return tallied(self._connection, kind, within)

    def changes(self, issuer: str, after: int, limit: int) -> Sequence[StateChange]:
        own = t.ca_change.c
        query = sa.select(*ca_rows.CHANGE).where(own.issuer == issuer, own.seq > after).order_by(own.seq).limit(limit)
        return [ca_rows.change(row) for row in self._all(query)]

    def paper(self, sha256: str) -> bytes | None:
        found = self._connection.execute(sa.select(t.ca_paper.c.data).where(t.ca_paper.c.sha256 == sha256)).scalar()
        return None if found is None else bytes(found)

    def latest(self) -> datetime | None:
        newest = sa.select(t.ca_deed.c.at).order_by(t.ca_deed.c.seq.desc()).limit(1)
        found = self._connection.execute(newest).scalar()
        return None if found is None else rows.moment(found)


class SqlChange(SqlView):
    """One transaction of the store, and what it reads of itself."""

    def __init__(self, tx: SqlTransaction, ca: str) -> None:
        super().__init__(tx.settled())
        self._tx, self._ca = tx, ca

    def add_certificates(self, fresh: Sequence[Held]) -> None:
        first = 1 + (self._connection.execute(sa.select(sa.func.max(_CERTIFICATE.seq))).scalar() or 0)
        numbered = list(enumerate(fresh, first))
        self._tx.write_rows(_ADD_CERTIFICATE, [ca_rows.held_values(each, number) for number, each in numbered])
        self._tx.write_rows(_ADD_NAME, [row for number, each in numbered for row in ca_rows.name_values(each, number)])

    def put_state(self, held: Held) -> int:
        assert held.changed is not None  # noqa: S101  # whoever changes a state knows when
        values = {"state": held.state.value, "changed": rows.ticks(held.changed), "reason": held.reason.value}
        self._tx.execute(_PUT_STATE.values(**values), {"of_seq": held.number})
        line = {
            "issuer": held.issuer,
            "serial": f"{held.serial:x}",
            "at": rows.ticks(held.changed),
            "state": held.state.value,
            "reason": held.reason.value,
        }
        self._tx.execute(_ADD_CHANGE, line)
        return int(self._connection.execute(sa.select(sa.func.max(t.ca_change.c.seq))).scalar_one())

    def put_cases(self, cases: Sequence[Case]) -> None:
        """Most cases only move on: indexes of what stays the same are left alone."""
        named = _among(self._connection, _CASE.id, [each.id for each in cases])
        before = {row[0]: tuple(row[1:]) for row in self._all(_KNOWN.where(named))}
        moved = [each for each in cases if before.get(each.id) == _whose(each)]
        others = [each for each in cases if before.get(each.id) != _whose(each)]
        fresh = [each for each in others if each.id not in before]
        self._tx.write_rows(_MOVE_CASE, [ca_rows.moved_values(each) for each in moved])
        self._tx.write_rows(_ADD_CASE, [ca_rows.case_values(each) for each in fresh])
        self._tx.write_rows(_CHANGE_CASE, [ca_rows.changed_values(each) for each in others if each.id in before])

    def put_record(self, record: Record) -> None:
        self.drop_record(record.kind, record.id)
        self._tx.write_rows(_ADD_RECORD, [ca_rows.record_values(record)])

    def drop_record(self, kind: str, id: str) -> None:
        self._tx.execute(_DROP_RECORD, {"of_kind": kind, "of_id": id})

    def drop_due(self, kind: str, before: datetime) -> int:
        """Forget records whose time is over; how many."""
        return self._tx.execute(_DROP_DUE, {"of_kind": kind, "before": rows.ticks(before)})

    def add_order(self, id: str, case: str, statement: bytes, signature: bytes) -> bool:
        if self._connection.execute(sa.select(t.ca_order.c.id).where(t.ca_order.c.id == id)).first():
            return False
        self._tx.execute(_ADD_ORDER, {"id": id, "case_id": case, "statement": statement, "signature": signature})
        return True

    def add_paper(self, sha256: str, data: bytes) -> None:
        if self.paper(sha256) is None:
            self._tx.execute(_ADD_PAPER, {"sha256": sha256, "data": data})

    def note(self, *deeds: Deed) -> None:
        told = [ca_rows.deed_values(deed, self._tx.append(deed.to_leaf(self._ca))) for deed in deeds]
        self._tx.write_rows(_ADD_DEED, told)


def _among(connection: sa.Connection, column: Any, texts: Sequence[str]) -> Any:
    """One of these, in one parameter: to bind five hundred one by one takes longer than to find their rows."""
    if connection.dialect.name == "sqlite":
        return column.in_(sa.select(sa.func.json_each(rows.to_json(texts)).table_valued("value").c.value))
    return column == sa.any_(sa.literal(list(texts), sa.ARRAY(sa.Text)))


def _within(column: Any, prefix: str) -> list[Any]:
    """All that begins so, as a range of an index."""
    return [column >= prefix, column < prefix + _LAST]


def _inside(column: Any, scope: Sequence[str]) -> list[Any]:
    return [sa.or_(*[sa.and_(*_within(column, path)) for path in scope])] if scope else []


def _after(text: str, number: int, connection: sa.Connection) -> Any:
    """Behind the row of that certificate in the order of names."""
    place = sa.select(sa.func.min(_NAME.words)).where(_NAME.certificate == number, *_within(_NAME.words, text))
    words = connection.execute(place).scalar() or ""
    return sa.or_(_NAME.words > words, sa.and_(_NAME.words == words, _NAME.certificate > number))


def _conditions(wanted: Wanted) -> list[Any]:
    named = ("uid", "organisation", "profile")
    found: list[Any] = [_CERTIFICATE[name] == value for name in named if (value := getattr(wanted, name))]
    found += _inside(_CERTIFICATE.path, wanted.scope)
    if wanted.serial:
        # the key is issuer and serial number: a few looks into its index instead of going through all rows
        found += [_CERTIFICATE.issuer.in_(list(PURPOSES)), _CERTIFICATE.serial == wanted.serial.lower().lstrip("0")]
    if wanted.state:
        found.append(_CERTIFICATE.state == CertificateState(wanted.state).value)
    if wanted.ends_before is not None:
        found.append(_CERTIFICATE.ends < rows.ticks(wanted.ends_before))
    if wanted.ends_after is not None:
        found.append(_CERTIFICATE.ends >= rows.ticks(wanted.ends_after))
    return found
