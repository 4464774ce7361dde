"""Facts of the file as a whole: what starts by itself, what is odd, what it claims to be, what proofs it carries."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from pyhanko.pdf_utils.reader import PdfFileReader

from lienthong.signature.facts.guarding import entry, guarded
from lienthong.signature.facts.reading import Sheet
from lienthong.signature.facts.signatures import Kept, Signed

_STARTING = frozenset(
    {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/Rendition", "/RichMediaExecute", "/GoToR", "/GoToE"}
)
_PART = re.compile(rb"pdfaid:part(?:\s*=\s*[\"']|>)\s*(\d)")
_CONFORMANCE = re.compile(rb"pdfaid:conformance(?:\s*=\s*[\"']|>)\s*([A-Za-z])")
_MOST_ANNOTATIONS = 2000
_MOST_PROOFS = 500
_MOST_KEPT = 16 << 20  # bytes of proofs in one file
_END = re.compile(rb"%%EOF")


def archival(reader: PdfFileReader) -> str:
    """The PDF/A part and level the metadata claim ("2b"), or empty. (ISO 19005)"""
    stream = entry(reader.root, "/Metadata")
    data = stream.data if stream is not None else b""
    part, level = _PART.search(data), _CONFORMANCE.search(data)
    return (part[1] + (level[1].lower() if level else b"")).decode("ascii") if part else ""


def active(reader: PdfFileReader, pages: Sequence[Sheet]) -> tuple[str, ...]:
    """Kinds of actions that run or reach out: "JavaScript", "Launch", … and "XFA"."""
    root = reader.root
    found = set(_actions(entry(root, "/OpenAction"))) | set(_additional(root))
    names = entry(root, "/Names")
    if names is not None and "/JavaScript" in names:
        found.add("JavaScript")
    form = entry(root, "/AcroForm")
    if form is not None and "/XFA" in form:
        found.add("XFA")
    for holder in _holders(pages):
        found |= set(_additional(holder)) | set(_actions(entry(holder, "/A")))
    return tuple(sorted(found))


def _holders(pages: Sequence[Sheet]) -> Iterator[Any]:
    left = _MOST_ANNOTATIONS
    for sheet in pages:
        yield sheet.page
        for annotation in sheet.annotations[:left]:
            left -= 1
            held = annotation.get_object()
            if hasattr(held, "get"):
                yield held


def _additional(holder: Any) -> Iterator[str]:
    actions = entry(holder, "/AA")
    for name in actions if hasattr(actions, "keys") else ():
        yield from _actions(actions[name])


def _actions(action: Any) -> Iterator[str]:
    """The kinds in a chain of actions; a destination is none."""
    for _ in range(16):
        if not hasattr(action, "keys"):
            return
        kind = str(entry(action, "/S", ""))
        if kind in _STARTING:
            yield kind.lstrip("/")
        action = entry(action, "/Next")


def odd(pdf: bytes, reader: PdfFileReader, fields: Iterable[Signed], names: Sequence[str]) -> tuple[str, ...]:
    """Irregularities of structure, each with what it is about after a colon."""
    found = [f"double-field:{name}" for name, count in Counter(names).items() if count > 1]
    found += [f"byte-range:{item.name}" for item in fields if not _regular(item)]
    ends = sum(1 for _ in _END.finditer(pdf))
    if ends > reader.xrefs.total_revisions:
        found.append("ends")
    last = pdf.rfind(b"%%EOF")
    if last < 0 or pdf[last + 5 :].strip():
        found.append("tail")
    if not pdf.startswith(b"%PDF-"):
        found.append("head")
    if reader.xrefs.hybrid_xrefs_present:
        found.append("hybrid")
    return tuple(found)


def _regular(item: Signed) -> bool:
    numbers, _ = guarded(lambda: [int(number) for number in item.value["/ByteRange"]])
    return (
        numbers is not None and len(numbers) == 4 and numbers[0] == 0 and 0 < numbers[1] < numbers[2] and numbers[3] > 0
    )


def field_names(reader: PdfFileReader) -> list[str]:
    """Names of the top fields of the form as they stand, doubles and all."""
    form = entry(reader.root, "/AcroForm")
    fields = entry(form, "/Fields", ()) if form is not None else ()
    return [str(entry(held.get_object(), "/T", "")) for held in fields]


def proofs(reader: PdfFileReader, kept: Kept) -> None:
    """Keep what the document security store holds. Raises ValueError for more than is sane. (ETSI EN 319 142-1 §5.4)"""
    store = entry(reader.root, "/DSS")
    if store is None:
        return
    size = 0
    for name, place in (("/Certs", kept.certificates), ("/CRLs", kept.crls), ("/OCSPs", kept.ocsps)):
        for number, stream in enumerate(store.get(name, ())):
            data = stream.get_object().data
            size += len(data)
            if number >= _MOST_PROOFS or size > _MOST_KEPT:
                raise ValueError("more proofs than a document needs")
            kept.put(place, data)
