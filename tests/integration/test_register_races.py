"""Clerks at the same moment, on PostgreSQL and on SQLite: one document gets one number, many documents get numbers without a gap."""

from pathlib import Path

import pytest

from apps_process import ran, scripted
from lienthong.cli.servers.postgres import Postgres

pytestmark = pytest.mark.integration
CONFIG = '[site]\nsecret_key_file = "secret.key"\ndatabase = "apps.sqlite3"\n'
RACE = """
from threading import Barrier, Thread
from django.db import connection
from apps.office import numbers
from apps.office.books import books_of
from apps.office.deed import deed_of
from apps.office.incoming import acts
from apps.office.incoming.acts import Recipient
from apps.office.models import Book, Lane, Number
from apps.staff.models import Duty
from lienthong.errors import IllegalMove
from unit.apps.office_made import Agency

def together(*works):
    gate, out = Barrier(len(works)), []
    def run(work):
        try:
            gate.wait(30)
            out.append(work())
        except Exception as error:
            out.append(type(error).__name__)
        finally:
            connection.close()
    threads = [Thread(target=run, args=(work,)) for work in works]
    [thread.start() for thread in threads]
    [thread.join(60) for thread in threads]
    return out

city = Agency("H29")
clerks = [city.deed(Duty.CLERK, nth=n) for n in range(4)]
book, one = city.book, city.arrived()
assert len(set(together(*[lambda d=d: acts.register(d, one, book).written for d in clerks]))) == 1
assert Number.objects.count() == 1 and [r.code for r in one.reports.all()] == ["03"]
papers = [city.arrived(number=str(n)) for n in range(8)]
got = together(*[lambda d=clerks[n % 4], p=p: acts.register(d, p, book).number for n, p in enumerate(papers)])
assert sorted(got) == list(range(2, 10)), got
assert numbers.gaps(book, Number.objects.first().year) == []
two = city.arrived(number="99")
did = together(lambda: acts.register(clerks[0], two, book).number, lambda: acts.refuse(clerks[1], two, "Sai"))
assert sorted(map(str, did)) in (["10", "IllegalMove"], ["IllegalMove", "None"]), did
leaders = [city.deed(Duty.LEADER, nth=n) for n in range(2)]
said = together(*[lambda d=d: acts.direct(d, one, "Giao", [Recipient(city.room)]).text for d in leaders])
assert sorted(said) == ["Giao", "IllegalMove"], said
assert one.assignments.filter(parent__isnull=False).count() == 1
made = together(*[lambda: books_of("G22", Lane.INCOMING)[0].pk for _ in range(4)])
assert len(set(made)) == 1 and Book.objects.filter(agency="G22", lane=Lane.INCOMING).count() == 1, made
"""


def race(folder: Path) -> None:
    ran(folder, "migrate", "-v0")
    scripted(folder, RACE)


def test_two_at_once_on_postgresql(postgres: Postgres, tmp_path: Path) -> None:
    (tmp_path / "db.url").write_text(postgres.new_database("races"))
    (tmp_path / "apps.toml").write_text(CONFIG + 'database_url_file = "db.url"\n')
    race(tmp_path)


def test_two_at_once_on_sqlite(tmp_path: Path) -> None:
    (tmp_path / "apps.toml").write_text(CONFIG)
    race(tmp_path)
