"""What may be brought in as a file: looked at by its bytes, not by its name; what is refused is told in words.

Macros run on the machine of whoever opens a file, a password hides what is inside, and a renamed file lies: none of
them goes into a register or out to other agencies.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import PurePath
from typing import IO

from apps.ui.language import t

PDF = "application/pdf"
PIECE = 1024 * 1024
_ACROSS = 256
LARGEST_INSIDE, MOST_INSIDE = 200 * 1024 * 1024, 5000
"""Bytes and files that a packed file may hold unpacked."""
MACROS = "Tệp “{name}” là chương trình hoặc có macro, không nhận. Xin gửi bản không có macro (.docx, .xlsx, .pdf)."
LOCKED = "Tệp “{name}” bị khóa bằng mật khẩu, nên không ký, không kiểm tra được. Xin gỡ mật khẩu rồi tải lại."
NO_PDF = "Tệp “{name}” không phải PDF. Xin xuất văn bản ra PDF rồi tải lại."
RENAMED = "Nội dung tệp “{name}” không đúng với đuôi {ending}, có thể đã bị đổi tên. Xin lưu lại đúng loại rồi tải lên."
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
"""Compound files: old Word and Excel, and anything of Office's with a password ([MS-CFB] §2.2, [MS-OFFCRYPTO] §2.3)."""
_VBA, _LOCKED = (name.encode("utf-16-le") for name in ("_VBA_PROJECT", "EncryptedPackage"))
_ENCRYPTED = re.compile(rb"/Encrypt\s+\d+\s+\d+\s+R|/Encrypt\s*<<")
_MACRO_PARTS = re.compile(r"vbaProject|vbaData|activeX/|macrosheets/", re.IGNORECASE)
_MACRO_TYPES = re.compile(rb"macroEnabled|vnd\.ms-office\.vbaProject", re.IGNORECASE)
_RUNS = frozenset({
    ".bat", ".cmd", ".com", ".cpl", ".dll", ".exe", ".hta", ".jar", ".js", ".jse", ".lnk", ".msi", ".ps1", ".reg",
    ".scr", ".sh", ".vbe", ".vbs", ".wsf", ".docm", ".dotm", ".xlsm", ".xltm", ".xlam", ".pptm", ".potm", ".ppsm",
})  # fmt: skip
PNG, JPEG, TIFF = (b"\x89PNG",), (b"\xff\xd8\xff",), (b"II*\x00", b"MM\x00*")
_STARTS = {
    ".pdf": (b"%PDF-",), ".docx": (b"PK\x03\x04",), ".xlsx": (b"PK\x03\x04",), ".pptx": (b"PK\x03\x04",),
    ".odt": (b"PK\x03\x04",), ".ods": (b"PK\x03\x04",), ".zip": (b"PK\x03\x04", b"PK\x05\x06"),
    ".doc": (_OLE, b"{\\rtf"), ".xls": (_OLE,), ".ppt": (_OLE,), ".png": PNG, ".jpg": JPEG, ".jpeg": JPEG,
    ".tif": TIFF, ".tiff": TIFF,
}  # fmt: skip
_PROGRAMS = (b"MZ", b"\x7fELF", b"#!")


def is_pdf(file: bytes | IO[bytes]) -> bool:
    """By its bytes; PDF readers allow some before."""
    return b"%PDF-" in _head(file)


def is_picture(file: bytes | IO[bytes]) -> bool:
    """By its bytes: of the kinds that scanners and cameras give."""
    return _head(file).startswith(PNG + JPEG + TIFF)


def type_of(file: bytes | IO[bytes]) -> str:
    """The media type by which it is kept."""
    return PDF if is_pdf(file) else "application/octet-stream"


def refusal(name: str, data: bytes | IO[bytes]) -> str:
    """Why this file is not taken, in words; empty when nothing speaks against it. Read in pieces, from the start."""
    file = io.BytesIO(data) if isinstance(data, bytes) else data
    ending, head = PurePath(name).suffix.lower(), _head(file)
    if ending in _RUNS or head.startswith(_PROGRAMS):
        return t(MACROS, name=name)
    if (starts := _STARTS.get(ending)) and not _begins(ending, file, starts):
        return t(RENAMED, name=name, ending=ending)
    return _in_pdf(name, file) or _in_ole(name, file) or _in_zip(name, file)


def _head(file: bytes | IO[bytes]) -> bytes:
    if isinstance(file, bytes):
        return file[:1024]
    file.seek(0)
    return file.read(1024)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    """The whole file, each piece with the end of the one before: a word may lie across."""
    file.seek(0)
    before = b""
    while piece := file.read(PIECE):
        yield before + piece
        before = piece[-_ACROSS:]


def holds(file: IO[bytes], what: bytes) -> bool:
    """Whether these few bytes stand anywhere in the file."""
    return any(what in piece for piece in _pieces(file))


def is_word(data: bytes) -> bool:
    """Whether the bytes are a Word document of today's form."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return "word/document.xml" in packed.namelist()
    except zipfile.BadZipFile:
        return False


def _begins(ending: str, file: IO[bytes], starts: tuple[bytes, ...]) -> bool:
    """Office's own files with a password are compound files by any name."""
    if ending == ".pdf":
        return is_pdf(file)
    head = _head(file)
    return head.startswith(starts) or (
        ending in {".docx", ".xlsx", ".pptx"} and head.startswith(_OLE) and holds(file, _LOCKED)
    )


def _in_pdf(name: str, file: IO[bytes]) -> str:
    if is_pdf(file) and any(map(_ENCRYPTED.search, _pieces(file))):
        return t(LOCKED, name=name)
    return ""


def _in_ole(name: str, file: IO[bytes]) -> str:
    if not _head(file).startswith(_OLE):
        return ""
    if holds(file, _LOCKED):
        return t(LOCKED, name=name)
    if holds(file, _VBA):
        return t(MACROS, name=name)
    return ""


def _in_zip(name: str, file: IO[bytes]) -> str:
    if not _head(file).startswith(b"PK"):
        return ""
    try:
        with zipfile.ZipFile(file) as packed:
            return _in_parts(name, packed)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError):
        return t("Tệp “{name}” hỏng hoặc không mở được. Xin lưu lại rồi tải lên.", name=name)


def _in_parts(name: str, packed: zipfile.ZipFile) -> str:
    parts = packed.infolist()
    if len(parts) > MOST_INSIDE or sum(part.file_size for part in parts) > LARGEST_INSIDE:
        return t("Tệp “{name}” bung ra quá lớn, không nhận.", name=name)
    if any(part.flag_bits & 1 for part in parts):
        return t(LOCKED, name=name)
    runs = any(_MACRO_PARTS.search(part.filename) or PurePath(part.filename).suffix.lower() in _RUNS for part in parts)
    if runs or _MACRO_TYPES.search(_types(packed)):
        return t(MACROS, name=name)
    return ""


def _types(packed: zipfile.ZipFile) -> bytes:
    names = packed.namelist()
    return packed.read("[Content_Types].xml") if "[Content_Types].xml" in names else b""
