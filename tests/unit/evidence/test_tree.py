import pytest

from lienthong.errors import EvidenceBroken, InvalidValue
from lienthong.evidence import EMPTY_ROOT, Frontier, LeafHashes, Tree, entry_bundle, leaf_hash, proof

LEAVES = [leaf_hash(bytes([number])) for number in range(9)]


class ShortStore:
    """A store that lost its last hash."""

    def hashes(self, level: int, start: int, count: int) -> list[bytes]:
        return LEAVES[start : start + count - 1]


def test_an_empty_log_has_the_root_of_nothing():
    assert Frontier().root() == EMPTY_ROOT


def test_an_empty_batch_changes_nothing():
    frontier, _ = Frontier().append(LEAVES)
    assert frontier.append([]) == (frontier, [])


def test_a_batch_knows_nothing_inside_the_old_log():
    frontier, _ = Frontier().append(LEAVES[:7])
    with pytest.raises(EvidenceBroken, match="not in the batch"):
        frontier.extend(LEAVES[7:]).tree.inclusion(2)


def test_a_batch_proves_consistency_with_its_start():
    frontier, _ = Frontier().append(LEAVES[:6])
    batch = frontier.extend(LEAVES[6:])
    assert batch.tree.consistency(6) == Tree(LeafHashes(LEAVES), 9).consistency(6)


@pytest.mark.parametrize("hashes", [(), (LEAVES[0],), (LEAVES[0], LEAVES[1], LEAVES[2]), (LEAVES[0], b"short")])
def test_a_frontier_has_one_hash_a_bit(hashes: tuple[bytes, ...]):
    with pytest.raises(InvalidValue):
        Frontier(3, hashes)


def test_a_leaf_hash_has_its_length():
    with pytest.raises(InvalidValue):
        Frontier().append([b"short"])


@pytest.mark.parametrize("index", [-1, 9])
def test_there_is_no_proof_outside_the_tree(index: int):
    with pytest.raises(InvalidValue):
        Tree(LeafHashes(LEAVES), 9).inclusion(index)


def test_a_tree_is_not_consistent_with_a_larger_one():
    with pytest.raises(InvalidValue):
        Tree(LeafHashes(LEAVES), 9).consistency(10)


def test_a_tree_has_no_giant_size():
    with pytest.raises(InvalidValue):
        Tree(LeafHashes(LEAVES), 2**63)


def test_a_store_that_lost_hashes_is_found_out():
    with pytest.raises(EvidenceBroken, match="not whole"):
        proof(ShortStore(), 3, 9)


def test_an_entry_bundle_has_lengths():
    assert entry_bundle([b"", b"abc"]) == b"\x00\x00\x00\x03abc"


def test_an_entry_is_shorter_than_its_length_can_say():
    with pytest.raises(InvalidValue):
        entry_bundle([bytes(65536)])
