"""Inboxes of incoming documents: a box is its label and a question about rows of work, so list and count cannot differ.

    arrived → waiting for the leader's remark → given to units and people → done

A row is in a box of whoever holds it (`policy.held`); "overdue" looks at all within reach of one's posts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import IntegerField, Q, QuerySet, Subquery

from apps.accounts.models import User
from apps.office.incoming.policy import WORKED_ON, held, visible
from apps.office.lists import COUNTED
from apps.office.models import OPEN, Assignment, AssignmentState, Lane, Role, Standing
from apps.staff.models import Duty
from apps.staff.rights import WHOLE_AGENCY
from apps.staff.rights import Standing as Person

State = AssignmentState
TO_DO = (State.WAITING, State.WORKING)
WORK = (Role.LEAD, Role.COORDINATE)
IN_FORCE = Q(document__standing=Standing.IN_FORCE)
ENDED = Q(state__in=(State.DONE, State.RETURNED)) | Q(document__standing__in=(Standing.RECALLED, Standing.REPLACED))
TOP = (Duty.LEADER, Duty.OFFICE_HEAD, Duty.CLERK)
Question = Callable[[Person, datetime], Q]


@dataclass(frozen=True, slots=True)
class Box:
    """One inbox. `duties` have it in their rail, all if none is named; a `shy` one only when it holds something."""

    key: str
    label: str
    icon: str
    empty: str
    hint: str
    asks: Question
    duties: tuple[str, ...] = ()
    counted: bool = True
    shy: bool = False
    lane: str = "in"

    def rows(self, person: Person, now: datetime) -> QuerySet[Assignment]:
        """What it holds for this person, newest first."""
        mine = Assignment.objects.filter(self.asks(person, now), agency=person.agency, lane__in=WORKED_ON)
        return mine.exclude(state=State.WITHDRAWN).order_by("-given", "-pk")

    def meant_for(self, person: Person) -> bool:
        """Whether it belongs in this person's rail."""
        duties = {one.giver.duty for one in person.principals} | person.duties
        return not self.duties or not duties.isdisjoint(self.duties)


class _Counted(Subquery):
    """How many rows a question finds, asked inside another."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def counts(boxes: Sequence[Box], person: Person, now: datetime) -> list[int]:
    """How many rows each box holds, up to COUNTED, in one question; 0 where nobody counts."""
    asked = {
        f"box{n}": _Counted(box.rows(person, now).order_by().values("pk")[:COUNTED])
        for n, box in enumerate(boxes)
        if box.counted
    }
    told = User.objects.filter(pk=person.person.pk).values(**asked).get()
    return [told.get(f"box{n}", 0) for n in range(len(boxes))]


def late(now: datetime) -> Q:
    """Rows whose deadline has passed and whose work has not ended: the one meaning of overdue."""
    return Q(due__lt=now, state__in=TO_DO) & ~Q(role=Role.INFORM)


def _held(**asked: object) -> Question:
    return lambda person, _now: held(person) & Q(**asked)


def _all(person: Person, _now: datetime) -> Q:
    return Q(parent=None, lane=Lane.INCOMING) if person.has(*WHOLE_AGENCY) else held(person)


BOXES = (
    Box(
        "cho-tiep-nhan", "Chờ tiếp nhận", "inbox",
        "Không có văn bản nào chờ tiếp nhận",
        "Văn bản gửi đến cơ quan sẽ tự hiện ở đây, không cần tải lại phần mềm nào khác.",
        _held(state=State.ARRIVED), (Duty.CLERK, Duty.UNIT_CLERK),
    ),
    Box(
        "cho-tra-loi", "Chờ trả lời thu hồi", "answer",
        "Không có yêu cầu thu hồi hay cập nhật nào chờ trả lời",
        "Khi nơi gửi muốn thu hồi, cập nhật hay thay thế văn bản, yêu cầu sẽ nằm ở đây.",
        _held(parent=None, document__standing=Standing.FROZEN), (Duty.CLERK,), shy=True,
    ),
    Box(
        "cho-but-phe", "Chờ bút phê", "sign",
        "Không có văn bản nào chờ bút phê",
        "Văn bản đã vào sổ nằm ở đây cho đến khi lãnh đạo bút phê.",
        lambda person, _now: held(person) & IN_FORCE & Q(parent=None, role=Role.LEAD, state__in=TO_DO), TOP,
    ),
    Box(
        "cho-xu-ly", "Chờ xử lý", "work",
        "Không có văn bản nào chờ xử lý",
        "Văn bản giao cho anh/chị hay đơn vị của anh/chị, kể cả bị trả lại, sẽ nằm ở đây.",
        lambda person, _now: held(person) & IN_FORCE & Q(parent__isnull=False, role__in=WORK, state__in=TO_DO),
    ),
    Box(
        "xin-y-kien", "Xin ý kiến", "answer",
        "Không ai chờ ý kiến của anh/chị",
        "Văn bản mà người khác xin ý kiến anh/chị hay đơn vị sẽ nằm ở đây.",
        lambda person, _now: held(person) & IN_FORCE & Q(role=Role.OPINION, state__in=TO_DO), shy=True,
    ),
    Box(
        "de-biet", "Nhận để biết", "file",
        "Không có văn bản nào gửi để biết",
        "Văn bản gửi để biết nằm ở đây cho đến khi anh/chị đã xem.",
        lambda person, _now: held(person) & IN_FORCE & Q(role=Role.INFORM, state__in=OPEN), shy=True,
    ),
    Box(
        "qua-han", "Quá hạn", "clock",
        "Không có văn bản nào quá hạn",
        "Việc quá hạn của anh/chị và của các đơn vị anh/chị phụ trách sẽ nằm ở đây.",
        lambda person, now: visible(person) & IN_FORCE & late(now),
    ),
    Box(
        "da-chuyen", "Đã chuyển, đang theo dõi", "sending",
        "Không có văn bản nào đang theo dõi",
        "Văn bản anh/chị đã giao hay chuyển mà chưa xong sẽ nằm ở đây.",
        lambda person, _now: held(person) & IN_FORCE & Q(state=State.FORWARDED),
    ),
    Box(
        "da-xong", "Đã xong", "done",
        "Chưa có văn bản nào xong",
        "Văn bản đã hoàn thành, đã từ chối hay đã bị thu hồi sẽ nằm ở đây.",
        lambda person, _now: held(person) & ENDED, counted=False,
    ),
    Box(
        "tat-ca", "Tất cả văn bản đến", "all",
        "Chưa có văn bản đến",
        "Văn bản gửi đến cơ quan qua trục liên thông sẽ nằm ở đây.",
        _all, counted=False,
    ),
)  # fmt: skip


def boxes_of(person: Person) -> Sequence[Box]:
    """The person's boxes, in the order of the rail."""
    return [box for box in BOXES if box.meant_for(person)]


def box_of(key: str) -> Box | None:
    """The box at an address."""
    return next((box for box in BOXES if box.key == key), None)


def first_of(person: Person) -> Box:
    """The box a person's day begins with."""
    return boxes_of(person)[0]
