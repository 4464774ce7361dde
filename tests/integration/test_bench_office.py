"""The measured office on PostgreSQL: it fills, and each of its pages opens there with as few statements as on SQLite."""

from pathlib import Path

import pytest

from lienthong.cli.bench.filled_office import filled_office
from lienthong.cli.bench.office import MOST_QUERIES
from lienthong.cli.servers.postgres import Postgres

pytestmark = pytest.mark.integration


def test_every_measured_page_opens_on_postgresql(postgres: Postgres, tmp_path: Path) -> None:
    told: list[int] = []
    with filled_office(tmp_path / "office", 300, postgres.new_database("measured_office"), told.append) as office:
        answers = {name: office.ask(name) for name in office.questions}
    assert told == [300]
    assert max(each.queries for name, each in answers.items() if office.questions[name]) <= MOST_QUERIES
