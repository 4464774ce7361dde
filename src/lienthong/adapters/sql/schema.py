"""The tables of a hop's memory. Times are UTC microseconds since 1970; changes go through a migration beside this.

    package ─< leg, step, status, signature_report     what passes here, and what became of it
    package_hour                                       between which numbers the packages of an hour lie
    content                                            bytes of small parts, by SHA-256
    notice, mark                                       news for other hops; small remembered values
    trouble                                            work that failed: dead letters, and what is tried again
    signing, signing_trace                             signing sessions, and who did what in them
    system, system_wish, system_trail                  software of the VXP face, its wishes, what it was refused
    proof                                              answers and lists about certificates; their bytes are objects
    lasting_entry >─ lasting_tree ─< lasting_stamp     what is to be proved for ever; lasting_object: what that needs
    file_facts, file_stand, file_brought               what was found in files, where they stand, who had them checked
    webhook                                            where agencies' software is called, up to which event
    leaf, tile_hash, checkpoint >─ chain               the evidence log, and the certificates it was signed under

A leg or step may speak of a package that was refused before it was kept, so they hold its id without a foreign key.
"""

import sqlalchemy as sa

metadata = sa.MetaData()

# SQLite counts rows in an INTEGER alone, PostgreSQL needs 64 bits.
_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _seq() -> sa.Column[int]:
    return sa.Column("seq", _NUMBER, primary_key=True, autoincrement=True)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _number(name: str, *, optional: bool = False) -> sa.Column[int]:
    return sa.Column(name, _NUMBER, nullable=optional)


def _of_lane(lane: str, name: str, *columns: str) -> sa.Index:
    """Where documents stand, which they do at gateways alone; a statement must name the lane in its text."""
    where = sa.text(f"lane = '{lane}'")
    return sa.Index(name, *columns, sqlite_where=where, postgresql_where=where)


package = sa.Table(
    "package",
    metadata,
    _seq(),
    _text("id"),
    _text("sender"),
    _text("message_id"),
    sa.Column("head", sa.JSON, nullable=False),
    _text("digest"),
    sa.Column("parts", sa.JSON, nullable=False),
    _text("seal"),
    _text("came_from"),
    _number("recorded_at"),
    _number("expires_at"),
    _text("request"),
    _number("index", optional=True),  # leaf of the acceptance
    # what is searched, taken out of the head
    _text("content"),
    _text("document_id"),
    _text("folded"),
    _number("unreported", optional=True),  # NULL: no report wanted; 1: wanted; 0: there is one
    sa.UniqueConstraint("id", name="package_id"),
    sa.Index("package_document", "sender", "document_id", "content", "seq"),
    sa.Index("package_listing", "content", "seq"),
    sa.Index("package_sent", "sender", "content", "seq"),
    sa.Index("package_unreported", "unreported", "seq"),
    # and in migrations alone: `package_words` and `package_issued`, which each database says otherwise (`finding`)
    sqlite_autoincrement=True,
)

package_hour = sa.Table(  # kept by a trigger; a clock that jumps only makes its hours wider
    "package_hour",
    sa.MetaData(),  # follows from `package`: never copied
    sa.Column("hour", _NUMBER, primary_key=True, autoincrement=False),  # since 1970
    _number("low"),
    _number("high"),
)

leg = sa.Table(
    "leg",
    metadata,
    _seq(),
    _text("package"),
    _text("lane"),
    _text("addressee"),
    _text("recipient"),
    _text("next_hop"),
    _text("state"),
    _number("since"),
    _number("due"),
    _number("expires_at"),
    _number("urgency"),
    _number("precedence"),  # urgency below zero, so that indexes run one way
    _number("attempts"),
    _text("lock"),
    _number("locked_until", optional=True),
    _text("refusal"),
    _text("detail"),
    _text("standing"),
    _number("asked"),
    _text("asked_by"),
    _text("status"),
    _number("status_at", optional=True),
    _text("content"),
    _number("package_seq", optional=True),  # kept by a trigger; NULL: the package was never kept
    sa.UniqueConstraint("package", "lane", "addressee", name="leg_key"),
    sa.Index("leg_due", "next_hop", "lane", "state", "precedence", "due", "seq"),
    sa.Index("leg_listing", "recipient", "lane", "package"),
    sa.Index("leg_newest", "recipient", "content", "package_seq"),
    sa.Index("leg_expiring", "lane", "state", "expires_at", "since"),
    _of_lane("in", "leg_inbox", "recipient", "state", "content", "precedence", "since", "seq"),
    _of_lane("in", "leg_standing", "recipient", "status", "standing", "package"),
    _of_lane("out", "leg_status", "status", "package"),
    sqlite_autoincrement=True,
)

