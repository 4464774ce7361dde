"""What mathematics says about the signatures of a file, before any question of trust.

pyHanko raises unexpected exceptions on hostile files (KeyError, AssertionError, OSError …), so this is the one place
that catches everything: a signature that cannot be worked out is reported so, never as valid.
"""

import logging
import string
from collections.abc import Callable
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any, TypeVar

from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation import EmbeddedPdfSignature, SignatureCoverageLevel
from pyhanko.sign.validation.generic_cms import validate_sig_integrity

MOST_SIGNATURES = 64  # a file with more is an attack on our time, not a document
_HEADER_WITHIN = 1024  # ISO 32000-1 Annex H: readers look for %PDF- in the first 1024 bytes
_HEXADECIMAL = frozenset(string.hexdigits.encode("ascii"))
_COVERAGE = {SignatureCoverageLevel.ENTIRE_FILE: "file", SignatureCoverageLevel.ENTIRE_REVISION: "revision"}
_MODIFICATION = {
    ModificationLevel.NONE: "none",
    ModificationLevel.LTA_UPDATES: "long-term",
    ModificationLevel.FORM_FILLING: "form-filling",
}

# pyHanko tells its logger of each odd file with a traceback; without a log set up that would go to people's screens.
for _name in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_name).addHandler(logging.NullHandler())

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Found:
    """One signature in a field. `embedded` is pyHanko's object or None; `fault` says what could not be worked out."""

    field: str
    embedded: EmbeddedPdfSignature | None = None
    certificate: x509.Certificate | None = None
    profile: str = ""
    intact: bool | None = None
    coverage: str = "unclear"
    modification: str = "other"
    permitted: bool = False
    fault: str = ""

    @property
    def unchanged(self) -> bool:
        """The document is as signed, but for lawful additions."""
        return self.coverage != "unclear" and self.modification != "other" and self.permitted

    @property
    def sound(self) -> bool:
        """The signature verifies and the document is as signed; says nothing about who signed."""
        return self.intact is True and self.unchanged


@dataclass(frozen=True, slots=True)
class Inspection:
    """All signatures of a file in the order of their revisions; `unreadable` says why there are none."""

    signatures: tuple[Found, ...] = ()
    timestamps: int = 0
    unreadable: str = ""


def inspect(pdf: bytes) -> Inspection:
    """Look at every signature of `pdf`. Never raises."""
    if b"%PDF-" not in pdf[:_HEADER_WITHIN]:
        return Inspection(unreadable="not a PDF")
    fields, fault = _guarded(lambda: _fields(pdf))
    if fields is None:
        return Inspection(unreadable=fault)
    if len(fields) > MOST_SIGNATURES:
        return Inspection(unreadable=f"more than {MOST_SIGNATURES} signatures")
    regular = [item for item in fields if not item.timestamp]
    found = tuple(_inspect_field(pdf, item) for item in regular)
    return Inspection(found, len(fields) - len(regular))


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    reader: PdfFileReader
    field: Any
    subfilter: str
    timestamp: bool
    revision: int


def _fields(pdf: bytes) -> list[_Field]:
    reader = PdfFileReader(BytesIO(pdf), strict=False)
    if reader.encrypted:
        raise ValueError("encrypted")
    found = [_field(reader, name, value, field) for name, value, field in enumerate_sig_fields(reader, True)]  # noqa: FBT003 - pyHanko's third argument: filled ones
    return sorted(found, key=lambda item: item.revision)


def _field(reader: PdfFileReader, name: str, value: Any, field: Any) -> _Field:
    content, reference = value.get_object(), field.get_object().raw_get("/V")
    subfilter = str(content.get("/SubFilter", ""))
    timestamp = content.get("/Type", "") == "/DocTimeStamp" or subfilter == "/ETSI.RFC3161"
    indirect = getattr(reference, "reference", None)
    revision = reader.xrefs.get_last_change(indirect) if indirect else 0
    return _Field(name, reader, field, subfilter, timestamp, revision)


def _inspect_field(pdf: bytes, item: _Field) -> Found:
    found, fault = _guarded(lambda: _work_out(pdf, item))
    return found or Found(item.name, profile=item.subfilter.lstrip("/"), fault=fault)


def _work_out(pdf: bytes, item: _Field) -> Found:
    embedded = EmbeddedPdfSignature(item.reader, item.field, item.name)
    profile = item.subfilter.lstrip("/")
    base = Found(item.name, embedded, embedded.signer_cert, profile, intact=_verifies(embedded))
    if not base.intact:
        return base
    changed, fault = _guarded(lambda: _with_changes(base, embedded, pdf))
    return changed or replace(base, fault=fault)


def _with_changes(found: Found, embedded: EmbeddedPdfSignature, pdf: bytes) -> Found:
    embedded.compute_integrity_info()  # type: ignore[no-untyped-call]  # pyHanko leaves this one without types
    summary = embedded.summarise_integrity_info()
    level = getattr(summary["diff_result"], "modification_level", ModificationLevel.OTHER)
    fenced = _gap_holds_only_the_signature(pdf, embedded.byte_range)
    return replace(
        found,
        coverage=_COVERAGE.get(summary["coverage"], "unclear") if fenced else "unclear",
        modification=_MODIFICATION.get(level, "other"),
        permitted=bool(summary["docmdp_ok"]),
    )


def _verifies(embedded: EmbeddedPdfSignature) -> bool:
    intact, valid = validate_sig_integrity(
        embedded.signer_info,
        embedded.signer_cert,
        expected_content_type="data",
        actual_digest=embedded.compute_digest(),
    )
    return bool(intact and valid)


def _gap_holds_only_the_signature(pdf: bytes, byte_range: Any) -> bool:
    """What a byte range leaves out must be one hexadecimal string and nothing else, or text could hide there."""
    start, first, second, last = (int(number) for number in byte_range)
    gap = pdf[first:second]
    digits = gap[1:-1]
    framed = start == 0 and gap[:1] == b"<" and gap[-1:] == b">" and 0 <= last <= len(pdf) - second
    return framed and _HEXADECIMAL.issuperset(digits)


def _guarded(work: Callable[[], Value]) -> tuple[Value | None, str]:
    try:
        return work(), ""
    except Exception as problem:  # noqa: BLE001 - hostile files provoke anything; whatever it is means "cannot tell"
        return None, f"{type(problem).__name__}: {problem}"
