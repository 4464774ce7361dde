"""What a witness answers, by the numbers of tlog-witness."""

import pytest

from lienthong.evidence import (
    EMPTY_ROOT,
    Checkpoint,
    LeafHashes,
    SigningKey,
    consistency_proof,
    cosignatures,
    leaf_hash,
    root_from_leaves,
    sign_checkpoint,
)
from lienthong.evidence.note import COSIGNATURE
from lienthong.evidence.witness import AddCheckpoint, Answer, cosignature_line, judge
from lienthong.testing.clock import START

LOG = SigningKey("lienthong.vn/log/axis", b"l" * 32)
LEAVES = [leaf_hash(bytes([number])) for number in range(20)]
OTHERS = [*LEAVES[:4], *(leaf_hash(bytes([number])) for number in range(100, 116))]


def point(size: int, leaves: list[bytes] = LEAVES) -> Checkpoint:
    return Checkpoint(LOG.name, size, root_from_leaves(leaves[:size]) if size else EMPTY_ROOT)


def request(old: int, new: int, leaves: list[bytes] = LEAVES) -> AddCheckpoint:
    proof = tuple(consistency_proof(LeafHashes(leaves), old, new)) if old <= new else ()
    return AddCheckpoint(old, proof, sign_checkpoint(point(new, leaves), LOG))


def answer(asked: AddCheckpoint | str, *seen: Checkpoint, key: SigningKey = LOG) -> tuple[Answer, int]:
    verdict = judge(str(asked), seen, [key.verifier])
    assert (verdict.checkpoint is not None) == (verdict.answer is Answer.COSIGNED)
    return verdict.answer, verdict.size


@pytest.mark.parametrize(("old", "new"), [(0, 1), (0, 20), (3, 7), (8, 8), (8, 20), (19, 20)])
def test_what_only_grew_is_cosigned(old: int, new: int) -> None:
    seen = [point(old)] if old else []
    assert answer(request(old, new), *seen) == (Answer.COSIGNED, 0)


def test_a_request_is_written_as_it_is_read() -> None:
    asked = request(3, 7)
    assert AddCheckpoint.parse(str(asked)) == asked
    assert str(asked).startswith("old 3\n")


def test_who_starts_elsewhere_is_told_where_the_witness_stands() -> None:
    assert answer(request(3, 9), point(5)) == (Answer.OTHER_SIZE, 5)
    assert answer(request(3, 9)) == (Answer.OTHER_SIZE, 0)
    assert answer(request(0, 9), point(5)) == (Answer.OTHER_SIZE, 5)


def test_two_roots_of_one_size() -> None:
    assert answer(request(9, 9, OTHERS), point(9)) == (Answer.OTHER_SIZE, 9)


def test_a_rewritten_log() -> None:
    assert answer(request(9, 12, OTHERS), point(9)) == (Answer.INCONSISTENT, 0)
    cut = AddCheckpoint(3, request(3, 9).proof[:-1], request(3, 9).note)
    assert answer(cut, point(3)) == (Answer.INCONSISTENT, 0)


def test_a_proof_from_nothing_is_empty() -> None:
    assert answer(AddCheckpoint(0, (b"x" * 32,), request(0, 5).note)) == (Answer.INCONSISTENT, 0)


def test_strangers() -> None:
    assert answer(request(0, 5), key=SigningKey("other.vn/log/axis", b"l" * 32))[0] is Answer.UNKNOWN_LOG
    assert answer(request(0, 5), key=SigningKey(LOG.name, b"x" * 32))[0] is Answer.FORGED


@pytest.mark.parametrize(
    "text",
    [
        "",
        "old 0\n",
        "old 00\n\n{note}",
        "old -1\n\n{note}",
        "new 0\n\n{note}",
        "old 0\n%%\n\n{note}",
        "old 0\n\nx",
        "old 9\n\n{note}",
    ],
)
def test_what_has_no_form(text: str) -> None:
    assert answer(text.replace("{note}", request(0, 5).note))[0] is Answer.MALFORMED


def test_the_line_is_a_cosignature() -> None:
    witness = SigningKey("witness.example/w1", b"w" * 32, COSIGNATURE)
    note = request(0, 5).note
    [seen] = cosignatures(note + cosignature_line(note, witness, START), [witness.verifier])
    assert (seen.witness, seen.at) == (witness.name, START)
