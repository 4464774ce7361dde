"""Appending one revision with a signature field and its empty place, by pyHanko; the old bytes stay a prefix."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import SEEK_END, BytesIO
from typing import IO, Any

from asn1crypto import crl, ocsp, x509
from PIL import Image
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.content import PdfContent, ResourceType
from pyhanko.pdf_utils.images import PdfImage
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, BoxConstraints, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter, append_signature_field
from pyhanko.sign.signers.cms_embedder import (
    PdfCMSEmbedder,
    SigAppearanceSetup,
    SigIOSetup,
    SigMDPSetup,
    SigObjSetup,
)
from pyhanko.sign.signers.pdf_byterange import DocumentTimestamp, SignatureObject
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.stamp import StaticStampStyle

from lienthong.errors import SignatureProblem
from lienthong.signature.model import Appearance, Place

# Hexadecimal digits: 8 kB of CMS hold a leaf, two issuers and one day a time stamp.
RESERVED = 16384


@dataclass(frozen=True, slots=True)
class Gap:
    """The appended revision, the digest of all but the gap, and the gap's first and last offset."""

    pdf: bytes
    document_digest: bytes
    start: int
    end: int


def append_field(
    pdf: bytes, name: str, appearance: Appearance, now: datetime, reserved: tuple[str, Place] | None = None
) -> Gap:
    """A new revision with the signature field `name`, dated `now`, waiting for its CMS.

    With `reserved` (name, place) an empty field is left for a later signature and this one becomes the certification
    signature: afterwards only that field may be filled. Fields and annotations may no longer be added, as they could
    cover the text (ISO 32000-2 §12.8.2.2, P = 2); that is why the later field must be there beforehand.
    Raises SignatureProblem when the PDF cannot be extended.
    """
    with problems():
        writer = Appender(BytesIO(pdf), strict=False)
        if reserved:
            append_signature_field(writer, _field(*reserved))
        steps = PdfCMSEmbedder(_field(name, appearance.place)).write_cms(name, writer)
        next(steps)
        steps.send(_setup(appearance, now, certify=reserved is not None))
        prepared, output = steps.send(SigIOSetup(md_algorithm="sha256"))
    start, end = prepared.reserved_region_start, prepared.reserved_region_end
    return Gap(output.getvalue(), prepared.document_digest, start, end)


def append_proofs(pdf: bytes, certificates: Sequence[bytes], ocsps: Sequence[bytes], crls: Sequence[bytes]) -> bytes:
    """A new revision with a document security store, all DER; what is in the store already is not written twice.

    ETSI EN 319 142-1 §5.4.2. Raises SignatureProblem when the PDF cannot be extended or a proof cannot be read.
    """
    with problems():
        writer = Appender(BytesIO(pdf), strict=False)
        store = DocumentSecurityStore.supply_dss_in_writer(
            writer,
            None,
            certs=[x509.Certificate.load(each) for each in certificates],
            ocsps=[ocsp.OCSPResponse.load(each) for each in ocsps],
            crls=[crl.CertificateList.load(each) for each in crls],
        )
        if not store.modified:
            return pdf
        output = BytesIO()
        writer.write(output)  # type: ignore[no-untyped-call]  # pyHanko leaves this one without types
    return output.getvalue()


def append_stamp(pdf: bytes, name: str) -> Gap:
    """A new revision with an invisible field `name`, waiting for a time stamp over the whole file (§5.4.3).

    Raises SignatureProblem when the PDF cannot be extended.
    """
    with problems():
        writer = Appender(BytesIO(pdf), strict=False)
        steps = PdfCMSEmbedder(SigFieldSpec(name)).write_cms(name, writer)
        next(steps)
        stamp = DocumentTimestamp(bytes_reserved=RESERVED)  # type: ignore[no-untyped-call]  # as above
        steps.send(SigObjSetup(stamp))
        prepared, output = steps.send(SigIOSetup(md_algorithm="sha256"))
    start, end = prepared.reserved_region_start, prepared.reserved_region_end
    return Gap(output.getvalue(), prepared.document_digest, start, end)


