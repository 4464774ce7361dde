"""Each check of the form on real PDFs, really signed: the good one passes it, the bad one has it, where it is."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest

from form_pairs import EXPECTED, PAIRS, Pair
from lienthong.layout import Rectangle
from lienthong.signature.facts.gather import gather
from lienthong.signature.facts.looks import looks
from lienthong.signature.facts.model import Box, Facts
from lienthong.signature.form import CHECKS, Expected, Finding, check
from lienthong.signature.judging.inputs import Revocations, Trust
from lienthong.signature.judging.policy import shipped
from lienthong.signature.judging.verdict import judge
from lienthong.testing.pki import pki

ALWAYS = frozenset({"no-trusted-time", "no-revocation-data"})
"""Files of level B-B lack a stamp and proofs of revocation."""
ONLY_BY_HAND = frozenset({"no-revocation-data"})
ALSO = {
    "changed-after": {"covers-earlier"},
    "weak-algorithm": {"chain-unknown"},
    "field-twice": {"changed-after"},
}
"""What a bad file cannot help showing as well."""


@cache
def facts(pdf: bytes) -> Facts:
    found = gather(pdf)
    return found if found.encrypted or found.readable else replace(found, looks=looks(pdf))


def findings(pdf: bytes, expected: Expected, revocations: Revocations | None = None) -> tuple[Finding, ...]:
    found, seen = facts(pdf), expected.seen
    assert seen is not None
    trust = Trust("throw-away", pki().roots)
    return check(found, judge(found, shipped(), trust, revocations, seen), expected)


def test_every_check_has_a_pair() -> None:
    assert set(PAIRS) | ONLY_BY_HAND == set(CHECKS)


@cache
def good_codes(good: Callable[[], bytes], expected: Expected) -> frozenset[str]:
    return frozenset(each.code for each in findings(good(), expected))


def test_the_good_file_of_each_pair_passes() -> None:
    for code, pair in PAIRS.items():
        assert good_codes(pair.good, pair.fits or EXPECTED) <= ALWAYS - {code}, code


@pytest.mark.parametrize("code", PAIRS)
def test_the_bad_file_has_this_finding_and_no_other(code: str) -> None:
    pair = PAIRS[code]
    found = findings(pair.bad(), pair.expected, pair.revocations)
    codes = {each.code for each in found}
    assert code in codes
    assert codes - {code} <= ALWAYS | ALSO.get(code, set())
    _there(pair, [each for each in found if each.code == code])


def _there(pair: Pair, found: list[Finding]) -> None:
    spot = pair.spot
    if spot is not None:
        assert any(each.box is not None and _same(each.box, spot) for each in found)


def _same(box: Box, spot: Rectangle) -> bool:
    """Within two points: a picture may be a little smaller than its frame."""
    edges = zip((box.left, box.bottom, box.right, box.top), (spot.left, spot.bottom, spot.right, spot.top), strict=True)
    return box.page == spot.page and all(abs(one - other) < 2 for one, other in edges)
