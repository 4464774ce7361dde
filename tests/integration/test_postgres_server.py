"""The throw-away PostgreSQL: what is committed survives its death, and its standby takes over."""

from collections.abc import Iterator

import psycopg
import pytest

from lienthong.cli.servers import programs
from lienthong.cli.servers.postgres import Postgres
from lienthong.errors import ConfigurationInvalid

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with Postgres.running() as found:
        yield found


def test_what_is_committed_survives_a_kill(server: Postgres) -> None:
    server.ask("CREATE TABLE kept (n int)")
    server.ask("INSERT INTO kept VALUES (%s)", 7)
    server.kill()
    assert not server.alive()
    server.start()
    assert server.ask("SELECT n FROM kept") == [(7,)]


def test_it_writes_through_to_the_disk_unless_told_otherwise(server: Postgres) -> None:
    assert server.ask("SHOW fsync") == [("on",)]
    assert server.ask("SHOW synchronous_commit") == [("on",)]


def test_nobody_enters_without_the_password(server: Postgres) -> None:
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(f"postgresql://lienthong@127.0.0.1:{server.port}/lienthong?passfile=/dev/null")


def test_a_promoted_standby_has_every_commit_and_is_found_by_the_same_url(server: Postgres) -> None:
    with server.standby() as second:
        url = server.url_of("lienthong", second)
        server.ask("CREATE TABLE pair (n int)")
        server.ask("INSERT INTO pair VALUES (1)")
        server.kill()
        second.promote()
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("INSERT INTO pair VALUES (2)")
            assert connection.execute("SELECT n FROM pair ORDER BY n").fetchall() == [(1,), (2,)]
            assert connection.info.port == second.port


def test_missing_programs_are_named_in_both_languages(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setattr(programs, "_DEBIAN", tmp_path)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ConfigurationInvalid, match=r"thiếu PostgreSQL.*/ PostgreSQL is missing"):
        programs.postgres_programs()
