"""What a person types about a document, as the desk wants it said.

All functions raise `InvalidValue`, those that read files also `FileUnusable` and `PackageTooLarge`.
"""

import hashlib
import mimetypes
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from lienthong.cli.printing import files_here, now
from lienthong.client import LARGE, File, Metadata
from lienthong.document import VIETNAM, OrganisationCode, Urgency, by_abbreviation, by_name, nfc, read_date
from lienthong.envelope import DEFAULT
from lienthong.errors import FileUnusable, InvalidValue, PackageTooLarge

_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_LENGTH = re.compile(r"(\d+(?:\.\d+)?)\s*([smhd]?)", re.ASCII)
_LONGEST = 30 * 86400.0
_ORDINARY = "Công văn"
_OWN_ID = re.compile(r"[A-Za-z0-9._:~-]{1,128}")


def codes(texts: Iterable[str]) -> tuple[str, ...]:
    """`H29,G22` and repeated options as codes, each once, in order."""
    typed = [piece for text in texts for piece in text.split(",") if piece.strip()]
    return tuple(dict.fromkeys(str(OrganisationCode.parse(piece)) for piece in typed))


def day(text: str, what: str) -> str:
    """`22/11/2026` or `2026-11-22` as ISO; empty stays empty."""
    if not text:
        return ""
    found = read_date(text)
    if found is None:
        raise InvalidValue(f"{what}: {text} (22/11/2026, 2026-11-22)")
    return found.isoformat()


def today() -> str:
    """Today in Vietnam."""
    return now().astimezone(VIETNAM).date().isoformat()


def urgency(text: str) -> int:
    """A level by number or name."""
    found = Urgency.read(text)
    if found is None:
        raise InvalidValue(f"--urgency: {text} ({', '.join(f'{int(level)} {level.vi}' for level in Urgency)})")
    return int(found)


def kind(text: str, notation: str) -> str:
    """The kind as typed, by name or abbreviation; without one what the notation tells, else an official letter."""
    if text:
        found = by_name(text) or by_abbreviation(text)
        return found.name_vi if found else nfc(text)
    told = by_abbreviation(re.split(r"[-/]", notation)[0])
    return told.name_vi if told else _ORDINARY


def seconds(text: str) -> float | None:
    """`3d`, `12h`, `90m`, `30s` or plain seconds; None for nothing."""
    if not text:
        return None
    found = _LENGTH.fullmatch(text.strip().lower())
    length = float(found[1]) * _UNITS[found[2] or "s"] if found else -1.0
    if not 0 <= length <= _LONGEST:
        raise InvalidValue(f"--ttl: {text} (3d, 12h, 90m, 30s; ≤ 30d)")
    return length


def document_files(paths: Sequence[Path]) -> list[File]:
    """The files to send, small ones read whole; checked before anything leaves this machine."""
    if not paths:
        raise InvalidValue("thiếu tệp / no files")
    if len(paths) > DEFAULT.parts:
        raise PackageTooLarge(f"{len(paths)} > {DEFAULT.parts}")
    files = [_file(path) for path in paths]
    if sum(file.size for file in files) > DEFAULT.total_bytes:
        raise PackageTooLarge(f"> {DEFAULT.total_bytes} B")
    return files


def _file(path: Path) -> File:
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    name = path.name.encode("utf-8", "replace").decode()
    with files_here():
        size = path.stat().st_size if path.is_file() else 0
    if size > DEFAULT.large_bytes:
        raise PackageTooLarge(f"{path.name} > {DEFAULT.large_bytes} B")
    if size > LARGE:  # it goes up piece by piece
        return File(nfc(name), media_type, path)
    return File(nfc(name), media_type, contents(path, LARGE))


def contents(path: Path, limit: int) -> bytes:
    """The bytes of an ordinary, not empty file."""
    with files_here():
        if path.is_dir():
            raise FileUnusable(f"{path}: là thư mục / is a folder")
        if path.stat().st_size > limit:
            raise PackageTooLarge(f"{path.name} > {limit} B")
        if not path.is_file():
            raise FileUnusable(f"{path}: không phải tệp thường / no ordinary file")
        data = path.read_bytes()
    if not data:
        raise FileUnusable(f"{path}: tệp rỗng / empty file")
    return data


def own_id(given: str, *asked: object) -> str:
    """The caller's id, or one made of all that is asked: the same command again is the same message.

    A date left to the day of sending is not part of it: the same command after midnight is refused as a duplicate that
    differs, rather than sent a second time.
    """
    if not given:
        return "cli-" + hashlib.sha256(msgspec.json.encode(asked)).hexdigest()[:40]
    if not _OWN_ID.fullmatch(given):
        raise InvalidValue(f"--id: {given} (A–Z a–z 0–9 . _ : ~ -, ≤ 128)")
    return given


def digest(data: bytes) -> str:
    """SHA-256, hex."""
    return hashlib.sha256(data).hexdigest()


def stated(metadata: Metadata) -> Metadata:
    """The same, if all that every document needs is said."""
    missing = [
        option
        for option, value in (
            ("--to", metadata.recipients),
            ("--number", metadata.number),
            ("--notation", metadata.notation),
            ("--subject", metadata.subject),
        )
        if not value
    ]
    if missing:
        raise InvalidValue(f"thiếu / missing: {', '.join(missing)}")
    return metadata
