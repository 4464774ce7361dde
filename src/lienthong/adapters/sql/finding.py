"""`searching.matches` in SQL, in the words of each database where they differ.

SQLite       package_words, a full-text table (FTS5) over the column `folded`, kept by triggers
PostgreSQL   package_words, an index (GIN) over the same tokens of the same column
"""

from collections.abc import Iterator
from dataclasses import replace
from operator import ge, le

import sqlalchemy as sa

from lienthong.adapters import searching
from lienthong.adapters.sql import rows
from lienthong.adapters.sql import schema as t
from lienthong.delivery.journey import HELD
from lienthong.delivery.model import Having, Lane, Search

Condition = sa.ColumnElement[bool]
# up to 20,000 signs of the text, a longer token cut into pieces: no lexeme may have more than 2 KB
LEXEMES = (
    r"array_to_tsvector(array_remove(regexp_split_to_array(regexp_replace(left(folded, 20000), "
    r"'([^\x01-/:-`{-\x7f]{64})', '\1 ', 'g'), '[\x01-/:-`{-\x7f]+'), ''))"
)
"""The tokens of the search text, as the index of PostgreSQL has them."""
HOUR = 3_600_000_000
"""Microseconds: the rows of `package_hour`."""
ISSUED = {"sqlite": "json_extract(head, '$.issued')", "postgresql": "(head ->> 'issued')"}
"""The day of issue, as an index has it."""
_lookup = sa.table("package_words", sa.column("rowid"), sa.column("package_words"))


def sought(search: Search, dialect: str) -> tuple[sa.FromClause, list[Condition], sa.ColumnElement[int]]:
    """Where to look, what must hold, and the number to order by: that of the full-text table where there is one."""
    wanted = list(_wanted(search, dialect))
    tokens = searching.tokens(" ".join(searching.pieces(search)))
    if not tokens:
        return t.package, wanted, t.package.c.seq
    if dialect == "postgresql":
        terms = " & ".join(f"'{token}':*" for token in tokens)
        found = sa.text(f"{LEXEMES} @@ CAST(:terms AS tsquery)").bindparams(terms=terms)
        return t.package, [sa.type_coerce(found, sa.Boolean), *wanted], t.package.c.seq
    terms = " AND ".join(f'"{token}"*' for token in tokens)
    both = _lookup.join(t.package, t.package.c.seq == _lookup.c.rowid)
    return both, [_lookup.c.package_words.op("MATCH")(terms), *wanted], _lookup.c.rowid


def newest(search: Search, dialect: str, before: int | None) -> sa.Select[tuple[int]] | None:
    """Numbers among which an agency's newest page is, and one row more; None for a search that asks for anything else.

    What it sent and what went to it each lie in an index in this order, so only a page of either is read.
    """
    kept = {name: getattr(search, name) for name in ("lane", "party", "held", "content", "recorded")}
    plain = Search(**kept)
    if not search.party or search.lane not in {None, Lane.IN} or replace(search, after="", limit=plain.limit) != plain:
        return None
    here, number = [t.package.c.content == search.content.value, *_said(search, dialect)], t.leg.c.package_seq
    there = sa.select(number.label("seq")).distinct().join_from(t.leg, t.package, t.package.c.seq == number)
    there = there.where(_came(search), t.leg.c.content == search.content.value)
    there = there.where(*here, *_numbered(search, number))
    if search.lane is Lane.IN:
        return _page(there.where(t.leg.c.lane == Lane.IN.value), number, search, before)
    sent = sa.select(t.package.c.seq).where(t.package.c.sender == search.party, *here)
    both = _page(sent, t.package.c.seq, search, before), _page(there, number, search, before)
    union = sa.union(*(sa.select(each.subquery().c.seq) for each in both)).subquery()
    return sa.select(union.c.seq)


def _page(
    query: sa.Select[tuple[int]], number: sa.ColumnElement[int], search: Search, before: int | None
) -> sa.Select[tuple[int]]:
    beyond = query if before is None else query.where(number < before)
    return beyond.order_by(number.desc()).limit(search.limit + 1)


def _wanted(search: Search, dialect: str) -> Iterator[Condition]:
    yield _beside(search, "content", dialect) == search.content.value
    text = t.package.c.folded + " "
    for piece in searching.pieces(search):
        yield text.contains(piece, autoescape=True)
    yield from _said(search, dialect)
    yield from _of_party(search, dialect)
    if search.states:
        yield _one_of(search, Having(search.states))
    if search.having:
        yield sa.or_(*(_one_of(search, each) for each in search.having))
    for each in search.lacking:
        yield sa.not_(_one_of(search, each))
    if search.agencies:
        codes = sorted(search.agencies)
        there = t.leg.c.recipient.in_(codes) | t.leg.c.addressee.in_(codes)
        yield t.package.c.sender.in_(codes) | t.package.c.id.in_(_reached(search, there))


