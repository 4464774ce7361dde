"""Raising a file to B-LTA: proofs inside, a stamp over all of it, every byte before as it was; checked afterwards."""

import asyncio
from collections.abc import Mapping, Sequence

from lienthong.errors import LienThongError, SignatureProblem, Unavailable
from lienthong.gateway.lasting.securing import Lasting, asked
from lienthong.signature import Verdict
from lienthong.signature.judging.asking import Pair
from lienthong.signature.levels import LARGEST_LIST, complete_stamp, prepare_stamp, with_proofs


async def raised(lasting: Lasting, pdf: bytes, ways: Sequence[Pair], known: Mapping[str, bytes]) -> bytes:
    """The file with proofs and a stamp on top. `known`: answers and lists by name.

    SignatureProblem when it cannot be, or when the result is not judged as good as before; Unavailable while nobody
    stamps.
    """
    certificates = tuple(dict.fromkeys(each for pair in ways for each in pair))
    answers = [data for name, data in known.items() if name.endswith(".ocsp")]
    lists = [data for name, data in known.items() if name.endswith(".crl") and len(data) <= LARGEST_LIST]
    proved = await asyncio.to_thread(with_proofs, pdf, certificates, answers, lists)
    waiting = await asyncio.to_thread(prepare_stamp, proved)
    token = await _token(lasting, waiting.digest)
    trust = lasting.court.trust
    result = await asyncio.to_thread(complete_stamp, waiting, token, trust.roots, trust.others)
    await _require(lasting, pdf, result)
    return result


async def _token(lasting: Lasting, digest: bytes) -> bytes:
    """Of the first authority that gives a good one."""
    reasons = []
    for name, authority in lasting.authorities.items():
        try:
            return (await asked(lasting, authority, digest))[0]
        except LienThongError as error:
            reasons.append(f"{name}: {error.code} {error.detail}")
    raise Unavailable("; ".join(reasons) or "lasting.authorities")


async def _require(lasting: Lasting, pdf: bytes, result: bytes) -> None:
    report = await lasting.court.judged(await lasting.look(result))
    levels = {told.level for told in report.signatures}
    if not result.startswith(pdf) or report.conclusion is not Verdict.VALID or levels != {"B-LTA"}:
        raise SignatureProblem(f"the raised file: {report.conclusion.value}, {', '.join(sorted(levels))}")
