"""Files as a program on a person's machine may return them, honest and otherwise."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from lienthong.signature import Appearance, Role
from lienthong.signature.cms import signed_attributes, signed_data
from lienthong.signature.model import DocumentSigner
from lienthong.signature.revision import append_field, fill
from lienthong.signature.session.returned import Awaited
from lienthong.signature.session.signer import Signer
from unit.signature.authority import NOW, agency, leader
from unit.signature.documents import composed

OPENED, CLOSES = NOW, NOW + timedelta(minutes=10)
PERSON = Signer(Role.LEADER, "Nguyễn Văn Mẫu")
AGENCY = Signer(Role.SEAL, "Sở Ví Dụ tỉnh Mẫu")


def foreign(
    pdf: bytes,
    signer: DocumentSigner | None = None,
    name: str = "Signature1",
    at: datetime = NOW,
    look: Appearance | None = None,
) -> bytes:
    """A foreign program's signature: a field of its own naming."""
    who = signer or leader()
    gap = append_field(pdf, name, look or Appearance(), at)
    attributes = signed_attributes(gap.document_digest, who.certificate)
    content = signed_data(attributes, who.sign(attributes), who.certificate, who.chain)
    return fill(gap.pdf, (gap.start, gap.end), content)


def awaited(original: bytes | None = None, signer: Signer = PERSON) -> Awaited:
    return Awaited(composed().pdf if original is None else original, signer, OPENED, CLOSES)


@cache
def by_leader() -> bytes:
    return foreign(composed().pdf)


@cache
def by_both() -> bytes:
    return foreign(by_leader(), agency(), "Signature2")


def written(writer: IncrementalPdfFileWriter) -> bytes:
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def opened(pdf: bytes) -> IncrementalPdfFileWriter:
    return IncrementalPdfFileWriter(BytesIO(pdf), strict=False)


def painted(writer: IncrementalPdfFileWriter) -> None:
    """A white box over the text of the first page."""
    words = generic.StreamObject(stream_data=b"q 1 1 1 rg 100 500 200 80 re f Q")
    writer.add_stream_to_page(0, writer.add_object(words))


def annotated(writer: IncrementalPdfFileWriter) -> None:
    """A drawn square, which is an annotation and no signature."""
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    box = generic.ArrayObject(map(generic.NumberObject, (100, 400, 300, 500)))
    kind, subtype, rect, annots = map(generic.pdf_name, ("/Type", "/Subtype", "/Rect", "/Annots"))
    note = {kind: generic.pdf_name("/Annot"), subtype: generic.pdf_name("/Square"), rect: box}
    if annots not in page:
        page[annots] = generic.ArrayObject()
        writer.update_container(page)
    page["/Annots"].append(writer.add_object(generic.DictionaryObject(note)))
    writer.update_container(page["/Annots"])


def scripted(writer: IncrementalPdfFileWriter) -> None:
    """A script that starts with the file."""
    action = {"/S": generic.pdf_name("/JavaScript"), "/JS": generic.pdf_string("app.alert(1)")}
    named = {generic.pdf_name(key): value for key, value in action.items()}
    writer.root[generic.pdf_name("/OpenAction")] = writer.add_object(generic.DictionaryObject(named))
    writer.update_root()


class Together:
    """One revision that both changes the document and signs it: what no earlier signature could show."""

    def __init__(self, change: Callable[[IncrementalPdfFileWriter], None]) -> None:
        self.change = change

    def __call__(self, pdf: bytes, signer: DocumentSigner | None = None, name: str = "Signature1") -> bytes:
        from lienthong.signature import revision  # noqa: PLC0415 - replaced for one call

        change, plain = self.change, revision.Appender

        class Changing(plain):  # type: ignore[valid-type,misc]  # a class chosen at run time
            def __init__(self, *args: Any, **named: Any) -> None:
                super().__init__(*args, **named)
                change(self)

        revision.Appender = Changing  # type: ignore[misc]  # a class is put in its place for a while
        try:
            return foreign(pdf, signer, name)
        finally:
            revision.Appender = plain  # type: ignore[misc]  # a class is put in its place for a while