step = sa.Table(
    "step",
    metadata,
    _seq(),
    _text("package"),
    _number("at"),
    _text("hop"),
    _text("kind"),
    _text("addressee"),
    _text("code"),
    _text("text"),
    _text("receipt"),
    _number("index", optional=True),
    _text("lane"),
    sa.Index("step_package", "package", "seq"),
    sqlite_autoincrement=True,
)

status = sa.Table(
    "status",
    metadata,
    _seq(),
    _text("carrier"),
    sa.Column("package", sa.Text, sa.ForeignKey("package.id", name="status_package"), nullable=False),
    _text("addressee"),
    _text("recipient"),
    _text("code"),
    _number("at"),
    _text("description"),
    _text("staff"),
    _number("recorded_at", optional=True),
    _text("lane"),
    sa.UniqueConstraint("package", "lane", "recipient", "carrier", name="status_once"),
    sa.Index("status_package_seq", "package", "seq"),
    sqlite_autoincrement=True,
)

notice = sa.Table(
    "notice",
    metadata,
    _seq(),  # a cursor of other hops: never given twice, even after the newest were dropped
    _text("to"),
    _text("package"),
    _text("body"),
    sa.Index("notice_to", "to", "seq"),
    sqlite_autoincrement=True,
)

mark = sa.Table("mark", metadata, sa.Column("name", sa.Text, primary_key=True), _text("value"))

trouble = sa.Table(
    "trouble",
    metadata,
    _seq(),
    _text("key"),
    _text("work"),
    _text("package"),
    _text("lane"),
    _text("addressee"),
    _text("code"),
    _text("detail"),
    _text("body"),
    _number("since"),
    _number("at"),
    _number("due"),
    _number("attempts"),
    _number("dead"),  # 1: listed for people
    sa.UniqueConstraint("key", name="trouble_key"),
    sa.Index("trouble_dead", "dead", "seq"),
    sa.Index("trouble_due", "work", "due", "seq"),
    sa.Index("trouble_package", "package", "seq"),
    sqlite_autoincrement=True,
)

content = sa.Table(
    "content",
    metadata,
    sa.Column("sha256", sa.Text, primary_key=True),
    sa.Column("data", sa.LargeBinary, nullable=False),
)

signature_report = sa.Table(
    "signature_report",
    metadata,
    sa.Column("package", sa.Text, sa.ForeignKey("package.id", name="report_package"), primary_key=True),
    sa.Column("part", sa.Text, primary_key=True),
    _text("report"),
)

