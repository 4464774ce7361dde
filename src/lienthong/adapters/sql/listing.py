"""Lists for desks and operators: newest first, by cursor, never a row twice while others arrive."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa

from lienthong.adapters import searching
from lienthong.adapters.sql import rows
from lienthong.adapters.sql import schema as t
from lienthong.adapters.sql.finding import newest, sought
from lienthong.adapters.sql.prepared import prepared
from lienthong.adapters.sql.statements import LEG, PACKAGE, TROUBLE
from lienthong.delivery.model import Leg, Page, Search
from lienthong.delivery.trouble import Trouble, Troubles


def listing(connection: sa.Connection, search: Search) -> Page:
    """A page; the cursor is the number of its last row. InvalidValue for a cursor that none was given."""
    found = connection.execute(page_of(search, connection.dialect.name).limit(search.limit + 1)).all()
    page = found[: search.limit]
    packages = [rows.package_of(row) for row in page]
    legs = _legs(connection, [package.id for package in packages])
    entries = tuple(
        (package, tuple(leg for leg in legs[package.id] if searching.shows(search, package, leg)))
        for package in packages
    )
    return Page(entries, str(page[-1].seq) if page and len(found) > len(page) else "")


def page_of(search: Search, dialect: str) -> sa.Select[Any]:
    """The statement of a page, newest first, without its limit."""
    before, query = searching.cursor(search), sa.select(*PACKAGE, t.package.c.seq)
    if (numbers := newest(search, dialect, before)) is not None:
        return query.where(t.package.c.seq.in_(numbers)).order_by(t.package.c.seq.desc())
    source, wanted, number = sought(search, dialect)
    query = query.select_from(source).where(*wanted).order_by(number.desc())
    return query if before is None else query.where(number < before)


def count(connection: sa.Connection, search: Search) -> int:
    """How many there are on all pages."""
    source, wanted, _ = sought(search, connection.dialect.name)
    return connection.scalar(sa.select(sa.func.count()).select_from(source).where(*wanted)) or 0


def troubles(connection: sa.Connection, wanted: Troubles) -> Sequence[Trouble]:
    """What failed, in the order it began."""
    told = dict(_wishes(wanted))
    found = prepared(_troubled(frozenset(told)), connection.dialect).all(
        connection, {**told, "after": wanted.after, "limit": wanted.limit}
    )
    return [rows.trouble_of(row) for row in found]


def _wishes(wanted: Troubles) -> Iterator[tuple[str, str | int]]:
    """What is asked for, as columns keep it."""
    for name, value in (("work", str(wanted.work)), ("package", wanted.package), ("code", wanted.code)):
        if value:
            yield name, value
    if wanted.dead is not None:
        yield "dead", int(wanted.dead)
    if wanted.due is not None:
        yield "due", rows.ticks(wanted.due)


@cache
def _troubled(names: frozenset[str]) -> sa.Select[Any]:
    """Workers ask it in every round, each in its own words."""
    column = t.trouble.c
    among = [column[name] == sa.bindparam(name) for name in sorted(names - {"due"})]
    rested = [column.due <= sa.bindparam("due")] if "due" in names else []
    query = sa.select(*TROUBLE).where(column.seq > sa.bindparam("after"), *among, *rested)
    return query.order_by(column.seq).limit(sa.bindparam("limit"))


def _legs(connection: sa.Connection, packages: Sequence[str]) -> defaultdict[str, list[Leg]]:
    query = sa.select(*LEG).where(t.leg.c.package.in_(packages)).order_by(t.leg.c.seq)
    found: defaultdict[str, list[Leg]] = defaultdict(list)
    for leg in map(rows.leg_of, connection.execute(query)):
        found[leg.package].append(leg)
    return found
