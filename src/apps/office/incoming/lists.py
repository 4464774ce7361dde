"""Lists of incoming documents and the rail's counts, from the register alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.office import words
from apps.office.desk import desk_of, receive
from apps.office.incoming.dialogs import DIALOGS
from apps.office.incoming.inboxes import Box, box_of, boxes_of, first_of
from apps.office.incoming.policy import Act
from apps.office.lists import spoken
from apps.office.models import Assignment, AssignmentState, Job, Role
from apps.office.words import Tag
from apps.staff.calendar import Calendar
from apps.staff.rights import Standing as Person
from apps.staff.rights import asking
from apps.ui.language import t
from lienthong.errors import LienThongError

ENOUGH = 25
"""Lines that make a page."""
WAITING = "cho-tiep-nhan"
SEVERAL: Mapping[str, Sequence[Act]] = {
    WAITING: (Act.REGISTER,),
    "cho-xu-ly": (Act.FORWARD, Act.COMPLETE, Act.START),
    "de-biet": (Act.SEEN,),
}
"""What may be done to several documents at once, by the box; never what decides on each by itself."""
AT = {
    AssignmentState.ARRIVED: ("inbox", "waiting"),
    AssignmentState.WAITING: ("clock", "waiting"),
    AssignmentState.WORKING: ("work", "action"),
    AssignmentState.FORWARDED: ("sending", "action"),
    AssignmentState.RETURNED: ("recall", "quiet"),
    AssignmentState.DONE: ("done", "done"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One row as a line: where it stands, until when, and at whom when that is not the agency itself."""

    row: Assignment
    state: Tag
    due: Tag | None
    holder: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of a box; `next` is the cursor of the following one."""

    lines: list[Line]
    next: str = ""


def listing(box: Box, who: Person, after: str = "") -> Listing:
    """One page, and where the next begins: a row that leaves meanwhile moves nothing."""
    found = _rows(box, who, after, ENOUGH + 1)
    rows = list(found.select_related("document", "unit", "person", "giver").defer("document__note"))
    lines = [_line(row, who.calendar) for row in rows[:ENOUGH]]
    last = rows[ENOUGH - 1] if len(rows) > ENOUGH else None
    return Listing(lines, _cursor(box, last) if last else "")


def documents(box: Box, who: Person, after: str = "") -> list[str]:
    """Ids of the documents of a page, in its order."""
    return [str(each) for each in _rows(box, who, after, ENOUGH).values_list("document", flat=True)]


def _rows(box: Box, who: Person, after: str, most: int) -> QuerySet[Assignment]:
    return box.newest(who, timezone.now(), _after(box, after), most)


def _cursor(box: Box, row: Assignment) -> str:
    return f"{getattr(row, box.by).isoformat()}_{row.pk}"


def _after(box: Box, cursor: str) -> Q:
    """What follows a cursor; everything for one that is none."""
    told, _, key = cursor.rpartition("_")
    try:
        at, number = datetime.fromisoformat(told), int(key)
    except ValueError:
        return Q()
    return Q((f"{box.by}__lt", at)) | Q((box.by, at), pk__lt=number) if at.tzinfo else Q()


def _line(row: Assignment, calendar: Calendar) -> Line:
    document = row.document
    finished = row.ended is not None or document.done is not None
    due = words.deadline(row.due, calendar, finished=finished)
    holder = "" if row.parent_id is None else str(row.person or row.unit)
    return Line(row, _state(row), due, holder)


def _state(row: Assignment) -> Tag:
    if row.document.standing != "in-force":
        return words.kept(row.document)
    if row.parent_id is None and row.state == AssignmentState.WAITING:
        return Tag("sign", "waiting", t("Chờ bút phê"))
    if row.parent_id is None and row.state == AssignmentState.RETURNED:
        return Tag("refused", "quiet", t("Từ chối tiếp nhận"))
    icon, tone = AT.get(AssignmentState(row.state), ("work", "quiet"))
    label = t(str(AssignmentState(row.state).label))
    return Tag(icon, tone, label if row.parent_id is None else f"{t(str(Role(row.role).label))} · {label}")


@require_safe
def box(request: HttpRequest, key: str) -> HttpResponse:
    """One page of one box. A gateway that is away takes nothing from the list."""
    chosen, who = box_of(key), asking(request)
    if chosen is None:
        raise Http404
    after, away = request.GET.get("sau", ""), False
    if key == WAITING and not after:
        away = not _received(request, who.agency)
    place = urlencode({"trong": f"den/{key}", **({"sau": after} if after else {})})
    told = {"box": chosen, "page": listing(chosen, who, after), "after": after, "place": place, "away": away}
    told["several"] = [DIALOGS[act] for act in SEVERAL.get(key, ())]
    told["jobs"] = Job.objects.filter(person=who.person, ended=None)
    return render(request, "office/rows.html", told)


@require_safe
def first(request: HttpRequest) -> HttpResponse:
    """The box the person's day begins with."""
    return redirect("inbox", first_of(asking(request)).key)


def _received(request: HttpRequest, agency: str) -> bool:
    try:
        receive(desk_of(request), agency)
    except LienThongError:
        return False
    return True


def shown_to(who: Person, counts: Mapping[str, int]) -> list[tuple[Box, str]]:
    """The person's boxes with what they hold, as words; a shy box that holds nothing stays away."""
    told = ((box, counts.get(box.key, 0)) for box in boxes_of(who))
    return [(box, spoken(number)) for box, number in told if number or not box.shy]
