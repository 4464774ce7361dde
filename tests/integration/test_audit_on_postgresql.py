"""The console's tables on PostgreSQL: the audit is written there, and the database refuses to change it."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from lienthong.cli.servers.postgres import Postgres

pytestmark = pytest.mark.integration
ROOT = Path(__file__).parents[2]
CONFIG = '[site]\nsecret_key_file = "secret.key"\ndatabase = "unused"\ndatabase_url_file = "db.url"\n[console]\ncode_file = "c"\n'
ACT = "from apps.audit.record import record_system; record_system('mau', 'ai do')"
HARMS = (
    "UPDATE audit_entry SET actor = 'x'",
    "DELETE FROM audit_entry",
    "TRUNCATE audit_entry",
    "UPDATE audit_tile SET level = 9",
)


def test_the_database_keeps_the_audit(postgres: Postgres, tmp_path: Path) -> None:
    url: str = postgres.new_database("console")
    (tmp_path / "db.url").write_text(url)
    (tmp_path / "apps.toml").write_text(CONFIG)
    told = {"LIENTHONG_APPS_CONFIG": str(tmp_path / "apps.toml"), "PYTHONPATH": str(ROOT / "src")}
    environment = os.environ | told  # noqa: TID251  # a child process needs ours
    for words in (["migrate", "-v0"], ["shell", "-v0", "-c", ACT]):
        subprocess.run([sys.executable, "-m", "apps", *words], env=environment, check=True, capture_output=True)
    with psycopg.connect(url, autocommit=True) as connection:
        assert connection.execute("SELECT act, subject FROM audit_entry").fetchall() == [("mau", "ai do")]
        for harm in HARMS:
            with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
                connection.execute(harm)
        assert connection.execute("SELECT count(*) FROM audit_entry").fetchone() == (1,)
