"""Lists for desks and operators: newest first, by cursor, never a row twice while others arrive."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from lienthong.adapters import searching
from lienthong.adapters.sql import rows
from lienthong.adapters.sql import schema as t
from lienthong.adapters.sql.statements import LEG, PACKAGE, TROUBLE
from lienthong.delivery.model import Lane, Leg, Page, Search
from lienthong.delivery.trouble import Trouble, Troubles


def listing(connection: sa.Connection, search: Search) -> Page:
    """A page; the cursor is the number of its last row. InvalidValue for a cursor that none was given."""
    query = sa.select(*PACKAGE, t.package.c.seq).where(*_wanted(search)).order_by(t.package.c.seq.desc())
    found = connection.execute(query.limit(search.limit + 1)).all()
    page = found[: search.limit]
    packages = [rows.package_of(row) for row in page]
    legs = _legs(connection, [package.id for package in packages])
    entries = tuple(
        (package, tuple(leg for leg in legs[package.id] if searching.shows(search, package, leg)))
        for package in packages
    )
    return Page(entries, str(page[-1].seq) if page and len(found) > len(page) else "")


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


def _wanted(search: Search) -> Iterator[sa.ColumnElement[bool]]:
    """`searching.matches` in SQL."""
    yield t.package.c.content == search.content.value
    if (before := searching.cursor(search)) is not None:
        yield t.package.c.seq < before
    for word in searching.words(search):
        yield t.package.c.folded.contains(word, autoescape=True)
    yield from _of_party(search)
    if search.states:
        yield t.package.c.id.in_(_reached(search, t.leg.c.state.in_(sorted(state.value for state in search.states))))


def _of_party(search: Search) -> Iterator[sa.ColumnElement[bool]]:
    sent = t.package.c.sender == search.party
    reached = t.package.c.id.in_(_reached(search))
    if not search.party or search.lane is Lane.IN:
        yield from [reached] if search.lane else []
    elif search.lane is Lane.OUT:
        yield from (sent, reached)
    elif search.lane is None:
        yield sent | reached
    else:
        yield reached


def _reached(search: Search, *conditions: sa.ColumnElement[bool]) -> sa.Select[tuple[str]]:
    """Packages with a leg that is shown (`searching.shows`)."""
    query = sa.select(t.leg.c.package).where(*conditions)
    if search.lane:
        query = query.where(t.leg.c.lane == search.lane.value)
    if search.lane is Lane.IN and search.party:
        query = query.where(t.leg.c.recipient == search.party)
    elif search.party and search.lane is not Lane.OUT:
        own = (t.leg.c.lane != Lane.IN.value) & (t.package.c.sender == search.party)
        query = query.where((t.leg.c.recipient == search.party) | own).correlate(t.package)
    return query


def _legs(connection: sa.Connection, packages: Sequence[str]) -> defaultdict[str, list[Leg]]:
    query = sa.select(*LEG).where(t.leg.c.package.in_(packages)).order_by(t.leg.c.seq)
    found: defaultdict[str, list[Leg]] = defaultdict(list)
    for leg in map(rows.leg_of, connection.execute(query)):
        found[leg.package].append(leg)
    return found
