"""A list of cases as Excel: who did each step, where it stands, where the key lies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from apps.authority.words import KINDS, STATES, key_place, officer
from apps.directory.tables import as_excel
from apps.ui.language import t
from apps.ui.times import clock
from lienthong.client import Case

MOST = 10_000
"""Cases in one file."""
_COLUMNS = (
    "Mã của hồ sơ", "Về", "Loại", "Mã cơ quan", "Bước", "Lập lúc", "Hạn xử lý", "Quá hạn", "Nơi lập",
    "Người lập", "Thẩm tra", "Duyệt", "Nơi giữ khóa", "Chứng thư",
)  # fmt: skip


def excel(cases: Iterable[Case]) -> bytes:
    """The file, a row for each."""
    return as_excel(_rows(cases), t("Hồ sơ chứng thư"))


def _rows(cases: Iterable[Case]) -> Iterator[list[str]]:
    yield [t(each) for each in _COLUMNS]
    for case in cases:
        yield [
            case.id,
            case.name,
            t(KINDS[case.kind][0]),
            case.organisation,
            t(STATES[case.state][0]),
            _clock(case.opened),
            _clock(case.due),
            t("quá hạn") if case.overdue else "",
            case.authority_name,
            *(officer(each, case.people) for each in (case.requester, case.examiner, case.approver)),
            key_place(case.form),
            case.about,
        ]


def _clock(moment: datetime | None) -> str:
    return clock(moment) if moment else ""
