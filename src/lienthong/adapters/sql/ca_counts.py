"""Counts of the certificate authority for dashboards: from indexes that hold all they tell, never from the rows.

What is in force, and what ends soon, changes with the hour, so certificates are gone through; a scope's lie together in
`ca_certificate_counted`, some sixty bytes each. Days and waits look at the acts of those days.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from operator import itemgetter
from statistics import median
from typing import Any

import sqlalchemy as sa

from lienthong.adapters.sql import rows
from lienthong.adapters.sql import schema_ca as t
from lienthong.document.times import VIETNAM

STEPS = (30, 60, 90)
"""Days before their end within which certificates are counted as ending."""
DAYS, WAITS = 14, timedelta(days=30)
"""How many days are told one by one; how far back the time from request to issue is looked at."""
_MOST_ROWS, _MOST_WAITS = 200, 5000
_CERTIFICATE, _CASE, _DEED = t.ca_certificate.c, t.ca_case.c, t.ca_deed.c
_SUMS = ("issued", "active", *(f"ending_{days}" for days in STEPS))
_BY = ("state", "profile", "organisation", "level")
_TOLD = ("open", "issue", "revocation", "suspension", "loss")


def counted(connection: sa.Connection, inside: Sequence[Any], cases: Sequence[Any], now: datetime) -> Mapping[str, Any]:
    """Everything a dashboard shows; `inside` and `cases` are the conditions of a scope on each table."""
    return {
        **_certificates(connection.execute(tallies(inside, now)).all()),
        **_cases(connection.execute(standing(cases, now)).all()),
        "days": _days(connection, cases, now),
        "waits": _waited(connection.execute(waits(cases, now)).all()),
    }


def tallied(connection: sa.Connection, kind: str, scope: Sequence[str]) -> dict[str, int]:
    """Records of a kind by state, of whose owner the path lies in a scope."""
    own = t.ca_record.c
    return _by(connection, own.state, [own.kind == kind, *beginning(own.owner, scope)])


def beginning(column: Any, prefixes: Sequence[str]) -> list[Any]:
    """All that begins with one of these, in whatever order the database sorts the column."""
    return [sa.or_(*[sa.func.substr(column, 1, len(each)) == each for each in prefixes])] if prefixes else []


def _by(connection: sa.Connection, column: sa.Column[str], conditions: Sequence[Any]) -> dict[str, int]:
    amount = sa.func.count()
    query = sa.select(column, amount).where(*conditions).group_by(column).order_by(amount.desc()).limit(_MOST_ROWS)
    return {row[0]: row[1] for row in connection.execute(query).all()}


def _certificates(found: Sequence[Any]) -> dict[str, Any]:
    told: dict[str, list[dict[str, Any]]] = {word: [] for word in _BY}
    for by, of, *sums in found:
        told[by].append({"of": of, **dict(zip(_SUMS, map(int, sums), strict=True))})
    whole = {name: sum(row[name] for row in told["state"]) for name in _SUMS}
    return {
        **{name: whole[name] for name in ("issued", "active")},
        "ending": whole[f"ending_{STEPS[-1]}"],
        "ending_within": {str(days): whole[f"ending_{days}"] for days in STEPS},
        **{f"by_{word}": {row["of"]: row["issued"] for row in told[word]} for word in _BY if word != "level"},
        "organisations": told["organisation"],
        "levels": sorted(({**row, "of": int(row["of"])} for row in told["level"]), key=itemgetter("of")),
    }


def _cases(found: Sequence[Any]) -> dict[str, Any]:
    return {
        "cases": {row.state: row.amount for row in found},
        "overdue": sum(row.late for row in found),
        "overdue_by_state": {row.state: row.late for row in found if row.late},
    }


def tallies(inside: Sequence[Any], now: datetime) -> sa.CompoundSelect[Any]:
    """Issued, active, ending within each step, by state, profile, organisation and level, the largest first.

    All from one way through `ca_certificate_counted`, in its order.
    """
    own, valid = _CERTIFICATE, sa.and_(_CERTIFICATE.state == "active", _CERTIFICATE.ends > rows.ticks(now))
    ending = [sa.and_(valid, own.ends <= rows.ticks(now + timedelta(days=days))) for days in STEPS]
    sums = [sa.func.count(), *(sa.func.sum(sa.case((each, 1), else_=0)) for each in (valid, *ending))]
    by = (own.path, own.organisation, own.profile, own.state)
    named = [each.label(name) for name, each in zip(_SUMS, sums, strict=True)]
    found = sa.select(*by, *named).where(*inside).group_by(*by).cte("tallied")
    return sa.union_all(*[_told_by(found, word) for word in _BY])


def _told_by(found: sa.CTE, word: str) -> sa.Select[Any]:
    level = sa.func.length(found.c.path) - sa.func.length(sa.func.replace(found.c.path, "/", "")) - 1
    column = sa.cast(level, sa.Text) if word == "level" else found.c[word]
    sums = [sa.func.sum(found.c[name]).label(name) for name in _SUMS]
    largest = sa.select(column.label("of"), *sums).group_by(column).order_by(sums[0].desc()).limit(_MOST_ROWS)
    return sa.select(sa.literal(word).label("by"), *largest.subquery(word).c)


def standing(cases: Sequence[Any], now: datetime) -> sa.Select[Any]:
    """How many cases stand where, and how many of them for too long: from `ca_case_counted`."""
    late = sa.func.sum(sa.case((_CASE.due < rows.ticks(now), 1), else_=0)).label("late")
    return sa.select(_CASE.state, sa.func.count().label("amount"), late).where(*cases).group_by(_CASE.state)


def acts(cases: Sequence[Any], first: datetime) -> sa.Select[Any]:
    """What dashboards tell day by day, since a moment: from `ca_deed_act`."""
    return _of_scope(sa.select(_DEED.at, _DEED.act), cases).where(_DEED.at >= rows.ticks(first), _DEED.act.in_(_TOLD))


def waits(cases: Sequence[Any], now: datetime) -> sa.Select[Any]:
    """When what was issued lately was issued and asked for; a case's history begins with its opening."""
    told = t.ca_deed.alias()
    asked = sa.select(told.c.at).where(told.c.case_id == _DEED.case_id).order_by(told.c.seq).limit(1).scalar_subquery()
    lately = (_DEED.act == "issue", _DEED.at >= rows.ticks(now - WAITS))
    query = _of_scope(sa.select(_DEED.at.label("issued"), asked.label("asked")), cases).where(*lately)
    return query.order_by(_DEED.at.desc()).limit(_MOST_WAITS)


def _of_scope(query: sa.Select[Any], cases: Sequence[Any]) -> sa.Select[Any]:
    return query.join(t.ca_case, _CASE.id == _DEED.case_id).where(*cases) if cases else query


def _days(connection: sa.Connection, cases: Sequence[Any], now: datetime) -> dict[str, dict[str, int]]:
    """What was asked for, issued and stopped on each of the last days in Vietnam, today the last."""
    midnight = now.astimezone(VIETNAM).replace(hour=0, minute=0, second=0, microsecond=0)
    first = midnight - timedelta(days=DAYS - 1)
    told: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for at, act in connection.execute(acts(cases, first)):
        told[rows.moment(at).astimezone(VIETNAM).date().isoformat()][act] += 1
    names = ((first + timedelta(days=place)).date().isoformat() for place in range(DAYS))
    return {name: dict(told[name]) for name in names}


def _waited(found: Sequence[Any]) -> dict[str, int | None]:
    """How many were issued, and the median of seconds from the request to the certificate."""
    spans = [(rows.moment(issued) - rows.moment(asked)).total_seconds() for issued, asked in found]
    return {"issued": len(spans), "median_seconds": round(median(spans)) if spans else None}