leaf = sa.Table(
    "leaf",
    metadata,
    sa.Column("index", _NUMBER, primary_key=True, autoincrement=False),
    sa.Column("hash", sa.LargeBinary, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
)

tile_hash = sa.Table(
    "tile_hash",
    metadata,
    sa.Column("level", _NUMBER, primary_key=True, autoincrement=False),
    sa.Column("index", _NUMBER, primary_key=True, autoincrement=False),
    sa.Column("hash", sa.LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

chain = sa.Table(
    "chain",
    metadata,
    sa.Column("id", _NUMBER, primary_key=True, autoincrement=True),
    sa.Column("certificates", sa.JSON, nullable=False),  # base64 of DER, leaf first
)

checkpoint = sa.Table(
    "checkpoint",
    metadata,
    sa.Column("size", _NUMBER, primary_key=True, autoincrement=False),
    _text("note"),
    _number("at"),
    sa.Column("chain", _NUMBER, sa.ForeignKey("chain.id", name="checkpoint_chain"), nullable=False),
    sa.Column("stamp", sa.LargeBinary, nullable=True),
    sa.Index(
        "checkpoint_stamped",
        "size",
        sqlite_where=sa.text("stamp IS NOT NULL"),
        postgresql_where=sa.text("stamp IS NOT NULL"),
    ),
)

signing = sa.Table(
    "signing",
    metadata,
    _seq(),
    _text("tenant"),
    _text("id"),
    _text("batch"),
    _text("state"),
    _number("expires"),
    _number("open"),  # 1: not ended
    # contents beside the row, by SHA-256; empty once they may go
    _text("prepared"),
    _number("prepared_size"),
    _text("result"),
    _number("result_size"),
    _number("holds"),  # 1: names contents
    sa.Column("body", sa.JSON, nullable=False),
    sa.UniqueConstraint("tenant", "id", name="signing_key"),
    sa.Index("signing_batch", "tenant", "batch", "seq"),
    sa.Index("signing_open", "open", "expires"),
    sa.Index("signing_holds", "holds", "open", "expires"),
    sqlite_autoincrement=True,
)

signing_trace = sa.Table(
    "signing_trace",
    metadata,
    _seq(),
    _number("at"),
    _text("tenant"),
    _text("session"),
    _text("person"),
    _text("key"),
    _text("document"),
    _text("act"),
    _text("outcome"),
    sa.Index("signing_trace_session", "tenant", "session", "seq"),
    sqlite_autoincrement=True,
)

proof = sa.Table(
    "proof",
    metadata,
    _seq(),
    _text("kind"),
    _text("sha256"),
    _number("size"),
    _text("issuer"),
    _text("serial"),
    _number("made"),
    _number("until", optional=True),
    _number("in_force"),  # 1: the newest of its place
    sa.UniqueConstraint("sha256", name="proof_key"),
    sa.Index("proof_place", "issuer", "serial", "kind", "made"),
    sa.Index("proof_in_force", "in_force", "seq"),
    sqlite_autoincrement=True,
)

lasting_entry = sa.Table(
    "lasting_entry",
    metadata,
    _seq(),
    _text("kind"),
    _text("of"),
    _number("round"),
    _text("state"),
    _number("since"),
    _number("due"),
    _number("attempts"),
    _text("code"),
    _text("detail"),
    _text("algorithm"),
    _text("record"),
    _text("leaf"),
    sa.Column("members", sa.JSON, nullable=False),
    _text("lacks"),
    _number("tree"),  # 0: in none
    _number("place"),
    _number("newest"),  # 1: the last round of its thing
    sa.UniqueConstraint("kind", "of", "round", name="lasting_entry_key"),
    sa.Index("lasting_entry_due", "state", "attempts", "due", "seq"),
    sa.Index("lasting_entry_tree", "tree", "place"),
    sa.Index("lasting_entry_hashed", "algorithm", "newest", "state", "kind", "seq"),
    sqlite_autoincrement=True,
)

lasting_tree = sa.Table(
    "lasting_tree",
    metadata,
    _seq(),
    _number("at"),
    _text("algorithm"),
    _text("root"),
    sa.Column("leaves", sa.LargeBinary, nullable=False),
    _number("ends", optional=True),  # NULL: not stamped
    _number("renewed"),  # 1: an entry takes it on
    sa.Index("lasting_tree_ends", "renewed", "ends", "seq"),
    sqlite_autoincrement=True,
)

lasting_stamp = sa.Table(
    "lasting_stamp",
    metadata,
    sa.Column("tree", _NUMBER, sa.ForeignKey("lasting_tree.seq", name="lasting_stamp_tree"), primary_key=True),
    sa.Column("authority", sa.Text, primary_key=True),
    sa.Column("token", sa.LargeBinary, nullable=False),
    _number("at"),
    _number("ends"),
)

lasting_object = sa.Table(
    "lasting_object",
    metadata,
    _seq(),
    _text("sha256"),
    _number("size"),
    sa.UniqueConstraint("sha256", name="lasting_object_key"),
    sqlite_autoincrement=True,
)

system = sa.Table(
    "system",
    metadata,
    _seq(),
    _text("id"),
    sa.Column("body", sa.JSON, nullable=False),
    sa.UniqueConstraint("id", name="system_key"),
    sqlite_autoincrement=True,
)

system_wish = sa.Table(
    "system_wish",
    metadata,
    _seq(),
    _text("id"),
    _text("system"),
    _text("act"),
    _text("code"),
    _text("state"),
    sa.Column("body", sa.JSON, nullable=False),
    sa.UniqueConstraint("id", name="system_wish_key"),
    sa.Index("system_wish_state", "state", "system", "seq"),
    sqlite_autoincrement=True,
)

system_trail = sa.Table(
    "system_trail",
    metadata,
    _seq(),
    _number("minute"),
    _text("system"),
    _text("call"),
    _text("code"),
    _number("count"),
    _text("detail"),
    sa.UniqueConstraint("minute", "system", "call", "code", name="system_trail_key"),
    sa.Index("system_trail_system", "system", "minute"),
    sqlite_autoincrement=True,
)
file_facts = sa.Table(
    "file_facts",
    metadata,
    sa.Column("sha256", sa.Text, primary_key=True),
    sa.Column("facts", sa.LargeBinary, nullable=False),
)

file_stand = sa.Table(
    "file_stand",
    metadata,
    _seq(),
    _text("sha256"),
    _text("package"),
    _text("name"),
    sa.UniqueConstraint("package", "name", name="file_stand_key"),
    sa.Index("file_stand_sha256", "sha256", "seq"),
    sqlite_autoincrement=True,
)

file_brought = sa.Table(
    "file_brought",
    metadata,
    sa.Column("tenant", sa.Text, primary_key=True),
    sa.Column("sha256", sa.Text, primary_key=True),
    _number("at"),
    sa.Index("file_brought_sha256", "sha256"),
    sa.Index("file_brought_at", "at"),
)

webhook = sa.Table(
    "webhook",
    metadata,
    _seq(),
    _text("tenant"),
    _text("name"),
    _number("due"),
    _number("parked"),
    sa.Column("body", sa.JSON, nullable=False),
    sa.UniqueConstraint("tenant", "name", name="webhook_key"),
    sa.Index("webhook_due", "parked", "due", "seq"),
    sqlite_autoincrement=True,
)
