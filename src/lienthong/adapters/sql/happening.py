"""What happens to an agency's documents, read from the timelines: nothing is written for it."""

from collections.abc import Sequence

import sqlalchemy as sa

from lienthong.adapters.sql import rows
from lienthong.adapters.sql import schema as t
from lienthong.adapters.sql.statements import PACKAGE, columns
from lienthong.delivery.journey import HELD
from lienthong.delivery.model import Lane, Package, Step

SPAN = 5000
"""Rows one look reads at most."""
_STEP = columns(t.step, Step)
_P = sa.bindparam
_newest = sa.select(sa.func.coalesce(sa.func.max(t.step.c.seq), 0))
_held = (
    sa.exists()
    .where(
        t.leg.c.package == t.step.c.package,
        t.leg.c.lane == sa.literal_column(f"'{Lane.IN}'"),
        t.leg.c.recipient == _P("party"),
        t.leg.c.state.in_(sorted(HELD)),
        t.step.c.addressee.in_(["", t.leg.c.addressee]),
    )
    .correlate(t.step)
)
_concerns = ((t.step.c.lane == Lane.OUT.value) & (t.package.c.sender == _P("party"))) | (
    (t.step.c.lane == Lane.IN.value) & _held
)
_query = (
    sa.select(*_STEP, *PACKAGE)
    .join_from(t.step, t.package, t.package.c.id == t.step.c.package)
    .where(t.step.c.seq > _P("after"), t.step.c.seq <= _P("until"), _concerns)
    .order_by(t.step.c.seq)
    .limit(_P("most"))
)


def happenings(
    connection: sa.Connection, party: str, after: int, limit: int
) -> tuple[Sequence[tuple[Step, Package]], int]:
    """As the `View` says."""
    newest = connection.scalar(_newest) or 0
    if after < 0:
        return [], newest
    until = min(newest, after + SPAN)
    asked = {"party": party, "after": after, "until": until, "most": limit + 1}
    found = connection.execute(_query, asked).all()
    cut = len(_STEP)
    told = [(rows.step_of(row[:cut]), rows.package_of(row[cut:])) for row in found[:limit]]
    return told, told[-1][0].seq if len(found) > limit else max(until, after)
