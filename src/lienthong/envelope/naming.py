"""Names and media types of attached files: never a path, never a trick of the eye."""

import re
import unicodedata

from lienthong.document import nfc
from lienthong.envelope.repairs import Repairs

MAX_NAME = 200
UNKNOWN_TYPE = "application/octet-stream"

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "rtf": "application/rtf",
    "txt": "text/plain",
    "csv": "text/csv",
    "xml": "application/xml",
    "edxml": "application/xml",
    "html": "text/html",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "zip": "application/zip",
    "rar": "application/vnd.rar",
    "7z": "application/x-7z-compressed",
}

_TYPE = re.compile(r"[a-z0-9.+*!#$&^_-]{1,100}/[a-z0-9.+*!#$&^_-]{1,100}", re.ASCII)
_PATH = re.compile(r"\\|^[/~]|^[A-Za-z]:|(^|/)\.\.?(/|$)")
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def extension(name: str) -> str:
    """The lower-case extension without its dot, or empty."""
    stem, dot, end = name.rpartition(".")
    return end.lower() if dot and stem else ""


def clean_name(name: str) -> str:
    """A name safe as a file name on any system; may come out empty.

    Of a path only its last piece is kept; a plain slash, as in `15/QĐ-BNV.pdf`, becomes a dash. Control characters
    and marks that turn the writing direction (`fdp.exe` shown as `exe.pdf`) go.
    """
    name = "".join(sign for sign in nfc(name) if unicodedata.category(sign)[0] != "C")
    if _PATH.search(name):
        name = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    name = _FORBIDDEN.sub("-", name.replace("/", "-"))
    name = " ".join(name.split()).strip(". ")
    return _shortened(f"_{name}" if _RESERVED.fullmatch(name) else name)


def _shortened(name: str) -> str:
    if len(name) <= MAX_NAME:
        return name
    end = extension(name)
    if 0 < len(end) < 10:
        return f"{name[: MAX_NAME - len(end) - 1].rstrip()}.{end}"
    return name[:MAX_NAME].rstrip(". ")


def safe_name(written: str, order: int, media_type: str, repairs: Repairs) -> str:
    """The written name made safe, or `tep-1.pdf` by order and media type; either repair is noted."""
    name = clean_name(written)
    if not name:
        end = next((end for end, known in MEDIA_TYPES.items() if known == media_type), "bin")
        name = f"tep-{order}.{end}"
        repairs.note("name-missing", name)
    elif name != written:
        repairs.note("name-cleaned", name)
    return name


def safe_type(written: str, name: str, repairs: Repairs) -> str:
    """The written media type, or the one the file's extension tells when it is none; that repair is noted."""
    media_type = written.lower()
    if _TYPE.fullmatch(media_type):
        return media_type
    repairs.note("media-type-made", name)
    return type_by_name(name)


def type_by_name(name: str) -> str:
    """The media type a file's extension tells, or `application/octet-stream`."""
    return MEDIA_TYPES.get(extension(name), UNKNOWN_TYPE)
