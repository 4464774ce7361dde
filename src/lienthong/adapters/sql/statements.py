"""The statements of a hop's memory, made once: what is compiled is kept by SQLAlchemy under the statement itself."""

from dataclasses import dataclass, fields
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from lienthong.adapters.sql import schema as t
from lienthong.delivery.journey import UNDELIVERED, JourneyState
from lienthong.delivery.model import Content, Lane, Leg, Notice, Package, StatusReport, Step
from lienthong.delivery.trouble import Trouble

P = sa.bindparam
Select = sa.Select[Any]


def columns(table: sa.Table, kind: Any) -> list[sa.Column[Any]]:
    """The columns that a value is read from, in the order of its fields."""
    return [table.c[field.name] for field in fields(kind)]


PACKAGE = columns(t.package, Package)
LEG = columns(t.leg, Leg)

_unlocked = sa.or_(t.leg.c.locked_until.is_(None), t.leg.c.locked_until <= P("now"))


def _states(states: Any) -> sa.ColumnElement[bool]:
    return t.leg.c.state.in_([state.value for state in states])


package_by_id: Select = sa.select(*PACKAGE).where(t.package.c.id == P("id"))


def _among(column: sa.ColumnElement[Any], many: int) -> sa.ColumnElement[bool]:
    return column.in_([P(str(place)) for place in range(many)])


@cache
def numbers(many: int) -> Select:
    """Of so many ids those that are here, with their numbers."""
    return sa.select(t.package.c.id, t.package.c.seq).where(_among(t.package.c.id, many))


packages_of: Select = (
    sa.select(*PACKAGE)
    .where(
        t.package.c.sender == P("sender"),
        t.package.c.document_id == P("document_id"),
        t.package.c.content == Content.EDOC.value,
    )
    .order_by(t.package.c.seq)
)

leg_by_key: Select = sa.select(*LEG).where(
    t.leg.c.package == P("package"), t.leg.c.lane == P("lane"), t.leg.c.addressee == P("addressee")
)

legs: Select = sa.select(*LEG).where(t.leg.c.package == P("package")).order_by(t.leg.c.seq)

legs_to: Select = (
    sa.select(*LEG).where(t.leg.c.package == P("package"), t.leg.c.next_hop == P("next_hop")).order_by(t.leg.c.seq)
)

due: Select = (
    sa.select(*LEG)
    .where(
        t.leg.c.next_hop == P("next_hop"),
        t.leg.c.lane == P("lane"),
        t.leg.c.state.in_(P("states", expanding=True)),
        t.leg.c.due <= P("now"),
        _unlocked,
    )
    .order_by(t.leg.c.precedence, t.leg.c.due, t.leg.c.seq)
    .limit(P("limit"))
)

front: Select = (
    sa.select(t.leg.c.due)
    .where(
        t.leg.c.next_hop == P("next_hop"),
        t.leg.c.lane == P("lane"),
        t.leg.c.state == P("state"),
        t.leg.c.precedence == P("precedence"),
        t.leg.c.due <= P("now"),
        _unlocked,
    )
    .order_by(t.leg.c.due)
    .limit(1)
)

inbox: Select = (
    sa.select(*LEG)
    .where(
        t.leg.c.recipient == P("recipient"),
        t.leg.c.lane == sa.literal_column(f"'{Lane.IN}'"),  # in words: its index is of this lane alone
        t.leg.c.state == JourneyState.DELIVERED.value,
        t.leg.c.content.in_(P("contents", expanding=True)),
        _unlocked,
    )
    .order_by(t.leg.c.precedence, t.leg.c.since, t.leg.c.seq)
    .limit(P("limit"))
)

expiring: Select = (
    sa.select(*LEG)
    .where(
        t.leg.c.lane.in_([Lane.OUT.value, Lane.THROUGH.value]),
        _states(UNDELIVERED),
        t.leg.c.expires_at <= P("now"),
        _unlocked,
    )
    .order_by(t.leg.c.expires_at, t.leg.c.seq)
    .limit(P("limit"))
)

steps: Select = sa.select(*columns(t.step, Step)).where(t.step.c.package == P("package")).order_by(t.step.c.seq)

statuses: Select = (
    sa.select(*columns(t.status, StatusReport)).where(t.status.c.package == P("package")).order_by(t.status.c.seq)
)

notices: Select = (
    sa.select(*columns(t.notice, Notice))
    .where(t.notice.c.to == P("to"), t.notice.c.seq > P("after"))
    .order_by(t.notice.c.seq)
    .limit(P("limit"))
)

