"""What a filled office is asked when it is measured: pages as its people open them, whole, with frame and counts.

Counts are asked anew each time: what the site keeps for some seconds is thrown away before.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.core.cache import cache
from django.db import connection
from django.test import Client

from apps.accounts.models import User
from apps.office.models import Assignment, Document, Lane, Role, View
from apps.staff.models import Duty, Post
from lienthong.errors import InvalidValue

VIEWS = ("han:qua", "khan:khan", "loai:quyet-dinh chuyển đổi số")
"""Saved views in the rail of the unit's head."""


@dataclass(frozen=True, slots=True)
class Question:
    """Who opens which address, and whether it is a list: a document's own page shows more than one."""

    duty: str
    path: str
    is_list: bool = True


QUESTIONS: Mapping[str, Question] = {
    "văn thư, chờ tiếp nhận / clerk, to register": Question(Duty.CLERK, "/den/cho-tiep-nhan/"),
    "văn thư, tất cả / clerk, all": Question(Duty.CLERK, "/den/tat-ca/"),
    "văn thư, trang ở giữa / clerk, a page halfway": Question(Duty.CLERK, "/den/tat-ca/?sau={halfway}"),
    "lãnh đạo, chờ bút phê / leader, for a remark": Question(Duty.LEADER, "/den/cho-but-phe/"),
    "lãnh đạo, quá hạn / leader, overdue": Question(Duty.LEADER, "/den/qua-han/"),
    "lãnh đạo, đã chuyển / leader, handed on": Question(Duty.LEADER, "/den/da-chuyen/"),
    "lãnh đạo, đã phát hành / leader, issued": Question(Duty.LEADER, "/di/viec/da-phat-hanh/"),
    "chuyên viên, chờ xử lý / officer, to do": Question(Duty.OFFICER, "/den/cho-xu-ly/"),
    "chuyên viên, đã xong / officer, done": Question(Duty.OFFICER, "/den/da-xong/"),
    "trưởng đơn vị, quá hạn / head, overdue": Question(Duty.UNIT_HEAD, "/den/qua-han/"),
    "khung và số đếm / frame and counts": Question(Duty.CLERK, "/tim/"),
    "chuyên viên, thông báo / officer, notices": Question(Duty.OFFICER, "/thong-bao/"),
    "trưởng đơn vị, thông báo / head, notices": Question(Duty.UNIT_HEAD, "/thong-bao/"),
    "cách tìm đã lưu / saved views": Question(Duty.UNIT_HEAD, "/tim/"),
    "trang văn bản / a document": Question(Duty.CLERK, "/van-ban/{document}/?trong=den/tat-ca", is_list=False),
    "tìm từ thường gặp / common words": Question(Duty.CLERK, "/tim/?q=báo cáo"),
    "tìm bốn từ / four words": Question(Duty.CLERK, "/tim/?q=so hoa ho so"),
    "tìm không có / words that nothing has": Question(Duty.CLERK, "/tim/?q=hỏa tinh báo cáo"),
    "tìm theo số / a number": Question(Duty.CLERK, "/tim/?q=so:1312"),
    "loại và năm / kind and year": Question(Duty.CLERK, "/tim/?q=loai:quyet-dinh nam:{year}"),
    "quá hạn / overdue": Question(Duty.CLERK, "/tim/?q=han:qua"),
    "chuyên viên tìm từ / officer, common words": Question(Duty.OFFICER, "/tim/?q=báo cáo"),
    "phần của tôi / my part": Question(Duty.OFFICER, "/tim/?q=toi:cho"),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """Milliseconds and statements one page took."""

    ms: float
    queries: int


class Asked:
    """An office whose people are signed in."""

    def __init__(self) -> None:
        largest = _largest()
        self._clients = {duty: _entered(largest, duty) for duty in {each.duty for each in QUESTIONS.values()}}
        self._places = _places(largest)

    def ask(self, name: str) -> Answer:
        """Open the page. InvalidValue when it is not answered."""
        question = QUESTIONS[name]
        path = quote(question.path.format(**self._places), safe="/?=&:")
        cache.clear()
        statements = _Statements()
        begun = time.perf_counter()
        with connection.execute_wrapper(statements):
            status = self._clients[question.duty].get(path).status_code
        spent = 1000 * (time.perf_counter() - begun)
        if status != 200:
            raise InvalidValue(f"{path}: {status}")
        return Answer(spent, statements.count)


class _Statements:
    """Counts what the database is asked."""

    count = 0

    def __call__(self, execute: Callable[..., Any], *args: Any) -> Any:
        self.count += 1
        return execute(*args)


def _largest() -> str:
    """The agency with the widest register: `fill` gives the first one half of all."""
    agencies: list[str] = list(Document.objects.order_by().values_list("agency", flat=True).distinct())
    return max(agencies, key=lambda code: Document.objects.filter(agency=code).count())


def _entered(agency: str, duty: str) -> Client:
    person = _holder(agency, duty)
    if duty == Duty.UNIT_HEAD:
        for query in VIEWS:
            View.objects.get_or_create(agency=agency, owner=person, query=query, defaults={"label": query})
    client = Client()
    client.force_login(person)
    return client


def _holder(agency: str, duty: str) -> User:
    return Post.objects.filter(unit__agency=agency, duty=duty).select_related("person").order_by("pk")[0].person


def _places(agency: str) -> dict[str, str]:
    """A document and a cursor from the middle of the register."""
    rows = Assignment.objects.filter(agency=agency, lane=Lane.INCOMING, parent=None, role=Role.LEAD).order_by("-given")
    row = rows[rows.count() // 2]
    return {
        "halfway": f"{row.given.isoformat()}_{row.pk}".replace("+", "%2B"),
        "document": str(row.document_id),
        "year": str(row.given.year),
    }
