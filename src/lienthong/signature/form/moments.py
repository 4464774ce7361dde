"""Do the times fit: date, clock, stamp, zone? (numbers 14–16)"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from lienthong.document import VIETNAM
from lienthong.signature.form.case import Case, Signed, found
from lienthong.signature.form.model import Finding
from lienthong.signature.form.tolerances import CLOCKS, LEADER_BEFORE, SIGNED_LATE
from lienthong.signature.model import Role


def moments(case: Case) -> Iterator[Finding]:
    """What the times of each signature say."""
    for each in case.signed:
        yield from _future(case, each)
        yield from _dated(case, each)
        yield from _clock(each)
        yield from _trusted(case, each)


def _future(case: Case, each: Signed) -> Iterator[Finding]:
    seen = case.expected.seen
    if seen is not None and each.at is not None and each.at > seen + CLOCKS:
        yield found("signed-in-future", each.box, each.field, who=each.who, at=_told(each.at))


def _dated(case: Case, each: Signed) -> Iterator[Finding]:
    """Leaders sign before a clerk gives number and date; the seal comes last."""
    issued = case.expected.issued
    if issued is None or each.at is None:
        return
    day = each.at.astimezone(VIETNAM).date()
    before = LEADER_BEFORE if each.role is Role.LEADER else timedelta()
    words = {"who": each.who, "at": _told(each.at), "issued": f"{issued:%d/%m/%Y}"}
    if day < issued - before:
        yield found("signed-before-date", each.box, each.field, **words)
    if day > issued + SIGNED_LATE:
        yield found("signed-late", each.box, each.field, **words)


def _clock(each: Signed) -> Iterator[Finding]:
    claimed = each.fact.claimed_time
    if claimed is not None and not each.fact.zoned:
        yield found("no-zone", each.box, each.field, who=each.who)
    if claimed is not None and each.stamped is not None and abs(claimed - each.stamped) > CLOCKS:
        minutes = round(abs(claimed - each.stamped).total_seconds() / 60)
        yield found("clock-differs", each.box, each.field, who=each.who, minutes=minutes)


def _trusted(case: Case, each: Signed) -> Iterator[Finding]:
    later = any(stamp.intact for stamp in case.facts.document_stamps)
    if each.stamped is None and not later:
        yield found("no-trusted-time", each.box, each.field, who=each.who)


def _told(moment: datetime) -> str:
    return moment.astimezone(VIETNAM).strftime("%H:%M %d/%m/%Y")
