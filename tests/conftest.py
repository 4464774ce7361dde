"""For every test: Hypothesis repeats itself exactly, and unit and property tests have no network."""

import os
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import pytest_socket
from hypothesis import settings

if TYPE_CHECKING:
    from lienthong.cli.servers.postgres import Postgres
    from lienthong.cli.servers.s3 import S3Server
    from running_country import Country

CLOSED = tuple(Path(__file__).parent / room for room in ("unit", "property"))

settings.register_profile("ci", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None, max_examples=2_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))  # noqa: TID251  # chosen from outside, as pytest's are


@pytest.fixture(autouse=True)
def closed_sockets(request: pytest.FixtureRequest) -> Iterator[None]:
    """Nothing but the socket pair of the event loop itself, which belongs to the Unix family."""
    if not any(request.path.is_relative_to(folder) for folder in CLOSED):
        yield
        return
    pytest_socket.disable_socket(allow_unix_socket=True)
    yield
    pytest_socket.enable_socket()


@pytest.fixture(scope="session")
def country(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Country"]:
    """One small country of real processes, started once."""
    from running_country import started  # noqa: PLC0415  # quick tests must not load a whole country

    with started(tmp_path_factory.mktemp("country") / "here") as found:
        yield found


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator["S3Server"]:
    """One real S3 server for all tests that only keep things there; one that is to be hurt is started by its test."""
    from lienthong.cli.servers.s3 import S3Server  # noqa: PLC0415  # quick tests must not load a web client

    with S3Server(tmp_path_factory.mktemp("s3")) as server:
        yield server


@pytest.fixture(scope="session")
def postgres() -> Iterator["Postgres"]:
    """A PostgreSQL server for tests that kill nothing, started once."""
    from lienthong.cli.servers.postgres import Postgres  # noqa: PLC0415  # quick tests need no driver

    with Postgres.running(durable=False) as server:
        yield server


@pytest.fixture
def database(postgres: "Postgres") -> Iterator[str]:
    """The URL of a database whose tables, if there are any yet, are empty."""
    yield postgres.url
    tables = "SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables WHERE schemaname = 'public'"
    [(names,)] = postgres.ask(f"{tables} AND tablename <> 'alembic_version'")
    if names:
        postgres.ask(f"TRUNCATE {names} RESTART IDENTITY")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that failed in the running country shows what the processes last said."""
    report = yield
    found = getattr(item, "funcargs", {}).get("country")
    if report.failed and found is not None:
        report.sections.append(("the country's logs", found.last_words()))
    return report
