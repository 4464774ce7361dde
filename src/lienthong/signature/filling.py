"""Places on a page that are filled after somebody has signed: number and date (Decree 30/2020, Art. 15.3).

They are read-only text fields laid out beforehand. A leader's certification lets fields be filled and nothing else
(DocMDP 2), so that the number comes after the signature without touching what was signed; the seal then covers it.
Looks come as PDF pages, so that letters stay letters and fonts stay embedded (PDF/A).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils import generic as untyped
from pyhanko.pdf_utils.reader import PdfFileReader

from lienthong.errors import SignatureProblem
from lienthong.signature.facts.guarding import entry
from lienthong.signature.model import Place
from lienthong.signature.revision import Appender, problems

generic: Any = untyped
_PRINTED, _READ_ONLY = 4, 1
"""Flags of an annotation and of a field (ISO 32000-2 §12.5.3, §12.7.4.1)."""


@dataclass(frozen=True, slots=True)
class Written:
    """What stands in a field: the words as a value, and as a one-page PDF of the field's size."""

    words: str
    look: bytes


@dataclass(frozen=True, slots=True)
class Field:
    """A place that will be filled; until then it shows `shown`, and its value is empty."""

    name: str
    place: Place
    shown: bytes


@dataclass(frozen=True, slots=True)
class Standing:
    """A text field as it is: its words, empty while it waits, and its width and height in points."""

    words: str
    size: tuple[float, float]


def append_fields(pdf: bytes, fields: Sequence[Field]) -> bytes:
    """The PDF with one more revision holding these empty fields. Raises SignatureProblem when it cannot take them."""
    with problems():
        writer: Any = Appender(BytesIO(pdf), strict=False)
        form = _form(writer)
        for field in fields:
            form["/Fields"].append(_widget(writer, field))
        writer.update_container(form["/Fields"])
        return _output(writer)


def fill_fields(pdf: bytes, written: Mapping[str, Written]) -> bytes:
    """The PDF with one more revision in which these fields are filled; earlier signatures hold.

    Raises SignatureProblem for a field that is not there or is filled already.
    """
    with problems():
        writer: Any = Appender(BytesIO(pdf), strict=False)
        known = {str(each["/T"]): each for each in _fields(writer.root)}
        for name, words in written.items():
            if name not in known or str(entry(known[name], "/V", "")):
                raise SignatureProblem(f"{name}: no such place, or filled already")
            known[name]["/V"] = generic.TextStringObject(words.words)
            known[name]["/AP"] = _appearance(writer, words.look)
            writer.update_container(known[name])
        return _output(writer)


def fields_of(pdf: bytes) -> dict[str, Standing]:
    """Text fields of a PDF by name. Raises SignatureProblem for what cannot be read."""
    with problems():
        root = PdfFileReader(BytesIO(pdf), strict=False).root
        return {str(each["/T"]): _standing(each) for each in _fields(root)}


def _standing(field: Any) -> Standing:
    left, bottom, right, top = (float(side) for side in field["/Rect"])
    return Standing(str(entry(field, "/V", "")), (right - left, top - bottom))


def _fields(root: Any) -> list[Any]:
    form = entry(root, "/AcroForm", {})
    held = [reference.get_object() for reference in entry(form, "/Fields", ())]
    return [each for each in held if entry(each, "/FT") == "/Tx" and "/T" in each]


def _form(writer: Any) -> Any:
    """The form, made ready for signatures: a signer that has to add the flags would change more than its own field."""
    if "/AcroForm" not in writer.root:
        made = generic.DictionaryObject(
            {generic.pdf_name("/Fields"): generic.ArrayObject(), generic.pdf_name("/SigFlags"): generic.NumberObject(3)}
        )
        writer.root["/AcroForm"] = writer.add_object(made)
        writer.update_root()
    return writer.root["/AcroForm"]


def _widget(writer: Any, field: Field) -> Any:
    place = field.place
    page, _ = writer.find_page_for_modification(place.page)
    box = (place.left, place.bottom, place.right, place.top)
    widget = writer.add_object(
        generic.DictionaryObject(
            {
                generic.pdf_name("/Type"): generic.pdf_name("/Annot"),
                generic.pdf_name("/Subtype"): generic.pdf_name("/Widget"),
                generic.pdf_name("/FT"): generic.pdf_name("/Tx"),
                generic.pdf_name("/T"): generic.TextStringObject(field.name),
                generic.pdf_name("/V"): generic.TextStringObject(""),
                generic.pdf_name("/Ff"): generic.NumberObject(_READ_ONLY),
                generic.pdf_name("/F"): generic.NumberObject(_PRINTED),
                generic.pdf_name("/DA"): generic.TextStringObject("0 g"),
                generic.pdf_name("/P"): page,
                generic.pdf_name("/Rect"): generic.ArrayObject([generic.FloatObject(round(side, 3)) for side in box]),
                generic.pdf_name("/AP"): _appearance(writer, field.shown),
            }
        )
    )
    held = page.get_object()
    if "/Annots" not in held:
        held["/Annots"] = generic.ArrayObject()
    held["/Annots"].append(widget)
    writer.update_container(held["/Annots"])
    return widget


def _appearance(writer: Any, look: bytes) -> Any:
    drawn = writer.import_page_as_xobject(PdfFileReader(BytesIO(look)))
    return generic.DictionaryObject({generic.pdf_name("/N"): drawn})


def _output(writer: Any) -> bytes:
    output = BytesIO()
    writer.write(output)
    return output.getvalue()
