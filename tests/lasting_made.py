"""A document's evidence made by hand, with authorities of many years, for tests of proofs through time."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import count

from lienthong.adapters.keys import KeyPair
from lienthong.ca import requests
from lienthong.ca.authority import Authority, Issued
from lienthong.ca.tsa import Stamper, answer
from lienthong.evidence import stamp as rfc3161
from lienthong.signature.facts.encoding import encode
from lienthong.signature.facts.gather import gather
from lienthong.signature.judging import Trust
from lienthong.signature.judging import shipped as policy
from lienthong.signature.lasting import Algorithms, Bundle, Grove, Measure, digests_of, leaf_of, make_record, shipped
from lienthong.signature.lasting.bundle import path_name, record_name, stamp_name
from unit.signature.authority import agency, leader
from unit.signature.authority import authority as signers
from unit.signature.documents import sealed
from unit.signature.test_levels import answer as ocsp_answer

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
YEAR = timedelta(days=365)
_serials = count(1)


@cache
def house() -> Authority:
    """Its root outlives all of its time-stamping certificates."""
    return Authority.found(NOW - YEAR)


@cache
def tsa(start_year: int = 0, years: int = 4) -> Stamper:
    """An authority whose certificate begins so many years after NOW."""
    issued: Issued = house().issue(requests.timestamping(), NOW + start_year * YEAR - timedelta(days=1), years * YEAR)
    pair = KeyPair(issued.key, issued.certificate, issued.chain)
    return Stamper(pair.key, pair.certificate, pair.chain)  # type: ignore[arg-type]  # P-256 by its profile


def token(digest: bytes, at: datetime, by: Stamper) -> bytes:
    serial = next(_serials)
    return rfc3161.token_of(answer(rfc3161.request(digest, serial), by, at, lambda: serial), digest, serial)


@cache
def trust() -> Trust:
    """Of the signers and of the time-stamping house."""
    return Trust("1", (signers().root, *house().roots), (signers().issuing,))


def without_end(**digests: date | None) -> Algorithms:
    """Keys without end; digests as told."""
    keys = {"rsa": {"2048": None}, "ec": {"256": None}}
    return replace(shipped(), keys=keys, digests=dict(shipped().digests) | digests)


def measure(at: datetime, algorithms: Algorithms | None = None) -> Measure:
    return Measure(trust(), policy(), algorithms or without_end(), at, None, gather)


@dataclass(frozen=True)
class Made:
    """A bundle that grows link by link."""

    files: Mapping[str, bytes]
    links: int = 0

    @property
    def bundle(self) -> Bundle:
        return Bundle(self.files)

    def linked(self, names: Mapping[str, bytes], at: datetime, *by: Stamper, algorithm: str = "sha256") -> "Made":
        """One more link: a record of these files, in a tree among others, stamped."""
        record = make_record(algorithm, digests_of(algorithm, names))
        leaves = [hashlib.new(algorithm, b"other %d" % number).digest() for number in range(5)]
        leaves[3] = leaf_of(record)
        grove = Grove(algorithm, leaves)
        tokens = [token(grove.root, at, each) for each in by]
        path = grove.path(3)
        number = self.links + 1
        fresh = {record_name(number): record.text, path_name(number): path.to_json()}
        return Made({**self.files, **names, **fresh, **{stamp_name(grove.root, each): each for each in tokens}}, number)

    def stamps(self) -> dict[str, bytes]:
        return {name: data for name, data in self.files.items() if name.startswith("stamps/")}


@cache
def contents() -> dict[str, bytes]:
    """A document of two signatures, with everything that was known of it."""
    pdf = sealed()
    answers = [ocsp_answer(each) for each in (leader().certificate, agency().certificate, signers().issuing)]
    found = {
        "files/15-QD.pdf": pdf,
        "facts/15-QD.pdf.json": encode(gather(pdf)),
        "reports/15-QD.pdf.json": b"{}",
        f"certificates/{hashlib.sha256(signers().issuing).hexdigest()}.cer": signers().issuing,
    }
    return found | {f"revocation/{hashlib.sha256(each).hexdigest()}.ocsp": each for each in answers}


@cache
def first() -> Made:
    """Secured within the hour."""
    return Made({}).linked(contents(), NOW, tsa())
