"""What a signature speaks of, and what came after it.

A signature verifies over its byte range; whether that range is the document is another question. Hence: the gap is
exactly this signature's own /Contents; the range ends where a revision ends; later revisions are reviewed.
"""

import string
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils.reader import PdfFileReader, process_data_at_eof
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, DiffResult, ModificationLevel
from pyhanko.sign.fields import FieldMDPSpec, MDPPerm

from lienthong.signature.facts.guarding import entry, guarded

_HEXADECIMAL = frozenset(string.hexdigits.encode("ascii"))
_LEVELS = {
    ModificationLevel.NONE: "none",
    ModificationLevel.LTA_UPDATES: "long-term",
    ModificationLevel.FORM_FILLING: "form-filling",
}


@dataclass(frozen=True, slots=True)
class Range:
    """A byte range as it should be: from 0, one gap."""

    first: int
    second: int
    end: int

    def parts(self, pdf: bytes) -> tuple[memoryview, memoryview]:
        whole = memoryview(pdf)
        return whole[: self.first], whole[self.second : self.end]


@dataclass(frozen=True, slots=True)
class Changes:
    """With the words of SignatureFact."""

    coverage: str = "unclear"
    modification: str = "other"
    permitted: bool = False
    fault: str = ""


def range_of(value: Any, size: int) -> Range:
    """The byte range of a signature dictionary. Raises ValueError for any but two ascending parts inside the file."""
    numbers = [int(number) for number in value["/ByteRange"]]
    if len(numbers) != 4:
        raise ValueError(f"a byte range of {len(numbers)} numbers")
    start, length, second, last = numbers
    if start != 0 or not 0 <= length < second <= size or not 0 <= last <= size - second:
        raise ValueError("a byte range outside the file, backwards or not from the start")
    return Range(length, second, second + last)


def fenced(pdf: bytes, covered: Range, contents: bytes) -> bool:
    """What the range leaves out is this signature's own hexadecimal string alone, or text could hide there."""
    gap = pdf[covered.first : covered.second]
    digits = gap[1:-1]
    framed = gap[:1] == b"<" and gap[-1:] == b">" and len(digits) % 2 == 0
    return framed and _HEXADECIMAL.issuperset(digits) and bytes.fromhex(digits.decode("ascii")) == contents


def changes(reader: PdfFileReader, pdf: bytes, covered: Range, revision: int, value: Any, field: Any) -> Changes:
    """What is covered and what came later; call only when `fenced`. Never raises."""
    if covered.end == len(pdf):
        return Changes("file", "none", permitted=True)
    found, fault = guarded(lambda: _ends_a_revision(reader, pdf, covered.end, revision))
    if not found:
        return Changes(fault=fault)
    reviewed, fault = guarded(lambda: _reviewed(reader, revision, value, field))
    return reviewed or Changes("revision", fault=fault)


def _ends_a_revision(reader: PdfFileReader, pdf: bytes, end: int, revision: int) -> bool:
    """The end of the range is the end of the very revision that brought the signature, with all before it inside."""
    stream = BytesIO(pdf)
    stream.seek(end)
    if process_data_at_eof(stream) != reader.xrefs.get_startxref_for_revision(revision):
        return False
    tables = (reader.xrefs.get_xref_container_info(number) for number in range(revision + 1))
    return all(table.end_location <= end for table in tables)


def _reviewed(reader: PdfFileReader, revision: int, value: Any, field: Any) -> Changes:
    allowed = permissions(value, field)
    found = DEFAULT_DIFF_POLICY.review_file(
        reader, revision, field_mdp_spec=_locked(value), doc_mdp=MDPPerm(allowed) if allowed else None
    )
    level = found.modification_level if isinstance(found, DiffResult) else ModificationLevel.OTHER
    fits = level is not ModificationLevel.OTHER and (not allowed or level.value <= allowed)
    return Changes("revision", _LEVELS.get(level, "other"), permitted=fits)


def permissions(value: Any, field: Any) -> int:
    """The DocMDP level a signature or its field's lock asks for, 0 for none. (ISO 32000-2 §12.8.2.2, table 257)"""
    parameters = _transform(value, "/DocMDP")
    if parameters is not None:
        return MDPPerm(int(entry(parameters, "/P", 2))).value
    lock = entry(field, "/Lock")
    return MDPPerm(int(lock["/P"])).value if lock is not None and "/P" in lock else 0


def certified(value: Any) -> bool:
    """A certification signature: it carries a DocMDP transform."""
    return _transform(value, "/DocMDP") is not None


def _locked(value: Any) -> FieldMDPSpec | None:
    parameters = _transform(value, "/FieldMDP")
    return None if parameters is None else FieldMDPSpec.from_pdf_object(parameters)


def _transform(value: Any, method: str) -> Any:
    for reference in entry(value, "/Reference", ()):
        held = reference.get_object()
        if entry(held, "/TransformMethod") == method:
            return entry(held, "/TransformParams", {})
    return None
