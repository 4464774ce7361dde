"""The submission package of a closed file: SIP_hoso of Circular 05/2025/TT-BNV, Annex III, as one ZIP.

    uuid-…/METS.xml   metadata/descriptive/EAD.xml   schemas/
           representations/rep1/{METS.xml, metadata/descriptive/EAD_{doc,pic,media}_….xml, data/}
           documentation/   the file's own story with its opinions and tasks, drafts that became no document

Whatever lies in the file goes in, of whatever kind. Byte for byte the same each time a file is packed. What an archive
may refuse it for is said before it is handed in (`refusals`); nothing is cut or made up to please.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from contextlib import ExitStack
from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime, time
from functools import cache
from importlib import metadata
from importlib.resources import files
from itertools import count
from tempfile import SpooledTemporaryFile
from typing import IO
from uuid import NAMESPACE_URL, uuid5
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.conf import settings
from django.db.models import Prefetch
from lxml import etree

from apps.office import contents
from apps.office.archive import describe, mets, records
from apps.office.archive.mets import Enclosed, Item, Package, Part
from apps.office.archive.records import Kind
from apps.office.cases import story
from apps.office.models import CaseDocument, CaseFile, Document, DraftFile, File
from apps.staff.calendar import VIETNAM
from apps.ui.times import clock
from lienthong.errors import CopyUnreadable

IN_MEMORY = 8 << 20
"""Bytes of a package kept in memory; a larger one goes through a file."""
XML, TEXT = "text/xml", "text/plain"
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Submission:
    """A packed file: the name its ZIP has by the circular, and its bytes, to be closed by whoever took it."""

    name: str
    body: IO[bytes]


def packed(case: CaseFile) -> Submission:
    """The package of a closed file; its place in the hand-over stands before its id (II.5).

    CopyUnreadable when a kept file is no longer what it was: nothing is handed in then.
    """
    package, place = _package(case), _place(case)
    with ExitStack() as until_whole:
        body: IO[bytes] = until_whole.enter_context(SpooledTemporaryFile(IN_MEMORY))
        with ZipFile(body, "w", ZIP_DEFLATED) as archive:
            for part in _parts(case, package):
                _add(archive, f"{package.object_id}/{part.path}", part)
        body.seek(0)
        until_whole.pop_all()
    return Submission(f"{place}_{package.object_id}.zip", body)


def _add(archive: ZipFile, path: str, part: Part) -> None:
    """One file, piece by piece. CopyUnreadable when the bytes are no longer those that were kept."""
    info, digest = ZipInfo(path, _EPOCH), hashlib.sha256()
    info.compress_type = ZIP_STORED if part.media_type.startswith(records.SEEN_AND_HEARD) else ZIP_DEFLATED
    info.file_size = part.size
    with part.body() as body, archive.open(info, "w") as into:
        while piece := body.read(contents.PIECE):
            digest.update(piece)
            into.write(piece)
    if digest.hexdigest() != part.sha256:
        raise CopyUnreadable(part.title or part.path)


def _package(case: CaseFile) -> Package:
    agency = settings.CONFIG.of(case.agency)
    closed = case.closed or case.added.date()
    return Package(
        names=mets.Names(uuid5(NAMESPACE_URL, f"{case.code}/{case.pk}/{closed}")),
        title=f"Hồ sơ {case.code} {case.title}",
        fonds=case.agency,
        organisation=agency.name if agency else case.agency,
        submission=_reference(case),
        made=datetime.combine(closed, time(), VIETNAM),
        software="Liên Thông",
        version=metadata.version("lienthong"),
    )


def _reference(case: CaseFile) -> str:
    given = case.handover
    return f"NL.{case.agency}.{given.year}.{given.number:02d}" if given else f"NL.{case.agency}"


def _place(case: CaseFile) -> int:
    listed = case.handover.listed if case.handover else []
    return listed.index(case.code) + 1 if case.code in listed else 1


def rows_of(case: CaseFile) -> list[CaseDocument]:
    """The documents of a file in their order, with their remarks and all their files."""
    stored = File.objects.select_related("content").defer("content__text")
    versions = Prefetch("document__files", stored.order_by("version"))
    rows = case.documents.select_related("document").prefetch_related(
        "document__remarks__author", "document__records", versions
    )
    return list(rows.order_by("order"))


def files_of(document: Document) -> list[File]:
    """The newest of each, what stands for the document first: its main file, else the first there is."""
    return contents.newest(document.files.all())


def _parts(case: CaseFile, package: Package) -> Iterator[Part]:
    """Every file of the package with its path from the package's folder."""
    rows = rows_of(case)
    numbers = count(len(rows) + 1)
    items = [_item(case, row, numbers) for row in rows]
    every = mets.described_apart(items)
    for item in every:
        for part in (item.description, item.main, *item.attached):
            if part is not None:
                yield replace(part, path=f"representations/rep1/{part.path}")
    inner = Part.of("representations/rep1/METS.xml", XML, mets.representation(package, items))
    description = Part.of(
        "metadata/descriptive/EAD.xml", XML, describe.of_file(case, rows, len(every) - len(rows)).xml()
    )
    enclosed = Enclosed(_schemas(), _documentation(case))
    yield from (inner, description, *enclosed.schemas, *enclosed.documentation)
    yield Part.of("METS.xml", XML, mets.whole(package, description, enclosed, inner))


