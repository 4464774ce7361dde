"""The log in memory: what is recent is proved from it, what is old is left to the tiles."""

import pytest

from lienthong.adapters import ledger as room
from lienthong.adapters.ledger import Ledger, check_frontier
from lienthong.errors import EvidenceBroken
from lienthong.evidence import Checkpoint, Frontier, leaf_hash, verify_inclusion
from lienthong.evidence.note import Note
from lienthong.testing.pki import LOG_ORIGIN, pki


def grow(ledger: Ledger, *leaves: bytes) -> str:
    growth = ledger.grown(leaves, [leaf_hash(leaf) for leaf in leaves])
    ledger.publish(growth)
    return growth.note


def test_every_recent_leaf_is_proved_at_its_own_batch() -> None:
    ledger = Ledger(Frontier(), pki().log())
    leaves = [b"%d" % n for n in range(30)]
    for start, stop in ((0, 1), (1, 4), (4, 4 + 13), (17, 30)):
        note = grow(ledger, *leaves[start:stop])
        told = Checkpoint.parse(Note.parse(note).text)
        for index in range(start, stop):
            receipt = ledger.receipt(index)
            assert receipt is not None
            assert (receipt.leaf, receipt.size, receipt.checkpoint) == (leaves[index], stop, note)
            assert verify_inclusion(leaf_hash(leaves[index]), index, stop, receipt.proof, told.root)
    assert [ledger.receipt(index) for index in (-1, 30)] == [None, None]


def test_what_is_not_published_does_not_count() -> None:
    ledger = Ledger(Frontier(), pki().log())
    ledger.grown([b"x"], [leaf_hash(b"x")])
    assert (ledger.frontier.size, ledger.receipt(0)) == (0, None)


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "RECENT", 10)
    ledger = Ledger(Frontier(), pki().log())
    for n in range(50):
        grow(ledger, b"%da" % n, b"%db" % n)
    known = [index for index in range(100) if ledger.receipt(index) is not None]
    assert known[-1] == 99
    assert known == list(range(known[0], 100))
    assert 10 <= len(known) <= 12


def test_a_log_must_stand_where_its_checkpoint_says() -> None:
    ledger = Ledger(Frontier(), pki().log())
    check_frontier(ledger.frontier, "", LOG_ORIGIN)
    note = grow(ledger, b"x")
    check_frontier(ledger.frontier, note, LOG_ORIGIN)
    wrong = [(Frontier(), note, LOG_ORIGIN), (ledger.frontier, "", LOG_ORIGIN), (ledger.frontier, note, "other/log/x")]
    for frontier, told, origin in wrong:
        with pytest.raises(EvidenceBroken):
            check_frontier(frontier, told, origin)
