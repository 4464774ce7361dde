"""Validation as a service: what a gateway makes reports with. What is asked of it: `known_files`.

file ────► facts (a confined child; kept) ─► policy, trust, revocation ─► report ─► statement, signed
SHA-256 ─► kept facts, or the file where it stands here
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import lru_cache

from lienthong.errors import InvalidValue
from lienthong.gateway.basis import Basis
from lienthong.signature import Report
from lienthong.signature.facts.model import Facts
from lienthong.signature.judging import SHIPPED, shipped
from lienthong.signature.known import Known
from lienthong.signature.reporting.statement import ServiceKey

COUNTS = timedelta(minutes=10)
"""So long a verdict counts: certificates end, and what is known of revocation grows old."""
_REMEMBERED = 1024


@dataclass(frozen=True, slots=True)
class _Question:
    """What a verdict is known by; the rest is only needed to find it."""

    sha256: str
    readable: str
    policy: str
    trust: str
    epoch: str
    turn: int
    facts: Facts = field(compare=False, repr=False)
    basis: Basis = field(compare=False, repr=False)
    moment: datetime = field(compare=False)


def _judged(question: _Question) -> Report:
    return question.basis.judge(question.facts, question.moment)


@dataclass(frozen=True, slots=True)
class Checking:
    """What the service stands on. `examine` looks at a stranger's file, `learn` asks about its certificates.

    `basis` is asked anew each time; `key` signs the reports of the service `name`.
    """

    name: str
    known: Known
    examine: Callable[[bytes], Awaitable[Facts]]
    learn: Callable[[Facts], Awaitable[None]]
    basis: Callable[[], Basis]
    key: ServiceKey
    now: Callable[[], datetime]
    verdict: Callable[[_Question], Report] = field(default_factory=lambda: lru_cache(_REMEMBERED)(_judged), repr=False)

    async def report(self, facts: Facts, policy: str = "") -> Report:
        """What a file is worth now, by this gateway's policy or a shipped one. InvalidValue for other names."""
        await self.learn(facts)
        basis, moment = self.basis(), self.now()
        if policy and policy not in SHIPPED:
            raise InvalidValue(f"policy: {policy[:40]} ({', '.join(SHIPPED)})")
        basis = replace(basis, policy=shipped(policy)) if policy else basis
        epoch = basis.revocations.epoch if basis.revocations else ""
        turn = int(moment.timestamp() // COUNTS.total_seconds())
        names = (basis.policy.id, basis.trust.version, epoch)
        question = _Question(facts.sha256, facts.readable, *names, turn, facts=facts, basis=basis, moment=moment)
        return await asyncio.to_thread(self.verdict, question)

    async def keep(self, facts: Facts) -> None:
        """Keep what was found in a file that passes here, so that it can be judged again."""
        if facts.signatures:
            await self.known.keep(facts, self.now())
