"""Lists that begin at their newest row however much is stored: of an agency, and of a span of days.

Triggers keep what is new, so that programs of before go on writing what those of after read. The index that goes would
draw planners away from reading in order.
"""

import sqlalchemy as sa
from alembic import op

from lienthong.adapters.sql.finding import HOUR

revision = "0011"
down_revision = "0010"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _high(seq: str) -> str:
    """A bound need not be exact: so rounded up, the row of an hour changes once in 64 packages."""
    return f"({seq} / 64 + 1) * 64"


_KEPT = f"""
    INSERT INTO package_hour (hour, low, high) VALUES (new.recorded_at / {HOUR}, new.seq, {_high("new.seq")})
        ON CONFLICT (hour) DO UPDATE SET
            low = {{least}}(package_hour.low, excluded.low), high = {{greatest}}(package_hour.high, excluded.high)
        WHERE excluded.low < package_hour.low OR excluded.high > package_hour.high;
    UPDATE leg SET package_seq = new.seq WHERE package = new.id AND package_seq IS NULL;"""  # noqa: S608  words of ours
SQLITE = (
    f"CREATE TRIGGER package_numbered AFTER INSERT ON package BEGIN{_KEPT.format(least='min', greatest='max')}\nEND",
    """CREATE TRIGGER leg_numbered AFTER INSERT ON leg WHEN new.package_seq IS NULL BEGIN
    UPDATE leg SET package_seq = (SELECT seq FROM package WHERE id = new.package) WHERE seq = new.seq;
END""",
)
POSTGRESQL = (
    f"""CREATE FUNCTION package_numbered() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN{_KEPT.format(least="least", greatest="greatest")}
    RETURN NULL;
END $$""",
    "CREATE TRIGGER package_numbered AFTER INSERT ON package FOR EACH ROW EXECUTE FUNCTION package_numbered()",
    """CREATE FUNCTION leg_numbered() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    new.package_seq = (SELECT seq FROM package WHERE id = new.package);
    RETURN new;
END $$""",
    """CREATE TRIGGER leg_numbered BEFORE INSERT ON leg FOR EACH ROW WHEN (new.package_seq IS NULL)
    EXECUTE FUNCTION leg_numbered()""",
)
FILLED = (
    f"INSERT INTO package_hour SELECT recorded_at / {HOUR}, min(seq), {_high('max(seq)')} FROM package GROUP BY 1",  # noqa: S608  as above
    "UPDATE leg SET package_seq = (SELECT seq FROM package WHERE id = leg.package)",
)


def upgrade() -> None:
    op.add_column("leg", sa.Column("package_seq", NUMBER, nullable=True))
    op.create_table(
        "package_hour",
        sa.Column("hour", NUMBER, autoincrement=False, nullable=False),
        sa.Column("low", NUMBER, nullable=False),
        sa.Column("high", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("hour"),
    )
    kept = {"sqlite": SQLITE, "postgresql": POSTGRESQL}[op.get_context().dialect.name]
    for statement in (*kept, *FILLED):
        op.execute(statement)
    op.create_index("leg_newest", "leg", ["recipient", "content", "package_seq"])
    op.drop_index("package_recorded", "package")
