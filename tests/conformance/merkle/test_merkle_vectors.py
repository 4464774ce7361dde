"""Our tree, notes and tiles against vectors kept as data beside this file."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from lienthong.evidence import (
    Checkpoint,
    Cosignature,
    Frontier,
    LeafHashes,
    SigningKey,
    VerifierKey,
    consistency_proof,
    cosign,
    cosignatures,
    entries_path,
    inclusion_proof,
    leaf_hash,
    open_checkpoint,
    root_from_leaves,
    sign_checkpoint,
    tile_path,
    verify_consistency,
    verify_inclusion,
)
from lienthong.evidence.note import COSIGNATURE


def vectors(name: str) -> dict[str, Any]:
    return json.loads((Path(__file__).parent / name).read_text(encoding="utf-8"))


TREE = vectors("rfc6962-2.1-reference-tree.json")
PROOFS = vectors("rfc9162-2.1.5-proofs.json")
NOTE = vectors("c2sp-signed-note.json")
TILES = vectors("c2sp-tlog-tiles.json")
HASHES = [leaf_hash(bytes.fromhex(leaf)) for leaf in TREE["leaves"]]


@pytest.mark.parametrize("size", range(9))
def test_roots_of_the_reference_tree(size: int):
    root = bytes.fromhex(TREE["roots"][str(size)])
    assert root_from_leaves(HASHES[:size]) == root
    assert Frontier().append(HASHES[:size])[0].root() == root


@pytest.mark.parametrize(("old", "new"), [(old, new) for new in range(1, 9) for old in range(new + 1)])
def test_every_consistency_proof_of_the_reference_tree(old: int, new: int):
    path = consistency_proof(LeafHashes(HASHES), old, new)
    roots = [bytes.fromhex(TREE["roots"][str(size)]) for size in (old, new)]
    assert verify_consistency(old, new, path, roots[0], roots[1])


@pytest.mark.parametrize("index", [0, 3, 4, 6])
def test_inclusion_proofs_of_the_example_tree(index: int):
    """RFC 9162 §2.1.5."""
    path = inclusion_proof(LeafHashes(HASHES), index, PROOFS["size"])
    assert path == [root_from_leaves(HASHES[start:end]) for start, end in PROOFS["inclusion"][str(index)]]
    assert verify_inclusion(HASHES[index], index, 7, path, bytes.fromhex(TREE["roots"]["7"]))


@pytest.mark.parametrize("old", [3, 4, 6])
def test_consistency_proofs_of_the_example_tree(old: int):
    """RFC 9162 §2.1.5."""
    path = consistency_proof(LeafHashes(HASHES), old, PROOFS["size"])
    assert path == [root_from_leaves(HASHES[start:end]) for start, end in PROOFS["consistency"][str(old)]]


def test_a_checkpoint_is_signed_byte_for_byte():
    key = SigningKey.parse(NOTE["log"]["skey"])
    assert key == SigningKey(NOTE["origin"], bytes.fromhex(NOTE["log"]["seed"]))
    checkpoint = Checkpoint(NOTE["origin"], NOTE["size"], bytes.fromhex(NOTE["root"]))
    assert sign_checkpoint(checkpoint, key) == NOTE["checkpoint"]
    assert open_checkpoint(NOTE["cosigned"], [VerifierKey.parse(NOTE["log"]["vkey"])]) == checkpoint


def test_a_cosignature_is_made_byte_for_byte():
    at = datetime.fromtimestamp(NOTE["witness"]["time"], UTC)
    witness = SigningKey("nhan-chung.vi-du/1", bytes.fromhex(NOTE["witness"]["seed"]), COSIGNATURE)
    assert cosign(NOTE["checkpoint"], witness, at) == NOTE["cosigned"]
    seen = cosignatures(NOTE["cosigned"], [VerifierKey.parse(NOTE["witness"]["vkey"])])
    assert seen == (Cosignature("nhan-chung.vi-du/1", at),)


@pytest.mark.parametrize(("level", "tile", "width", "path"), TILES["paths"])
def test_tile_paths(level: int, tile: int, width: int, path: str):
    assert tile_path(level, tile, width) == path


@pytest.mark.parametrize(("tile", "width", "path"), TILES["entries"])
def test_entry_bundle_paths(tile: int, width: int, path: str):
    assert entries_path(tile, width) == path


def test_how_many_hashes_a_level_holds():
    leaves = [leaf_hash(number.to_bytes(4, "big")) for number in range(TILES["size"])]
    _, full = Frontier().append(leaves)
    counts = {str(level): sum(tile.level == level for tile in full) for level in (1, 2)}
    assert counts | {"0": len(leaves)} == TILES["hashes"]
