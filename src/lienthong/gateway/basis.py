"""What this gateway judges signatures on: a policy, whom it trusts, and what it knows of revocation.

A verdict leans on these three and on facts alone (decision 0034). What is missing of revocation is asked for before a
document is judged, off the path of requests; an authority that does not answer leaves the verdict open.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from lienthong.errors import EvidenceBroken, LienThongError, NotFound, Unavailable
from lienthong.gateway.signing_levels import Enclosure
from lienthong.signature import Report
from lienthong.signature.facts.model import Facts
from lienthong.signature.judging import Policy, Revocations, Standing, Trust, judge
from lienthong.signature.judging.asking import Pair, pairs
from lienthong.signature.judging.enclosed import enclosed
from lienthong.signature.judging.feed import position
from lienthong.signature.proofs import LARGEST_LIST, Proof, ProofKind, Proofs, issuer_of, serial_of
from lienthong.signature.session.checks import Trusting

log = structlog.get_logger()
FRESH = timedelta(minutes=10)
"""A good answer younger than this is not asked for again."""
RESTS = timedelta(minutes=1)
"""So long a responder that failed is left alone."""
PAGE = 500


class Knowledge(Revocations, Protocol):
    """What is known of revocation, and how more of it is taken in. Raises EvidenceBroken for what does not hold."""

    def admit(self, issuer: bytes) -> None: ...

    def take(self, data: bytes, now: datetime) -> Proof | None: ...

    def answered(self, data: bytes, certificate: bytes, issuer: bytes, now: datetime) -> Proof | None: ...

    def recalled(self, proof: Proof, data: bytes) -> None: ...

    def take_feed(self, data: bytes, now: datetime) -> Proof | None: ...

    def fed_through(self, issuer: bytes) -> int: ...


class Asked(Protocol):
    """Authorities that may be asked. Raises Unavailable, NotAllowed."""

    def responders(self, certificate: bytes) -> Sequence[str]: ...

    async def answer(self, url: str, certificate: bytes, issuer: bytes) -> bytes: ...

    async def list(self, url: str) -> bytes: ...

    async def feed(self, url: str, after: int) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Basis:
    """The three at one moment."""

    policy: Policy
    trust: Trust
    revocations: Revocations | None = None

    def judge(self, facts: Facts, moment: datetime) -> Report:
        """The report on a file. Never raises."""
        return judge(facts, self.policy, self.trust, self.revocations, moment)

    def trusting(self) -> Trusting:
        """As signing sessions want it."""
        return Trusting(self.trust.roots, self.trust.others, self.revocations)


@dataclass
class Court:
    """The gateway's own: what it judges on now, and how it learns. `sources` none: nobody is asked.

    `lists` are addresses of revocation lists that are fetched again and again, `feeds` of feeds that are followed.
    """

    policy: Policy
    trust: Trust
    known: Knowledge
    now: Callable[[], datetime]
    proofs: Proofs | None = None
    sources: Asked | None = None
    lists: Sequence[str] = ()
    feeds: Sequence[str] = ()
    trouble: dict[str, str] = field(default_factory=dict)
    _seen: int = field(default=0, init=False)
    _resting: dict[str, datetime] = field(default_factory=dict, init=False)
    _fed: dict[str, int] = field(default_factory=dict, init=False)

    def basis(self) -> Basis:
        """What to judge on now. Where nothing is ever learnt of revocation, nothing is claimed of it."""
        learning = self.sources is not None or bool(self.known.epoch)
        return Basis(self.policy, self.trust, self.known if learning else None)

    async def judged(self, facts: Facts) -> Report:
        """The report on a file, once what can be asked about its certificates has been asked."""
        await self.learn_about(facts)
        return await asyncio.to_thread(self.basis().judge, facts, self.now())

    # ------------------------------------------------------------ learning

    async def learn_about(self, facts: Facts) -> None:
        """Ask about certificates of a file of which nothing fresh is known. Never raises for an authority's sake."""
        if self.sources is None or not facts.certificates:
            return
        found = await asyncio.to_thread(pairs, facts, self.trust, self.now())
        for _, issuer in found:
            self.known.admit(issuer)
        await asyncio.gather(*(self._ask(pair) for pair in found if not self._knows(pair)))

    def _knows(self, pair: Pair) -> bool:
        """A list may be days old, so an answer is wanted too where there is a responder."""
        said = self.known.of(*pair, self.now())
        if said.standing is Standing.REVOKED:
            return True
        young = said.this_update is not None and self.now() - said.this_update < FRESH
        return young and said.source == "ocsp" and said.standing is not Standing.UNKNOWN

    async def _ask(self, pair: Pair) -> None:
        assert self.sources is not None  # noqa: S101  # the caller looked
        for url in self.sources.responders(pair[0]):
            if self._resting.get(url, self.now()) > self.now():
                continue
            try:
                await self._heard(pair, await self.sources.answer(url, *pair))
            except LienThongError as error:
                self._failed(url, error)
            else:
                self.trouble.pop(url, None)
                return

    async def _heard(self, pair: Pair, data: bytes) -> None:
        await self._keep(self.known.answered(data, *pair, self.now()), data)

    async def _keep(self, proof: Proof | None, data: bytes) -> bool:
        if proof is not None and self.proofs is not None:
            await self.proofs.keep(proof, data)
        return proof is not None

    def _failed(self, url: str, error: LienThongError) -> None:
        self.trouble[url] = f"{error.code}: {error.detail}"
        self._resting[url] = self.now() + RESTS
        log.warning("revocation", source=url, code=error.code, detail=error.detail)

    async def enclosure(self, facts: Facts) -> Enclosure:
        """What a file needs inside to be judged by itself. Unavailable while nothing is known of a certificate."""
        await self.learn_about(facts)
        found = await asyncio.to_thread(pairs, facts, self.trust, self.now())
        said = [await self._said(facts, pair) for pair in found]
        answers = tuple(dict.fromkeys(data for kind, data in said if kind is ProofKind.ANSWER))
        lists = tuple(dict.fromkeys(data for kind, data in said if kind is ProofKind.LIST))
        return Enclosure(tuple(dict.fromkeys(each for pair in found for each in pair)), answers, lists)

    async def _said(self, facts: Facts, pair: Pair) -> tuple[ProofKind, bytes]:
        """The newest answer that proves a certificate good to whoever has the file alone, else a small list."""
        certificate, issuer = pair
        known = await self.proofs.about(issuer_of(issuer), serial_of(certificate)) if self.proofs else ()
        for proof in (each for each in known if each.kind is not ProofKind.FEED and each.size <= LARGEST_LIST):
            data = await self.proofs.data(proof.sha256)  # type: ignore[union-attr]  # looked at above
            held, answers = {proof.sha256: data}, proof.kind is ProofKind.ANSWER
            alone = replace(facts, ocsps=held if answers else {}, crls={} if answers else held)
            said = enclosed(alone, certificate, issuer, self.now(), self.policy.proof_age)
            if said.standing is Standing.GOOD:
                return proof.kind, data
        raise Unavailable("chưa có bằng chứng về thu hồi / nothing proves yet that a certificate was not revoked")

    # ------------------------------------------------------------ lists, and what other processes heard

    async def refresh(self) -> None:
        """Fetch every list that is named."""
        for url in self.lists if self.sources is not None else ():
            try:
                data = await self.sources.list(url)  # type: ignore[union-attr]  # looked at above
                await self.take_list(data)
            except LienThongError as error:
                self._failed(url, error)
            else:
                self.trouble.pop(url, None)

    async def take_list(self, data: bytes) -> bool:
        """Take a revocation list (DER) into force and keep it; False for one that is here. Raises EvidenceBroken."""
        return await self._keep(await asyncio.to_thread(self.known.take, data, self.now()), data)

    async def follow(self) -> None:
        """Read on in every feed. A page that says nothing new still says that nothing has changed until now."""
        for url in self.feeds if self.sources is not None else ():
            try:
                while await self._read_on(url):
                    pass
            except LienThongError as error:
                self._failed(url, error)
            else:
                self.trouble.pop(url, None)

    async def _read_on(self, url: str) -> bool:
        """One page of a feed; whether there are more behind it."""
        if self._resting.get(url, self.now()) > self.now():
            return False
        assert self.sources is not None  # noqa: S101  # the caller looked
        data = await self.sources.feed(url, self._fed.get(url, 0))
        proof = self.known.take_feed(data, self.now())
        self._fed[url], more = position(data)
        await self._keep(proof, data)
        return more

    async def recall(self) -> None:
        """Take into force what was kept before: by this process in an earlier life, or by another since."""
        if self.proofs is None:
            return
        while found := await self.proofs.since(self._seen, PAGE):
            for number, proof in found:
                await self._taken(self.proofs, proof)
                self._seen = number

    async def _taken(self, proofs: Proofs, proof: Proof) -> None:
        try:
            data = await proofs.data(proof.sha256)
            if proof.kind is ProofKind.LIST:
                await asyncio.to_thread(self.known.take, data, self.now())
            elif proof.kind is ProofKind.FEED:
                self.known.take_feed(data, self.now())
            else:
                self.known.recalled(proof, data)
        except (EvidenceBroken, NotFound) as error:  # it is asked for anew
            log.warning("revocation", proof=proof.sha256, code=error.code, detail=error.detail)
