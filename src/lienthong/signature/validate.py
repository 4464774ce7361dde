"""Checking the signatures inside a document in one call: facts, then the default policy, without a revocation index."""

from collections.abc import Sequence
from datetime import datetime

from lienthong.signature.facts.gather import gather
from lienthong.signature.facts.model import Facts
from lienthong.signature.judging.inputs import Trust
from lienthong.signature.judging.policy import shipped
from lienthong.signature.judging.verdict import judge
from lienthong.signature.model import Report


def validate(pdf: bytes, roots: Sequence[bytes], moment: datetime, other_certs: Sequence[bytes] = ()) -> Report:
    """Judge every signature of `pdf` against `roots` (DER), seen at `moment`; `other_certs` help to build chains.

    Never raises and never goes to the network: what cannot be worked out is CANNOT_TELL. Of revocation only what the
    file encloses is known, and each report says so. Trap: hostile files cost seconds and memory; see `facts.gather`.
    """
    return conclude(gather(pdf), roots, moment, other_certs)


def conclude(facts: Facts, roots: Sequence[bytes], moment: datetime, other_certs: Sequence[bytes] = ()) -> Report:
    """The same from facts at hand, wherever they were gathered. Never raises."""
    return judge(facts, shipped(), Trust("", tuple(roots), tuple(other_certs)), None, moment)
