"""Answers and lists about certificates."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "proof",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", NUMBER, nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("serial", sa.Text(), nullable=False),
        sa.Column("made", NUMBER, nullable=False),
        sa.Column("until", NUMBER, nullable=True),
        sa.Column("in_force", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("sha256", name="proof_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("proof_place", "proof", ["issuer", "serial", "kind", "made"])
    op.create_index("proof_in_force", "proof", ["in_force", "seq"])
