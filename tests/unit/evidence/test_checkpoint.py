from dataclasses import replace
from datetime import UTC, datetime

import pytest

from lienthong.errors import EvidenceBroken, InvalidValue
from lienthong.evidence import (
    Checkpoint,
    LeafHashes,
    SigningKey,
    Tree,
    cosign,
    cosignatures,
    leaf_hash,
    open_checkpoint,
    sign_checkpoint,
    verify_consistency_of,
)
from lienthong.evidence.note import COSIGNATURE, sign

LOG = SigningKey("lienthong.vn/log/axis", bytes(32))
WITNESS = SigningKey("nhan-chung.vi-du", bytes([3] * 32), COSIGNATURE)
AT = datetime(2026, 11, 22, 1, 12, tzinfo=UTC)
LEAVES = [leaf_hash(bytes([number])) for number in range(7)]


def checkpoint(size: int) -> Checkpoint:
    return Checkpoint(LOG.name, size, Tree(LeafHashes(LEAVES), size).root())


def test_a_checkpoint_survives_its_note():
    note = sign_checkpoint(checkpoint(7), LOG)
    assert open_checkpoint(note, [LOG.verifier]) == checkpoint(7)


def test_extension_lines_are_passed_over():
    assert Checkpoint.parse(checkpoint(7).text + "mở rộng\n") == checkpoint(7)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\n1\n",
        checkpoint(7).text.removesuffix("\n"),
        checkpoint(7).text.replace("\n7\n", "\n07\n"),
        checkpoint(7).text.replace("\n7\n", "\n-7\n"),
        checkpoint(7).text.replace("\n7\n", "\n٧\n"),
        checkpoint(7).text.replace("\n7\n", "\n9999999999999999999\n"),
        checkpoint(7).text.replace("\n7\n", "\n" + "9" * 5000 + "\n"),
        "goc\n7\nAAAA\n",
        "goc\n7\n????\n",
        "\n7\nAAAA\n",
    ],
)
def test_malformed_checkpoints_are_refused(text: str):
    with pytest.raises(EvidenceBroken):
        Checkpoint.parse(text)


@pytest.mark.parametrize("changed", [{"origin": ""}, {"origin": "a\nb"}, {"size": -1}, {"size": 2**63}, {"root": b""}])
def test_a_checkpoint_has_sensible_values(changed: dict[str, object]):
    with pytest.raises(InvalidValue):
        replace(checkpoint(7), **changed)  # type: ignore[arg-type]  # wrong on purpose


def test_a_log_signs_for_its_own_origin_alone():
    with pytest.raises(InvalidValue):
        sign_checkpoint(replace(checkpoint(7), origin="khac"), LOG)


def test_a_witness_does_not_replace_the_log():
    note = sign(checkpoint(7).text, SigningKey("nhan-chung.vi-du", bytes(32)))
    with pytest.raises(EvidenceBroken, match="its own log"):
        open_checkpoint(note, [SigningKey("nhan-chung.vi-du", bytes(32)).verifier, LOG.verifier])


def test_a_witness_with_the_logs_name_does_not_replace_the_log():
    namesake = SigningKey(LOG.name, bytes([9] * 32), COSIGNATURE)
    note = cosign(sign_checkpoint(checkpoint(7), SigningKey(LOG.name, bytes([8] * 32))), namesake, AT)
    with pytest.raises(EvidenceBroken, match="its own log"):
        open_checkpoint(note, [LOG.verifier, namesake.verifier])


def test_known_witnesses_are_told():
    note = cosign(sign_checkpoint(checkpoint(7), LOG), WITNESS, AT)
    assert [(seen.witness, seen.at) for seen in cosignatures(note, [WITNESS.verifier])] == [("nhan-chung.vi-du", AT)]
    assert cosignatures(note, []) == ()
    assert open_checkpoint(note, [LOG.verifier]) == checkpoint(7)


def test_a_moved_cosignature_is_found_out():
    note = cosign(sign_checkpoint(checkpoint(7), LOG), WITNESS, AT)
    moved = sign_checkpoint(checkpoint(6), LOG) + note.splitlines(keepends=True)[-1]
    with pytest.raises(EvidenceBroken, match="does not hold"):
        cosignatures(moved, [WITNESS.verifier])


@pytest.mark.parametrize("old", range(8))
def test_a_grown_log_is_consistent(old: int):
    verify_consistency_of(checkpoint(old), checkpoint(7), Tree(LeafHashes(LEAVES), 7).consistency(old))


def test_a_rewritten_log_is_found_out():
    rewritten = [leaf_hash(b"khac"), *LEAVES[1:]]
    new = replace(checkpoint(7), root=Tree(LeafHashes(rewritten), 7).root())
    with pytest.raises(EvidenceBroken, match="rewritten"):
        verify_consistency_of(checkpoint(5), new, Tree(LeafHashes(rewritten), 7).consistency(5))


def test_a_shrunken_log_is_found_out():
    with pytest.raises(EvidenceBroken, match="smaller"):
        verify_consistency_of(checkpoint(7), checkpoint(5), [])


def test_two_logs_are_never_consistent():
    with pytest.raises(EvidenceBroken, match="different logs"):
        verify_consistency_of(replace(checkpoint(7), origin="khac"), checkpoint(7), [])
