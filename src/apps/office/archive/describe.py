"""The descriptions in a submission package: `simpledc` of a file and of a document (Circular 05/2025, Annex III II.2).

Element order is that of the circular's schemas (II.3). Where its tables and its schemas differ (`riskRecovery` is in
the tables alone) the schema counts: only what validates may be sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from lxml import etree

from apps.office.archive.periods import code_of
from apps.office.models import CaseDocument, CaseFile, Document, Source
from lienthong.document import by_name

BORN, SCANNED, MIXED = "01", "02", "03"
VIETNAMESE = "01"
OTHER_KIND = "32"
OF_FILE = (
    "fileCode", "title", "maintenance", "mode", "language", "startDate", "endDate", "keyword", "totalDoc",
    "numberOfPaper", "numberOfPage", "format", "inforSign", "confidenceLevel", "paperFileCode", "description",
)  # fmt: skip
OF_DOCUMENT = (
    "docId", "docCode", "maintenance", "typeName", "codeNumber", "codeNotation", "issuedDate", "organName", "subject",
    "language", "numberOfPage", "inforSign", "keyword", "mode", "confidenceLevel", "autograph", "format", "process",
    "description",
)  # fmt: skip
LONGEST = {
    "fileCode": 100, "title": 1000, "keyword": 100, "paperFileCode": 100, "docId": 25, "docCode": 100,
    "codeNumber": 11, "codeNotation": 30, "organName": 200, "subject": 500, "autograph": 2000,
}  # fmt: skip
"""Signs a field may have (II.2)."""


@dataclass(frozen=True, slots=True)
class Described:
    """The fields of one description, in the schema's order, and which are longer than the circular allows."""

    fields: Mapping[str, str]

    @property
    def too_long(self) -> tuple[str, ...]:
        """Names of fields that an archive may refuse for their length."""
        return tuple(name for name, most in LONGEST.items() if len(self.fields.get(name, "")) > most)

    def xml(self) -> bytes:
        """As `simpledc`."""
        root = etree.Element("simpledc")
        for name, value in self.fields.items():
            etree.SubElement(root, name).text = value
        return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def of_file(case: CaseFile, rows: list[CaseDocument], records: int = 0) -> Described:
    """EAD.xml of the file: `startDate` and `endDate` are its documents'; so many `records` are described beside."""
    days = sorted(day_of(row.document) for row in rows)
    levels = {level_of(row.document) for row in rows}
    told = {
        "fileCode": case.code,
        "title": case.title,
        "maintenance": code_of(case.years),
        "mode": case.use,
        "language": VIETNAMESE,
        "startDate": day_words(days[0] if days else None),
        "endDate": day_words(days[-1] if days else None),
        "keyword": case.keyword,
        "totalDoc": str(len(rows) + records),
        "numberOfPaper": str(case.sheets),
        "numberOfPage": str(case.pages),
        "confidenceLevel": levels.pop() if len(levels) == 1 else MIXED if levels else "",
        "paperFileCode": case.paper_code,
        "description": "; ".join(filter(None, (case.keeper.name, case.end_note, case.note)))[:2000],
    }
    return Described({name: told.get(name, "") for name in OF_FILE})


def of_document(case: CaseFile, row: CaseDocument, *, process: bool) -> Described:
    """EAD_doc of one document. `process`: the story of its handling goes with it."""
    document = row.document
    kind = by_name(document.kind)
    told = {
        "docId": document.document_id or document.code,
        "docCode": f"{case.code}.{row.order:07d}",
        "maintenance": code_of(case.years),
        "typeName": kind.archive_code if kind else OTHER_KIND,
        "codeNumber": document.number,
        "codeNotation": document.notation,
        "issuedDate": day_words(document.issued),
        "organName": document.issuer,
        "subject": document.subject,
        "language": VIETNAMESE,
        "numberOfPage": str(document.pages or ""),
        "keyword": case.keyword,
        "mode": case.use,
        "confidenceLevel": level_of(document),
        "autograph": "; ".join(remark.text for remark in document.remarks.all() if remark.directs)[:2000],
        "process": "1" if process else "0",
        "description": document.note[:500],
    }
    return Described({name: told.get(name, "") for name in OF_DOCUMENT})


def level_of(document: Document) -> str:
    """Born digital, or scanned from paper."""
    return SCANNED if document.source in {Source.SCAN, Source.FOLDER} else BORN


def day_of(document: Document) -> date:
    """The document's own date; of one without, the day it came."""
    return document.issued or document.came.date()


def day_words(day: date | None) -> str:
    """As the circular writes a day; empty for none."""
    return f"{day:%d/%m/%Y}" if day else ""