mark: Select = sa.select(t.mark.c.value).where(t.mark.c.name == P("name"))


@cache
def known_marks(many: int) -> Select:
    """Under which of so many names something is remembered."""
    return sa.select(t.mark.c.name).where(_among(t.mark.c.name, many))


content: Select = sa.select(t.content.c.data).where(t.content.c.sha256 == P("sha256"))

reports: Select = (
    sa.select(t.signature_report.c.part, t.signature_report.c.report)
    .where(t.signature_report.c.package == P("package"))
    .order_by(t.signature_report.c.part)
)

unreported: Select = sa.select(*PACKAGE).where(t.package.c.unreported == 1).order_by(t.package.c.seq).limit(P("limit"))

counts: Select = sa.select(t.leg.c.lane, t.leg.c.state, sa.func.count(), sa.func.min(t.leg.c.since)).group_by(
    t.leg.c.lane, t.leg.c.state
)

# outgoing and not delivered, delivered here and not taken; within the index by lane and state
standstill: Select = (
    sa.select(t.leg.c.lane, t.leg.c.state, t.leg.c.recipient, sa.func.count(), sa.func.min(t.leg.c.since))
    .where(
        sa.or_(
            sa.and_(t.leg.c.lane == Lane.OUT, t.leg.c.state.in_(sorted(UNDELIVERED))),
            sa.and_(t.leg.c.lane == Lane.IN, t.leg.c.state == JourneyState.DELIVERED),
        ),
        t.leg.c.since < P("before"),
    )
    .group_by(t.leg.c.lane, t.leg.c.state, t.leg.c.recipient)
    .order_by(sa.func.min(t.leg.c.since), t.leg.c.recipient)
    .limit(P("limit"))
)

TROUBLE = columns(t.trouble, Trouble)

trouble_by_key: Select = sa.select(*TROUBLE).where(t.trouble.c.key == P("key"))

dead_letters: Select = (
    sa.select(t.trouble.c.code, sa.func.count()).where(t.trouble.c.dead == 1).group_by(t.trouble.c.code)
)

waiting: Select = (
    sa.select(t.leg.c.next_hop, sa.func.count(), sa.func.min(t.leg.c.since))
    .where(t.leg.c.lane == Lane.THROUGH.value, t.leg.c.state == JourneyState.ACCEPTED.value)
    .group_by(t.leg.c.next_hop)
)

waiting_for: Select = (
    sa.select(t.leg.c.recipient, sa.func.count())
    .where(t.leg.c.lane == Lane.THROUGH.value, t.leg.c.state == JourneyState.ACCEPTED.value)
    .group_by(t.leg.c.recipient)
)

_awaiting = (
    t.leg.c.next_hop == P("next_hop"),
    t.leg.c.lane == Lane.THROUGH.value,
    t.leg.c.state == JourneyState.ACCEPTED.value,
)

awaited: Select = sa.select(t.leg.c.recipient).where(*_awaiting).distinct()

awaiting: Select = (
    sa.select(*LEG).where(*_awaiting, t.leg.c.recipient == P("recipient")).order_by(t.leg.c.seq).limit(P("limit"))
)

fresh_steps: Select = (
    sa.select(t.step.c.seq, t.step.c.hop, t.step.c.kind, t.step.c.at)
    .where(t.step.c.seq > P("after"))
    .order_by(t.step.c.seq)
    .limit(P("limit"))
)

swept_legs: Select = (
    sa.select(t.leg.c.seq, *LEG).where(t.leg.c.seq > P("after")).order_by(t.leg.c.seq).limit(P("limit"))
)

swept_packages: Select = (
    sa.select(t.package.c.seq, *PACKAGE).where(t.package.c.seq > P("after")).order_by(t.package.c.seq).limit(P("limit"))
)

# ---------------------------------------------------------------- the log

chains: Select = sa.select(t.chain.c.id, t.chain.c.certificates)

_of_shard = (t.checkpoint.c.size >= P("from_place"), t.checkpoint.c.size < P("to_place"))

newest_checkpoint: Select = (
    sa.select(t.checkpoint.c.size, t.checkpoint.c.note, t.checkpoint.c.at, t.checkpoint.c.stamp)
    .where(*_of_shard)
    .order_by(t.checkpoint.c.size.desc())
    .limit(1)
)

