"""From bytes to facts. Trap: hostile files cost seconds and memory; outside tests call this in a child with limits."""

import hashlib
from dataclasses import replace
from functools import partial
from typing import Any

from pyhanko.pdf_utils.reader import PdfFileReader

from lienthong.signature.facts import structure
from lienthong.signature.facts.guarding import entry, guarded
from lienthong.signature.facts.model import Box, Facts
from lienthong.signature.facts.reading import Sheet, open_pdf, sheets
from lienthong.signature.facts.signatures import File

MOST_SIGNATURES = 64  # a file with more is an attack on our time, not a document
_HEADER_WITHIN = 1024  # ISO 32000-1 Annex H: readers look for %PDF- in the first 1024 bytes
NOT_A_PDF = "not a PDF"
ENCRYPTED = "encrypted"


def gather(pdf: bytes) -> Facts:
    """Everything `pdf` says about its signatures and about itself. Never raises, save MemoryError beyond all limits."""
    facts = Facts(hashlib.sha256(pdf).hexdigest(), len(pdf))
    if b"%PDF-" not in pdf[:_HEADER_WITHIN]:
        return replace(facts, readable=NOT_A_PDF)
    reader, fault = guarded(lambda: open_pdf(pdf))
    if reader is None:
        return replace(facts, readable=fault)
    if "/Encrypt" in reader.trailer:
        return replace(facts, readable=ENCRYPTED, encrypted=True)
    found, fault = guarded(lambda: _gathered(facts, pdf, reader))
    return found or replace(facts, readable=fault)


def _gathered(facts: Facts, pdf: bytes, reader: PdfFileReader) -> Facts:
    pages, unpaged = guarded(lambda: tuple(sheets(reader)))
    file = File(pdf, reader, _boxes(pages or ()))
    fields = file.fields()
    if len(fields) > MOST_SIGNATURES:
        return replace(facts, readable=f"more than {MOST_SIGNATURES} signatures")
    _, unproved = guarded(lambda: structure.proofs(reader, file.kept))
    signatures = tuple(file.signature(item) for item in fields if not item.stamp)
    stamps = tuple(file.stamp(item) for item in fields if item.stamp)
    names, _ = guarded(lambda: structure.field_names(reader))
    odd, unsound = guarded(lambda: structure.odd(pdf, reader, fields, names or ()))
    active, hidden = guarded(lambda: structure.active(reader, pages or ()))
    faults = [
        f"{part}-unreadable"
        for part, fault in (("pages", unpaged), ("proofs", unproved), ("structure", unsound), ("actions", hidden))
        if fault
    ]
    return replace(
        facts,
        archival=guarded(lambda: structure.archival(reader))[0] or "",
        active=active or (),
        odd=(*(odd or ()), *faults),
        signatures=signatures,
        document_stamps=stamps,
        certificates=file.kept.certificates,
        crls=file.kept.crls,
        ocsps=file.kept.ocsps,
    )


def _boxes(pages: tuple[Sheet, ...]) -> dict[Any, Box]:
    """Where the widgets of signature fields stand, by their reference."""
    found: dict[Any, Box] = {}
    for sheet in pages:
        for annotation in sheet.annotations:
            box, _ = guarded(partial(_widget, annotation, sheet))
            reference = getattr(annotation, "reference", None)
            if box is not None and reference is not None:
                found[reference] = box
    return found


def _widget(annotation: Any, sheet: Sheet) -> Box | None:
    held = annotation.get_object()
    return sheet.shown(held["/Rect"]) if entry(held, "/Subtype") == "/Widget" else None
