"""Indexes for search: words of the search text, the day of issue, when it was recorded, where a document stands."""

import re

import sqlalchemy as sa
from alembic import op

from lienthong.adapters.sql.finding import ISSUED, LEXEMES

revision = "0009"
down_revision = "0008"

STANDINGS = (
    ("leg_standing", ["recipient", "status", "standing", "package"], "in"),
    ("leg_status", ["status", "package"], "out"),
)
WORDS = """
CREATE VIRTUAL TABLE package_words
    USING fts5(folded, content='package', content_rowid='seq', tokenize='ascii', detail=none, columnsize=0);
CREATE TRIGGER package_words_added AFTER INSERT ON package BEGIN
    INSERT INTO package_words (rowid, folded) VALUES (new.seq, new.folded);
END;
CREATE TRIGGER package_words_dropped AFTER DELETE ON package BEGIN
    INSERT INTO package_words (package_words, rowid, folded) VALUES ('delete', old.seq, old.folded);
END;
INSERT INTO package_words (package_words) VALUES ('rebuild')"""


def upgrade() -> None:
    dialect = op.get_context().dialect.name
    if dialect == "sqlite":
        for statement in re.split(r";\n(?=CREATE|INSERT)", WORDS):
            op.execute(statement)
    if dialect == "postgresql":
        op.execute(sa.text(f"CREATE INDEX package_words ON package USING gin ({LEXEMES})".replace(":", r"\:")))
    op.execute(sa.text(f"CREATE INDEX package_issued ON package (content, {ISSUED[dialect]}, seq)"))
    op.create_index("package_recorded", "package", ["content", "recorded_at"])
    for name, columns, lane in STANDINGS:
        where = sa.text(f"lane = '{lane}'")
        op.create_index(name, "leg", columns, sqlite_where=where, postgresql_where=where)
