"""An inbox holds what came to a desk: documents on their way through an axis are in none, and need no entry in it."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

COLUMNS = ["recipient", "state", "content", "precedence", "since", "seq"]


def upgrade() -> None:
    here = sa.text("lane = 'in'")
    op.drop_index("leg_inbox", "leg")
    op.create_index("leg_inbox", "leg", COLUMNS, sqlite_where=here, postgresql_where=here)
