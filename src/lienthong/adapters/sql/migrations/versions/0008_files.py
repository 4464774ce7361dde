"""What was found in files, where they stand, and who had them checked."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "file_facts",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("facts", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256"),
    )
    op.create_table(
        "file_stand",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("package", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("package", "name", name="file_stand_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("file_stand_sha256", "file_stand", ["sha256", "seq"])
    op.create_table(
        "file_brought",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("tenant", "sha256"),
    )
    op.create_index("file_brought_sha256", "file_brought", ["sha256"])
    op.create_index("file_brought_at", "file_brought", ["at"])
