"""Does the page say what the message says? (numbers 13, 28)"""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from lienthong.signature.facts.model import Line
from lienthong.signature.form.case import Case, found
from lienthong.signature.form.model import Finding, Part
from lienthong.signature.form.names import bare, plain
from lienthong.signature.model import Role

_NUMBER = re.compile(r"\bs[oố]\s*:\s*(\S*)\s*/\s*(\S+)", re.IGNORECASE)
_DATE = re.compile(r"ng[aà]y\s+(\d{1,2})\s+th[aá]ng\s+(\d{1,2})\s+n[aă]m(?:\s+(\d{4}))?", re.IGNORECASE)
_INSTEAD = ("kt.", "tm.", "tl.", "tuq.", "q.")
_DEPUTY = "phó "
_HEAD = 15
"""So many lines of page 1 hold number and date."""


def saying(case: Case) -> Iterator[Finding]:
    """Number, date, name and capacity of the main document against the message."""
    if case.expected.part is Part.MAIN and case.looks.lines:
        head = [line for line in case.lines(0) if line.text.strip()][:_HEAD]
        yield from _number(case, head)
        yield from _date(case, head)
        yield from _name(case)
        yield from _capacity(case)


def _number(case: Case, head: Sequence[Line]) -> Iterator[Finding]:
    expected, seen = case.expected, _first(_NUMBER, head)
    if not expected.number or seen is None:
        return
    line, match = seen
    if (_digits(match[1]), plain(match[2])) != (_digits(expected.number), plain(expected.notation)):
        words = {"found": f"{match[1]}/{match[2]}", "expected": f"{expected.number}/{expected.notation}"}
        yield found("number-differs", line.box, **words)


def _digits(number: str) -> str:
    return plain(number).lstrip("0")


def _date(case: Case, head: Sequence[Line]) -> Iterator[Finding]:
    issued, seen = case.expected.issued, _first(_DATE, head)
    if issued is None or seen is None:
        return
    line, match = seen
    day, month, year = int(match[1]), int(match[2]), int(match[3] or issued.year)  # a long line puts the year below
    if (year, month, day) != (issued.year, issued.month, issued.day):
        yield found("date-differs", line.box, found=f"{day:02d}/{month:02d}/{year}", expected=_told(issued))


def _told(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _first(pattern: re.Pattern[str], lines: Sequence[Line]) -> tuple[Line, re.Match[str]] | None:
    for line in lines:
        if match := pattern.search(line.text):
            return line, match
    return None


def _name(case: Case) -> Iterator[Finding]:
    """Accents may be lost where text is taken from a page, so they are not asked for here."""
    wanted = case.expected.signer
    if wanted and not any(bare(wanted) in bare(line.text) for line in case.looks.lines):
        yield found("name-not-printed", expected=wanted)


def _capacity(case: Case) -> Iterator[Finding]:
    block = _above(case)
    if not block:
        return
    wanted = plain(case.expected.competence)
    if wanted and bare(wanted) not in bare(" ".join(line.text for line in block)):
        yield found("competence-differs", block[-1].box, expected=case.expected.competence)
    deputy = next((line for line in block if plain(line.text).startswith(_DEPUTY)), None)
    if deputy is not None and not any(plain(line.text).startswith(_INSTEAD) for line in block):
        yield found("prefix-missing", deputy.box, position=deputy.text.strip())


def _above(case: Case) -> list[Line]:
    """The lines over the leader's picture that stand on it: capacity and position, top first."""
    leader = case.by(Role.LEADER)
    box = leader.box if leader else None
    if box is None:
        return []
    middle = (box.left + box.right) / 2
    over = [line for line in case.lines(box.page) if line.box.bottom >= (box.bottom + box.top) / 2]
    return [line for line in over if line.box.left <= middle <= line.box.right and line.text.isupper()][-4:]
