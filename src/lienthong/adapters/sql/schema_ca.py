"""The tables of the certificate authority, beside those of a hop: one memory, one log, one way to back up and move it.

ca_certificate ─< ca_name            what was issued, and the words of its name
ca_case ─< ca_order, ca_deed         what was asked for, the signed orders about it, and its history
ca_change                            the feed of revocations, numbered by its key
ca_record, ca_paper                  small values by kind and id; letters by SHA-256
"""

import sqlalchemy as sa

from lienthong.adapters.sql.schema import metadata

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BINARY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
"""Text that sorts by its bytes, so that a prefix is a range."""


def _seq() -> sa.Column[int]:
    return sa.Column("seq", NUMBER, primary_key=True, autoincrement=True)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _number(name: str, *, optional: bool = False) -> sa.Column[int]:
    return sa.Column(name, NUMBER, nullable=optional)


def _prefix(name: str) -> sa.Column[str]:
    return sa.Column(name, BINARY, nullable=False)


ca_certificate = sa.Table(
    "ca_certificate",
    metadata,
    _seq(),
    _text("issuer"),
    _text("serial"),
    _text("state"),
    _text("profile"),
    _text("organisation"),
    _prefix("path"),
    _text("name"),
    _text("uid"),
    _text("key"),
    _number("begins"),
    _number("ends"),
    _number("partition"),
    _number("changed", optional=True),
    _text("reason"),
    _text("case_id"),
    sa.Column("der", sa.LargeBinary, nullable=False),
    sa.UniqueConstraint("issuer", "serial", name="ca_certificate_serial"),
    sa.Index("ca_certificate_key", "key"),
    sa.Index("ca_certificate_ends", "ends"),
    sa.Index("ca_certificate_organisation", "organisation", "seq"),
    sa.Index("ca_certificate_path", "path", "seq"),
    sa.Index("ca_certificate_counted", "path", "organisation", "profile", "state", "ends"),
    sa.Index("ca_certificate_uid", "uid"),
    sa.Index(
        "ca_certificate_stopped",
        "issuer",
        "partition",
        sqlite_where=sa.text("state <> 'active'"),
        postgresql_where=sa.text("state <> 'active'"),
    ),
    sqlite_autoincrement=True,
)

ca_name = sa.Table(
    "ca_name",
    metadata,
    sa.Column("words", BINARY, primary_key=True),
    sa.Column("certificate", NUMBER, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

ca_case = sa.Table(
    "ca_case",
    metadata,
    _seq(),
    _text("id"),
    _text("kind"),
    _text("state"),
    _text("organisation"),
    _prefix("path"),
    _text("authority"),
    _text("batch"),
    _number("due", optional=True),
    sa.Column("body", sa.JSON, nullable=False),
    sa.UniqueConstraint("id", name="ca_case_key"),
    sa.Index("ca_case_due", "state", "due"),
    sa.Index("ca_case_path", "path", "seq"),
    sa.Index("ca_case_counted", "path", "state", "due"),
    sa.Index("ca_case_organisation", "organisation", "seq"),
    sa.Index("ca_case_batch", "batch", "seq"),
    sqlite_autoincrement=True,
)

ca_order = sa.Table(
    "ca_order",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    _text("case_id"),
    sa.Column("statement", sa.LargeBinary, nullable=False),
    sa.Column("signature", sa.LargeBinary, nullable=False),
)

ca_deed = sa.Table(
    "ca_deed",
    metadata,
    _seq(),
    _number("at"),
    _text("who"),
    _text("act"),
    _text("case_id"),
    _text("certificate"),
    _text("order_id"),
    _text("text"),
    _number("index", optional=True),
    sa.Index("ca_deed_act", "act", "at", "case_id"),
    sa.Index("ca_deed_case", "case_id", "seq"),
    sa.Index("ca_deed_certificate", "certificate", "seq"),
    sqlite_autoincrement=True,
)

ca_change = sa.Table(
    "ca_change",
    metadata,
    _seq(),
    _text("issuer"),
    _text("serial"),
    _number("at"),
    _text("state"),
    _text("reason"),
    sa.Index("ca_change_issuer", "issuer", "seq"),
    sqlite_autoincrement=True,
)

ca_record = sa.Table(
    "ca_record",
    metadata,
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    _text("owner"),
    _text("state"),
    _number("due", optional=True),
    sa.Column("body", sa.JSON, nullable=False),
    sa.Index("ca_record_owner", "kind", "owner"),
    sa.Index("ca_record_state", "kind", "state", "due"),
)

ca_paper = sa.Table(
    "ca_paper",
    metadata,
    sa.Column("sha256", sa.Text, primary_key=True),
    sa.Column("data", sa.LargeBinary, nullable=False),
)