last_leaf: Select = sa.select(sa.func.max(t.leaf.c.index)).where(
    t.leaf.c.index >= P("from_place"), t.leaf.c.index < P("to_place")
)

_covering = (
    sa.select(t.checkpoint.c.size, t.checkpoint.c.note, t.chain.c.certificates, t.checkpoint.c.stamp)
    .join(t.chain, t.chain.c.id == t.checkpoint.c.chain)
    .where(t.checkpoint.c.size > P("index"), t.checkpoint.c.size < P("to_place"))
    .order_by(t.checkpoint.c.size)
    .limit(1)
)
covering: Select = _covering
newest_stamped: Select = (
    sa.select(t.checkpoint.c.size, t.checkpoint.c.note, t.checkpoint.c.stamp)
    .where(t.checkpoint.c.stamp.is_not(None), *_of_shard)
    .order_by(t.checkpoint.c.size.desc())
    .limit(1)
)
first_after: Select = (
    sa.select(t.checkpoint.c.at)
    .where(t.checkpoint.c.size > P("size"), t.checkpoint.c.size < P("to_place"))
    .order_by(t.checkpoint.c.size)
    .limit(1)
)
covering_stamped: Select = _covering.where(t.checkpoint.c.stamp.is_not(None))

leaf_bodies: Select = (
    sa.select(t.leaf.c.body).where(t.leaf.c.index >= P("start"), t.leaf.c.index < P("stop")).order_by(t.leaf.c.index)
)
leaf_hashes: Select = (
    sa.select(t.leaf.c.hash).where(t.leaf.c.index >= P("start"), t.leaf.c.index < P("stop")).order_by(t.leaf.c.index)
)
tile_hashes: Select = (
    sa.select(t.tile_hash.c.hash)
    .where(t.tile_hash.c.level == P("level"), t.tile_hash.c.index >= P("start"), t.tile_hash.c.index < P("stop"))
    .order_by(t.tile_hash.c.index)
)

keep_stamp = (
    sa.update(t.checkpoint)
    .where(t.checkpoint.c.size == P("at_size"))
    .values(stamp=sa.func.coalesce(t.checkpoint.c.stamp, P("token", type_=sa.LargeBinary)))
)

# ---------------------------------------------------------------- changes

add_step = sa.insert(t.step)
add_notice = sa.insert(t.notice)
add_leaf = sa.insert(t.leaf)
add_tile = sa.insert(t.tile_hash)
add_checkpoint = sa.insert(t.checkpoint)
drop_notices = sa.delete(t.notice).where(t.notice.c.to == P("to_hop"), t.notice.c.seq <= P("up_to"))
drop_contents = sa.delete(t.content).where(t.content.c.sha256.in_(P("digests", expanding=True)))
drop_mark = sa.delete(t.mark).where(t.mark.c.name == P("old_name"))
drop_trouble = sa.delete(t.trouble).where(t.trouble.c.key == P("of"))
want_report = (
    sa.update(t.package).where(t.package.c.id == P("of"), t.package.c.unreported.is_(None)).values(unreported=1)
)
reported = sa.update(t.package).where(t.package.c.id == P("of")).values(unreported=0)


@dataclass(frozen=True)
class Upserts:
    """Inserts that meet a row which is already there, in one dialect's words."""

    package: Any  # the first stands
    content: Any  # the same bytes
    leg: Any  # the new one stands in the old one's place
    mark: Any
    report: Any
    status: Any  # the first stands
    trouble: Any


@cache
def upserts(dialect: str) -> Upserts:
    """For "sqlite" or "postgresql"; both know ON CONFLICT."""
    insert: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[dialect]

    def first_stands(table: sa.Table, *key: str) -> Any:
        return insert(table).on_conflict_do_nothing(index_elements=list(key))

    def last_stands(table: sa.Table, *key: str) -> Any:
        made = insert(table)
        kept = {"seq", "package_seq", *key}  # numbers are the database's own
        new = {column.name: made.excluded[column.name] for column in table.c if column.name not in kept}
        return made.on_conflict_do_update(index_elements=list(key), set_=new)

    return Upserts(
        package=first_stands(t.package, "id"),
        content=first_stands(t.content, "sha256"),
        leg=last_stands(t.leg, "package", "lane", "addressee"),
        mark=last_stands(t.mark, "name"),
        report=last_stands(t.signature_report, "package", "part"),
        status=first_stands(t.status, "package", "lane", "recipient", "carrier"),
        trouble=last_stands(t.trouble, "key"),
    )
