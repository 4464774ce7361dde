import json
from dataclasses import replace

import pytest

from evidence_made import PARTS, event, receipt, stamped, world
from lienthong.errors import EvidenceBroken
from lienthong.evidence import Receipt


@pytest.mark.parametrize("made", [receipt(), stamped(), receipt(manifest=PARTS), receipt(manifest=())])
def test_a_receipt_survives_json(made: Receipt):
    assert Receipt.from_json(made.to_json()) == made
    assert Receipt.from_json(made.to_json().encode()) == made


def test_the_json_is_stable():
    made = receipt()
    assert Receipt.from_json(made.to_json()).to_json() == made.to_json()


def test_receipts_of_a_batch_stand_in_its_order():
    events = [event(message=f"m-{number}") for number in range(5)]
    made = world().log.receipts(*events)
    assert [found.event for found in made] == events
    assert [found.index for found in made] == [0, 1, 2, 3, 4]


CHANGES: list[dict[str, object]] = [
    {"format": "lienthong-receipt/9"},
    {"leaf": 5},
    {"index": "2"},
    {"index": True},
    {"index": -1},
    {"size": 2.5},
    {"proof": "AAAA"},
    {"proof": [1]},
    {"proof": ["AAAA"]},
    {"proof": ["!"]},
    {"proof": ["A" * 43 + "="] * 64},
    {"checkpoint": None},
    {"chain": {"0": ""}},
    {"chain": ["AAAA"] * 9},
    {"manifest": 5},
    {"manifest": [5]},
    {"manifest": [{}]},
    {"manifest": [{"name": "a", "media_type": "b", "size": 1, "sha256": "0" * 64, "more": 1}]},
    {"manifest": [{"name": "a", "media_type": "b", "size": 1, "sha256": "g" * 64}]},
    {"manifest": [{"name": 1, "media_type": "b", "size": 1, "sha256": "0" * 64}]},
    {"manifest": [{"name": "a", "media_type": "b", "size": True, "sha256": "0" * 64}]},
    {"stamp": 1},
    {"stamp": "*"},
    {"unknown": 1},
]


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_is_not_a_receipt_is_refused(change: dict[str, object]):
    told = receipt().as_dict() | change
    with pytest.raises(EvidenceBroken):
        Receipt.from_json(json.dumps(told))


@pytest.mark.parametrize("field", ["leaf", "index", "size", "proof", "checkpoint", "chain"])
def test_a_receipt_is_whole(field: str):
    told = receipt().as_dict()
    del told[field]
    with pytest.raises(EvidenceBroken):
        Receipt.from_json(json.dumps(told))


def test_a_receipt_of_a_leaf_that_is_no_event_has_none():
    with pytest.raises(EvidenceBroken):
        _ = replace(receipt(), leaf=b"khac").event
