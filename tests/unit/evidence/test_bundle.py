import json
from dataclasses import replace

import pytest

from evidence_made import FILES, NOW, PARTS, event, receipt, stamp, stamped, world
from lienthong.errors import EvidenceBroken
from lienthong.evidence import Bundle, EventKind, ProofResult, checkpoint_digest, read_evidence, verify_bundle


def journey() -> Bundle:
    """Accepted, consigned, handed over; the first one stamped."""
    kinds = [EventKind.CONSIGNED, EventKind.HANDED_OVER]
    later = world().log.receipts(*(event(kind, recipient="G09") for kind in kinds))
    return Bundle.of([stamped(), *later])


def test_a_bundle_survives_json_and_shares_what_is_shared():
    bundle = journey()
    assert Bundle.from_json(bundle.to_json()) == bundle
    assert bundle.manifest == PARTS
    assert list(bundle.stamps) == [checkpoint_digest(receipt().checkpoint).hex()]
    assert all(found.stamp is None and found.manifest is None for found in bundle.receipts)
    assert [found.stamp is not None for found in bundle.whole()] == [True, False, False]


def test_a_bundle_is_proved_as_a_whole():
    proof = verify_bundle(journey(), FILES, world().roots, NOW)
    assert proof.result is ProofResult.PROVED
    assert [f.code for f in proof.findings].count("event") == 3
    assert [f.code for f in proof.findings].count("file") == 2


def test_one_false_receipt_spoils_the_bundle():
    bundle = journey()
    spoilt = replace(bundle, receipts=(*bundle.receipts[:2], replace(bundle.receipts[2], index=0)))
    assert verify_bundle(spoilt, {}, world().roots).result is ProofResult.NOT_PROVED


def test_receipts_of_two_packages_do_not_belong_together():
    other = world().log.receipts(event(EventKind.CONSIGNED, package="1" * 32))
    proof = verify_bundle(Bundle.of([receipt(), *other]), {}, world().roots)
    assert (proof.result, proof.found("one-package")) == (ProofResult.NOT_PROVED, False)


def test_a_list_of_another_package_is_told():
    proof = verify_bundle(replace(journey(), manifest=PARTS[:1]), FILES, world().roots)
    assert (proof.result, proof.found("manifest")) == (ProofResult.NOT_PROVED, False)


def test_a_stamp_of_nothing_is_told():
    strange = {"0" * 64: stamp(bytes(32))}
    proof = verify_bundle(replace(journey(), stamps=strange), {}, world().roots)
    assert (proof.result, proof.found("stamp")) == (ProofResult.NOT_PROVED, False)


def test_the_list_does_not_burden_receipts_of_another_digest():
    status = world().log.receipts(event(EventKind.STATUS, digest="0" * 64, code="06"))
    assert verify_bundle(Bundle.of([receipt(), *status]), FILES, world().roots).result is ProofResult.PROVED


def test_files_are_compared_with_the_receipt_that_lists_them():
    later = world().log.receipts(event(EventKind.CONSIGNED))
    bundle = Bundle((*later, receipt()))
    assert verify_bundle(bundle, FILES, world().roots).result is ProofResult.PROVED


def test_an_unreadable_receipt_is_told():
    bundle = Bundle((replace(receipt(), leaf=b"{}"), receipt()), PARTS)
    assert verify_bundle(bundle, FILES, world().roots).result is ProofResult.NOT_PROVED


def test_either_kind_of_file_is_opened():
    assert read_evidence(receipt().to_json()) == Bundle((receipt(),))
    bundle = journey()
    assert read_evidence(bundle.to_json()) == bundle


@pytest.mark.parametrize(
    "change",
    [
        {"format": "khac"},
        {"receipts": []},
        {"receipts": [1]},
        {"receipts": {}},
        {"manifest": 1},
        {"stamps": []},
        {"stamps": {"x": ""}},
        {"stamps": {"0" * 64: 1}},
        {"stamps": {"0" * 64: "!"}},
        {"more": 1},
    ],
)
def test_whatever_is_not_a_bundle_is_refused(change: dict[str, object]):
    told = json.loads(journey().to_json()) | change
    with pytest.raises(EvidenceBroken):
        read_evidence(json.dumps(told))
