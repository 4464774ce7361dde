from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest
from asn1crypto import cms, tsp

from evidence_made import AT, NOW, authority, receipt, stamp, stamp_authority, stamped, world
from lienthong.errors import EvidenceBroken
from lienthong.evidence import ProofResult, verify_receipt
from lienthong.evidence import stamp as room

DIGEST = sha256(b"moc kiem tra").digest()


def response(token: bytes, status: str = "granted") -> bytes:
    told = {"status": {"status": status}, "time_stamp_token": cms.ContentInfo.load(token)}
    return tsp.TimeStampResp(told).dump()


def test_a_token_tells_its_facts():
    facts = room.check(stamp(DIGEST), DIGEST, world().roots, [world().issuing.der])
    assert (facts.time, facts.policy, facts.serial, facts.authority) == (AT, "1.3.6.1.4.1.99999.1", 7, "TSA mẫu")
    assert (facts.path[-1], facts.digest) == (world().roots[0], "sha256")


def test_a_stamped_receipt_is_proved_by_an_independent_clock():
    proof = verify_receipt(stamped(), {}, world().roots, NOW)
    assert proof.result is ProofResult.PROVED
    assert proof.found("stamp") is True
    assert not any("đồng hồ độc lập" in words.vi for words in proof.limits)


def test_without_a_stamp_the_time_is_the_logs_own():
    assert any("đồng hồ độc lập" in words.vi for words in verify_receipt(receipt(), {}, world().roots).limits)


def test_a_request_asks_for_the_certificate():
    asked = tsp.TimeStampReq.load(room.request(DIGEST, 99))
    assert asked["message_imprint"]["hashed_message"].native == DIGEST
    assert (asked["nonce"].native, asked["cert_req"].native) == (99, True)
    assert tsp.TimeStampReq.load(room.request(DIGEST))["nonce"].native is None


def test_the_token_of_a_response():
    token = stamp(DIGEST, nonce=99)
    assert room.token_of(response(token), DIGEST, 99) == token


@pytest.mark.parametrize(
    ("answer", "nonce"),
    [
        (b"", None),
        (b"\x30\x80", None),
        (response(stamp(DIGEST), "rejection"), None),
        (response(stamp(sha256(b"khac").digest())), None),
        (response(stamp(DIGEST)), 99),
        (response(stamp(DIGEST, nonce=98)), 99),
    ],
)
def test_answers_to_something_else_are_refused(answer: bytes, nonce: int | None):
    with pytest.raises(EvidenceBroken):
        room.token_of(answer, DIGEST, nonce)


def test_an_authority_may_sign_with_rsa():
    token = stamp(DIGEST, stamp_authority(world().issuing, bits=2048))
    assert room.check(token, DIGEST, world().roots, [world().issuing.der]).time == AT


FORGERIES: dict[str, Callable[[], bytes]] = {
    "of something else": lambda: stamp(sha256(b"khac").digest()),
    "by a stranger": lambda: stamp(DIGEST, stamp_authority(world().stranger)),
    "by a certificate that is no authority's": lambda: stamp(DIGEST, authority("x", world().issuing, ca=False)),
    "by an authority whose purpose is not critical": lambda: stamp(
        DIGEST, stamp_authority(world().issuing, usage_critical=False)
    ),
    "by a weak key": lambda: stamp(DIGEST, stamp_authority(world().issuing, bits=1024)),
    "by another key than the certificate's": lambda: stamp(
        DIGEST, replace(world().tsa, key=stamp_authority(world().issuing).key)
    ),
    "before the certificate": lambda: stamp(DIGEST, at=AT - timedelta(days=400)),
    "after the certificate": lambda: stamp(DIGEST, at=AT + timedelta(days=36500)),
    "empty": lambda: b"",
    "cut off": lambda: stamp(DIGEST)[:-20],
    "with something behind": lambda: stamp(DIGEST) + b"x",
    "of another content type": lambda: cms.ContentInfo({"content_type": "data", "content": b"x"}).dump(),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_token_is_found_out(forgery: str):
    with pytest.raises(EvidenceBroken):
        room.check(FORGERIES[forgery](), DIGEST, world().roots, [world().issuing.der])


def test_any_flipped_byte_breaks_a_token():
    """All but the certificate's own bytes that do not matter to its key: those break its path instead."""
    token = stamp(DIGEST)
    for place in range(0, len(token), 7):
        forged = bytearray(token)
        forged[place] ^= 0x01
        try:
            facts = room.check(bytes(forged), DIGEST, world().roots, [world().issuing.der])
        except EvidenceBroken:
            continue
        assert facts == room.check(token, DIGEST, world().roots, [world().issuing.der])


def test_a_stamp_that_does_not_hold_is_not_overlooked():
    proof = verify_receipt(receipt(stamp=stamp(DIGEST)), {}, world().roots)
    assert (proof.result, proof.found("stamp")) == (ProofResult.NOT_PROVED, False)


def test_a_stamp_older_than_the_event_contradicts_it():
    proof = verify_receipt(stamped(at=AT - timedelta(hours=1)), {}, world().roots)
    assert proof.found("stamp") is False


def test_a_stamp_without_a_root_cannot_be_told():
    assert verify_receipt(stamped(), {}).found("stamp") is None
