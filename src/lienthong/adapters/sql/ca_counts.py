"""Counts of the certificate authority for dashboards: one pass over a table for each question."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
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
_LEVEL = sa.func.length(_CERTIFICATE.path) - sa.func.length(sa.func.replace(_CERTIFICATE.path, "/", "")) - 1
_TOLD = ("open", "issue", "revocation", "suspension", "loss")


def counted(connection: sa.Connection, inside: Sequence[Any], cases: Sequence[Any], now: datetime) -> Mapping[str, Any]:
    """Everything a dashboard shows; `inside` and `cases` are the conditions of a scope on each table."""
    whole, by_level, by_organisation = (
        _tallied(connection, inside, now, *column) for column in ((), (_LEVEL,), (_CERTIFICATE.organisation,))
    )
    every = whole[0] if whole else {"issued": 0, "active": 0, **{f"ending_{days}": 0 for days in STEPS}}
    return {
        **{name: every[name] for name in ("issued", "active")},
        "ending": every[f"ending_{STEPS[-1]}"],
        "ending_within": {str(days): every[f"ending_{days}"] for days in STEPS},
        "by_state": _by(connection, _CERTIFICATE.state, inside),
        "by_profile": _by(connection, _CERTIFICATE.profile, inside),
        "by_organisation": {row["of"]: row["issued"] for row in by_organisation},
        "organisations": by_organisation,
        "levels": sorted(by_level, key=lambda row: int(row["of"])),
        "cases": _by(connection, _CASE.state, cases),
        "overdue": _count(connection, [*cases, _CASE.due < rows.ticks(now)]),
        "overdue_by_state": _by(connection, _CASE.state, [*cases, _CASE.due < rows.ticks(now)]),
        "days": _days(connection, cases, now),
        "waits": _waits(connection, cases, now),
    }


def tallied(connection: sa.Connection, kind: str, scope: Sequence[str]) -> dict[str, int]:
    """Records of a kind by state, of whose owner the path lies in a scope."""
    own = t.ca_record.c
    return _by(connection, own.state, [own.kind == kind, *beginning(own.owner, scope)])


def beginning(column: Any, prefixes: Sequence[str]) -> list[Any]:
    """All that begins with one of these, in whatever order the database sorts the column."""
    return [sa.or_(*[sa.func.substr(column, 1, len(each)) == each for each in prefixes])] if prefixes else []


def _tallied(connection: sa.Connection, inside: Sequence[Any], now: datetime, *column: Any) -> list[dict[str, Any]]:
    """Issued, active, ending within each step, by a column or in all; the largest first."""
    valid = sa.and_(_CERTIFICATE.state == "active", _CERTIFICATE.ends > rows.ticks(now))
    ending = [sa.and_(valid, _CERTIFICATE.ends <= rows.ticks(now + timedelta(days=days))) for days in STEPS]
    sums = [sa.func.coalesce(sa.func.sum(sa.case((each, 1), else_=0)), 0) for each in (valid, *ending)]
    amount = sa.func.count()
    query = sa.select(*column, amount, *sums).where(*inside).group_by(*column).order_by(amount.desc())
    names = [*(["of"] if column else []), "issued", "active", *(f"ending_{days}" for days in STEPS)]
    found = connection.execute(query.limit(_MOST_ROWS)).all()
    return [{name: _plain(value) for name, value in zip(names, row, strict=True)} for row in found]


def _plain(value: Any) -> Any:
    return value if isinstance(value, str) else int(value)


def _count(connection: sa.Connection, conditions: Sequence[Any]) -> int:
    return int(connection.execute(sa.select(sa.func.count()).select_from(t.ca_case).where(*conditions)).scalar_one())


def _by(connection: sa.Connection, column: sa.Column[str], conditions: Sequence[Any]) -> dict[str, int]:
    amount = sa.func.count()
    query = sa.select(column, amount).where(*conditions).group_by(column).order_by(amount.desc()).limit(_MOST_ROWS)
    return {row[0]: row[1] for row in connection.execute(query).all()}


def _days(connection: sa.Connection, cases: Sequence[Any], now: datetime) -> dict[str, dict[str, int]]:
    """What was asked for, issued and stopped on each of the last days in Vietnam, today the last."""
    midnight = now.astimezone(VIETNAM).replace(hour=0, minute=0, second=0, microsecond=0)
    first = midnight - timedelta(days=DAYS - 1)
    query = sa.select(_DEED.at, _DEED.act).join(t.ca_case, _CASE.id == _DEED.case_id)
    found = connection.execute(query.where(*cases, _DEED.at >= rows.ticks(first), _DEED.act.in_(_TOLD)))
    told: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for at, act in found:
        told[rows.moment(at).astimezone(VIETNAM).date().isoformat()][act] += 1
    names = ((first + timedelta(days=place)).date().isoformat() for place in range(DAYS))
    return {name: dict(told[name]) for name in names}


def _waits(connection: sa.Connection, cases: Sequence[Any], now: datetime) -> dict[str, int | None]:
    """Of what was issued lately: how many, and the median of seconds from the request to the certificate."""
    opened, issued = t.ca_deed.alias(), t.ca_deed
    query = (
        sa.select(issued.c.at, opened.c.at)
        .join(opened, sa.and_(opened.c.case_id == issued.c.case_id, opened.c.act == "open"))
        .join(t.ca_case, _CASE.id == issued.c.case_id)
        .where(*cases, issued.c.act == "issue", issued.c.at >= rows.ticks(now - WAITS))
        .order_by(issued.c.seq.desc())
        .limit(_MOST_WAITS)
    )
    waits = [(rows.moment(end) - rows.moment(begin)).total_seconds() for end, begin in connection.execute(query)]
    return {"issued": len(waits), "median_seconds": round(median(waits)) if waits else None}
