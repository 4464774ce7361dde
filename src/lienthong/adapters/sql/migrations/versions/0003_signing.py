"""Signing sessions and their trail."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def numbers(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, NUMBER, nullable=False) for name in names]


def upgrade() -> None:
    op.create_table(
        "signing",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        *texts("tenant", "id", "batch", "state", "prepared", "result"),
        *numbers("expires", "open", "prepared_size", "result_size", "holds"),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("tenant", "id", name="signing_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("signing_batch", "signing", ["tenant", "batch", "seq"])
    op.create_index("signing_open", "signing", ["open", "expires"])
    op.create_index("signing_holds", "signing", ["holds", "open", "expires"])
    op.create_table(
        "signing_trace",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        *numbers("at"),
        *texts("tenant", "session", "person", "key", "document", "act", "outcome"),
        sa.PrimaryKeyConstraint("seq"),
        sqlite_autoincrement=True,
    )
    op.create_index("signing_trace_session", "signing_trace", ["tenant", "session", "seq"])
