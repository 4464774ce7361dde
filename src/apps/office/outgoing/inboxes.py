"""Boxes of what goes out: a box is its label and a question about rows, so that list and count can't drift apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from apps.office.lists import COUNTED, Counted, spoken, up_to
from apps.office.models import OPEN, Assignment, Document, Lane, Role
from apps.office.outgoing.policy import CHECKING, CHECKS, HOLDERS, with_rows
from apps.staff.models import Duty
from apps.staff.rights import WHOLE_AGENCY, Standing

ENOUGH = 50
"""Lines of one box."""


@dataclass(frozen=True, slots=True)
class Box:
    """One box; `holds` are the documents in it for a person. Counted where something waits to be done.

    Those whose work it is (`duties`) see it always, others while it holds something.
    """

    key: str
    label: str
    icon: str
    empty: str
    hint: str
    holds: Callable[[Standing], QuerySet[Document]]
    counted: bool = True
    duties: tuple[str, ...] = ()


def _drafted(person: Standing) -> QuerySet[Document]:
    """Own drafts, and those that wait in a unit one heads because nobody else is there for them."""
    heads = [post.unit_id for post in person.posts if post.duty in HOLDERS[Role.DRAFT]]
    own = Q(role=Role.DRAFT, person=person.person, ended=None)
    left = Q(role=Role.DRAFT, person=None, unit__in=heads, state__in=OPEN)
    return _of(person).filter(pk__in=Assignment.objects.filter(own | left).values("document"))


def _waiting(*roles: str) -> Callable[[Standing], QuerySet[Document]]:
    return lambda person: _of(person).filter(pk__in=rows_waiting(person, *roles).values("document"))


def rows_waiting(person: Standing, *roles: str) -> QuerySet[Assignment]:
    """Steps of these kinds that wait at the person, at a post held, or at whom the person checks for."""
    mine = Q(pk=None)
    for role in roles:
        givers = [one.giver for one in person.principals if role in CHECKS and CHECKING in one.acts]
        units = [post.unit_id for post in (*person.posts, *givers) if post.duty in HOLDERS.get(role, ())]
        people = [person.person.pk, *(giver.person_id for giver in givers)]
        mine |= Q(role=role) & (Q(person__in=people) | Q(person=None, unit__in=units))
    return Assignment.objects.filter(mine, agency=person.agency, role__in=roles, state__in=OPEN)


def _issued(person: Standing) -> QuerySet[Document]:
    found = _of(person).exclude(issued_at=None)
    rows = Assignment.objects.filter(Q(unit__in=person.units) | Q(person=person.person), agency=person.agency)
    return found if person.has(*WHOLE_AGENCY) else found.filter(pk__in=rows.values("document"))


def _of(person: Standing) -> QuerySet[Document]:
    return Document.objects.filter(agency=person.agency, lane=Lane.OUTGOING)


BOXES = (
    Box("du-thao-cua-toi", "Dự thảo của tôi", "draft",
        "Không có dự thảo nào đang đi", "Dự thảo đã trình nằm ở đây cho tới khi phát hành; bị trả lại cũng ở đây.",
        _drafted),
    Box("cho-toi-duyet", "Chờ tôi duyệt", "answer",
        "Không có dự thảo nào chờ duyệt", "Dự thảo đến bước của bạn sẽ tự hiện ở đây.",
        _waiting(*CHECKS), duties=(Duty.OFFICE_HEAD, Duty.UNIT_HEAD)),
    Box("cho-ky", "Chờ ký", "sign",
        "Không có văn bản nào chờ ký", "Văn bản đã duyệt xong và trình bạn ký sẽ nằm ở đây.",
        _waiting(Role.SIGN), duties=(Duty.LEADER,)),
    Box("cho-cap-so", "Chờ phát hành", "seal",
        "Không có văn bản nào chờ phát hành",
        "Văn bản lãnh đạo vừa ký chờ ở đây để cấp số, đóng dấu, gửi trong ngày ký.",
        _waiting(Role.ISSUE), duties=(Duty.CLERK,)),
    Box("da-phat-hanh", "Đã phát hành", "done",
        "Chưa phát hành văn bản nào", "Văn bản đã cấp số, đóng dấu và phát hành sẽ nằm ở đây.",
        _issued, counted=False),
)  # fmt: skip


def box_of(key: str) -> Box | None:
    """The box at an address."""
    return next((box for box in BOXES if box.key == key), None)


def listed(box: Box, person: Standing) -> QuerySet[Document]:
    """The page of a box, newest first."""
    return with_rows(box.holds(person)).order_by("-came", "-pk")[:ENOUGH]


def asked(person: Standing) -> dict[str, Counted]:
    """Each counted box's count by its key."""
    return {box.key: up_to(COUNTED, box.holds(person)) for box in BOXES if box.counted}


def shown_to(person: Standing, counts: Mapping[str, int]) -> list[tuple[Box, str]]:
    """A person's boxes with their counts: those with something in them, and those of the person's own work."""
    return [
        (box, spoken(counts.get(box.key, 0)))
        for box in BOXES
        if counts.get(box.key) or not box.counted or box is BOXES[0] or person.has(*box.duties)
    ]
