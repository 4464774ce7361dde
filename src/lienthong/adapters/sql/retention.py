"""What may go, and what must not: packages whose contents' time is over, contents that no row names any more.

Rows, receipts and the log stay for ever; only contents go. A package whose contents went has a mark of its own
(`delivery.retention`), because contents are shared: they go once no package without such a mark names them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from lienthong.adapters.sql import audit, rows
from lienthong.adapters.sql import schema as t
from lienthong.adapters.sql.transaction import SqlTransaction
from lienthong.delivery.journey import FAILED, HELD, JourneyState
from lienthong.delivery.model import Lane, Package
from lienthong.delivery.retention import MARK

_PAGE = 500
_over = sa.or_(
    t.leg.c.state.in_([state.value for state in FAILED]),
    t.leg.c.state == JourneyState.HANDED_OVER.value,
    # what has left this hop is over here; what waits for a desk is not
    sa.and_(t.leg.c.lane != Lane.IN.value, t.leg.c.state.in_([state.value for state in HELD])),
)


@dataclass(frozen=True, slots=True)
class Contents:
    """What rows say of contents, some of them by the first digits of their digests, as of one moment."""

    live: frozenset[str]
    large: frozenset[str]  # of the live ones, those that must lie in the object store
    newest: int  # the last package that was looked at
    lasting: int  # the last object of a lasting proof


def retirable(connection: sa.Connection, cutoff: datetime, limit: int, only: Sequence[str] = ()) -> list[str]:
    """Packages all of whose legs were over by the cutoff, nothing being asked or in trouble, contents still here."""
    before = rows.ticks(cutoff)
    legs = sa.exists().where(t.leg.c.package == t.package.c.id).correlate(t.package)
    undone = legs.where(sa.or_(~_over, t.leg.c.since > before, t.leg.c.asked != 0))
    trouble = sa.exists().where(t.trouble.c.package == t.package.c.id).correlate(t.package)
    query = sa.select(t.package.c.id).where(t.package.c.recorded_at <= before, legs, ~undone, ~trouble, ~audit.ARCHIVED)
    query = query.where(t.package.c.id.in_(only)) if only else query
    return list(connection.execute(query.order_by(t.package.c.seq).limit(limit)).scalars())


def retire(tx: SqlTransaction, marks: dict[str, str], cutoff: datetime) -> int:
    """Mark packages as archived if they still may be; how many. `marks` are values by package."""
    still = retirable(tx.settled(), cutoff, len(marks), list(marks))
    for package in still:
        tx.set_mark(MARK + package, marks[package])
    return len(still)


def archived(connection: sa.Connection, limit: int) -> list[tuple[str, str]]:
    """Packages whose contents went, with their marks' values."""
    query = sa.select(t.mark.c.name, t.mark.c.value).where(t.mark.c.name.startswith(MARK, autoescape=True))
    found = connection.execute(query.order_by(t.mark.c.name).limit(limit))
    return [(name.removeprefix(MARK), value) for name, value in found]


def packages(connection: sa.Connection, ids: Sequence[str]) -> list[Package]:
    """These packages."""
    query = sa.select(*[t.package.c[name] for name in Package.__dataclass_fields__])
    return [rows.package_of(row) for row in connection.execute(query.where(t.package.c.id.in_(ids)))]


# ---------------------------------------------------------------- contents without a name


def passes(connection: sa.Connection) -> list[str]:
    """First digits to look at together, so few at a time that their digests fit the memory."""
    count = int(connection.execute(sa.select(sa.func.count()).select_from(t.package)).scalar_one())
    width = max(1, 16 // max(1, count // 200_000))
    digits = "0123456789abcdef"
    return [digits[start : start + width] for start in range(0, 16, width)]


def contents(connection: sa.Connection, digits: str) -> Contents:
    """What packages with contents name, of the digests that begin with one of the digits."""
    newest, lasting = _newest(connection, t.package), _newest(connection, t.lasting_object)
    live, large = set[str](), set[str]()
    for named in audit.named(connection):
        own = {digest: size for digest, size in named.items() if digest[0] in digits}
        live.update(own)
        large.update(audit.beside(connection, own))
    return Contents(frozenset(live), frozenset(large), newest, lasting)


def _newest(connection: sa.Connection, table: sa.Table) -> int:
    return int(connection.execute(sa.select(sa.func.max(table.c.seq))).scalar() or 0)


def unnamed_rows(connection: sa.Connection, digits: str, known: Contents) -> Iterator[list[str]]:
    """Small contents that no package names any more, a page at a time."""
    for digit in digits:
        after = digit
        while found := _page(connection, digit, after):
            after = found[-1]
            if gone := [digest for digest in found if digest not in known.live]:
                yield gone


def _page(connection: sa.Connection, digit: str, after: str) -> Sequence[str]:
    query = sa.select(t.content.c.sha256).where(t.content.c.sha256 > after, t.content.c.sha256 < digit + "g")
    return connection.execute(query.order_by(t.content.c.sha256).limit(_PAGE)).scalars().all()


def drop_contents(tx: SqlTransaction, digests: Sequence[str], known: Contents) -> int:
    """Drop small contents unless a package has come since that names them; how many."""
    gone = sorted(set(digests) - named_since(tx.settled(), known))
    for start in range(0, len(gone), _PAGE):
        tx.drop_contents(gone[start : start + _PAGE])
    return len(gone)


def named_since(connection: sa.Connection, known: Contents) -> set[str]:
    """What packages and proofs name that came after the look."""
    found: set[str] = set()
    for named in audit.named(connection, t.package.c.seq > known.newest, known.lasting):
        found.update(named)
    return found
