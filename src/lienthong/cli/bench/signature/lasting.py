"""Securing the proofs of received documents with two signatures, beside looking at and judging them alone.

One process with its child, an embedded store and a folder, an authority at hand. Every document is another.
"""

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from lienthong.adapters.clock import SystemClock, SystemLots
from lienthong.adapters.confined import Examiner, Limits
from lienthong.adapters.keys import KeyPair
from lienthong.adapters.objects import LocalObjects
from lienthong.adapters.revocation import RevocationIndex
from lienthong.adapters.sql import SqlStore
from lienthong.adapters.sql.lasting import SqlLedger
from lienthong.ca import requests
from lienthong.ca.authority import Authority, Issued
from lienthong.ca.tsa import Stamper, answer
from lienthong.cli.bench.frame import Outcome, Series, ratio_of
from lienthong.cli.bench.show import Advance
from lienthong.cli.bench.signature.sample import several
from lienthong.delivery import Content, Hop, Package
from lienthong.delivery.model import Head, PartRef
from lienthong.delivery.ports import Transaction
from lienthong.errors import InvalidValue
from lienthong.evidence import stamp as rfc3161
from lienthong.gateway.basis import Court
from lienthong.gateway.lasting import Lasting, LastingSettings, gathered, secure, signed_report, standing
from lienthong.ranges import Source
from lienthong.registry import Directory
from lienthong.signature.judging import Trust, shipped
from lienthong.signature.lasting import shipped as algorithms

_DOCUMENTS = 24
_ORIGIN = "lienthong.example/log/bench"


class _Tsa:
    """An authority in this process: its signature is the same work, its network is left out."""

    def __init__(self, issued: Issued) -> None:
        pair = KeyPair(issued.key, issued.certificate, issued.chain)
        self._stamper = Stamper(pair.key, pair.certificate, pair.chain)  # type: ignore[arg-type]  # P-256 by its profile
        self._serials = count(1)

    async def stamp(self, digest: bytes) -> bytes:
        serial = next(self._serials)
        reply = answer(rfc3161.request(digest, serial), self._stamper, datetime.now(UTC), lambda: serial)
        return rfc3161.token_of(reply, digest, serial)


@dataclass(frozen=True, slots=True)
class _Bench:
    service: Lasting
    examiner: Examiner
    pdfs: Sequence[bytes]


def compare(runs: int, advance: Advance) -> Outcome:
    """Documents an hour, secured and judged alone, taking turns. InvalidValue when one was not secured."""
    return asyncio.run(_compare(runs, advance))


async def _compare(runs: int, advance: Advance) -> Outcome:
    secured, judged = [], []
    with TemporaryDirectory(prefix="lienthong-bench-") as folder:
        for run in range(runs):
            advance(f"{run + 1}/{runs}")
            place = Path(folder, str(run))
            place.mkdir()  # noqa: ASYNC240  # nothing else waits here
            async with _bench(place) as bench:
                judged.append(await _judged(bench))
                secured.append(await _secured(bench))
    whole = Series("bảo toàn / secured", "văn bản mỗi giờ / documents an hour", tuple(secured))
    alone = Series("chỉ xem và kết luận / judged alone", whole.unit, tuple(judged))
    return Outcome(
        "signature lasting",
        {"signatures": 2, "key": "RSA-2048", "runs": runs, "documents": _DOCUMENTS},
        (whole, alone),
        (ratio_of("÷ judged alone", whole, alone),),
        ("Không hỏi nơi cấp chứng thư, không qua mạng. / No certificate authority is asked, no network.",),
    )


async def _judged(bench: _Bench) -> float:
    begun = time.perf_counter()
    for pdf in bench.pdfs:
        await bench.service.court.judged(await bench.examiner.examining(pdf))
    return 3600 * len(bench.pdfs) / (time.perf_counter() - begun)


async def _secured(bench: _Bench) -> float:
    begun = time.perf_counter()
    await secure(bench.service, gathered)
    took = time.perf_counter() - begun
    if (await standing(bench.service)).secured != len(bench.pdfs):
        raise InvalidValue("not every document was secured")
    return 3600 * len(bench.pdfs) / took


@asynccontextmanager
async def _bench(folder: Path) -> AsyncIterator[_Bench]:
    """A gateway's memory with the documents in it, nothing secured yet."""
    found = several(_DOCUMENTS)
    now = datetime.now(UTC)
    authority, clock = Authority.found(now - timedelta(days=1)), SystemClock()
    trust = Trust("bench", (*authority.roots, found.root))
    court = Court(shipped(), trust, RevocationIndex(trust.roots), clock.now)
    log = authority.issue(requests.log(_ORIGIN), now)
    service = authority.issue(requests.gateway("bench"), now)
    signer = KeyPair(log.key, log.certificate, log.chain).note_signer(_ORIGIN)
    key = KeyPair(service.key, service.certificate, service.chain).seal_signer()
    async with SqlStore.open(folder / "store", signer, clock) as store:
        objects = LocalObjects(folder / "objects")
        hop = Hop("bench", store, objects, clock, SystemLots(), _nobody, authority.roots)
        sources = {digest: Source("application/pdf", len(pdf), digest, pdf) for digest, pdf in _named(found.pdfs)}
        for digest, source in sources.items():
            package = _package(digest, source.size, now)
            await store.write(partial(_keep, package))

        async def files(package: Package) -> list[tuple[str, Source]]:
            return [("van-ban.pdf", sources[package.parts[0].sha256])]

        with Examiner(Limits(children=1)) as examiner:
            await examiner.examining(found.pdfs[0])  # started and warm
            lasting = Lasting(
                hop,
                SqlLedger(store),
                court,
                {"bench": _Tsa(authority.tsa)},
                LastingSettings(("bench",)),
                algorithms(),
                examiner.examining,
                files,
                partial(signed_report, "bench", key, clock.now),
            )
            yield _Bench(lasting, examiner, found.pdfs)


def _nobody() -> Directory:
    raise InvalidValue("no registry is asked here")


def _named(pdfs: Sequence[bytes]) -> list[tuple[str, bytes]]:
    return [(hashlib.sha256(pdf).hexdigest(), pdf) for pdf in pdfs]


def _package(digest: str, size: int, now: datetime) -> Package:
    part = PartRef("van-ban.pdf", "application/pdf", size, digest)
    head = Head(Content.EDOC, digest[:16])
    made = Package(digest[:32], "H29", digest[:16], head, digest, (part,), "{}", "bench", now, now)
    return replace(made, expires_at=now + timedelta(days=3))


def _keep(package: Package, tx: Transaction) -> None:
    tx.add_package(package, {})
