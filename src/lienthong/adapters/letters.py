"""The signed letter of a request, judged as a gateway judges: facts from a confined child, then a verdict.

Port: `ca.house.Letters`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from lienthong.adapters.confined import Examiner
from lienthong.errors import SignatureProblem
from lienthong.signature.judging import Policy, Revocations, Trust, judge
from lienthong.signature.model import Verdict


@dataclass(frozen=True, slots=True)
class ConfinedLetters:
    """`known` is what is known of revocation: the authority's own registers, for certificates it issued."""

    examiner: Examiner
    policy: Policy
    trust: Trust
    known: Revocations | None
    now: Callable[[], datetime]

    async def judged(self, data: bytes) -> str:
        """What was found, for the officer; a letter whose signatures cannot be judged yet is left to them.

        SignatureProblem for a letter without a signature, or with one that is not valid.
        """
        report = judge(await self.examiner.examining(data), self.policy, self.trust, self.known, self.now())
        if report.unsigned or report.conclusion is Verdict.INVALID:
            raise SignatureProblem(report.sentence_vi)
        return f"{report.conclusion.value}: {report.sentence_vi}"