def fill(pdf: bytes, gap: tuple[int, int], content: bytes) -> bytes:
    """The PDF with `content` in hexadecimal in its gap; the rest of the gap stays zeros.

    Raises SignatureProblem when it does not fit.
    """
    start, end = gap
    digits = content.hex().upper().encode("ascii")
    if len(digits) > end - start - 2:
        raise SignatureProblem("the signature is larger than the space reserved for it")
    return pdf[: start + 1] + digits + pdf[start + 1 + len(digits) :]


class Appender(IncrementalPdfFileWriter):
    """pyHanko's incremental writer without its clock and its dice: the same input appends the same bytes."""

    def _update_meta(self) -> None:
        """No modification date of pyHanko's own: the signature carries the only time that matters."""

    def _write_header(self, stream: IO[bytes]) -> None:
        """Every object begins on a line of its own, also after a file that ends without one (ISO 19005-2 §6.1.9)."""
        super()._write_header(stream)  # type: ignore[no-untyped-call]  # pyHanko leaves this one without types
        self.prev.stream.seek(-1, SEEK_END)
        if self.prev.stream.read(1) not in b"\r\n":
            stream.write(b"\n")

    @classmethod
    def _handle_id(cls, prev: PdfFileReader) -> generic.ArrayObject:
        prev.stream.seek(0)
        fresh = hashlib.sha256(prev.stream.read()).digest()[:16]
        first = generic.ByteStringObject(prev.trailer["/ID"][0].original_bytes if "/ID" in prev.trailer else fresh)
        return generic.ArrayObject([first, generic.ByteStringObject(fresh)])


def _field(name: str, place: Place | None) -> SigFieldSpec:
    if place is None:
        return SigFieldSpec(name)
    box: Any = (place.left, place.bottom, place.right, place.top)
    return SigFieldSpec(name, on_page=place.page, box=box)


def _setup(appearance: Appearance, now: datetime, *, certify: bool) -> SigObjSetup:
    placeholder = SignatureObject(
        timestamp=now,
        subfilter=SigSeedSubFilter.PADES,
        reason=appearance.reason,
        location=appearance.location,
        bytes_reserved=RESERVED,
    )
    mdp = SigMDPSetup("sha256", certify=True, docmdp_perms=MDPPerm.FILL_FORMS) if certify else None
    return SigObjSetup(placeholder, mdp, _look(appearance, now))


def _look(appearance: Appearance, now: datetime) -> SigAppearanceSetup | None:
    if appearance.picture is None or appearance.place is None:
        return None
    place = appearance.place
    box = BoxConstraints(width=place.right - place.left, height=place.top - place.bottom)
    image = _content(appearance.picture, box)
    flush = SimpleBoxLayoutRule(AxisAlignment.ALIGN_MID, AxisAlignment.ALIGN_MID, Margins())
    style = StaticStampStyle(background=image, background_layout=flush, background_opacity=1.0, border_width=0)
    return SigAppearanceSetup(style, now, None)


def _content(picture: bytes, box: BoxConstraints) -> PdfContent:
    if picture.startswith(b"%PDF-"):
        return _Words(picture, box)
    return PdfImage(Image.open(BytesIO(picture)), name="Picture", box=box)


class _Words(PdfContent):
    """A page of another PDF drawn as it is, so that words stay words."""

    def __init__(self, page: bytes, box: BoxConstraints) -> None:
        super().__init__(box=box)
        self._page = page

    def render(self) -> bytes:
        drawn = self._ensure_writer.import_page_as_xobject(PdfFileReader(BytesIO(self._page)))
        self.set_resource(ResourceType.XOBJECT, generic.pdf_name("/Words"), drawn)
        return b"/Words Do"


@contextmanager
def problems() -> Iterator[None]:
    """pyHanko raises whatever the hostile structure provokes; to a signer it is one thing: cannot be signed."""
    try:
        yield
    except SignatureProblem:
        raise
    except Exception as problem:
        raise SignatureProblem(f"this PDF cannot take a signature: {type(problem).__name__}: {problem}") from problem
