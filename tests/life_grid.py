"""The fault grid as data: every step of every story of a document, and what may befall it. Tests and docs read it here.

A step is one call of one port of one hop: which call it is, counted from the moment its story begins. A test holds the
rows against an undisturbed run, so that a call that no row speaks of is found out.
"""

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from lienthong.delivery import AXIS
from lienthong.errors import LienThongError, StorageFull, Unavailable
from lienthong.testing.mishaps import Mishap
from lienthong.testing.world import DEDICATED, SHARED

HOPS = {"A": DEDICATED, "axis": AXIS, "B": SHARED}
"""The sender's gateway, the axis, the recipient's gateway."""
POLLED = frozenset({"mailbox", "news", "freight", "unstamped"})
"""Asked again and again; the first time stands for all."""
REFUSALS: dict[str, LienThongError] = {"refused": Unavailable("bận / busy"), "full": StorageFull()}
"""For now: it fails before it is done, or there is no room."""


class Row(NamedTuple):
    """One step: its number in the life of a document, what it is, its story, and the call."""

    number: int
    words: str
    story: str
    call: str  # HOP.port.method#n

    @property
    def port(self) -> str:
        """As the twin country names it."""
        hop, port, _ = self.call.partition("#")[0].split(".")
        return f"{HOPS[hop]}.{port}"

    @property
    def method(self) -> str:
        return self.call.partition("#")[0].rpartition(".")[2]

    @property
    def nth(self) -> int:
        """Which call of that method, from 0."""
        return int(self.call.partition("#")[2])

    @property
    def name(self) -> str:
        """For pytest's -k."""
        return f"{self.story}-{self.number}-{self.words.replace(' ', '-')}"


_TABLE = """
letter 1 large files kept | A.objects.keep#0
letter 3 recorded | A.store.write#0
letter 4 files read for the frame | A.objects.fetch#0
letter 4 on the wire to the axis | A.wire.submit#0
letter 5 files kept at the axis | axis.objects.keep#0
letter 5 accepted | axis.store.write#0
letter 5 receipt made | axis.store.receipt#0
letter 5 answer noted | A.store.write#1
letter 6 mailbox looked into | B.wire.mailbox#0
letter 6 large parts looked for | B.wire.freight#0
letter 6 fetched | B.wire.collect#0
letter 6 files given | axis.objects.fetch#0
letter 6 files kept at the recipients gateway | B.objects.keep#0
letter 6 stored | B.store.write#0
letter 6 receipt of storing | B.store.receipt#0
letter 6 confirmed by the axis | B.wire.confirm#0
letter 6 delivered at the axis | axis.store.write#1
letter 6 receipt of delivery | axis.store.receipt#1
letter 6 opened to the desk | B.store.write#1
letter 7 news asked | A.wire.news#0
letter 7 receipts for the news | axis.store.receipt#2
letter 7 proofs held | A.store.write#2
letter 7 forgotten at the axis | axis.store.write#2
letter 8 taken | B.store.write#2
letter 8 handed over | B.store.write#3
letter 8 receipt of handing over | B.store.receipt#1
letter 8 told to the axis | B.wire.hear#0
letter 8 noted at the axis | axis.store.write#3
letter 8 outbox emptied | B.store.write#4
letter 8 known at the sender | A.store.write#3
letter 8 forgotten at the axis | axis.store.write#4
letter 9 status files kept | B.objects.keep#1
letter 9 status recorded | B.store.write#5
letter 9 status on the wire | B.wire.submit#0
letter 9 status accepted | axis.store.write#5
letter 9 status receipt made | axis.store.receipt#3
letter 9 status answer noted | B.store.write#6
letter 9 status mailbox looked into | A.wire.mailbox#0
letter 9 large parts looked for | A.wire.freight#0
letter 9 status fetched | A.wire.collect#0
letter 9 status files kept at the sender | A.objects.keep#1
letter 9 status stored | A.store.write#4
letter 9 status receipt of storing | A.store.receipt#0
letter 9 status confirmed by the axis | A.wire.confirm#0
letter 9 status delivered at the axis | axis.store.write#6
letter 9 status receipt of delivery | axis.store.receipt#4
letter 9 status opened | A.store.write#5
letter 9 status news asked | B.wire.news#0
letter 9 status receipts for the news | axis.store.receipt#5
letter 9 status proofs held | B.store.write#7
letter 9 status forgotten at the axis | axis.store.write#7
recall 3 recorded | A.store.write#0
recall 4 on the wire to the axis | A.wire.submit#0
recall 5 accepted | axis.store.write#0
recall 5 answer noted | A.store.write#1
recall 6 fetched | B.wire.collect#0
recall 6 stored | B.store.write#0
recall 6 confirmed by the axis | B.wire.confirm#0
recall 6 delivered at the axis | axis.store.write#1
recall 6 frozen and opened to the desk | B.store.write#1
recall 7 proofs held | A.store.write#2
recall 7 forgotten at the axis | axis.store.write#2
recall 8 taken | B.store.write#2
recall 8 handed over | B.store.write#3
recall 8 told to the axis | B.wire.hear#0
recall 8 noted at the axis | axis.store.write#3
recall 8 outbox emptied | B.store.write#4
recall 8 known at the sender | A.store.write#3
recall 8 forgotten at the axis | axis.store.write#4
recall 9 agreement recorded | B.store.write#5
recall 9 agreement on the wire | B.wire.submit#0
recall 9 agreement accepted | axis.store.write#5
recall 9 agreement answer noted | B.store.write#6
recall 9 agreement fetched | A.wire.collect#0
recall 9 agreement stored | A.store.write#4
recall 9 agreement confirmed by the axis | A.wire.confirm#0
recall 9 agreement delivered at the axis | axis.store.write#6
recall 9 agreement opened | A.store.write#5
recall 9 agreement proofs held | B.store.write#7
recall 9 agreement forgotten at the axis | axis.store.write#7
update 3 recorded | A.store.write#0
update 4 on the wire to the axis | A.wire.submit#0
update 5 accepted | axis.store.write#0
update 6 stored for the first | B.store.write#0
update 6 stored for the second | B.store.write#1
update 6 confirmed by the axis | B.wire.confirm#0
update 6 delivered at the axis | axis.store.write#1
update 6 frozen and opened to the desks | B.store.write#2
update 8 handed over to the first | B.store.write#4
update 8 handed over to the second | B.store.write#6
update 9 agreement recorded | B.store.write#8
update 9 agreement opened | A.store.write#5
replace 3 recorded | A.store.write#0
replace 4 on the wire to the axis | A.wire.submit#0
replace 5 accepted | axis.store.write#0
replace 6 stored | B.store.write#0
replace 6 delivered at the axis | axis.store.write#1
replace 6 frozen and opened to the desk | B.store.write#1
replace 8 handed over | B.store.write#3
replace 9 agreement recorded | B.store.write#5
replace 9 agreement opened | A.store.write#5
refusal 5 accepted | axis.store.write#0
refusal 6 fetched | B.wire.collect#0
refusal 6 refusal stored | B.store.write#0
refusal 6 refusal receipt | B.store.receipt#0
refusal 6 refusal told to the axis | B.wire.confirm#0
refusal 6 refused at the axis | axis.store.write#1
refusal 6 refusal noted | B.store.write#1
refusal 7 known at the sender | A.store.write#2
refusal 7 forgotten at the axis | axis.store.write#2
expiry 6 expired at the axis | axis.store.write#0
expiry 7 receipt for the news | axis.store.receipt#0
expiry 7 known at the sender | A.store.write#0
expiry 7 forgotten at the axis | axis.store.write#1
stamping 7 newest checkpoint looked for | axis.log.unstamped#0
stamping 7 stamped by the authority | axis.timestamper.stamp#0
stamping 7 stamp kept | axis.log.keep_stamp#0
stamping 7 dated receipts fetched | A.wire.dated#0
stamping 7 dated receipts kept | A.store.write#0
"""
WHOLE = ("letter", "recall", "expiry", "stamping")
"""Stories every step of which has a row; in the others only what is different."""
LESS = {"recall": {"store", "wire"}, "refusal": {"store", "wire"}, "expiry": {"store"}}
"""Ports a story speaks of, when not all: the rest is the same calls as in a letter's."""


