"""Two workers at the same moment, on PostgreSQL: each occasion is handled once, whoever comes first."""

from pathlib import Path

import pytest

from apps_process import ran, scripted
from lienthong.cli.servers.postgres import Postgres

pytestmark = pytest.mark.integration
CONFIG = '[site]\nsecret_key_file = "secret.key"\ndatabase = "unused"\ndatabase_url_file = "db.url"\n'
RACE = """
from threading import Barrier, Thread
from django.db import connection
from django.utils import timezone
from apps.office.models import Label, Number, Occasion, Remark, Run
from apps.office.overview.notices import everything, mark_read, unread
from apps.office.rules import working
from apps.staff.models import Duty
from unit.apps.rules_made import City

city = City("H29")
assert city.room != city.other_room
city.rule("arrived", {"book": city.book.pk, "label": "Den"}, Duty.CLERK)
head = city.person(Duty.OFFICE_HEAD)
then = {"give": "direct", "lead": city.room_value(), "days": 5, "people": [f"p{head.pk}-{city.root.pk}"]}
city.rule("registered", then, Duty.OFFICE_HEAD)
papers = [city.comes(number=str(n), document_id=str(n)) for n in range(12)]

gate, wrong = Barrier(4), []
def work():
    try:
        gate.wait(30)
        for _ in range(3):
            working.go("H29", timezone.now())
    except Exception as error:
        wrong.append(repr(error))
    finally:
        connection.close()
threads = [Thread(target=work) for _ in range(4)]
[thread.start() for thread in threads]
[thread.join(120) for thread in threads]
city.work()
assert wrong == [], wrong
assert sorted(Number.objects.values_list("number", flat=True)) == list(range(1, 13))
assert Label.objects.count() == Remark.objects.count() == 12
assert Run.objects.filter(state="done").count() == Run.objects.count() == 24, list(Run.objects.values_list("told"))
assert not Occasion.objects.filter(handled=None).exists()
standing = city.deed(Duty.OFFICE_HEAD).standing
assert len(unread(everything(standing))) == 12
mark_read(standing, [one.key for one in everything(standing)])
mark_read(standing, [one.key for one in everything(standing)])
assert unread(everything(standing)) == []
"""


def test_several_workers_at_once(postgres: Postgres, tmp_path: Path) -> None:
    (tmp_path / "db.url").write_text(postgres.new_database("rules"))
    (tmp_path / "apps.toml").write_text(CONFIG)
    ran(tmp_path, "migrate", "-v0")
    scripted(tmp_path, RACE)
