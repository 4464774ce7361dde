"""Inboxes of incoming documents: a box is its label and a question about rows of work, so list and count cannot differ.

    arrived → waiting for the leader's remark → given to units and people → done

A row is in a box of whoever holds it (`policy.held`); "overdue" looks at all within reach of one's posts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from apps.office.incoming.policy import WORKED_ON, holders
from apps.office.lists import COUNTED, Counted
from apps.office.models import OPEN, Assignment, AssignmentState, Document, Lane, Role, Standing
from apps.staff.models import Duty
from apps.staff.rights import WHOLE_AGENCY
from apps.staff.rights import Standing as Person

State = AssignmentState
TO_DO = (State.WAITING, State.WORKING)
WORK = (Role.LEAD, Role.COORDINATE)
IN_FORCE = Q(document__standing=Standing.IN_FORCE)
GONE = (Standing.RECALLED, Standing.REPLACED)
ENDED = Q(state__in=(State.DONE, State.RETURNED)) | Q(document__standing__in=GONE)
TOP = (Duty.LEADER, Duty.OFFICE_HEAD, Duty.CLERK)
Question = Callable[[Person, datetime], Q]
Parts = Callable[[Person], list[Q]]
"""Parts of a box's question that together are all of it, each as an index knows it."""
Reach = Callable[[Person], list[Q]]
"""Whose rows, in the same way."""


@dataclass(frozen=True, slots=True)
class Box:
    """One inbox, the newest first `by` a moment of its rows.

    `duties` have it in their rail, all if none is named; a `shy` one only when it holds something.
    """

    key: str
    label: str
    icon: str
    empty: str
    hint: str
    asks: Question
    parts: Parts
    reach: Reach = holders
    duties: tuple[str, ...] = ()
    counted: bool = True
    shy: bool = False
    lane: str = "in"
    by: str = "given"

    def rows(self, person: Person, now: datetime) -> QuerySet[Assignment]:
        """What it holds for this person, newest first."""
        return self._all(now, person).filter(reduce(or_, self.reach(person)))

    def newest(self, person: Person, now: datetime, where: Q, most: int) -> QuerySet[Assignment]:
        """The first so many of `rows` that `where` leaves; none is looked at that is older than those."""
        found = _together(walk.filter(where)[:most] for walk in self._walks(person, now))
        return Assignment.objects.filter(pk__in=found).order_by(*self._order)[:most]

    def counted_up_to(self, person: Person, now: datetime, most: int) -> Counted:
        """How many rows it holds, as an expression that stops counting about there."""
        return Counted(_together(walk.order_by()[:most] for walk in self._walks(person, now)))

    @property
    def _order(self) -> tuple[str, str]:
        return f"-{self.by}", "-pk"

    def _all(self, now: datetime, person: Person) -> QuerySet[Assignment]:
        found = Assignment.objects.filter(self.asks(person, now), agency=person.agency, lane__in=WORKED_ON)
        return found.exclude(state=State.WITHDRAWN).order_by(*self._order)

    def _walks(self, person: Person, now: datetime) -> list[QuerySet[Assignment]]:
        """All rows in pieces that each are a walk through one index: of one holder, in one state."""
        found, parts = self._all(now, person), self.parts(person)
        return [found.filter(whose, part) for whose in self.reach(person) for part in parts]

    def meant_for(self, person: Person) -> bool:
        """Whether it belongs in this person's rail."""
        duties = {one.giver.duty for one in person.principals} | person.duties
        return not self.duties or not duties.isdisjoint(self.duties)


def _together(walks: Iterable[QuerySet[Assignment]]) -> QuerySet[Assignment]:
    """The ids of several limited questions as one; SQLite wants each limit in brackets of its own."""
    ids = (Assignment.objects.filter(pk__in=walk.values("pk")).order_by().values("pk") for walk in walks)
    return Assignment.objects.none().union(*ids)


def asked(boxes: Iterable[Box], person: Person, now: datetime) -> dict[str, Counted]:
    """How many rows each counted box holds, up to COUNTED, by its key."""
    return {box.key: box.counted_up_to(person, now, COUNTED) for box in boxes if box.counted}


def late(now: datetime) -> Q:
    """Rows whose deadline has passed and whose work has not ended: the one meaning of overdue."""
    return Q(due__lt=now, state__in=TO_DO) & ~Q(role=Role.INFORM)


def _when(*asked: Q, **fields: object) -> Question:
    return lambda _person, _now: Q(*asked, **fields)


def _in(*states: str) -> Parts:
    return lambda _person: [Q(state=state) for state in states]


def _standing(*standings: str) -> Parts:
    """Few documents stand so: they are looked up first."""
    return lambda person: [
        Q(document__in=Document.objects.filter(agency=person.agency, standing__in=standings).values("pk"))
    ]


def _all(person: Person, _now: datetime) -> Q:
    return Q(parent=None, lane=Lane.INCOMING) if person.has(*WHOLE_AGENCY) else Q()


def _in_reach(person: Person) -> list[Q]:
    """`policy.visible`, unit by unit; one walk for whom all units are."""
    if person.has(*WHOLE_AGENCY):
        return [Q()]
    return [*(Q(unit=unit) for unit in sorted(person.units)), *holders(person)]


