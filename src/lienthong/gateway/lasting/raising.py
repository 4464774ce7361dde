"""Raising a file to B-LTA: proofs inside, a stamp over all of it, every byte before as it was; checked afterwards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lienthong.errors import LienThongError, SignatureProblem, SigningDiffers, Unavailable
from lienthong.gateway.lasting.securing import Lasting, asked
from lienthong.gateway.signing_levels import Enclosure, lasting
from lienthong.signature import Verdict
from lienthong.signature.judging.asking import Pair
from lienthong.signature.proofs import LARGEST_LIST
from lienthong.signature.session.model import Level


async def raised(service: Lasting, pdf: bytes, ways: Sequence[Pair], known: Mapping[str, bytes]) -> bytes:
    """The file with proofs and a stamp on top. `known`: answers and lists by name.

    SignatureProblem when it cannot be, or when the result is not judged as good as before; Unavailable while nobody
    stamps.
    """
    certificates = tuple(dict.fromkeys(each for pair in ways for each in pair))
    answers = tuple(data for name, data in known.items() if name.endswith(".ocsp"))
    lists = tuple(data for name, data in known.items() if name.endswith(".crl") and len(data) <= LARGEST_LIST)
    trust = service.court.trust
    try:
        enclosed = Enclosure(certificates, answers, lists)
        result = await lasting(pdf, Level.LTA, enclosed, _FirstGood(service), (trust.roots, trust.others))
    except SigningDiffers as error:
        raise SignatureProblem(error.detail) from error
    await _require(service, pdf, result)
    return result


@dataclass(frozen=True, slots=True)
class _FirstGood:
    """The first authority that gives a stamp that holds, as one."""

    service: Lasting

    async def stamp(self, digest: bytes) -> bytes:
        reasons = []
        for name, authority in self.service.authorities.items():
            try:
                return (await asked(self.service, authority, digest))[0]
            except LienThongError as error:
                reasons.append(f"{name}: {error.code} {error.detail}")
        raise Unavailable("; ".join(reasons) or "lasting.authorities")


async def _require(service: Lasting, pdf: bytes, result: bytes) -> None:
    report = await service.court.judged(await service.look(result))
    levels = {told.level for told in report.signatures}
    if not result.startswith(pdf) or report.conclusion is not Verdict.VALID or levels != {"B-LTA"}:
        raise SignatureProblem(f"the raised file: {report.conclusion.value}, {', '.join(sorted(levels))}")
