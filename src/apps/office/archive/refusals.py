"""What a historical archive may refuse a closed file for, said before it is handed in."""

from __future__ import annotations

from django.core.cache import cache

from apps.office import uploads
from apps.office.archive import describe
from apps.office.archive.package import SEEN_AND_HEARD, files_of, media_type_of, rows_of
from apps.office.models import CaseDocument, CaseFile, File
from apps.ui.language import t

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
    elif held[0].media_type != PDF or not _archival(held[0]):
        found.append(t("tệp chính chưa phải PDF/A"))
    if any(media_type_of(file.name, file.media_type).startswith(SEEN_AND_HEARD) for file in held):
        found.append(t("có ảnh, ghi âm hoặc ghi hình: nộp kèm văn bản, chưa có mô tả riêng theo thông tư"))
    if row.document.issued is None:
        found.append(t("chưa có ngày văn bản"))
    too_long = describe.of_document(case, row, process=False).too_long
    return found + [t("Trường {name} dài hơn quy định.", name=name) for name in too_long]


def _archival(file: File) -> bool:
    """Whether a PDF says it is PDF/A; what never changes is looked through once."""
    key = f"archival/{file.content_id}"
    known: bool | None = cache.get(key)
    if known is None:
        with file.content.body.open() as body:
            known = uploads.holds(body, CLAIM)
        cache.set(key, known, timeout=None)
    return known