def _item(case: CaseFile, row: CaseDocument, numbers: Iterator[int]) -> Item:
    """A document's files by its place: `0000001.pdf`, then `0000001_01.…`, its handling as text; its pictures and
    recordings by places of their own after all documents."""
    stem, told, held = f"{row.order:07d}", _story(row.document), files_of(row.document)
    kinds = dict(records.among(held))
    beside = [file for file in held[1:] if file not in kinds]
    attached = [_kept(f"data/{stem}_{place:02d}", file) for place, file in enumerate(beside, 1)]
    if told:
        attached.append(Part.of(f"data/{stem}_quytrinh.txt", TEXT, told.encode()))
    apart = [_record(case, row, next(numbers), file, kind) for file, kind in kinds.items() if file is not held[0]]
    main = _kept(f"data/{stem}", held[0]) if held else None
    if held and held[0] in kinds:
        return replace(_record(case, row, row.order, held[0], kinds[held[0]]), attached=(*attached,), records=(*apart,))
    description = describe.of_document(case, row, process=bool(told))
    part = Part.of(f"metadata/descriptive/EAD_doc_{stem}.xml", XML, description.xml())
    return Item(part, main, tuple(attached), tuple(apart))


def _record(case: CaseFile, row: CaseDocument, order: int, file: File, kind: Kind) -> Item:
    """A picture or recording under its own number; of one that is a document itself the register knows more."""
    part = _kept(f"data/{order:07d}", file)
    document, record = row.document, copy(records.said_of(row.document, file))
    attached = order != row.order or len(files_of(document)) > 1
    if order == row.order:
        record.title, record.author = record.title or document.subject, record.author or document.issuer
        record.day = record.day or document.issued
        record.note = "; ".join(filter(None, (document.code, record.note)))
    told = records.described(case, order, record, kind, media=part.media_type, attached=attached)
    return Item(Part.of(f"metadata/descriptive/EAD_{kind}_{order:07d}.xml", XML, told.xml()), part)


def _kept(stem: str, file: File) -> Part:
    """A file of the register: its bytes stay where they are until they are packed."""
    path, media_type = f"{stem}{records.ending(file.name)}", records.media_type_of(file.name, file.media_type)
    return Part(path, media_type, file.content.size, file.content_id, file.content.body.open, file.name)


def _documentation(case: CaseFile) -> list[Part]:
    """The file's own story, and the drafts in it that became no document."""
    lines = "".join(f"{clock(line.at)}\t{_flat(line.text)}\t{line.about}\n" for line in story.own(case))
    drafted = DraftFile.objects.filter(draft__in_cases__case=case, draft__document__issued_at=None)
    drafts = [
        Part.of(
            f"documentation/du-thao-{place:02d}{records.ending(file.name)}",
            file.media_type,
            bytes(file.content),
            file.name,
        )
        for place, file in enumerate(drafted.order_by("draft__created", "-main", "id"), 1)
    ]
    return [Part.of("documentation/nhat-ky-ho-so.txt", TEXT, lines.encode()), *drafts]


def _flat(text: str) -> str:
    return " ".join(text.split())


def _story(document: Document) -> str:
    """How it was handled, a line an act: who, when, what, with which words; empty for what was only scanned."""
    if describe.level_of(document) == describe.SCANNED:
        return ""
    events = document.events.select_related("by", "for_whom").order_by("at", "id")
    lines = [_line(event.at, str(event.by or ""), event.what, event.told) for event in events]
    lines += [_line(one.at, one.author.name, "remark", {"text": one.text}) for one in document.remarks.all()]
    return "".join(f"{line}\n" for line in lines)


def _line(at: datetime, who: str, what: str, told: dict[str, object]) -> str:
    said = "; ".join(f"{name}: {value}" for name, value in told.items() if value)
    return "\t".join((clock(at), who, what, _flat(said)))


@cache
def _schemas() -> tuple[Part, ...]:
    own = (files("apps.office.archive") / "schemas" / "METS.xsd").read_bytes()
    return (
        Part.of("schemas/METS.xsd", XML, own),
        Part.of("schemas/EAD.xsd", XML, _schema(describe.OF_FILE)),
        Part.of("schemas/EAD_doc.xsd", XML, _schema(describe.OF_DOCUMENT)),
        Part.of("schemas/EAD_pic.xsd", XML, _schema(records.OF_PICTURE)),
        Part.of("schemas/EAD_media.xsd", XML, _schema(records.OF_RECORDING)),
    )


def _schema(names: tuple[str, ...]) -> bytes:
    """The circular's schema of a `simpledc`: these elements, once each, in this order (II.3)."""
    space = "http://www.w3.org/2001/XMLSchema"
    root = etree.Element(f"{{{space}}}schema", nsmap={"xs": space}, elementFormDefault="qualified")
    kind = etree.SubElement(etree.SubElement(root, f"{{{space}}}element", name="simpledc"), f"{{{space}}}complexType")
    sequence = etree.SubElement(kind, f"{{{space}}}sequence")
    for name in names:
        etree.SubElement(sequence, f"{{{space}}}element", name=name, type="xs:string")
    body = io.BytesIO()
    etree.ElementTree(root).write(body, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return body.getvalue()
