"""The memory of a certificate authority."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BINARY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def _seq() -> sa.Column[int]:
    return sa.Column("seq", NUMBER, primary_key=True, autoincrement=True, nullable=False)


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _numbers(*names: str, optional: bool = False) -> list[sa.Column[int]]:
    return [sa.Column(name, NUMBER, nullable=optional) for name in names]


def upgrade() -> None:
    _certificates()
    _cases()
    _rest()


def _certificates() -> None:
    op.create_table(
        "ca_certificate",
        _seq(),
        *_texts("issuer", "serial", "state", "profile", "organisation"),
        sa.Column("path", BINARY, nullable=False),
        *_texts("name", "uid", "key"),
        *_numbers("begins", "ends", "partition"),
        *_numbers("changed", optional=True),
        *_texts("reason", "case_id"),
        sa.Column("der", sa.LargeBinary(), nullable=False),
        sa.UniqueConstraint("issuer", "serial", name="ca_certificate_serial"),
        sqlite_autoincrement=True,
    )
    for column in ("key", "ends", "uid"):
        op.create_index(f"ca_certificate_{column}", "ca_certificate", [column])
    for column in ("organisation", "path"):
        op.create_index(f"ca_certificate_{column}", "ca_certificate", [column, "seq"])
    stopped = sa.text("state <> 'active'")
    op.create_index(
        "ca_certificate_stopped",
        "ca_certificate",
        ["issuer", "partition"],
        sqlite_where=stopped,
        postgresql_where=stopped,
    )
    op.create_table(
        "ca_name",
        sa.Column("words", BINARY, primary_key=True),
        sa.Column("certificate", NUMBER, primary_key=True, autoincrement=False),
        sqlite_with_rowid=False,
    )


def _cases() -> None:
    op.create_table(
        "ca_case",
        _seq(),
        *_texts("id", "kind", "state", "organisation"),
        sa.Column("path", BINARY, nullable=False),
        *_texts("authority", "batch"),
        *_numbers("due", optional=True),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.UniqueConstraint("id", name="ca_case_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ca_case_due", "ca_case", ["state", "due"])
    for column in ("path", "organisation", "batch"):
        op.create_index(f"ca_case_{column}", "ca_case", [column, "seq"])
    op.create_table(
        "ca_order",
        sa.Column("id", sa.Text(), primary_key=True),
        *_texts("case_id"),
        sa.Column("statement", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "ca_deed",
        _seq(),
        *_numbers("at"),
        *_texts("who", "act", "case_id", "certificate", "order_id", "text"),
        *_numbers("index", optional=True),
        sqlite_autoincrement=True,
    )
    op.create_index("ca_deed_case", "ca_deed", ["case_id", "seq"])
    op.create_index("ca_deed_certificate", "ca_deed", ["certificate", "seq"])


def _rest() -> None:
    op.create_table(
        "ca_change",
        _seq(),
        *_texts("issuer", "serial"),
        *_numbers("at"),
        *_texts("state", "reason"),
        sqlite_autoincrement=True,
    )
    op.create_index("ca_change_issuer", "ca_change", ["issuer", "seq"])
    op.create_table(
        "ca_record",
        sa.Column("kind", sa.Text(), primary_key=True),
        sa.Column("id", sa.Text(), primary_key=True),
        *_texts("owner", "state"),
        *_numbers("due", optional=True),
        sa.Column("body", sa.JSON(), nullable=False),
    )
    op.create_index("ca_record_owner", "ca_record", ["kind", "owner"])
    op.create_index("ca_record_state", "ca_record", ["kind", "state", "due"])
    op.create_table(
        "ca_paper",
        sa.Column("sha256", sa.Text(), primary_key=True),
        sa.Column("data", sa.LargeBinary(), nullable=False),
    )
