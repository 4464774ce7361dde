"""The tree against a second, recursive implementation written straight from RFC 6962 §2.1."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lienthong.evidence import (
    Frontier,
    LeafHashes,
    consistency,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    proof,
    root_from_leaves,
    verify_consistency,
    verify_inclusion,
)
from lienthong.evidence.tree import TILE_WIDTH

LEAVES = [leaf_hash(number.to_bytes(4, "big")) for number in range(2100)]


def split(size: int) -> int:
    """The largest power of two below `size`."""
    k = 1
    while 2 * k < size:
        k *= 2
    return k


def oracle_root(leaves: Sequence[bytes]) -> bytes:
    if not leaves:
        return sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return sha256(b"\x01" + oracle_root(leaves[:k]) + oracle_root(leaves[k:])).digest()


def oracle_path(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if index < k:
        return [*oracle_path(index, leaves[:k]), oracle_root(leaves[k:])]
    return [*oracle_path(index - k, leaves[k:]), oracle_root(leaves[:k])]


def oracle_subproof(old: int, leaves: Sequence[bytes], whole: bool) -> list[bytes]:
    if old == len(leaves):
        return [] if whole else [oracle_root(leaves)]
    k = split(len(leaves))
    if old <= k:
        return [*oracle_subproof(old, leaves[:k], whole), oracle_root(leaves[k:])]
    return [*oracle_subproof(old - k, leaves[k:], False), oracle_root(leaves[:k])]


@dataclass
class Store:
    """Tiles as a store keeps them; counts what is read."""

    levels: dict[int, list[bytes]] = field(default_factory=dict)
    read: dict[int, int] = field(default_factory=dict)

    def hashes(self, level: int, start: int, count: int) -> list[bytes]:
        self.read[level] = self.read.get(level, 0) + count
        return self.levels.get(level, [])[start : start + count]


def grown(sizes: Sequence[int]) -> tuple[Store, Frontier]:
    store, frontier = Store(), Frontier()
    for size in sizes:
        fresh = LEAVES[frontier.size : frontier.size + size]
        store.levels.setdefault(0, []).extend(fresh)
        frontier, full = frontier.append(fresh)
        for tile in full:
            row = store.levels.setdefault(tile.level, [])
            assert tile.index == len(row)
            row.append(tile.hash)
    return store, frontier


sizes = st.integers(1, 600)


@given(sizes)
def test_root_equals_the_recursive_definition(size: int):
    assert root_from_leaves(LEAVES[:size]) == oracle_root(LEAVES[:size])


@given(st.data(), sizes)
def test_inclusion_proof_equals_the_recursive_definition_and_verifies(data: st.DataObject, size: int):
    index = data.draw(st.integers(0, size - 1))
    path = inclusion_proof(LeafHashes(LEAVES), index, size)
    assert path == oracle_path(index, LEAVES[:size])
    assert verify_inclusion(LEAVES[index], index, size, path, oracle_root(LEAVES[:size]))


@given(st.data(), sizes)
def test_consistency_proof_equals_the_recursive_definition_and_verifies(data: st.DataObject, size: int):
    old = data.draw(st.integers(1, size))
    path = consistency_proof(LeafHashes(LEAVES), old, size)
    assert path == oracle_subproof(old, LEAVES[:size], True)
    assert verify_consistency(old, size, path, oracle_root(LEAVES[:old]), oracle_root(LEAVES[:size]))


@given(st.data(), st.integers(2, 300), st.integers(0, 255))
def test_any_flipped_bit_breaks_an_inclusion_proof(data: st.DataObject, size: int, bit: int):
    index = data.draw(st.integers(0, size - 1))
    path = inclusion_proof(LeafHashes(LEAVES), index, size)
    values = [LEAVES[index], oracle_root(LEAVES[:size]), *path]
    victim = data.draw(st.integers(0, len(values) - 1))
    values[victim] = flipped(values[victim], bit)
    assert not verify_inclusion(values[0], index, size, values[2:], values[1])


@given(st.data(), st.integers(2, 300), st.integers(0, 255))
def test_any_flipped_bit_breaks_a_consistency_proof(data: st.DataObject, size: int, bit: int):
    old = data.draw(st.integers(1, size - 1))
    path = consistency_proof(LeafHashes(LEAVES), old, size)
    values = [oracle_root(LEAVES[:old]), oracle_root(LEAVES[:size]), *path]
    victim = data.draw(st.integers(0, len(values) - 1))
    values[victim] = flipped(values[victim], bit)
    assert not verify_consistency(old, size, values[2:], values[0], values[1])


@given(st.data(), st.integers(2, 300))
def test_a_proof_holds_for_its_own_index_alone(data: st.DataObject, size: int):
    index = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(0, size - 1).filter(lambda i: i != index))
    path = inclusion_proof(LeafHashes(LEAVES), index, size)
    assert not verify_inclusion(LEAVES[index], other, size, path, oracle_root(LEAVES[:size]))


@given(st.data(), st.integers(2, 300))
def test_a_longer_or_shorter_proof_does_not_hold(data: st.DataObject, size: int):
    index = data.draw(st.integers(0, size - 1))
    path, root = inclusion_proof(LeafHashes(LEAVES), index, size), oracle_root(LEAVES[:size])
    assert not verify_inclusion(LEAVES[index], index, size, [*path, LEAVES[0]], root)
    assert not verify_inclusion(LEAVES[index], index, size, path[:-1], root)


@given(
    st.integers(-5, 2**70),
    st.integers(-5, 2**70),
    st.lists(st.binary(max_size=40), max_size=70),
    st.binary(max_size=40),
)
def test_verification_never_raises_on_hostile_values(index: int, size: int, path: list[bytes], root: bytes):
    assert verify_inclusion(root, index, size, path, root) in {True, False}
    assert verify_consistency(index, size, path, root, root) in {True, False}


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 300), min_size=1, max_size=7))
def test_a_frontier_grown_in_batches_equals_full_recomputation(batches: list[int]):
    store, frontier = grown(batches)
    assert frontier.root() == oracle_root(LEAVES[: frontier.size])
    assert Frontier.of(store, frontier.size) == frontier


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 1500), st.integers(1, 80))
def test_a_batch_proves_its_leaves_without_the_log(before: int, count: int):
    _, frontier = grown([before])
    batch = frontier.extend(LEAVES[before : before + count])
    root = oracle_root(LEAVES[: before + count])
    assert batch.root() == batch.after.root() == root
    for index, path in enumerate(batch.proofs(), start=before):
        assert verify_inclusion(LEAVES[index], index, batch.size, path, root)


@settings(max_examples=40, deadline=None)
@given(st.data(), st.integers(1, 2000))
def test_proofs_from_tiles_equal_proofs_from_leaves_and_read_two_tiles_a_level(data: st.DataObject, size: int):
    store, _ = grown([2000])
    index = data.draw(st.integers(0, size - 1))
    assert proof(store, index, size) == oracle_path(index, LEAVES[:size])
    assert all(count <= 2 * TILE_WIDTH for count in store.read.values())
    assert consistency(store, index + 1, size) == oracle_subproof(index + 1, LEAVES[:size], True)


def test_two_levels_of_tiles():
    """65,537 leaves: one hash on level 2, as tlog-tiles counts them."""
    hashes = [leaf_hash(number.to_bytes(4, "big")) for number in range(65_537)]
    frontier, full = Frontier().append(hashes)
    levels = {level: [tile.hash for tile in full if tile.level == level] for level in (1, 2)}
    assert [len(row) for row in levels.values()] == [256, 1]
    store = Store({0: hashes, **levels})
    path = proof(store, 300, 65_537)
    assert verify_inclusion(hashes[300], 300, 65_537, path, frontier.root())
    assert sum(store.read.values()) < 600


@pytest.mark.parametrize("size", [255, 256, 257, 511, 512, 513])
def test_tiles_fill_at_their_edges(size: int):
    store, _ = grown([size - 1, 1])
    assert len(store.levels.get(1, [])) == size // 256


def flipped(value: bytes, bit: int) -> bytes:
    return (int.from_bytes(value, "big") ^ (1 << bit)).to_bytes(len(value), "big")
