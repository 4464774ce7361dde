"""Indexes that hold all an authority's overview tells: of certificates, of cases, of acts by day."""

from alembic import op

revision = "0012"
down_revision = "0011"

INDEXES = (
    ("ca_certificate_counted", "ca_certificate", ["path", "organisation", "profile", "state", "ends"]),
    ("ca_case_counted", "ca_case", ["path", "state", "due"]),
    ("ca_deed_act", "ca_deed", ["act", "at", "case_id"]),
)


def upgrade() -> None:
    for name, table, columns in INDEXES:
        op.create_index(name, table, columns)
