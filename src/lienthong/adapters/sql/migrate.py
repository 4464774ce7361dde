"""Bring a database's tables up to date, at every start: a look when nothing is to be done."""

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

HEAD = "0002"
"""The newest revision in `migrations/versions`."""


def upgrade(engine: sa.Engine) -> None:
    """Run the migrations this database has not seen, all in one transaction."""
    with engine.begin() as connection:
        if _revision(connection) != HEAD:
            command.upgrade(configuration(connection), "head")


def configuration(connection: sa.Connection) -> Config:
    """Alembic's settings, over a connection of ours."""
    config = Config()
    config.set_main_option("script_location", "lienthong.adapters.sql:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _revision(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
