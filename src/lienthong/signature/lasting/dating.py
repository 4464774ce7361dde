"""A time stamp over a root: from when to when it proves something."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from lienthong.errors import EvidenceBroken
from lienthong.evidence.stamp import check
from lienthong.signature.judging.inputs import Revocations
from lienthong.signature.judging.proving import withdrawn
from lienthong.signature.lasting.agility import Algorithms


@dataclass(frozen=True, slots=True)
class Dated:
    """`at` is when the authority stamped; `ends` when its word ceases to count by itself; `path` DER, root last."""

    at: datetime
    ends: datetime
    authority: str
    path: tuple[bytes, ...] = ()


def dated(
    token: bytes,
    digest: bytes,
    roots: Sequence[bytes],
    algorithms: Algorithms,
    others: Sequence[bytes] = (),
    revocations: Revocations | None = None,
) -> Dated:
    """What a token (DER) over a digest proves, once everything holds. EvidenceBroken otherwise, for any input.

    `roots` and `others` are DER. A stamp outlives its authority's orderly end, not a key in other hands.
    """
    facts = check(token, digest, roots, others)
    if any(withdrawn(pair, facts.time, revocations) for pair in pairs_of(facts.path)):
        raise EvidenceBroken("the authority's certificate was revoked")
    ends = algorithms.path_ends(facts.path, facts.digest)
    if ends <= facts.time:
        raise EvidenceBroken("the stamp was made with an algorithm that no longer counted")
    return Dated(facts.time, ends, facts.authority, facts.path)


def pairs_of(path: Sequence[bytes]) -> Iterable[tuple[bytes, bytes]]:
    """Each certificate with its issuer."""
    return pairwise(path)
