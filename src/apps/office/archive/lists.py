"""The lists of files in their legal columns: of a hand-over, and of the documents in a file (Annex V III and IV)."""

from __future__ import annotations

from apps.office.archive.describe import day_of
from apps.office.archive.periods import written
from apps.office.models import CaseDocument, CaseFile, Handover
from apps.office.sheets import Sheet
from apps.staff.calendar import VIETNAM

OF_HANDOVER = (
    "Số TT",
    "Số, ký hiệu hồ sơ",
    "Tiêu đề hồ sơ",
    "Thời gian tài liệu",
    "Thời hạn bảo quản",
    "Số tờ, số trang",
    "Ghi chú",
)
OF_CASE = (
    "Số TT",
    "Số, ký hiệu văn bản",
    "Ngày tháng năm văn bản",
    "Tên loại và trích yếu nội dung văn bản",
    "Tác giả văn bản",
    "Tờ số, trang số",
    "Ghi chú",
)


def of_handover(handover: Handover) -> Sheet:
    """Mục lục hồ sơ, tài liệu nộp lưu."""
    cases = listed(handover)
    return Sheet(
        name=f"muc-luc-nop-luu-{handover.year}-{handover.number:02d}",
        agency=handover.agency,
        place=handover.unit.name,
        title="MỤC LỤC HỒ SƠ, TÀI LIỆU NỘP LƯU",
        under=(handover.title, f"Năm {handover.year}"),
        columns=OF_HANDOVER,
        rows=[_of_case(place, case) for place, case in enumerate(cases, 1)],
        below=(
            f"Mục lục này gồm: {len(cases)} hồ sơ (đơn vị bảo quản).",
            f"Viết bằng chữ: {in_words(len(cases))} hồ sơ (đơn vị bảo quản).",
        ),
        signers=("Người lập",),
    )


def of_case(case: CaseFile) -> Sheet:
    """Mục lục văn bản, tài liệu."""
    rows, first = [], 1
    for row in case.documents.select_related("document").order_by("order"):
        rows.append(_of_document(row, first))
        first += row.document.pages or 0
    return Sheet(
        name=f"muc-luc-van-ban-{case.notation}",
        agency=case.agency,
        place=case.unit.name,
        title="MỤC LỤC VĂN BẢN, TÀI LIỆU",
        under=(f"Số, ký hiệu hồ sơ: {case.notation}", f"Năm {case.year}"),
        columns=OF_CASE,
        rows=rows,
        above=(case.title,),
        below=(case.end_note,) if case.end_note else (),
        signers=("Người lập",),
    )


def listed(handover: Handover) -> list[CaseFile]:
    """The files of a hand-over in its order; of a returned one, as they were listed."""
    found = CaseFile.objects.filter(agency=handover.agency).select_related("keeper", "unit")
    codes = {case.code: case for case in found.filter(year__in={int(code.split(".")[-3]) for code in handover.listed})}
    return [codes[code] for code in handover.listed if code in codes]


def in_words(number: int) -> str:
    """A number below ten thousand as one writes it in a list: 21 is `hai mươi mốt`."""
    thousands, rest = divmod(number, 1000)
    if not thousands:
        return _hundreds(rest, full=False)
    after = f" {_hundreds(rest, full=True)}" if rest else ""
    return f"{_hundreds(thousands, full=False)} nghìn{after}"


def _hundreds(number: int, *, full: bool) -> str:
    hundreds, rest = divmod(number, 100)
    before = f"{_DIGITS[hundreds]} trăm" if hundreds or full else ""
    after = _tens(rest, after_hundred=bool(before)) if rest or not before else ""
    return " ".join(filter(None, (before, after)))


def _tens(number: int, *, after_hundred: bool) -> str:
    tens, ones = divmod(number, 10)
    if tens == 0:
        return f"linh {_DIGITS[ones]}" if after_hundred else _DIGITS[ones]
    head = _DIGITS[10] if tens == 1 else f"{_DIGITS[tens]} mươi"
    if ones == 0:
        return head
    last = {5: _FIVE, 1: _ONE if tens > 1 else "", 4: _FOUR if tens > 1 else ""}.get(ones) or _DIGITS[ones]
    return f"{head} {last}"


_NUMERALS = "không,một,hai,ba,bốn,năm,sáu,bảy,tám,chín,mười,lăm,mốt,tư"
*_DIGITS, _FIVE, _ONE, _FOUR = _NUMERALS.split(",")


def _of_case(place: int, case: CaseFile) -> tuple[str, ...]:
    days = sorted(day_of(row.document) for row in case.documents.select_related("document"))
    span = f"{days[0]:%d/%m/%Y} – {days[-1]:%d/%m/%Y}" if days else ""
    size = f"{case.sheets} tờ; {case.pages} trang" if case.sheets else f"{case.pages} trang"
    return str(place), case.notation, case.title, span, written(case.years), size, case.note


def _of_document(row: CaseDocument, first: int) -> tuple[str, ...]:
    document = row.document
    issued = document.issued or document.came.astimezone(VIETNAM).date()
    pages = document.pages or 0
    span = f"{first}–{first + pages - 1}" if pages > 1 else str(first) if pages else ""
    what = " ".join(filter(None, (document.kind, document.subject)))
    return str(row.order), document.code, f"{issued:%d/%m/%Y}", what, document.issuer, span, document.note
