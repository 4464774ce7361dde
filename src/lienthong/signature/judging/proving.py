"""Since when a signature certainly exists: the stamps that hold, by authorities that are trusted."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from lienthong.signature.facts.model import Facts, SignatureFact, StampFact
from lienthong.signature.judging.inputs import COMPROMISED, Revocations, Standing, Trust
from lienthong.signature.judging.paths import STAMPING, path_of


@dataclass(frozen=True, slots=True)
class Proved:
    """`at` is the earliest proved moment, or None; the counts are of stamps that do not count."""

    at: datetime | None
    broken: int = 0
    untrusted: int = 0


def proved(facts: Facts, fact: SignatureFact, trust: Trust, revocations: Revocations | None = None) -> Proved:
    """By the signature's own stamps, and by those over the document that came after it."""
    moments, broken, untrusted = [], 0, 0
    for stamp in _stamps(facts, fact):
        if stamp.intact is not True or stamp.at is None or not stamp.purpose:
            broken += 1
        elif not _trusted(facts, stamp, trust, revocations):
            untrusted += 1
        else:
            moments.append(stamp.at)
    return Proved(min(moments, default=None), broken, untrusted)


def level(facts: Facts, fact: SignatureFact) -> str:
    """How much proof it carries, by what is there (ETSI EN 319 142-1 §6); whether that is good is the verdict's."""
    stamped = any(stamp.kind == "signature" and stamp.intact for stamp in fact.stamps)
    if fact.profile != "ETSI.CAdES.detached":
        return "PKCS#7+T" if stamped else "PKCS#7"
    over = any(stamp.revision > fact.revision and stamp.intact for stamp in facts.document_stamps)
    if not (stamped or over):
        return "B-B"
    kept = bool(facts.ocsps or facts.crls)
    return ("B-LTA" if over else "B-LT") if kept else "B-T"


def _stamps(facts: Facts, fact: SignatureFact) -> Iterator[StampFact]:
    yield from (stamp for stamp in fact.stamps if stamp.kind == "signature")
    later = (stamp for stamp in facts.document_stamps if stamp.revision > fact.revision)
    yield from (stamp for stamp in later if stamp.coverage != "unclear" and stamp.modification != "other")


def _trusted(facts: Facts, stamp: StampFact, trust: Trust, revocations: Revocations | None) -> bool:
    leaf = facts.certificates.get(stamp.signer)
    if leaf is None or stamp.at is None:
        return False
    path = path_of(leaf, tuple(facts.certificates.values()), trust, stamp.at, STAMPING)
    return path.trusted and not any(withdrawn(pair, stamp.at, revocations) for pair in path.pairs)


def withdrawn(pair: tuple[bytes, bytes], at: datetime, revocations: Revocations | None) -> bool:
    """A stamp outlives its authority's orderly end, not a key in other hands (RFC 3161 §4, point 1)."""
    if revocations is None:
        return False
    known = revocations.of(*pair, at)
    if known.standing is not Standing.REVOKED:
        return False
    return known.revoked_at is None or known.revoked_at <= at or known.reason in COMPROMISED