def _all_reach(person: Person) -> list[Q]:
    return [Q()] if person.has(*WHOLE_AGENCY) else holders(person)


def _all_parts(person: Person) -> list[Q]:
    return [Q()] if person.has(*WHOLE_AGENCY) else [Q(state=state) for state in State if state != State.WITHDRAWN]


BOXES = (
    Box(
        "cho-tiep-nhan", "Chờ tiếp nhận", "inbox",
        "Không có văn bản nào chờ tiếp nhận",
        "Văn bản gửi đến cơ quan sẽ tự hiện ở đây, không cần tải lại phần mềm nào khác.",
        _when(state=State.ARRIVED), _in(State.ARRIVED), duties=(Duty.CLERK, Duty.UNIT_CLERK),
    ),
    Box(
        "cho-tra-loi", "Chờ trả lời thu hồi", "answer",
        "Không có yêu cầu thu hồi hay cập nhật nào chờ trả lời",
        "Khi nơi gửi muốn thu hồi, cập nhật hay thay thế văn bản, yêu cầu sẽ nằm ở đây.",
        _when(parent=None, document__standing=Standing.FROZEN), _standing(Standing.FROZEN),
        duties=(Duty.CLERK,), shy=True,
    ),
    Box(
        "cho-but-phe", "Chờ bút phê", "sign",
        "Không có văn bản nào chờ bút phê",
        "Văn bản đã vào sổ nằm ở đây cho đến khi lãnh đạo bút phê.",
        _when(IN_FORCE, parent=None, role=Role.LEAD, state__in=TO_DO), _in(*TO_DO), duties=TOP,
    ),
    Box(
        "cho-but-phe-don-vi", "Chờ đơn vị phân công", "sign",
        "Không có văn bản nào chờ đơn vị phân công",
        "Văn bản đến thẳng đơn vị, đã vào sổ, nằm ở đây cho đến khi lãnh đạo đơn vị phân công.",
        _when(IN_FORCE, parent=None, role=Role.LEAD, state__in=TO_DO), _in(*TO_DO),
        duties=(Duty.UNIT_HEAD, Duty.UNIT_CLERK), shy=True,
    ),
    Box(
        "cho-xu-ly", "Chờ xử lý", "work",
        "Không có văn bản nào chờ xử lý",
        "Văn bản giao cho anh/chị hay đơn vị của anh/chị, kể cả bị trả lại, sẽ nằm ở đây.",
        _when(IN_FORCE, parent__isnull=False, role__in=WORK, state__in=TO_DO), _in(*TO_DO),
    ),
    Box(
        "xin-y-kien", "Xin ý kiến", "answer",
        "Không ai chờ ý kiến của anh/chị",
        "Văn bản mà người khác xin ý kiến anh/chị hay đơn vị sẽ nằm ở đây.",
        _when(IN_FORCE, role=Role.OPINION, state__in=TO_DO), _in(*TO_DO), shy=True,
    ),
    Box(
        "de-biet", "Nhận để biết", "file",
        "Không có văn bản nào gửi để biết",
        "Văn bản gửi để biết nằm ở đây cho đến khi anh/chị đã xem.",
        _when(IN_FORCE, role=Role.INFORM, state__in=OPEN), _in(*OPEN), shy=True,
    ),
    Box(
        "qua-han", "Quá hạn", "clock",
        "Không có văn bản nào quá hạn",
        "Việc quá hạn của anh/chị và của các đơn vị anh/chị phụ trách sẽ nằm ở đây.",
        lambda _person, now: IN_FORCE & late(now), _in(*TO_DO), _in_reach, by="due",
    ),
    Box(
        "da-chuyen", "Đã chuyển, đang theo dõi", "sending",
        "Không có văn bản nào đang theo dõi",
        "Văn bản anh/chị đã giao hay chuyển mà chưa xong sẽ nằm ở đây.",
        _when(IN_FORCE, state=State.FORWARDED), _in(State.FORWARDED),
    ),
    Box(
        "da-xong", "Đã xong", "done",
        "Chưa có văn bản nào xong",
        "Văn bản đã hoàn thành, đã từ chối hay đã bị thu hồi sẽ nằm ở đây.",
        _when(ENDED), lambda person: [*_in(State.DONE, State.RETURNED)(person), *_standing(*GONE)(person)],
        counted=False,
    ),
    Box(
        "tat-ca", "Tất cả văn bản đến", "all",
        "Chưa có văn bản đến",
        "Văn bản gửi đến cơ quan qua trục liên thông sẽ nằm ở đây.",
        _all, _all_parts, _all_reach, counted=False,
    ),
)  # fmt: skip


def boxes_of(person: Person) -> Sequence[Box]:
    """The person's boxes, in the order of the rail."""
    return [box for box in BOXES if box.meant_for(person)]


def box_of(key: str) -> Box | None:
    """The box at an address."""
    return next((box for box in BOXES if box.key == key), None)


def first_of(person: Person) -> Box:
    """The box a person's day begins with: none that the rail shows only while it holds something."""
    return next(box for box in boxes_of(person) if not box.shy)
