"""Demo signing: leader, then seal, with soft keys of the configured folder. Real keys stay on people's own devices.

<signing_keys>/<CODE>/leader.key  leader.pem   (leaf first, then its chain)
<signing_keys>/<CODE>/seal.key    seal.pem
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from django.conf import settings
from django.utils import timezone
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader

from apps.office.proof import roots
from lienthong.errors import SignatureProblem
from lienthong.layout import Rectangle
from lienthong.signature import Appearance, Report, Role, leader_picture, seal_picture, sign, validate

MM = 72 / 25.4
HEIGHTS = {"high": 180.0, "middle": 115.0, "low": 50.0}  # mm from the bottom of the last page to the signature
DRAGGED = re.compile(r"at:(\d{1,4}):(\d{1,4}):(\d{1,4})\Z", re.ASCII)
PLACES = {
    "high": "Phần trên trang cuối, bên phải",
    "middle": "Giữa trang cuối, bên phải",
    "low": "Phần dưới trang cuối, bên phải",
    "none": "Không hiện hình ký",
}


@dataclass(frozen=True, slots=True)
class PemSigner:
    """A key and its certificates from PEM files, held in memory for one signature."""

    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
    certificates: tuple[x509.Certificate, ...]

    @property
    def certificate(self) -> bytes:
        """The leaf, DER."""
        return self.certificates[0].public_bytes(Encoding.DER)

    @property
    def chain(self) -> Sequence[bytes]:
        """Those above the leaf, DER."""
        return [certificate.public_bytes(Encoding.DER) for certificate in self.certificates[1:]]

    @property
    def name(self) -> str:
        """The common name of the leaf: the person, or the agency."""
        names = self.certificates[0].subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
        return str(names[0].value) if names else ""

    def sign(self, data: bytes) -> bytes:
        """RSA PKCS#1 v1.5 or ECDSA as DER, both with SHA-256."""
        if isinstance(self.key, rsa.RSAPrivateKey):
            return self.key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        return self.key.sign(data, ec.ECDSA(hashes.SHA256()))


def signer_of(agency: str, role: Role) -> PemSigner | None:
    """The agency's demo key for a role, if the configuration has one."""
    folder = settings.CONFIG.site.signing_keys
    if folder is None or not (folder / agency / f"{role.value}.key").is_file():
        return None
    return _load(folder / agency, role.value)


def _load(folder: Path, name: str) -> PemSigner:
    key = load_pem_private_key((folder / f"{name}.key").read_bytes(), None)
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise SignatureProblem(f"{name}.key")
    return PemSigner(key, tuple(x509.load_pem_x509_certificates((folder / f"{name}.pem").read_bytes())))


def signed(pdf: bytes, role: Role, signer: PemSigner, organisation: str, place: str) -> bytes:
    """The PDF with one more signature, drawn where the clerk chose. Raises `SignatureProblem`."""
    return sign(pdf, signer, role, appearance(pdf, role, signer.name, organisation, place), timezone.now())


def appearance(pdf: bytes, role: Role, name: str, organisation: str, place: str) -> Appearance:
    """How a signature looks at a place: one of `PLACES`, or "at:page:left:bottom" (points) as dragged."""
    return Appearance() if place == "none" else _drawn(pdf, role, name, organisation, place)


def facts(pdf: bytes) -> Report:
    """What the signatures of a draft's file are worth now."""
    return validate(pdf, roots(), timezone.now())


def spot(pdf: bytes, place: str) -> tuple[int, float, float]:
    """Page from 0, left and bottom of the leader's picture in points; always on a page of the file."""
    last = _last_page(pdf)
    if found := DRAGGED.match(place):
        page, left, bottom = map(int, found.groups())
        return min(page, last), float(min(left, 2000)), float(min(bottom, 2000))
    return last, 115 * MM, HEIGHTS.get(place, HEIGHTS["middle"]) * MM


def _drawn(pdf: bytes, role: Role, name: str, organisation: str, place: str) -> Appearance:
    """Decree 30/2020, Annex I: the leader's picture in cell 7c, the seal over its left third."""
    page, left, bottom = spot(pdf, place)
    own = Rectangle(page, left, bottom, left + 50 * MM, bottom + 20 * MM)
    start, low = left + 50 / 3 * MM - 36 * MM, bottom - 8 * MM
    seal = Rectangle(page, start, low, start + 36 * MM, low + 36 * MM)
    if role is Role.LEADER:
        return Appearance(leader_picture(name), own, seal_place=seal)
    return Appearance(seal_picture(organisation), seal)


def _last_page(pdf: bytes) -> int:
    try:
        return int(PdfFileReader(io.BytesIO(pdf)).root["/Pages"]["/Count"]) - 1
    except (PdfError, KeyError, ValueError) as error:
        raise SignatureProblem(str(error)) from error
