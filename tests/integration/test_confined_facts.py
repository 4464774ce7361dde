"""The confined child finds what a look without walls finds: nothing it needs is loaded too late to be opened."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

import hostile_pdfs
from lienthong.adapters.confined import Examiner, Limits
from lienthong.signature import Role, sign
from lienthong.signature.facts.gather import gather
from lienthong.signature.facts.looks import looks
from unit.signature import signed_files, test_levels
from unit.signature.authority import LEADER, NOW, authority
from unit.signature.documents import composed, leader_look, sealed

pytestmark = pytest.mark.integration


def curved() -> bytes:
    """By a P-256 key."""
    soft = authority().issue(LEADER, ec.generate_private_key(ec.SECP256R1()))
    return sign(composed().pdf, soft, Role.LEADER, leader_look(), NOW + timedelta(minutes=1))


FILES: dict[str, Callable[[], bytes]] = {
    "B-B, leader and seal": sealed,
    "B-B, P-256": curved,
    "stamped whole": lambda: test_levels.stamped(sealed()),
    "B-LT": test_levels.proved,
    "B-LTA": test_levels.lasting,
    "PKCS#7 with a stamp": signed_files.as_agencies_sign,
    "SHA-1": signed_files.old,
    "B-LTA of another's": signed_files.long_term,
    "no attributes": signed_files.bare,
    "scripts": hostile_pdfs.javascript,
}


@pytest.fixture(scope="module")
def examiner() -> Iterator[Examiner]:
    with Examiner(Limits(children=1)) as found:
        yield found


@pytest.mark.parametrize("made", FILES.values(), ids=FILES.keys())
def test_the_child_finds_the_same(examiner: Examiner, made: Callable[[], bytes]):
    pdf = made()
    facts = gather(pdf)
    assert examiner.examine(pdf) == facts
    assert examiner.examine(pdf, looks=True) == replace(facts, looks=looks(pdf))
