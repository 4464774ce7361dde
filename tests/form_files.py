"""Real PDFs for the form check: composed as the Decree wants, really signed by a throw-away PKI, then spoiled in one way.

Everything is put together below `signature.prepare`, which would refuse most of it.
"""

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from io import BytesIO
from typing import Any

import pypdfium2 as pdfium
import typst
from asn1crypto import cms
from PIL import Image
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer

from lienthong.document import VIETNAM
from lienthong.layout import Composed, Draft, Rectangle, annex_words, compose, compose_annex, compose_corner
from lienthong.layout.typesetter import _fonts
from lienthong.signature import Appearance, leader_picture, seal_picture
from lienthong.signature.cms import signed_attributes, signed_data
from lienthong.signature.form.tolerances import MM
from lienthong.signature.revision import append_field, fill
from lienthong.testing.clock import FakeClock
from lienthong.testing.pki import MOMENT, pki
from lienthong.testing.stamping import MemoryTimestamper

SIGNER, BODY = "Nguyễn Văn Mẫu", "Bộ Nội vụ"
LEADER, SEAL, ANNEX = "LeaderSignature1", "AgencySeal1", "AnnexSignature1"
DRAFT = Draft(
    BODY, "5", "QĐ-BNV", "Hà Nội", MOMENT.date(), "Quyết định", "Về việc thử thể thức",
    ("Điều 1. Thử thể thức chữ ký số.", "Điều 2. Quyết định có hiệu lực từ ngày ký."), "Bộ trưởng", SIGNER, sample=False,
)  # fmt: skip
BLUE_INK, RED_INK = leader_picture(SIGNER), seal_picture(BODY)
name_of = generic.pdf_name


@cache
def page(draft: Draft = DRAFT) -> Composed:
    """The main document before it is signed."""
    return compose(draft)


@cache
def annex_page() -> Composed:
    """A separate annex before it is signed."""
    return compose_annex("PHỤ LỤC", ["Tên", "Số"], [["Một", "1"]], sample=False, moment=MOMENT)


def moved(
    place: Rectangle, right: float = 0, up: float = 0, *, to_page: int | None = None, side: float = 0
) -> Rectangle:
    """A place some millimetres away, perhaps on another page, perhaps with other sides (kept at its lower right)."""
    left = place.right - side * MM if side else place.left
    top = place.bottom + side * MM if side else place.top
    at = place.page if to_page is None else to_page
    return Rectangle(at, left + right * MM, place.bottom + up * MM, place.right + right * MM, top + up * MM)


def put(
    pdf: bytes,
    field: str,
    signer: Any,
    picture: bytes | None,
    place: Rectangle | None,
    *,
    now: datetime = MOMENT,
    stamped: datetime | None = None,
    profile: bytes = b"",
) -> bytes:
    """One more signature, whatever the rules say; `stamped` with a time stamp, `profile` for another SubFilter."""
    zoned = now.astimezone(VIETNAM) if now.tzinfo else now
    gap = append_field(pdf, field, Appearance(picture, place), zoned)
    data, digest = gap.pdf, gap.document_digest
    if profile:
        at = data.rfind(b"/ETSI.CAdES.detached")
        data = data[:at] + profile + data[at + len(profile) :]
        digest = hashlib.sha256(data[: gap.start] + data[gap.end :]).digest()
    attributes = signed_attributes(digest, signer.certificate)
    content = signed_data(attributes, _value(signer, attributes), signer.certificate, signer.chain)
    return fill(data, (gap.start, gap.end), _stamp(content, stamped) if stamped else content)


def _value(signer: Any, attributes: bytes) -> bytes:
    if hasattr(signer, "sign"):
        return bytes(signer.sign(attributes))
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415 - weak keys only
    from cryptography.hazmat.primitives.asymmetric import padding  # noqa: PLC0415 - weak keys only

    return bytes(signer.key.sign(attributes, padding.PKCS1v15(), hashes.SHA256()))


def _stamp(content: bytes, at: datetime) -> bytes:
    info = cms.ContentInfo.load(content)
    signer = info["content"]["signer_infos"][0]
    digest = hashlib.sha256(signer["signature"].native).digest()
    token = asyncio.run(MemoryTimestamper(pki().tsa(), FakeClock(at)).stamp(digest))
    signer["unsigned_attrs"] = [{"type": "signature_time_stamp_token", "values": [cms.ContentInfo.load(token)]}]
    return bytes(info.dump())


def leader_signs(pdf: bytes | None = None, **change: Any) -> bytes:
    """The leader's signature, between position and name unless told otherwise."""
    place = change.pop("place", page().anchors.leader)
    signer = change.pop("signer", pki().leader())
    return put(pdf or page().pdf, LEADER, signer, change.pop("picture", BLUE_INK), place, **change)


def seal_put(pdf: bytes | None = None, **change: Any) -> bytes:
    """The agency's seal, over the left third unless told otherwise."""
    place = change.pop("place", page().anchors.seal)
    signer = change.pop("signer", pki().document_seal())
    return put(pdf or led(), SEAL, signer, change.pop("picture", RED_INK), place, **change)


@cache
def led() -> bytes:
    """The document with the leader's signature alone, in good form."""
    return leader_signs()


@cache
def main() -> bytes:
    """The whole document in good form."""
    return seal_put()