def _row(line: str) -> Row:
    words, _, call = line.partition(" | ")
    story, number, name = words.split(" ", 2)
    return Row(int(number), name, story, call)


ROWS = tuple(_row(line) for line in _TABLE.strip().splitlines())
STORIES = tuple(dict.fromkeys(row.story for row in ROWS))


def befalls(row: Row) -> dict[str, Mishap | LienThongError]:
    """What may befall a step, by the word of its column. A store on the same machine answers nothing twice or late."""
    here: dict[str, Mishap | LienThongError] = {
        "dies before": Mishap.CRASH_BEFORE,
        "dies after": Mishap.CRASH_AFTER,
        "answer lost": Mishap.AFTER,
    }
    if row.port.endswith(".wire"):
        here |= {"twice": Mishap.TWICE, "late": Mishap.LATE}
    return here | REFUSALS


COLUMNS = ("dies before", "dies after", "answer lost", "twice", "late", "refused", "full")


def cells() -> Iterator[tuple[Row, str, Mishap | LienThongError]]:
    """Every row with everything that is tried on it."""
    yield from ((row, word, mishap) for row in ROWS for word, mishap in befalls(row).items())


def table() -> str:
    """The grid as the docs show it."""
    lines = [f"| step | call | {' | '.join(COLUMNS)} |", "|---|---|" + ":-:|" * len(COLUMNS)]
    for row, found in groupby(cells(), key=lambda cell: cell[0]):
        words = {word for _, word, _ in found}
        marks = " | ".join("✓" if column in words else "–" for column in COLUMNS)
        lines.append(f"| {row.story} {row.number}: {row.words} | `{row.call.partition('#')[0]}` | {marks} |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())  # noqa: T201  # for the page that shows it
