"""Lists for desks and operators: newest first, by cursor, never a row twice while others arrive."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from lienthong.adapters import searching
from lienthong.adapters.sql import rows
from lienthong.adapters.sql import schema as t
from lienthong.adapters.sql.finding import newest, sought
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
    query = sa.select(*TROUBLE).where(t.trouble.c.seq > wanted.after, *_troubled(wanted)).order_by(t.trouble.c.seq)
    return [rows.trouble_of(row) for row in connection.execute(query.limit(wanted.limit))]


def _troubled(wanted: Troubles) -> Iterator[sa.ColumnElement[bool]]:
    for column, value in (("work", wanted.work), ("package", wanted.package), ("code", wanted.code)):
        if value:
            yield t.trouble.c[column] == value
    if wanted.dead is not None:
        yield t.trouble.c.dead == int(wanted.dead)
    if wanted.due is not None:
        yield t.trouble.c.due <= rows.ticks(wanted.due)


def _legs(connection: sa.Connection, packages: Sequence[str]) -> defaultdict[str, list[Leg]]:
    query = sa.select(*LEG).where(t.leg.c.package.in_(packages)).order_by(t.leg.c.seq)
    found: defaultdict[str, list[Leg]] = defaultdict(list)
    for leg in map(rows.leg_of, connection.execute(query)):
        found[leg.package].append(leg)
    return found
