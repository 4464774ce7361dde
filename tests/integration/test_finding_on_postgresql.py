"""The register on PostgreSQL: searches, inboxes and the bell get the same answers as on SQLite, by indexes."""

from pathlib import Path

import pytest

from apps_process import ran, scripted
from lienthong.cli.servers.postgres import Postgres

pytestmark = pytest.mark.integration
CONFIG = '[site]\nsecret_key_file = "secret.key"\ndatabase = "unused"\ndatabase_url_file = "db.url"\n'
ASK = """
from django.db import connection
from apps.office.finding.results import matching
from apps.office.finding.language import read
from apps.staff.models import Duty
from unit.apps.counted import assert_numbers_are_their_lists
from unit.apps.office_made import Agency, undone
from unit.apps.rules_made import City
from unit.apps.searched import assert_paging_loses_and_doubles_nothing
with undone():
    assert_paging_loses_and_doubles_nothing(1)
city, strangers = Agency("H29"), Agency("G22")
paper = city.arrived(number="1312", notation="A-1312/B", subject="Ve Duong sat", kind="Quyet dinh", signer="Nguyen Van Mau")
strangers.arrived(subject="Duong sat")
person = city.deed(Duty.CLERK).standing
for text in ("1312", "sat duong", "duo", "so:1312", "loai:quyet nguoi-ky:mau", "ky-hieu:a van-ban", "mau*", "G0920261122"):
    assert [each.pk for each in matching(read(text, person), person)] == [paper.pk] * (text != "G0920261122"), text
for text in ("so:131", "sat thuy", "nguoi-ky:sat", "s", "k1"):
    assert not matching(read(text, person), person).exclude(subject__contains=text).exists(), text
for text in ("' & !x", "a:* | b", "\\\\", "\\x00", '"'):
    list(matching(read(text, person), person))
with connection.cursor() as cursor:
    sql, params = matching(read("sat", person), person, most=26).query.sql_with_params()
    cursor.execute("SET enable_seqscan = off")
    cursor.execute("EXPLAIN " + sql, params)
    assert "office_words_index" in str(cursor.fetchall())
with undone():
    assert_numbers_are_their_lists(City("H01"), 1)
"""


def test_the_same_answers_from_the_index(postgres: Postgres, tmp_path: Path) -> None:
    (tmp_path / "db.url").write_text(postgres.new_database("finding"))
    (tmp_path / "apps.toml").write_text(CONFIG)
    ran(tmp_path, "migrate", "-v0")
    scripted(tmp_path, ASK)
