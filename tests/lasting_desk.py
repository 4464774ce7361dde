"""The service of lasting proofs on twins: a hop, authorities that obey, lie or are away, and time that is moved."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cache, partial
from typing import Any

from lasting_made import NOW, house, token, trust, tsa, without_end
from lienthong.adapters.keys import KeyPair
from lienthong.adapters.revocation import RevocationIndex
from lienthong.ca import requests
from lienthong.ca.tsa import Stamper
from lienthong.delivery import Hop, Lane, Package
from lienthong.delivery.model import PartRef
from lienthong.errors import Unavailable
from lienthong.evidence import Proof
from lienthong.gateway.basis import Court
from lienthong.gateway.lasting import securing as service
from lienthong.gateway.lasting.chain import exported
from lienthong.gateway.lasting.config import LastingSettings
from lienthong.gateway.lasting.gathering import gathered, signed_report
from lienthong.gateway.lasting.securing import Lasting
from lienthong.ranges import Source
from lienthong.signature.facts import gather as gathering
from lienthong.signature.facts.model import Facts
from lienthong.signature.judging import shipped as policy
from lienthong.signature.lasting import Algorithms, Bundle, Measure, verify_lasting
from lienthong.signature.lasting.keeping import Entry, Kind, Ledger
from lienthong.signature.reporting.statement import ServiceKey
from lienthong.testing.clock import FakeClock
from lienthong.testing.lasting import MemoryLedger
from lienthong.testing.memory import MemoryObjects
from lienthong.testing.proofs import MemoryProofs
from lienthong.testing.world import World
from store_world import digest, inbound, leg, package
from unit.signature.authority import agency, leader
from unit.signature.authority import authority as signers
from unit.signature.documents import sealed
from unit.signature.test_levels import answer as said

MAIN = "15-QD.pdf"


@dataclass
class Tsa:
    """An RFC 3161 authority: `slow` its clock goes wrong by that much, `false` stamps something else."""

    clock: FakeClock
    by: Stamper = field(default_factory=tsa)
    away: bool = False
    false: bool = False
    slow: timedelta = timedelta(0)
    asked: int = 0

    async def stamp(self, wanted: bytes) -> bytes:
        self.asked += 1
        if self.away:
            raise Unavailable("connection refused")
        return token(bytes(len(wanted)) if self.false else wanted, self.clock.now() - self.slow, self.by)


@dataclass
class Asked:
    """Certificate authorities that answer about the two signers, unless they are silent."""

    clock: FakeClock
    silent: bool = False

    def responders(self, certificate: bytes) -> Sequence[str]:
        known = {leader().certificate, agency().certificate, signers().issuing}
        return ("http://ocsp",) if certificate in known else ()

    async def answer(self, url: str, certificate: bytes, issuer: bytes) -> bytes:
        if self.silent:
            raise Unavailable(url)
        return said(certificate, self.clock.now())

    async def list(self, url: str) -> bytes:
        raise Unavailable(url)


@cache
def service_key() -> ServiceKey:
    issued = house().issue(requests.gateway("gw"), NOW - timedelta(days=1))
    return KeyPair(issued.key, issued.certificate, issued.chain).seal_signer()


gather = cache(gathering.gather)
"""The same few files are looked at again and again."""


async def look(pdf: bytes) -> Facts:
    return gather(pdf)


class Desk:
    """One gateway's service; `ledger` or `hop` may be wrapped before it is used."""

    def __init__(self, ledger: Ledger | None = None, **settings: Any) -> None:
        self.clock = FakeClock(NOW)
        self.tsa, self.second = Tsa(self.clock), Tsa(self.clock, tsa(0, 8))
        self.sources = Asked(self.clock)
        self.documents: dict[str, dict[str, bytes]] = {}
        station = next(iter(World().stations.values()))
        self.store = station.store
        self.hop: Hop = replace(station.hop, clock=self.clock, objects=MemoryObjects())
        index = RevocationIndex((*trust().roots, *trust().others))
        court = Court(policy(), trust(), index, self.clock.now, MemoryProofs(), self.sources)
        known = LastingSettings(("a",), **settings)
        self.service = Lasting(
            self.hop,
            ledger or MemoryLedger(),
            court,
            {"a": self.tsa},
            known,
            without_end(),
            look,
            self.files,
            partial(signed_report, "gw", service_key(), self.clock.now),
        )

    async def files(self, of: Package) -> list[tuple[str, Source]]:
        held = self.documents[of.id]
        return [(name, _source(data)) for name, data in held.items()]

    async def receive(self, name: str = "a", pdf: bytes = b"", *, own: bool = False, **more: bytes) -> str:
        """A document in the store, as it came or as it went out."""
        contents = {MAIN: pdf or sealed()} | more
        parts = tuple(PartRef(each, "application/pdf", len(data), _digest(data)) for each, data in contents.items())
        made = package(name, at=self.clock.now())
        whole = replace(made, parts=(*made.parts, *parts))
        small = {digest(name): name.encode()} | {_digest(data): data for data in contents.values()}
        way = leg(whole, "H29", Lane.OUT) if own else inbound(whole)

        def work(tx: Any) -> None:
            tx.add_package(whole, small)
            tx.put_leg(way)

        await self.hop.store.write(work)
        self.documents[whole.id] = contents
        return whole.id

    async def round(self) -> None:
        """Every job once."""
        await service.secure(self.service, gathered)

    async def night(self) -> int:
        """Renewal, and what follows from it."""
        found = await service.renew(self.service)
        await self.round()
        return found

    def move(self, **by: float) -> datetime:
        return self.clock.advance(timedelta(**by))

    def reading(self, table: Algorithms) -> None:
        """Another table of algorithms from now on."""
        self.service = replace(self.service, algorithms=table)

    async def entry(self, of: str, number: int = 0, kind: Kind = Kind.DOCUMENT) -> Entry:
        return (await self.service.ledger.entries(kind, of))[number]

    async def bundle(self, of: str) -> Bundle:
        return Bundle.from_zip((await exported(self.service, of)).to_zip())

    def verified(self, bundle: Bundle, **given: str) -> Proof:
        measure = Measure(trust(), policy(), self.service.algorithms, self.clock.now(), None, gather)
        return verify_lasting(bundle, measure, given)


def ends_in(year: int, fresh: str = "sha512") -> Algorithms:
    """A table in which SHA-256 ends."""
    return replace(without_end(sha256=date(year, 1, 1)), tree=fresh)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _source(data: bytes) -> Source:
    return Source("application/pdf", len(data), _digest(data), data)


__all__ = ["MAIN", "Desk", "Tsa", "ends_in", "house"]
