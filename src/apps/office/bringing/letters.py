"""A letter as a mailbox holds it: what it says of itself, and the documents attached. Everything in it is a stranger's.

Read without the library's header parser, which takes long over hostile headers; deep, wide and swollen letters are
refused as a whole. Sender, subject and day are what the letter says: nothing proves them.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime
from pathlib import PurePath
from typing import TYPE_CHECKING

from apps.office import uploads
from apps.ui.language import t
from apps.ui.receiving import cleaned, too_large
from lienthong.errors import InvalidValue

DEEPEST, MOST_PARTS, MOST_FILES = 8, 200, 50
LONGEST = 300
"""Letters kept of a sender or a subject."""
DOCUMENTS = frozenset({".pdf", ".docx", ".xlsx", ".pptx", ".doc", ".xls", ".odt", ".ods"})
if TYPE_CHECKING:
    Part = Message[str, str]


@dataclass(frozen=True, slots=True)
class Attached:
    """One attachment that may come in."""

    name: str
    data: bytes

    @property
    def is_pdf(self) -> bool:
        """By its bytes."""
        return uploads.is_pdf(self.data)


@dataclass(frozen=True, slots=True)
class Letter:
    """`id` is the same whenever the same letter is read; `refused` says of each file that stays out why."""

    id: str
    sender: str
    subject: str
    day: date | None
    files: list[Attached] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    @property
    def told(self) -> dict[str, str]:
        """What it says of itself, as data."""
        return {"sender": self.sender, "subject": self.subject, "day": self.day.isoformat() if self.day else ""}


def read(raw: bytes, largest: int) -> Letter:
    """The letter; InvalidValue, in words, for one that is built to harm. `largest` bytes may one file have."""
    try:
        return _read(raw, largest)
    except InvalidValue:
        raise
    except RecursionError as error:
        raise InvalidValue(t("Thư lồng nhau quá sâu, không nhận.")) from error
    except (ValueError, LookupError, TypeError, AttributeError) as error:  # the library's own over broken letters
        raise InvalidValue(t("Thư hỏng, không đọc được.")) from error


def _read(raw: bytes, largest: int) -> Letter:
    letter = message_from_bytes(raw)
    found = Letter(_id(letter, raw), _sender(letter), _words(letter["Subject"]), _day(letter))
    for part in _parts(letter):
        _sort(part, found, largest)
    return found


def _parts(letter: Part) -> Iterator[Part]:
    """Leaves, with how deep and how many they may be."""
    waiting, seen = [(letter, 0)], 0
    while waiting:
        part, depth = waiting.pop()
        seen += 1
        if depth > DEEPEST:
            raise InvalidValue(t("Thư lồng nhau quá sâu, không nhận."))
        if seen > MOST_PARTS:
            raise InvalidValue(t("Thư có quá nhiều phần, không nhận."))
        inside = part.get_payload()
        if isinstance(inside, list):
            waiting += [(each, depth + 1) for each in reversed(inside) if isinstance(each, Message)]
        else:
            yield part


def _sort(part: Part, found: Letter, largest: int) -> None:
    name = cleaned(_words(part.get_filename()))
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    attached = bool(part.get_filename()) or part.get_content_disposition() == "attachment"
    if not data or not (attached or Attached(name, data).is_pdf):
        return
    if problem := _problem(name, data, largest):
        found.refused.append(problem)
    elif len(found.files) >= MOST_FILES:
        found.refused.append(t("Thư có quá nhiều tệp; “{name}” để lại trong thư.", name=name))
    elif not any(each.data == data for each in found.files):
        found.files.append(Attached(name if "." in name else f"{name}.pdf", data))


def _problem(name: str, data: bytes, largest: int) -> str:
    if len(data) > largest:
        return too_large(name, largest)
    if PurePath(name).suffix.lower() not in DOCUMENTS and not uploads.is_pdf(data):
        return t("Tệp “{name}” không phải văn bản (PDF, Word, Excel), để lại trong thư.", name=name)
    return uploads.refusal(name, data)


def _id(letter: Part, raw: bytes) -> str:
    """By its Message-ID (RFC 5322, 3.6.4); one without is known by its bytes."""
    named = str(letter["Message-ID"] or "").strip()
    return hashlib.sha256(named.encode("utf-8", "replace") if named else raw).hexdigest()[:40]


def _sender(letter: Part) -> str:
    name, address = parseaddr(_words(letter["From"]))
    return f"{name} <{address}>" if name and address else address or name


def _day(letter: Part) -> date | None:
    with suppress(ValueError, TypeError, OverflowError):
        return parsedate_to_datetime(str(letter["Date"])[:100]).date()
    return None


def _words(header: object) -> str:
    """A header for people: decoded, without control and invisible signs, not endless."""
    text = str(header or "")[: 4 * LONGEST]
    with suppress(ValueError, LookupError, UnicodeError):
        text = str(make_header(decode_header(text)))
    shown = "".join(
        " " if unicodedata.category(sign)[0] == "C" else sign for sign in unicodedata.normalize("NFC", text)
    )
    return " ".join(shown.split())[:LONGEST]
