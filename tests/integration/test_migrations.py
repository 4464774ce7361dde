"""A change of tables in two steps, with the programs of before and after it at work side by side."""

from pathlib import Path

import pytest
import sqlalchemy as sa  # noqa: TID251  # looks at the tables themselves

from lienthong.adapters.sql import SqlStore
from lienthong.adapters.sql.engine import make_engine
from lienthong.adapters.sql.migrate import HEAD, PROGRAM, Program, migrate, prepare, revision
from lienthong.adapters.sql.store import FILE
from lienthong.cli.servers.postgres import Postgres
from lienthong.delivery import Search
from lienthong.errors import ConfigurationInvalid
from lienthong.testing.clock import FakeClock
from lienthong.testing.pki import pki
from store_world import NOW, accept, package

pytestmark = pytest.mark.integration
SHIPPED = Path(__file__).parents[2] / "src/lienthong/adapters/sql/migrations"
PAIR = {
    "9998a": "op.add_column('package', sa.Column('colour', sa.Text(), server_default='red', nullable=False))",
    "9998b": "op.alter_column('package', 'colour', server_default=None)",
}


@pytest.fixture
def newer(tmp_path: Path) -> Program:
    """The next program: what is shipped, and one pair more."""
    versions = tmp_path / "scripts" / "versions"
    versions.mkdir(parents=True)
    for path in [SHIPPED / "env.py", *(SHIPPED / "versions").glob("[0-9]*.py")]:
        (tmp_path / "scripts" / path.relative_to(SHIPPED)).write_text(path.read_text("utf-8"), "utf-8")
    before = HEAD
    for name, change in PAIR.items():
        head = f"import sqlalchemy as sa\nfrom alembic import op\nrevision = {name!r}\ndown_revision = {before!r}\n"
        (versions / f"{name}.py").write_text(f"{head}\n\ndef upgrade():\n    {change}\n", "utf-8")
        before = name
    return Program("9998a", "9998b", str(tmp_path / "scripts"))


async def test_old_and_new_side_by_side(postgres: Postgres, newer: Program) -> None:
    url = postgres.new_database("side_by_side")
    engine = make_engine(url, writer=True)
    prepare(engine)
    async with SqlStore.open(url, pki().log(), FakeClock()) as old:
        await old.write(accept(package("before")))
        with pytest.raises(ConfigurationInvalid, match="older than the program, run `migrate --pre`"):
            prepare(engine, newer)
        assert migrate(engine, post=False, program=newer) == (HEAD, "9998a")
        prepare(engine, newer)  # the new program may start
        await old.write(accept(package("between")))  # and the old one goes on
        with engine.begin() as connection:
            assert set(connection.execute(sa.text("SELECT colour FROM package")).scalars()) == {"red"}
            connection.execute(sa.text("UPDATE package SET colour = 'blue'"))
        assert await old.read(lambda view: view.package(package("between").id)) is not None
        prepare(engine, PROGRAM)  # an old one may even start again
    assert migrate(engine, post=True, program=newer) == ("9998a", "9998b")
    prepare(engine, newer)
    with pytest.raises(ConfigurationInvalid, match="newer than the program"):
        prepare(engine, PROGRAM)
    with engine.begin() as connection:
        assert revision(connection) == "9998b"
    engine.dispose()


BEFORE_NUMBERS = {
    "sqlite": ("DROP TRIGGER package_numbered", "DROP TRIGGER leg_numbered"),
    "postgresql": ("DROP FUNCTION package_numbered CASCADE", "DROP FUNCTION leg_numbered CASCADE"),
}


@pytest.mark.parametrize("dialect", BEFORE_NUMBERS)
async def test_what_an_older_store_holds_is_listed(dialect: str, postgres: Postgres, tmp_path: Path) -> None:
    place = tmp_path if dialect == "sqlite" else postgres.new_database("numbered")
    engine = make_engine(f"sqlite:///{tmp_path / FILE}" if dialect == "sqlite" else str(place), writer=True)
    async with SqlStore.open(place, pki().log(), FakeClock()) as store:
        await store.write(accept(package("a")))
    taken = (
        "DROP INDEX leg_newest",
        "ALTER TABLE leg DROP COLUMN package_seq",
        "DROP TABLE package_hour",
        "CREATE INDEX package_recorded ON package (content, recorded_at)",
        *(f"DROP INDEX {name}" for name in ("ca_certificate_counted", "ca_case_counted", "ca_deed_act")),
    )
    with engine.begin() as connection:
        for statement in (*BEFORE_NUMBERS[dialect], *taken, "UPDATE alembic_version SET version_num = '0010'"):
            connection.execute(sa.text(statement))
    assert migrate(engine, post=True) == ("0010", HEAD)
    engine.dispose()
    async with SqlStore.open(place, pki().log(), FakeClock()) as store:
        await store.write(accept(package("b")))
        for search in (Search(party="H26"), Search(recorded=(NOW, None))):
            page = await store.read(lambda view, search=search: view.listing(search))  # type: ignore[misc]  # bound now
            assert [each.message_id for each, _ in page.entries] == ["message-b", "message-a"]
