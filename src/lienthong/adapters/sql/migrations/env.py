"""What Alembic runs: on the connection it is given, within the transaction already open there."""

from alembic import context

from lienthong.adapters.sql.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
