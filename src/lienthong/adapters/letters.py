"""The signed letter of a request, judged as a gateway judges: facts from a confined child, then a verdict.

Port: `ca.house.Letters`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from lienthong.adapters.confined import Examiner
from lienthong.ca.names import common_name, organisation_name
from lienthong.errors import LetterRefused
from lienthong.signature.judging import Policy, Revocations, Trust, judge
from lienthong.signature.model import Report, Role, SignatureFacts, Verdict


@dataclass(frozen=True, slots=True)
class ConfinedLetters:
    """`known` is what is known of revocation: the authority's own registers, for certificates it issued."""

    examiner: Examiner
    policy: Policy
    trust: Trust
    known: Revocations | None
    now: Callable[[], datetime]

    async def judged(self, data: bytes, names: Sequence[str]) -> str:
        """What was found, for the officer; a letter whose signatures cannot be judged yet is left to them.

        LetterRefused for a letter without a signature, with one that is not valid, or without the seal of the
        organisation that asks or of one above it.
        """
        report = judge(await self.examiner.examining(data), self.policy, self.trust, self.known, self.now())
        if report.unsigned or report.conclusion is Verdict.INVALID:
            raise LetterRefused(_told(report))
        _require_seal(report, names)
        return f"{report.conclusion.value}: {_told(report)}"


def _told(report: Report) -> str:
    """The whole in a sentence, and one for each signature that is not simply valid."""
    doubtful = [each for each in report.signatures if each.verdict is not Verdict.VALID]
    return " ".join([report.sentence_vi, *(f"{each.signer}: {each.sentence_vi}" for each in doubtful)])


def _require_seal(report: Report, names: Sequence[str]) -> None:
    """LetterRefused unless one of the organisations, the highest named first, sealed it."""
    seals = [each for each in report.signatures if each.role is Role.SEAL]
    if not any(_is_of(each, names) for each in seals):
        found = "; ".join(each.signer for each in seals) or "không có / none"
        raise LetterRefused(f"dấu của / sealed by: {found}; cần / wanted: {names[-1]}")


def _is_of(seal: SignatureFacts, names: Sequence[str]) -> bool:
    """By its whole place in the tree: two offices of different agencies may be called the same."""
    above = {organisation_name(each) for each in names}
    named = seal.signer in {common_name(each) for each in names} and seal.organisation == organisation_name(names[0])
    return named and above.issuperset(seal.units)
