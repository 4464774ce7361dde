"""Checking a document with two signatures: ours beside pyHanko as it comes, same file, same root, same verdict."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO

from asn1crypto import x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import EmbeddedPdfSignature, async_validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from lienthong.cli.bench.frame import Outcome, Series, ratio_of
from lienthong.cli.bench.show import Advance
from lienthong.cli.bench.signature.sample import Sample, sample
from lienthong.errors import InvalidValue
from lienthong.signature import Verdict, validate
from lienthong.signature.facts import gather as gathering
from lienthong.signature.facts import reading

_TIMES = 8  # documents a run
_GOAL = 2.0


def compare(runs: int, advance: Advance) -> Outcome:
    """Documents a second of processor time for both, taking turns. InvalidValue when the verdicts differ."""
    advance("văn bản mẫu / sample")
    one = sample()
    if not (_plain(one) and _ours(one)):
        raise InvalidValue("the two disagree about the sample")
    plain, ours, facts = [], [], []
    for run in range(runs):
        advance(f"{run + 1}/{runs}")
        plain.append(_rate(lambda: _plain(one)))
        ours.append(_rate(lambda: _ours(one)))
        facts.append(_rate(lambda: bool(gathering.gather(one.pdf).signatures)))
    checked = Series("kiểm tra / checked", "văn bản mỗi giây CPU / documents per CPU second", tuple(ours))
    beside = Series("pyHanko", checked.unit, tuple(plain))
    alone = Series("chỉ dữ kiện / facts alone", checked.unit, tuple(facts))
    return Outcome(
        "signature validate",
        {"bytes": len(one.pdf), "signatures": 2, "key": "RSA-2048", "runs": runs, "documents": _TIMES},
        (checked, beside, alone),
        (ratio_of("÷ pyHanko", checked, beside, _GOAL),),
        ("Không kiểm tra thu hồi ở cả hai bên. / Revocation is left out on both sides.",),
    )


def _rate(work: Callable[[], bool]) -> float:
    begun = time.process_time()
    for _ in range(_TIMES):
        work()
    return _TIMES / (time.process_time() - begun)


def _ours(one: Sample) -> bool:
    return validate(one.pdf, [one.root], one.moment).conclusion is Verdict.VALID


def _plain(one: Sample) -> bool:
    """pyHanko as it comes, its own reading of strings and names too."""
    with _as_it_comes():
        reader = PdfFileReader(BytesIO(one.pdf), strict=False)
        root = x509.Certificate.load(one.root)
        return all(asyncio.run(_status(each, root, one)) for each in reader.embedded_regular_signatures)


@contextmanager
def _as_it_comes() -> Iterator[None]:
    ours = generic.read_hex_string_from_stream, generic._decode_name  # noqa: SLF001 - the version is pinned
    generic.read_hex_string_from_stream, generic._decode_name = reading.SLOW, reading.SLOW_NAME  # noqa: SLF001 - as above
    try:
        yield
    finally:
        generic.read_hex_string_from_stream, generic._decode_name = ours  # noqa: SLF001 - as above


async def _status(embedded: EmbeddedPdfSignature, root: x509.Certificate, one: Sample) -> bool:
    context = ValidationContext(trust_roots=[root], moment=one.moment, allow_fetching=False)
    status = await async_validate_pdf_signature(embedded, signer_validation_context=context)
    return bool(status.bottom_line)