def corner_signs(
    pdf: bytes | None = None, words: bytes | None = None, place: Rectangle | None = None, field: str = ANNEX
) -> bytes:
    """The agency's words in the corner of an annex."""
    said = words or compose_corner(annex_words("5", "QĐ-BNV", MOMENT), MOMENT)
    return put(pdf or annex_page().pdf, field, pki().document_seal(), said, place or annex_page().anchors.corner)


def words_in(font: str, size: float) -> bytes:
    """The words of the corner in another font or size."""
    lines = " \\ ".join(line.replace("/", "\\/") for line in annex_words("5", "QĐ-BNV", MOMENT))
    source = (
        f'#set page(width: 72mm, height: 14mm, margin: 0pt, fill: none)\n#set text(font: "{font}", size: {size}pt)\n'
        f"#align(right)[{lines}]"
    )
    fonts = _fonts() if font == "Tinos" else typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)
    return bytes(typst.Compiler(source.encode(), font_paths=fonts).compile(format="pdf"))


def recoloured(picture: bytes, colour: tuple[int, int, int]) -> bytes:
    """The same strokes in another ink."""
    image = Image.open(BytesIO(picture))
    other = Image.new("RGBA", image.size, (*colour, 0))
    other.putalpha(image.getchannel("A"))
    return _png(other)


def on_paper(picture: bytes) -> bytes:
    """The same picture with the paper it was scanned on."""
    image = Image.open(BytesIO(picture))
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image, mask=image.getchannel("A"))
    return _png(paper)


def _png(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def drawn(pdf: bytes, picture: bytes, place: Rectangle) -> bytes:
    """A picture that is part of the page, as people paste scans of signatures."""
    document = pdfium.PdfDocument(pdf)
    image = pdfium.PdfImage.new(document)
    image.set_bitmap(pdfium.PdfBitmap.from_pil(Image.open(BytesIO(picture))))
    image.set_matrix(pdfium.PdfMatrix().scale(place.width, place.height).translate(place.left, place.bottom))
    sheet = document[place.page]
    sheet.insert_obj(image)
    sheet.gen_content()
    out = BytesIO()
    document.save(out)
    document.close()
    return out.getvalue()


def written(pdf: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    """One more revision with a change."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf), strict=False)
    change(writer)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def other_words(writer: IncrementalPdfFileWriter) -> None:
    """Other contents for the first page."""
    first = writer.root["/Pages"]["/Kids"][0].get_object()
    first[name_of("/Contents")] = writer.add_object(generic.StreamObject(stream_data=b"0 0 0 rg 100 100 200 200 re f"))
    writer.update_container(first)


def note_field(writer: IncrementalPdfFileWriter, count: int = 1) -> None:
    """Text fields, all of one name."""
    rows = {name_of("/FT"): name_of("/Tx"), name_of("/T"): generic.pdf_string("Ghi chú")}
    made = [writer.add_object(generic.DictionaryObject(rows)) for _ in range(count)]
    writer.root[name_of("/AcroForm")] = generic.DictionaryObject({name_of("/Fields"): generic.ArrayObject(made)})
    writer.update_root()


def note_filled(writer: IncrementalPdfFileWriter) -> None:
    """The first field gets a value."""
    field = writer.root["/AcroForm"]["/Fields"][0].get_object()
    field[name_of("/V")] = generic.pdf_string("viết thêm")
    writer.update_container(field)


def command(writer: IncrementalPdfFileWriter) -> None:
    """A script that starts when the file is opened."""
    script = {name_of("/S"): name_of("/JavaScript"), name_of("/JS"): generic.pdf_string("app.alert(1)")}
    writer.root[name_of("/OpenAction")] = generic.DictionaryObject(script)
    writer.update_root()


def no_claim(writer: IncrementalPdfFileWriter) -> None:
    """No word of PDF/A."""
    del writer.root["/Metadata"]
    writer.update_root()


def locked(pdf: bytes) -> bytes:
    """The file behind a password."""
    writer = copy_into_new_writer(PdfFileReader(BytesIO(pdf), strict=False))
    writer.encrypt("owner", "user")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def altered(pdf: bytes) -> bytes:
    """The last signature's value, one digit changed."""
    at = pdf.rfind(b"<3082")
    end = pdf.index(b"00000000000000000000000000000000", at)
    return pdf[: end - 40] + (b"1" if pdf[end - 40 : end - 39] != b"1" else b"2") + pdf[end - 39 :]


def two_pages() -> Composed:
    """A document whose signature block stands on page 2."""
    return page(replace(DRAFT, body=tuple(f"{n}. " + "Nội dung thử thể thức văn bản dài. " * 6 for n in range(1, 16))))


@cache
def poor_key() -> Any:
    """A person's key whose certificate is for enciphering."""
    from lienthong.ca import requests  # noqa: PLC0415 - asked for by one pair
    from lienthong.testing.pki import FOUNDED, key_pair  # noqa: PLC0415 - the same

    request = requests.person(SIGNER, organisation=BODY, locality="Hà Nội")
    profile = replace(request.profile, usages=frozenset({"key_encipherment"}))
    return key_pair(pki().authority.issue(replace(request, profile=profile), FOUNDED, None)).document_signer()


LATER, EARLY = MOMENT + timedelta(days=9), MOMENT - timedelta(days=1)
