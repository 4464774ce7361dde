"""The authority's numbers come from indexes that hold them: no question reads a table from end to end."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa  # noqa: TID251  # asks how a question would be answered

from ca_made import case, held, in_tables
from lienthong.adapters.sql import schema_ca as t
from lienthong.adapters.sql.ca_counts import acts, standing, tallies, waits
from lienthong.adapters.sql.engine import make_engine
from lienthong.adapters.sql.store import FILE
from lienthong.ca.registers import Change, Deed
from lienthong.testing.clock import START

pytestmark = pytest.mark.integration
NOW = START + timedelta(days=400)
MANY = 1000
SCOPE = [t.ca_certificate.c.path >= "/H7/", t.ca_certificate.c.path < "/H7/z"]
CASES = [t.ca_case.c.path >= "/H7/", t.ca_case.c.path < "/H7/z"]
ASKED: dict[str, tuple[Any, str]] = {
    "all certificates": (tallies([], NOW), "ca_certificate_counted"),
    "certificates of a scope": (tallies(SCOPE, NOW), "ca_certificate_counted"),
    "all cases": (standing([], NOW), "ca_case_"),
    "cases of a scope": (standing(CASES, NOW), "ca_case_counted"),
    "days": (acts([], NOW - timedelta(days=14)), "ca_deed_act"),
    "days of a scope": (acts(CASES, NOW - timedelta(days=14)), "ca_deed_act"),
    "waits": (waits([], NOW), "ca_deed_act"),
    "waits of a scope": (waits(CASES, NOW), "ca_deed_act"),
}


def path(number: int) -> str:
    return f"/H{number % 40}/H{number % 40}.{number % 7}/"


def years(tx: Change) -> None:
    """More than a year of work, of which the last days are a small part."""
    tx.add_certificates([held(n, path=path(n), certificate=bytes(1100), case=f"c{n}") for n in range(1, MANY)])
    tx.put_cases([case(f"c{n}", path=path(n)) for n in range(1, MANY)])
    for n in range(1, MANY):
        at = START + timedelta(days=400 * n / MANY)
        tx.note(*[Deed(at, "lan", act, f"c{n}") for act in ("open", "issue")])


@pytest.fixture(params=["sqlite", "postgresql"])
async def connection(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """To a filled store that its database knows well."""
    embedded = request.param == "sqlite"
    place = tmp_path / "ca" if embedded else request.getfixturevalue("database")
    async with in_tables(place)() as registers:
        await registers.write(years)
    engine = make_engine(f"sqlite:///{place / FILE}" if embedded else place, writer=True)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as keeping:
        for act in ["ANALYZE"] if embedded else ["VACUUM ANALYZE", _SEEN_BY_ALL]:
            keeping.exec_driver_sql(act)
    with engine.connect() as found:
        yield found
    engine.dispose()


_SEEN_BY_ALL = "UPDATE pg_class SET relallvisible = relpages WHERE relname LIKE 'ca!_%%' ESCAPE '!'"
"""What a vacuum says once nobody looks at older rows, which is when it pleases the database."""


def steps(connection: sa.Connection, question: Any) -> Iterator[str]:
    """How the database would answer, a line a step."""
    text = str(question.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True})).replace("%%", "%")
    how = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
    return (str(row[-1]) for row in connection.exec_driver_sql(f"{how} {text}"))


async def test_every_number_has_its_index(connection: sa.Connection) -> None:
    for name, (question, index) in ASKED.items():
        found = list(steps(connection, question))
        assert any(index in step for step in found), (name, found)
        whole = [step for step in found if "Seq Scan on ca_" in step or step.startswith("SCAN ca_")]
        assert [step for step in whole if "COVERING INDEX" not in step] == [], (name, found)
