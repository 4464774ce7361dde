"""What a historical archive may refuse a closed file for, said before it is handed in."""

from __future__ import annotations

from django.core.cache import cache

from apps.office import uploads
from apps.office.archive import describe, records
from apps.office.archive.package import files_of, rows_of
from apps.office.archive.records import Kind
from apps.office.models import CaseDocument, CaseFile, Document, File
from apps.ui.language import t

FIELDS = {
    "event": "sự kiện", "author": "tác giả", "place": "địa điểm", "day": "ngày", "colour": "màu sắc", "size": "cỡ ảnh",
    "length": "thời lượng", "quality": "chất lượng",
}  # fmt: skip
PDF = "application/pdf"
CLAIM = b"pdfaid:part"


def refusals(case: CaseFile) -> list[str]:
    """What a historical archive may refuse, in sentences: retention, formats, missing files, fields too long."""
    rows = rows_of(case)
    found = [t("Lưu trữ lịch sử chỉ nhận hồ sơ bảo quản vĩnh viễn.")] if case.years is not None else []
    levels = {describe.level_of(row.document) for row in rows}
    if describe.SCANNED in levels and not case.paper_code:
        found.append(t("Hồ sơ có bản số hóa cần mã hồ sơ gốc giấy."))
    for row in rows:
        found += [f"{row.order}. {row.document.code}: {words}" for words in _of_document(case, row)]
    too_long = describe.of_file(case, rows).too_long
    return found + [t("Trường {name} dài hơn quy định.", name=name) for name in too_long]


def _of_document(case: CaseFile, row: CaseDocument) -> list[str]:
    held = files_of(row.document)
    found = []
    if not held:
        found.append(t("chưa có tệp"))
    elif records.kind_of(held[0], alone=True):
        pass  # a recording is none that could be PDF/A
    elif held[0].media_type != PDF or not _archival(held[0]):
        found.append(t("tệp chính chưa phải PDF/A"))
    for file, kind in records.among(held):
        found += _of_record(row.document, file, kind)
    if row.document.issued is None:
        found.append(t("chưa có ngày văn bản"))
    too_long = describe.of_document(case, row, process=False).too_long
    return found + [t("Trường {name} dài hơn quy định.", name=name) for name in too_long]


def _of_record(document: Document, file: File, kind: Kind) -> list[str]:
    missing = records.missing(records.said_of(document, file), kind)
    named = ", ".join(t(FIELDS[name]) for name in missing)
    found = [t("{name}: chưa ghi {fields}", name=file.name, fields=named)] if missing else []
    if records.media_type_of(file.name, file.media_type) not in records.TAKEN:
        found.append(t("{name}: định dạng không có trong danh sách của thông tư", name=file.name))
    return found


def _archival(file: File) -> bool:
    """Whether a PDF says it is PDF/A; what never changes is looked through once."""
    key = f"archival/{file.content_id}"
    known: bool | None = cache.get(key)
    if known is None:
        with file.content.body.open() as body:
            known = uploads.holds(body, CLAIM)
        cache.set(key, known, timeout=None)
    return known
