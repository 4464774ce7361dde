"""Work that failed: dead letters, and what is tried again."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXTS = ("key", "work", "package", "lane", "addressee", "code", "detail", "body")
NUMBERS = ("since", "at", "due", "attempts", "dead")


def upgrade() -> None:
    op.create_table(
        "trouble",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in TEXTS),
        *(sa.Column(name, NUMBER, nullable=False) for name in NUMBERS),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("key", name="trouble_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("trouble_dead", "trouble", ["dead", "seq"])
    op.create_index("trouble_due", "trouble", ["work", "due", "seq"])
    op.create_index("trouble_package", "trouble", ["package", "seq"])
