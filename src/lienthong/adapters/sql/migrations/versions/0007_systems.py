"""Software of the VXP face, its wishes, and what it was refused."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def upgrade() -> None:
    op.create_table(
        "system",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        *texts("id"),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("id", name="system_key"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "system_wish",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        *texts("id", "system", "act", "code", "state"),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("id", name="system_wish_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("system_wish_state", "system_wish", ["state", "system", "seq"])
    op.create_table(
        "system_trail",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("minute", NUMBER, nullable=False),
        *texts("system", "call", "code"),
        sa.Column("count", NUMBER, nullable=False),
        *texts("detail"),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("minute", "system", "call", "code", name="system_trail_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("system_trail_system", "system_trail", ["system", "minute"])
