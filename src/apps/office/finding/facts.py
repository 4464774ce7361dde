"""Where a document stands and who sees it, as words of the index: a search reads no row that it will not show.

The policy has the last word (`results.reach`); these only keep a search from reading what the policy would refuse.

:d20261122  its day                         :e20261130  open, with this deadline     :k1  urgency
:u7  a row of the unit, or in its file      :h7  a row of the unit and of nobody in it
:p9  a row of the person                    :w9  waits at the person                 :rleadp9, :rleadu7  led by
:f9  in a file kept by or shared with       :z1  in a file that the archive has
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from apps.office.cases.policy import IN_ARCHIVE
from apps.office.finding.words import AnyOf
from apps.office.incoming.policy import whose
from apps.office.models import OPEN, Assignment, CaseDocument, Document
from apps.staff.calendar import VIETNAM
from apps.staff.models import Duty
from apps.staff.rights import Standing

DAY, DUE, URGENCY = ":d", ":e", ":k"


def facts_of(document: Document) -> str:
    """All of them, from the rows as they are now."""
    told = [*of_itself(document.issued, document.came, document.urgency), *_open_until(document)]
    rows = Assignment.objects.filter(document=document).values_list("unit", "person", "role", "state")
    cases = CaseDocument.objects.filter(document=document).order_by()
    for each in rows.order_by():
        told += of_row(*each)
    for unit, keeper, member, state in cases.values_list("case__unit", "case__keeper", "case__members", "case__state"):
        told += [f":u{unit}", f":f{keeper}", *([f":f{member}"] if member else []), *[":z1"] * (state in IN_ARCHIVE)]
    return together(told)


def together(told: Iterable[str]) -> str:
    """As the index is given them: the same facts are the same text."""
    return " ".join(sorted(set(told)))


def of_itself(issued: date | None, came: datetime, urgency: int) -> list[str]:
    """Day of issue (of what tells none, the day it came) and urgency."""
    day = issued or came.astimezone(VIETNAM).date()
    return [f"{DAY}{digits(day)}", f"{URGENCY}{urgency}"]


def _open_until(document: Document) -> list[str]:
    return of_deadline(document.due) if document.due and not document.done else []


def of_deadline(due: datetime) -> list[str]:
    """The day of a deadline, of what is not done."""
    return [f"{DUE}{digits(due.astimezone(VIETNAM).date())}"]


def of_row(unit: int, person: int | None, role: str, state: str) -> list[str]:
    """One row of work."""
    of_unit = [f":u{unit}", f":r{role}u{unit}"]
    if person is None:
        return [*of_unit, f":h{unit}"]
    return [*of_unit, f":p{person}", f":r{role}p{person}", *([f":w{person}"] if state in OPEN else [])]


def in_reach_of(person: Standing) -> AnyOf:
    """Any of these has a document that the person may see: `results.reach` in words."""
    people, holds = whose(person)
    archive = [":z1"] if person.has(Duty.ARCHIVIST) else []
    return (
        *(f":u{unit}" for unit in sorted(person.units)),
        *(f":p{each}" for each in people),
        *(f":h{unit}" for unit in holds),
        f":f{person.person.pk}",
        *archive,
    )


def digits(day: date) -> str:
    """20261122."""
    return f"{day:%Y%m%d}".zfill(8)
