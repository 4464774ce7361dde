"""The submission package of a closed file: SIP_hoso of Circular 05/2025/TT-BNV, Annex III, as one ZIP.

    uuid-…/METS.xml   metadata/descriptive/EAD.xml   schemas/
           representations/rep1/{METS.xml, metadata/descriptive/EAD_doc_….xml, data/}

Byte for byte the same each time a file is packed. What an archive may refuse it for is said before it is handed in
(`findings`); nothing is cut or made up to please.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from functools import cache
from importlib import metadata
from importlib.resources import files
from pathlib import PurePosixPath
from tempfile import SpooledTemporaryFile
from typing import IO
from uuid import NAMESPACE_URL, uuid5
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.conf import settings
from lxml import etree

from apps.office import contents
from apps.office.archive import describe, mets
from apps.office.archive.mets import Item, Package, Part
from apps.office.models import CaseDocument, CaseFile, Document, File
from apps.staff.calendar import VIETNAM
from apps.ui.language import t
from apps.ui.times import clock

IN_MEMORY = 8 << 20
"""Bytes of a package kept in memory; a larger one goes through a file."""
PDF = "application/pdf"
XML = "text/xml"
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Submission:
    """A packed file: the name its ZIP has by the circular, and its bytes, to be closed by whoever took it."""

    name: str
    body: IO[bytes]


def packed(case: CaseFile) -> Submission:
    """The package of a closed file; its place in the hand-over stands before its id (II.5)."""
    package, place = _package(case), _place(case)
    body: IO[bytes] = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - handed to whoever sends it
    with ZipFile(body, "w", ZIP_DEFLATED) as archive:
        for part in _parts(case, package):
            archive.writestr(ZipInfo(f"{package.object_id}/{part.path}", _EPOCH), part.data, ZIP_DEFLATED)
    body.seek(0)
    return Submission(f"{place}_{package.object_id}.zip", body)


def findings(case: CaseFile) -> list[str]:
    """What a historical archive may refuse, in sentences: retention, formats, missing files, fields too long."""
    rows = _rows(case)
    found = [t("Lưu trữ lịch sử chỉ nhận hồ sơ bảo quản vĩnh viễn.")] if case.years is not None else []
    levels = {describe.level_of(row.document) for row in rows}
    if describe.SCANNED in levels and not case.paper_code:
        found.append(t("Hồ sơ có bản số hóa cần mã hồ sơ gốc giấy."))
    for row in rows:
        found += [f"{row.order}. {row.document.code}: {words}" for words in _of_document(case, row)]
    too_long = describe.of_file(case, rows).too_long
    return found + [t("Trường {name} dài hơn quy định.", name=name) for name in too_long]


def _of_document(case: CaseFile, row: CaseDocument) -> list[str]:
    main = next((file for file in contents.current(row.document) if file.main), None)
    found = []
    if main is None:
        found.append(t("chưa có tệp"))
    elif main.media_type != PDF or b"pdfaid:part" not in _bytes(main):
        found.append(t("tệp chính chưa phải PDF/A"))
    if row.document.issued is None:
        found.append(t("chưa có ngày văn bản"))
    too_long = describe.of_document(case, row, process=False).too_long
    return found + [t("Trường {name} dài hơn quy định.", name=name) for name in too_long]


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


def _rows(case: CaseFile) -> list[CaseDocument]:
    return list(case.documents.select_related("document").prefetch_related("document__remarks").order_by("order"))


def _parts(case: CaseFile, package: Package) -> Iterator[Part]:
    """Every file of the package with its path from the package's folder."""
    rows = _rows(case)
    items = [_item(case, row) for row in rows]
    for item in items:
        for part in (item.description, item.main, *item.attached):
            if part is not None:
                yield Part(f"representations/rep1/{part.path}", part.media_type, part.data)
    inner = Part("representations/rep1/METS.xml", XML, mets.representation(package, items))
    description = Part("metadata/descriptive/EAD.xml", XML, describe.of_file(case, rows).xml())
    schemas = _schemas()
    yield from (inner, description, *schemas)
    yield Part("METS.xml", XML, mets.whole(package, description, schemas, inner))


def _item(case: CaseFile, row: CaseDocument) -> Item:
    """A document's files by its place: `0000001.pdf`, then `0000001_01.…`, its handling as text."""
    stem = f"{row.order:07d}"
    kept = contents.current(row.document)
    main = next((file for file in kept if file.main), None)
    others = [file for file in kept if file is not main]
    attached = [_data(f"{stem}_{place:02d}", file) for place, file in enumerate(others, 1)]
    story = _story(row.document)
    if story:
        attached.append(Part(f"data/{stem}_quytrinh.txt", "text/plain", story.encode()))
    description = describe.of_document(case, row, process=bool(story))
    told = Part(f"metadata/descriptive/EAD_doc_{stem}.xml", XML, description.xml())
    return Item(told, _data(stem, main) if main else None, tuple(attached))


def _data(stem: str, file: File) -> Part:
    ending = PurePosixPath(file.name).suffix.lower()
    safe = ending if ending[1:].isascii() and ending[1:].isalnum() and len(ending) <= 6 else ".bin"
    return Part(f"data/{stem}{safe}", file.media_type, _bytes(file), file.name)


def _bytes(file: File) -> bytes:
    with file.content.body.open() as body:
        data: bytes = body.read()
        return data


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
    return "\t".join((clock(at), who, what, said.replace("\n", " ")))


@cache
def _schemas() -> tuple[Part, ...]:
    own = (files("apps.office.archive") / "schemas" / "METS.xsd").read_bytes()
    return (
        Part("schemas/METS.xsd", XML, own),
        Part("schemas/EAD.xsd", XML, _schema(describe.OF_FILE)),
        Part("schemas/EAD_doc.xsd", XML, _schema(describe.OF_DOCUMENT)),
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
