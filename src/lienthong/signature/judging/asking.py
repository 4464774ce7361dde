"""Whom a verdict depends on: the certificates of a file whose revocation matters, each with its issuer."""

from collections.abc import Iterator
from datetime import datetime

from lienthong.signature.facts.model import Facts
from lienthong.signature.judging.inputs import Trust
from lienthong.signature.judging.paths import SIGNING, STAMPING, Path, path_of

Pair = tuple[bytes, bytes]
"""A certificate and its issuer, DER."""


def pairs(facts: Facts, trust: Trust, moment: datetime) -> tuple[Pair, ...]:
    """Every certificate between a signature or a stamp of the file and a trusted root, each once; no strangers'."""
    return tuple(dict.fromkeys(pair for path in _paths(facts, trust, moment) for pair in path.pairs))


def _paths(facts: Facts, trust: Trust, moment: datetime) -> Iterator[Path]:
    helpers = tuple(facts.certificates.values())
    signed = [(fact.signer, fact.claimed_time or moment, SIGNING) for fact in facts.signatures]
    stamps = [*facts.document_stamps, *(stamp for fact in facts.signatures for stamp in fact.stamps)]
    for name, at, usage in (*signed, *((stamp.signer, stamp.at or moment, STAMPING) for stamp in stamps)):
        if leaf := facts.certificates.get(name):
            yield path_of(leaf, helpers, trust, min(at, moment), usage)
