"""Signing a document of about 100 kB: ours beside pyHanko's signer, same key and file; pyHanko judges both."""

import asyncio
import time
from collections.abc import Callable
from io import BytesIO

from asn1crypto import keys, x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers.pdf_cms import SimpleSigner
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from lienthong.cli.bench.frame import Outcome, Series, ratio_of
from lienthong.cli.bench.show import Advance
from lienthong.cli.bench.signature.sample import Unsigned, unsigned
from lienthong.errors import InvalidValue
from lienthong.signature import Appearance, Role, sign

_OURS, _THEIRS = 60, 6  # documents a run
_GOAL = 15.0


def compare(runs: int, advance: Advance) -> Outcome:
    """Documents a second of processor time for both, taking turns. InvalidValue when pyHanko refuses either."""
    advance("văn bản mẫu / sample")
    one = unsigned()
    theirs_signer = _signer(one)
    if not (_holds(_ours(one), one) and _holds(_theirs(one, theirs_signer), one)):
        raise InvalidValue("pyHanko does not accept a signature")
    beside, ours, raw = [], [], []
    for run in range(runs):
        advance(f"{run + 1}/{runs}")
        beside.append(_rate(_THEIRS, lambda: _theirs(one, theirs_signer)))
        ours.append(_rate(_OURS, lambda: _ours(one)))
        raw.append(_rate(_OURS, lambda: one.signer.sign(one.pdf)))
    signed = Series("ký / signed", "văn bản mỗi giây CPU / documents per CPU second", tuple(ours))
    plain = Series("pyHanko", signed.unit, tuple(beside))
    floor = Series("riêng phép ký RSA / the RSA operation alone", signed.unit, tuple(raw))
    return Outcome(
        "signature sign",
        {"bytes": len(one.pdf), "key": "RSA-2048", "level": "B-B", "runs": runs, "documents": _OURS},
        (signed, plain, floor),
        (ratio_of("÷ pyHanko", signed, plain, _GOAL), ratio_of("÷ RSA", signed, floor)),
        ("Cả hai bên ký ẩn, không thời gian tin cậy. / Both sign without a picture and without a time stamp.",),
    )


def _rate(times: int, work: Callable[[], bytes]) -> float:
    begun = time.process_time()
    for _ in range(times):
        work()
    return times / (time.process_time() - begun)


def _ours(one: Unsigned) -> bytes:
    return sign(one.pdf, one.signer, Role.LEADER, Appearance(), one.moment)


def _theirs(one: Unsigned, signer: SimpleSigner) -> bytes:
    """pyHanko as its manual shows it."""
    writer = IncrementalPdfFileWriter(BytesIO(one.pdf), strict=False)
    wish = PdfSignatureMetadata(field_name="Signature1", subfilter=SigSeedSubFilter.PADES)
    return bytes(PdfSigner(wish, signer).sign_pdf(writer).getvalue())


def _signer(one: Unsigned) -> SimpleSigner:
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # pyHanko leaves this one without types
    for each in one.signer.chain:
        store.register(x509.Certificate.load(each))
    private = one.signer.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    leaf = x509.Certificate.load(one.signer.certificate)
    return SimpleSigner(leaf, keys.PrivateKeyInfo.load(private), store)


def _holds(pdf: bytes, one: Unsigned) -> bool:
    [embedded] = PdfFileReader(BytesIO(pdf), strict=False).embedded_regular_signatures
    root = x509.Certificate.load(one.root)
    context = ValidationContext(trust_roots=[root], moment=one.moment, allow_fetching=False)
    status = asyncio.run(async_validate_pdf_signature(embedded, signer_validation_context=context))
    return bool(status.bottom_line)
