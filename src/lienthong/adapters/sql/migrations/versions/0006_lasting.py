"""Proofs that last: entries, the trees they are gathered in, the stamps over their roots, the objects they need."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def numbers(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, NUMBER, nullable=False) for name in names]


def upgrade() -> None:
    op.create_table(
        "lasting_entry",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        *texts("kind", "of"),
        *numbers("round"),
        *texts("state"),
        *numbers("since", "due", "attempts"),
        *texts("code", "detail", "algorithm", "record", "leaf"),
        sa.Column("members", sa.JSON(), nullable=False),
        *texts("lacks"),
        *numbers("tree", "place", "newest"),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("kind", "of", "round", name="lasting_entry_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("lasting_entry_due", "lasting_entry", ["state", "attempts", "due", "seq"])
    op.create_index("lasting_entry_tree", "lasting_entry", ["tree", "place"])
    op.create_index("lasting_entry_hashed", "lasting_entry", ["algorithm", "newest", "state", "kind", "seq"])
    op.create_table(
        "lasting_tree",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        *numbers("at"),
        *texts("algorithm", "root"),
        sa.Column("leaves", sa.LargeBinary(), nullable=False),
        sa.Column("ends", NUMBER, nullable=True),
        *numbers("renewed"),
        sa.PrimaryKeyConstraint("seq"),
        sqlite_autoincrement=True,
    )
    op.create_index("lasting_tree_ends", "lasting_tree", ["renewed", "ends", "seq"])
    op.create_table(
        "lasting_stamp",
        *numbers("tree"),
        *texts("authority"),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        *numbers("at", "ends"),
        sa.PrimaryKeyConstraint("tree", "authority"),
        sa.ForeignKeyConstraint(["tree"], ["lasting_tree.seq"], name="lasting_stamp_tree"),
    )
    op.create_table(
        "lasting_object",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        *texts("sha256"),
        *numbers("size"),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("sha256", name="lasting_object_key"),
        sqlite_autoincrement=True,
    )
