"""Packages and their journeys, news, marks, contents, and the evidence log."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "chain",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("certificates", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "content",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256"),
    )
    op.create_table(
        "leaf",
        sa.Column("index", NUMBER, autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("index"),
    )
    op.create_table(
        "leg",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("package", sa.Text(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("addressee", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("next_hop", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("since", NUMBER, nullable=False),
        sa.Column("due", NUMBER, nullable=False),
        sa.Column("expires_at", NUMBER, nullable=False),
        sa.Column("urgency", NUMBER, nullable=False),
        sa.Column("precedence", NUMBER, nullable=False),
        sa.Column("attempts", NUMBER, nullable=False),
        sa.Column("lock", sa.Text(), nullable=False),
        sa.Column("locked_until", NUMBER, nullable=True),
        sa.Column("refusal", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("standing", sa.Text(), nullable=False),
        sa.Column("asked", NUMBER, nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("status_at", NUMBER, nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("package", "lane", "addressee", name="leg_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("leg_due", "leg", ["next_hop", "lane", "state", "precedence", "due", "seq"], unique=False)
    op.create_index("leg_expiring", "leg", ["lane", "state", "expires_at", "since"], unique=False)
    op.create_index(
        "leg_inbox", "leg", ["recipient", "lane", "state", "content", "precedence", "since", "seq"], unique=False
    )
    op.create_index("leg_listing", "leg", ["recipient", "lane", "package"], unique=False)
    op.create_table(
        "mark",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "notice",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("to", sa.Text(), nullable=False),
        sa.Column("package", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
        sqlite_autoincrement=True,
    )
    op.create_index("notice_to", "notice", ["to", "seq"], unique=False)
    op.create_table(
        "package",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("head", sa.JSON(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("seal", sa.Text(), nullable=False),
        sa.Column("came_from", sa.Text(), nullable=False),
        sa.Column("recorded_at", NUMBER, nullable=False),
        sa.Column("expires_at", NUMBER, nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("index", NUMBER, nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("unreported", NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("id", name="package_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("package_document", "package", ["sender", "document_id", "content", "seq"], unique=False)
    op.create_index("package_listing", "package", ["content", "seq"], unique=False)
    op.create_index("package_sent", "package", ["sender", "content", "seq"], unique=False)
    op.create_index("package_unreported", "package", ["unreported", "seq"], unique=False)
    op.create_table(
        "step",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("package", sa.Text(), nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.Column("hop", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("addressee", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.Column("index", NUMBER, nullable=True),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
        sqlite_autoincrement=True,
    )
    op.create_index("step_package", "step", ["package", "seq"], unique=False)
    op.create_table(
        "tile_hash",
        sa.Column("level", NUMBER, autoincrement=False, nullable=False),
        sa.Column("index", NUMBER, autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("level", "index"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "checkpoint",
        sa.Column("size", NUMBER, autoincrement=False, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.Column("chain", NUMBER, nullable=False),
        sa.Column("stamp", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["chain"], ["chain.id"], name="checkpoint_chain"),
        sa.PrimaryKeyConstraint("size"),
    )
    op.create_index(
        "checkpoint_stamped",
        "checkpoint",
        ["size"],
        unique=False,
        sqlite_where=sa.text("stamp IS NOT NULL"),
        postgresql_where=sa.text("stamp IS NOT NULL"),
    )
    op.create_table(
        "signature_report",
        sa.Column("package", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["package"], ["package.id"], name="report_package"),
        sa.PrimaryKeyConstraint("package", "part"),
    )
    op.create_table(
        "status",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("carrier", sa.Text(), nullable=False),
        sa.Column("package", sa.Text(), nullable=False),
        sa.Column("addressee", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("staff", sa.Text(), nullable=False),
        sa.Column("recorded_at", NUMBER, nullable=True),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["package"], ["package.id"], name="status_package"),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("package", "lane", "recipient", "carrier", name="status_once"),
        sqlite_autoincrement=True,
    )
    op.create_index("status_package_seq", "status", ["package", "seq"], unique=False)
