"""Two verifiers that share no code give the same answers, to good evidence and to evidence changed anywhere."""

import base64
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import second_verifier as second
from evidence_made import event, log_of, receipt, stamped, world
from lienthong.errors import LienThongError
from lienthong.evidence import (
    EventKind,
    LeafHashes,
    ManifestPart,
    ProofResult,
    Receipt,
    consistency_proof,
    cosign,
    inclusion_proof,
    leaf_hash,
    read_tile_path,
    root_from_leaves,
    tile_path,
    verify_consistency,
    verify_inclusion,
    verify_receipt,
)
from lienthong.evidence.note import COSIGNATURE, SigningKey

LEAVES = [str(number).encode() for number in range(600)]
HASHES = [leaf_hash(leaf) for leaf in LEAVES]
Sizes = st.integers(1, 600)


@given(Sizes)
def test_roots(size: int) -> None:
    assert root_from_leaves(HASHES[:size]) == second.mth(LEAVES[:size])


def bent(path: list[bytes], how: int) -> list[bytes]:
    """A path changed in one of the ways a liar would try."""
    if not path:
        return [b"\0" * 32] if how else path
    place = how % len(path)
    other = bytes([path[place][0] ^ 1]) + path[place][1:]
    return [path, path[:-1], [*path, path[0]], [*path[:place], other, *path[place + 1 :]], path[::-1]][how % 5]


@given(Sizes, st.data())
def test_inclusion(size: int, data: st.DataObject) -> None:
    index, claimed = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size))
    path = bent(inclusion_proof(LeafHashes(HASHES), index, size), data.draw(st.integers(0, 20)))
    root = root_from_leaves(HASHES[:size])
    for place in {index, claimed}:
        ours = verify_inclusion(HASHES[index], place, size, path, root)
        assert ours == second.included(place, size, HASHES[index], path, root)


@given(Sizes, st.data())
def test_consistency(new: int, data: st.DataObject) -> None:
    old, claimed = data.draw(st.integers(0, new)), data.draw(st.integers(0, new))
    path = bent(consistency_proof(LeafHashes(HASHES), old, new), data.draw(st.integers(0, 20)))
    roots = [root_from_leaves(HASHES[:size]) for size in (old, new)]
    for size in {old, claimed}:
        ours = verify_consistency(size, new, path, roots[0], roots[1])
        assert ours == second.consistent(size, new, path, roots[0], roots[1])


@given(st.integers(0, 7), st.integers(0, 2**40), st.integers(1, 256))
def test_tiles_have_one_name(level: int, index: int, width: int) -> None:
    name = tile_path(level, index, width)
    assert name == second.tile_name(str(level), index, width)
    found = read_tile_path(name.removeprefix("tile/"))
    assert (found.level, found.index, found.width) == (level, index, width)


# ---------------------------------------------------------------- receipts

WITNESS = SigningKey("witness.example/w1", b"w" * 32, COSIGNATURE)
LONG = tuple(ManifestPart(f"{number}.pdf", "application/pdf", number, f"{number:064x}") for number in range(3))


def kinds() -> dict[str, Receipt]:
    """Good receipts of every form."""
    plain = receipt()
    dated = stamped()
    relayed = world().log.receipts(event(EventKind.RELAYED))[0]
    return {"plain": plain, "dated": dated, "relayed": relayed}


def agree(text: str, *, shell: bool = False) -> bool:
    """What both say; they must say the same. `shell`: where a token's unsigned shell is bent, ours may be stricter."""
    try:
        ours = verify_receipt(Receipt.from_json(text), None, world().roots).result is ProofResult.PROVED
    except LienThongError:  # whatever is refused is not proved
        ours = False
    theirs = second.receipt_is_good(text, world().roots)
    assert ours == theirs or (shell and theirs)
    return ours


@pytest.mark.parametrize("kind", kinds())
def test_good_receipts(kind: str) -> None:
    assert agree(kinds()[kind].to_json())


def test_receipts_that_look_good() -> None:
    made = receipt()
    strange = log_of(world().stranger).receipts(event())[0]
    gateway = log_of(world().issuing, "lienthong.vn/log/gw-1").receipts(event())[0]
    borrowed = log_of(world().issuing, certified="lienthong.vn/log/gw-1").receipts(event())[0]
    other = replace(stamped(), checkpoint=made.checkpoint + cosign(made.checkpoint, WITNESS, event().at)[-1:])
    foreign = stamped(tsa=world().stranger)
    for lie in (strange, gateway, borrowed, other, foreign, replace(made, index=3), replace(made, size=4)):
        assert not agree(lie.to_json())


def test_a_witness_is_seen_by_both() -> None:
    made = receipt()
    seen = replace(made, checkpoint=cosign(made.checkpoint, WITNESS, event().at))
    key = second.vkey(str(WITNESS.verifier))
    for each in (made, seen):
        ours = verify_receipt(each, None, world().roots, witnesses=[WITNESS.verifier]).result is ProofResult.PROVED
        assert ours == second.receipt_is_good(each.to_json(), world().roots, key) == (each is seen)


@settings(max_examples=150)
@given(st.sampled_from(sorted(kinds())), st.data())
def test_receipts_changed_anywhere(kind: str, data: st.DataObject) -> None:
    """One byte of one field: both give the same verdict, and none is proved but a token bent outside its signature."""
    told = json.loads(MADE[kind])
    name = data.draw(st.sampled_from(sorted(told.keys() - {"format", "chain"})))
    told[name] = changed(told[name], data)
    text = json.dumps(told, ensure_ascii=False)
    if json.loads(MADE[kind]) != told:
        assert not agree(text, shell=name == "stamp") or name == "stamp"


MADE = {kind: made.to_json() for kind, made in kinds().items()}


@pytest.mark.parametrize("end", ["", "\v", "\r\n", "\u2028", "\n\n"])
def test_a_note_ends_in_one_way(end: str) -> None:
    told = json.loads(MADE["plain"])
    told["checkpoint"] = told["checkpoint"].removesuffix("\n") + end
    assert not agree(json.dumps(told, ensure_ascii=False))


def changed(value: Any, data: st.DataObject) -> Any:
    if isinstance(value, int):
        return data.draw(st.integers(0, 9))
    if isinstance(value, list):
        return [changed(each, data) if place == 0 else each for place, each in enumerate(value)]
    raw = bytearray(base64.b64decode(value) if is_base64(value) else value.encode())
    place = data.draw(st.integers(0, len(raw) - 1))
    raw[place] ^= 1 << data.draw(st.integers(0, 6))
    return base64.b64encode(raw).decode() if is_base64(value) else raw.decode("utf-8", "replace")


def is_base64(value: str) -> bool:
    try:
        return base64.b64encode(base64.b64decode(value, validate=True)).decode() == value
    except ValueError:
        return False
