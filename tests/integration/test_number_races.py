"""Numbers under real concurrency, on SQLite and on PostgreSQL: many clerks at once, and the year's end among them."""

from pathlib import Path

import pytest

from apps_process import ran, scripted
from lienthong.cli.servers.postgres import Postgres

pytestmark = pytest.mark.integration
CONFIG = '[site]\nsecret_key_file = "secret.key"\ndatabase = "apps.sqlite3"\n'
RACE = """
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from threading import Barrier
from django.db import connection
from apps.office import numbers
from apps.office.models import Book, Number
from apps.office.outgoing import acts
from apps.staff.models import Duty
from unit.apps.test_outgoing import City, FIRST_MINUTE, LAST_MINUTE, nothing

EACH = 4
city = City()
clerks = [city.deed(Duty.CLERK, nth=nth) for nth in range(3)]
documents = [[city.signed() for _ in range(EACH)] for _ in clerks]
start = Barrier(len(clerks))

def fails(*_):
    raise OSError("disk")

def number(clerk, papers):
    start.wait()
    for place, paper in enumerate(papers):
        deed = replace(clerk, at=LAST_MINUTE if place % 2 else FIRST_MINUTE)
        try:
            acts.give_number(deed, paper, fails)
        except OSError:
            pass
        acts.give_number(deed, paper, nothing)
    connection.close()

with ThreadPoolExecutor(len(clerks)) as pool:
    for done in [pool.submit(number, *each) for each in zip(clerks, documents)]:
        done.result()
book = Book.objects.get(agency=city.code, lane="out")
half = len(clerks) * EACH // 2
for year in (2026, 2027):
    given = list(Number.objects.filter(book=book, year=year).order_by("number").values_list("number", flat=True))
    assert given == list(range(1, half + 1)), (year, given)
    assert not numbers.gaps(book, year)
"""


def race(folder: Path) -> None:
    ran(folder, "migrate", "-v0")
    scripted(folder, RACE)


def test_on_sqlite(tmp_path: Path) -> None:
    (tmp_path / "apps.toml").write_text(CONFIG)
    race(tmp_path)


def test_on_postgresql(postgres: Postgres, tmp_path: Path) -> None:
    (tmp_path / "db.url").write_text(postgres.new_database("numbers"))
    (tmp_path / "apps.toml").write_text(CONFIG + 'database_url_file = "db.url"\n')
    race(tmp_path)