def _said(search: Search, dialect: str) -> Iterator[Condition]:
    for column, value in (("document_id", search.document_id), ("message_id", search.message_id)):
        if value:
            yield t.package.c[column] == value
    if search.kind:
        yield t.package.c.head["kind"].as_string() == search.kind
    issued = sa.literal_column(ISSUED[dialect], sa.Text)
    first, last = search.issued
    if first or last:
        yield issued.between(first or "0", last or "9999")  # without a day it is in none
    yield from _recorded(search)


def _recorded(search: Search) -> Iterator[Condition]:
    since, until = search.recorded
    if since is not None:
        yield t.package.c.recorded_at >= rows.ticks(since)
    if until is not None:
        yield t.package.c.recorded_at < rows.ticks(until)
    yield from _numbered(search, t.package.c.seq)


def _numbered(search: Search, number: sa.ColumnElement[int]) -> Iterator[Condition]:
    """Between which numbers the packages of those hours lie: a list by number need not leave them."""
    since, until = search.recorded
    hour, hours = t.package_hour.c, list[Condition]()
    if since is not None:
        hours.append(hour.hour >= rows.ticks(since) // HOUR)
    if until is not None:
        hours.append(hour.hour <= (rows.ticks(until) - 1) // HOUR)
    if hours:
        for bound, within in ((sa.func.min(hour.low), ge), (sa.func.max(hour.high), le)):
            yield within(number, sa.select(bound).where(*hours).scalar_subquery())


def _one_of(search: Search, wanted: Having) -> Condition:
    """One shown leg is as wanted (`searching.has`)."""
    leg = t.leg.c
    pairs = ((leg.state, wanted.states), (leg.status, wanted.statuses), (leg.standing, wanted.standings))
    conditions: list[Condition] = [column.in_(sorted(map(str, some))) for column, some in pairs if some]
    if wanted.asked is not None:
        conditions.append(leg.asked != 0 if wanted.asked else leg.asked == 0)
    found: Condition = t.package.c.id.in_(_reached(search, *conditions))
    if wanted.business:
        return sa.and_(found, t.package.c.head["business"].as_integer().in_(sorted(wanted.business)))
    return found


def _beside(search: Search, column: str, dialect: str) -> sa.ColumnElement[str]:
    """A column no index is to be chosen for while it is known which packages' legs stand as asked: those are fewer.

    Without statistics SQLite takes an equality for the rarer thing; a `+` before it says that it is not.
    """
    found: sa.ColumnElement[str] = t.package.c[column]
    return sa.literal_column(f"+package.{column}") if search.having and dialect == "sqlite" else found


def _of_party(search: Search, dialect: str) -> Iterator[Condition]:
    sent = _beside(search, "sender", dialect) == search.party
    reached = t.package.c.id.in_(_reached(search))
    known = bool(search.states or search.having)  # then some shown leg is asked for already
    if not search.party or search.lane is Lane.IN:
        yield from [reached] if search.lane and not known else []
    elif search.lane is Lane.OUT:
        yield from [sent] if known else [sent, reached]
    elif search.lane is None:
        yield sent | reached
    else:
        yield reached


def _reached(search: Search, *conditions: Condition) -> sa.Select[tuple[str]]:
    """Packages with a leg that is shown (`searching.shows`)."""
    query = sa.select(t.leg.c.package).where(*conditions)
    if search.lane:
        query = query.where(t.leg.c.lane == sa.literal_column(f"'{search.lane.value}'"))  # else no index of a lane
    if search.lane is Lane.IN and search.party:
        query = query.where(_came(search))
    elif search.party and search.lane is not Lane.OUT:
        own = (t.leg.c.lane != Lane.IN.value) & (t.package.c.sender == search.party)
        query = query.where(_came(search) | own).correlate(t.package)
    return query


def _came(search: Search) -> Condition:
    """A leg to the party, as far as it is shown."""
    here: Condition = t.leg.c.recipient == search.party
    if not search.held:
        return here
    return sa.and_(here, t.leg.c.lane == Lane.IN.value, t.leg.c.state.in_(sorted(HELD)))
