"""Pictures and recordings in a submission package: which, and `simpledc` of each (Annex III II.2, II.3).

A recording is always described as one. A picture is when it goes with another file; alone it is a paper that somebody
photographed, and described as the document it shows. Each has a number of its own after the documents of the file.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from mimetypes import MimeTypes
from pathlib import PurePosixPath

from apps.office.archive.describe import Described, day_words
from apps.office.archive.periods import code_of
from apps.office.models import CaseFile, Document, File, Language, Record

UNTOLD = "application/octet-stream"
SEEN_AND_HEARD = ("image/", "audio/", "video/")
"""Packed tight already; described on their own."""
_TYPES = MimeTypes()
"""Python's own table, without what a machine adds to it."""
OF_PICTURE = (
    "docCode", "maintenance", "typePic", "archivesNumber", "inforSign", "eventName", "imageTitle", "photographer",
    "photoPlace", "photoTime", "colour", "filmSize", "mode", "format", "description", "docAttached",
)  # fmt: skip
OF_RECORDING = (
    "docCode", "maintenance", "typeMedia", "archivesNumber", "inforSign", "eventName", "movieTitle", "recorder",
    "recordPlace", "recordDate", "language", "playTime", "mode", "quality", "format", "description", "docAttached",
)  # fmt: skip
TAKEN = frozenset({
    "image/jpeg", "image/gif", "image/tiff", "image/png", "video/mpeg", "video/mp4", "video/x-msvideo",
    "video/x-ms-wmv", "video/quicktime", "audio/mpeg", "audio/x-ms-wma", "audio/aac",
})  # fmt: skip
"""Formats of the circular's list (II.4); MPEG-4 by its registered name, too."""


class Kind(StrEnum):
    """What a file is to the archive, as its description is named: `EAD_pic_….xml`."""

    PICTURE = "pic"
    RECORDING = "media"


WANTED = {
    Kind.PICTURE: ("event", "author", "place", "day", "colour", "size"),
    Kind.RECORDING: ("event", "author", "place", "day", "length", "quality"),
}
"""What people have to say of it: fields that the circular does not call optional and that no register knows."""


def media_type_of(name: str, told: str) -> str:
    """What the sender said; who said nothing is helped by the name."""
    return told if told not in {"", UNTOLD} else _TYPES.guess_type(f"x{ending(name)}")[0] or UNTOLD


def ending(name: str) -> str:
    """The ending of a name, if it is one that may stand in a path; `.bin` otherwise."""
    found = PurePosixPath(name).suffix.lower()
    return found if found[1:].isascii() and found[1:].isalnum() and len(found) <= 6 else ".bin"


def kind_of(file: File, *, alone: bool) -> Kind | None:
    """What it is; None for what is described as a document. `alone`: it is the document's main file."""
    media = media_type_of(file.name, file.media_type)
    if media.startswith(("audio/", "video/")):
        return Kind.RECORDING
    return Kind.PICTURE if media.startswith("image/") and not alone else None


def among(held: Sequence[File]) -> list[tuple[File, Kind]]:
    """The pictures and recordings among a document's files, which stand in their order."""
    kinds = [(file, kind_of(file, alone=at == 0)) for at, file in enumerate(held)]
    return [(file, kind) for file, kind in kinds if kind is not None]


def said_of(document: Document, file: File) -> Record:
    """What people said of it; nothing yet is an empty record of it."""
    known = (record for record in document.records.all() if record.name == file.name)
    return next(known, Record(document=document, name=file.name))


def described(case: CaseFile, order: int, record: Record, kind: Kind, *, media: str, attached: bool) -> Described:
    """Its description. `attached`: other papers go with it."""
    told = {
        "docCode": f"{case.code}.{order:07d}",
        "maintenance": code_of(case.years),
        "archivesNumber": record.number,
        "eventName": record.event,
        "mode": case.use,
        "description": "; ".join(filter(None, (case.keeper.name, record.note)))[:500],
        "docAttached": "1" if attached else "0",
    }
    day, title = day_words(record.day), record.title or PurePosixPath(record.name).stem
    if kind == Kind.PICTURE:
        own = {"typePic": "02", "imageTitle": title, "photographer": record.author, "photoPlace": record.place,
               "photoTime": day, "colour": record.colour, "filmSize": record.size}  # fmt: skip
        return Described({name: (told | own).get(name, "") for name in OF_PICTURE})
    own = {"typeMedia": "01" if media.startswith("audio/") else "02", "movieTitle": title, "recorder": record.author,
           "recordPlace": record.place, "recordDate": day, "language": record.language or Language.VIETNAMESE,
           "playTime": record.length, "quality": record.quality}  # fmt: skip
    return Described({name: (told | own).get(name, "") for name in OF_RECORDING})


def missing(record: Record, kind: Kind) -> list[str]:
    """Fields of it that nobody has filled yet."""
    return [name for name in WANTED[kind] if not getattr(record, name)]
