"""Tables over time: made at the first start, changed in pairs while old and new programs run side by side.

A revision `NNNN` or `NNNNa` (pre) only adds and runs before the first new process starts; `NNNNb` (post) takes away and
runs after the last old one has ended. A program works on any revision from its own newest pre on, until a post it does
not know.

    0001 ─► 0002 ─► 0003a ─► 0003b        the program of 0002 runs on 0002 and 0003a, that of 0003 on 0003a and 0003b

An embedded database has a single process, which takes every step at its start; on a server an operator does, with
`lienthong axis migrate --pre` and `--post`.
"""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from lienthong.adapters.sql import seats
from lienthong.errors import ConfigurationInvalid

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0013"
"""The newest revision in `migrations/versions`."""
SCRIPTS = "lienthong.adapters.sql:migrations"
TAKEN = "tables:taken"
"""The mark that says up to which revision something was taken away."""
_REVISION = re.compile(r"(\d{4})([ab]?)")


@dataclass(frozen=True, slots=True)
class Program:
    """What a program needs: `pre` is the oldest revision it works on, `post` the newest it knows."""

    pre: str = HEAD
    post: str = HEAD
    scripts: str = SCRIPTS

    def knows(self, revision: str) -> bool:
        """Whether it is not newer than the program."""
        return _parsed(revision) <= _parsed(self.post)

    def fits(self, connection: sa.Connection, revision: str) -> bool:
        """Whether it can run on these tables: they have all it needs, and nothing was taken away since."""
        taken = connection.execute(sa.text("SELECT value FROM mark WHERE name = :name"), {"name": TAKEN}).scalar()
        return _parsed(self.pre) <= _parsed(revision) and (taken is None or self.knows(taken))


PROGRAM = Program()


def prepare(engine: sa.Engine, program: Program = PROGRAM) -> None:
    """At a start: make the tables of an empty database; bring an embedded one up to date; refuse what does not fit.

    ConfigurationInvalid says which command helps.
    """
    with engine.begin() as connection:
        seats.migrating(connection)
        found = revision(connection)
        embedded = connection.dialect.name == "sqlite"
        if found is None or (embedded and found != program.post and program.knows(found)):
            _take(connection, program, program.post)
        elif not program.fits(connection, found):
            raise ConfigurationInvalid(_advice(found, program))


def migrate(engine: sa.Engine, *, post: bool, program: Program = PROGRAM) -> tuple[str, str]:
    """Take the steps up to `pre`, or all; returns the revisions before and after. Never goes back."""
    with engine.begin() as connection:
        seats.migrating(connection)
        before = revision(connection) or ""
        wanted = program.post if post else program.pre
        if before and not program.knows(before):
            raise ConfigurationInvalid(_advice(before, program))
        if not before or _parsed(before) < _parsed(wanted):
            _take(connection, program, wanted)
            _note_taken(connection, wanted)
        return before, revision(connection) or ""


def upgrade(engine: sa.Engine) -> None:
    """Take every step this database has not seen, all in one transaction."""
    migrate(engine, post=True)


def configuration(connection: sa.Connection, scripts: str = SCRIPTS) -> "Config":
    """Alembic's settings, over a connection of ours."""
    from alembic.config import Config  # noqa: PLC0415  # as below

    config = Config()
    config.set_main_option("script_location", scripts)
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def revision(connection: sa.Connection) -> str | None:
    """The newest step this database has seen; None for an empty one."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()


def _take(connection: sa.Connection, program: Program, wanted: str) -> None:
    from alembic import command  # noqa: PLC0415  # most starts find their tables ready and need none of it

    command.upgrade(configuration(connection, program.scripts), wanted)


def _note_taken(connection: sa.Connection, wanted: str) -> None:
    if _parsed(wanted)[1] == "b":
        connection.execute(sa.text("DELETE FROM mark WHERE name = :name"), {"name": TAKEN})
        keep = sa.text("INSERT INTO mark (name, value) VALUES (:name, :value)")
        connection.execute(keep, {"name": TAKEN, "value": wanted})


def _parsed(found: str) -> tuple[int, str]:
    """Revisions in order."""
    match = _REVISION.fullmatch(found)
    if match is None:
        raise ConfigurationInvalid(f"alembic_version: {found}")
    return int(match[1]), match[2] or "a"


def _advice(found: str, program: Program) -> str:
    if program.knows(found):
        return (
            f"bảng dữ liệu {found} cũ hơn chương trình, hãy chạy `migrate --pre`"
            f" / the tables {found} are older than the program, run `migrate --pre`"
        )
    return (
        f"bảng dữ liệu {found} mới hơn chương trình ({program.post}), hãy dùng bản mới"
        f" / the tables {found} are newer than the program ({program.post}), use a newer one"
    )
