"""What each register says of a document, column by column (Decree 30/2020, Annex IV I, VI, VIII).

Every number of a book has its line, also one kept free or left out: a register without a gap is read with its reasons.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime

from apps.office.models import Assignment, AssignmentState, Document, Lane, LinkKind, Number, NumberState, Standing
from apps.staff.calendar import VIETNAM
from apps.ui.language import t
from apps.ui.times import clock

OUTGOING = (
    "Số, ký hiệu văn bản",
    "Ngày tháng văn bản",
    "Tên loại và trích yếu nội dung văn bản",
    "Người ký",
    "Nơi nhận văn bản",
    "Đơn vị, người nhận bản lưu",
    "Số lượng bản",
    "Ngày chuyển",
    "Ký nhận",
    "Ghi chú",
)
INCOMING = (
    "Ngày đến",
    "Số đến",
    "Tác giả",
    "Số, ký hiệu văn bản",
    "Ngày tháng văn bản",
    "Tên loại và trích yếu nội dung văn bản",
    "Đơn vị hoặc người nhận",
    "Ngày chuyển",
    "Ký nhận",
    "Ghi chú",
)
FOLLOWED = (
    "Số đến",
    "Tên loại, số, ký hiệu, ngày tháng và cơ quan ban hành",
    "Đơn vị hoặc người nhận",
    "Thời hạn giải quyết",
    "Tiến độ giải quyết",
    "Số, ký hiệu văn bản trả lời",
    "Ghi chú",
)
ARCHIVE_OF_CLERK = "VT"  # where the kept copy of what goes out lies (Lưu: VT)
Row = tuple[str, ...]


def outgoing(number: Number, document: Document) -> Row:
    """One line of the register of outgoing documents; of internal ones and of copies too."""
    given = _given(document)
    return (
        document.code or number.written,
        _day(document.issued),
        _what(document),
        document.signer,
        "; ".join(_recipients(document, given)),
        ARCHIVE_OF_CLERK,
        str(document.copies or 1),
        _day(_first([row.given for row in given]) or document.issued_at),
        _received(given),
        _note(document),
    )


def incoming(number: Number, document: Document) -> Row:
    """One line of the register of incoming documents."""
    given = _given(document)
    return (
        _day(document.came),
        number.written,
        document.issuer,
        document.code,
        _day(document.issued),
        _what(document),
        "; ".join(str(row.person or row.unit) for row in given),
        _day(_first([row.given for row in given])),
        _received(given),
        _note(document),
    )


def followed(number: Number, document: Document) -> Row:
    """One line of the register that follows what became of incoming documents."""
    given = _given(document)
    answers = [link.source.code for link in document.linked.all() if link.kind == LinkKind.ANSWERS]
    dues = sorted(row.due for row in given if row.due) or ([document.due] if document.due else [])
    return (
        number.written,
        " ".join(filter(None, (document.kind, document.code, _day(document.issued), document.issuer))),
        "; ".join(str(row.person or row.unit) for row in given),
        _day(dues[0]) if dues else "",
        _progress(document, given),
        "; ".join(answers),
        _note(document),
    )


def without(number: Number, columns: int, place: int) -> Row:
    """A number that no document has: kept free or left out, with its reason in the last column."""
    cells = [""] * columns
    cells[place] = number.written
    cells[-1] = f"{t(str(NumberState(number.state).label))}: {number.reason}"
    return tuple(cells)


DRAWN: Mapping[str, tuple[tuple[str, ...], int, Callable[[Number, Document], Row]]] = {
    Lane.INCOMING: (INCOMING, 1, incoming),
    Lane.OUTGOING: (OUTGOING, 0, outgoing),
    Lane.INTERNAL: (OUTGOING, 0, outgoing),
    Lane.COPY: (OUTGOING, 0, outgoing),
    "follow": (FOLLOWED, 0, followed),
}
"""Columns, the place of the number in them, and how a line is made."""


def _given(document: Document) -> list[Assignment]:
    """To whom the agency gave it: rows under the one at the top (prefetched)."""
    rows = list(document.assignments.all())
    top = {row.pk for row in rows if row.parent_id is None}
    return [row for row in rows if row.parent_id in top and row.state != "withdrawn"]


def _recipients(document: Document, given: list[Assignment]) -> list[str]:
    outside = [one.name or one.code for one in document.dispatches.all()]
    return [*outside, *(str(row.person or row.unit) for row in given)] or list(filter(None, [document.note]))


def _received(given: list[Assignment]) -> str:
    """Who opened it in the system and when stands for a signature; others sign by hand."""
    return "; ".join(clock(row.opened) for row in given if row.opened)


def _progress(document: Document, given: list[Assignment]) -> str:
    if document.done:
        return t("Hoàn thành {day}", day=_day(document.done))
    states = {str(AssignmentState(row.state).label) for row in given}
    return "; ".join(sorted(t(state) for state in states)) or t("Chưa phân công")


def _note(document: Document) -> str:
    standing = "" if document.standing == "in-force" else t(str(Standing(document.standing).label))
    own = document.note if document.lane != Lane.COPY else ""
    return "; ".join(filter(None, (standing, document.paper, own)))


def _what(document: Document) -> str:
    named = document.subject.casefold().startswith(document.kind.casefold())
    return document.subject if named else f"{document.kind} {document.subject}"


def _first(moments: list[datetime]) -> datetime | None:
    return min(moments, default=None)


def _day(moment: datetime | date | None) -> str:
    if moment is None:
        return ""
    day = moment.astimezone(VIETNAM).date() if isinstance(moment, datetime) else moment
    return f"{day:%d/%m/%Y}"
