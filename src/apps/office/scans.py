"""A scan as it comes, a PDF or a picture of paper: looked at by its bytes, kept as a PDF either way."""

from __future__ import annotations

from io import BytesIO
from pathlib import PurePath
from typing import IO

from django.conf import settings

from apps.office import uploads
from apps.office.finding.reading import reader
from apps.ui.language import t

NO_SCAN = "Tệp “{name}” không phải PDF hay ảnh quét (JPEG, PNG, TIFF). Xin quét lại, hoặc xuất ra PDF."
UNREADABLE = "Ảnh trong tệp “{name}” không đọc được: hỏng, bị cắt hoặc quá lớn. Xin quét lại, tốt nhất ra PDF."


def refusal(name: str, file: IO[bytes]) -> str:
    """Why it is not taken, or nothing: no scan whatever its name, renamed, locked, with a program in it."""
    if not (uploads.is_pdf(file) or uploads.is_picture(file)):
        return t(NO_SCAN, name=name)
    return uploads.refusal(name, file)


def as_pdf(name: str, file: IO[bytes]) -> tuple[str, IO[bytes]] | None:
    """Name and file by which it is kept. None for a picture that cannot be read whole, or whose PDF is larger than the
    site takes: `unreadable` says so."""
    if not uploads.is_picture(file):
        return name, file
    file.seek(0)
    with reader() as reads:
        pdf = reads.bound(file.read())
    return (f"{PurePath(name).stem}.pdf", BytesIO(pdf)) if 0 < len(pdf) <= settings.CONFIG.site.largest_file else None


def unreadable(name: str) -> str:
    """In words."""
    return t(UNREADABLE, name=name)
