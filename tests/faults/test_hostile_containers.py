"""Hostile CMS and lying time stamps: what is found is what is there, and nothing false is called intact."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from asn1crypto import algos, cms, core, tsp

from lienthong.signature.cms import signed_attributes, signed_data
from lienthong.signature.facts.container import open_container
from lienthong.signature.facts.der import read
from lienthong.signature.facts.gather import gather
from lienthong.signature.facts.model import SignatureFact
from lienthong.signature.facts.stamps import stamp_fact
from lienthong.signature.model import Appearance
from lienthong.signature.revision import append_field, fill
from unit.signature import signed_files
from unit.signature.authority import NOW, leader
from unit.signature.documents import composed, sealed

pytestmark = pytest.mark.faults
GAP = append_field(composed().pdf, "LeaderSignature1", Appearance(), NOW)
ATTRIBUTES = signed_attributes(GAP.document_digest, leader().certificate)
GOOD = signed_data(ATTRIBUTES, leader().sign(ATTRIBUTES), leader().certificate, leader().chain)


def found(container: bytes) -> SignatureFact:
    (item,) = gather(fill(GAP.pdf, (GAP.start, GAP.end), container)).signatures
    return item


def changed(change: Callable[[Any], None]) -> bytes:
    content = cms.ContentInfo.load(GOOD)
    change(content["content"])
    return bytes(content.dump(force=True))


def two_signers(signed: Any) -> None:
    signed["signer_infos"] = [signed["signer_infos"][0].copy(), signed["signer_infos"][0].copy()]


def unknown_digest(signed: Any) -> None:
    signed["signer_infos"][0]["digest_algorithm"] = algos.DigestAlgorithm({"algorithm": "1.2.3.4.5"})


def other_scheme(signed: Any) -> None:
    signed["signer_infos"][0]["signature_algorithm"] = algos.SignedDigestAlgorithm({"algorithm": "sha512_rsa"})


def curve(signed: Any) -> None:
    signed["signer_infos"][0]["signature_algorithm"] = algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"})


def no_certificate(signed: Any) -> None:
    signed["certificates"] = []


def content_inside(signed: Any) -> None:
    signed["encap_content_info"] = {"content_type": "data", "content": b"other words"}


UNTOLD = {
    "empty": b"",
    "truncated": GOOD[: len(GOOD) // 2],
    "huge length": b"\x30\x84\xff\xff\xff\xff" + GOOD[4:],
    "longer length": b"\x30\x88" + b"\xff" * 8,
    "open, unended": b"\x30\x80" * 2000,
    "deep": b"\x30\x82\x03\xe8" * 250,
    "wrong kind": cms.ContentInfo({"content_type": "data", "content": b"x"}).dump(),
    "two signers": changed(two_signers),
    "unknown digest": changed(unknown_digest),
    "scheme against digest": changed(other_scheme),
    "scheme against key": changed(curve),
    "no certificate": changed(no_certificate),
    "content inside": changed(content_inside),
    "something behind": GOOD + b"\x04\x03abc",
}


@pytest.mark.parametrize("name", UNTOLD)
def test_what_cannot_be_told_is_said(name: str):
    item = found(UNTOLD[name])
    assert item.intact is None
    assert item.fault


def test_a_good_one_and_a_bent_value():
    assert found(GOOD).intact is True
    at = GOOD.rindex(leader().sign(ATTRIBUTES)) + 9
    assert found(GOOD[:at] + bytes([GOOD[at] ^ 1]) + GOOD[at + 1 :]).intact is False


def test_another_documents_signature():
    other = signed_attributes(hashlib.sha256(b"other").digest(), leader().certificate)
    assert found(signed_data(other, leader().sign(other), leader().certificate, leader().chain)).intact is False


def test_open_lengths_are_read():
    """Some signing software leaves lengths open (BER); the signed attributes stay DER."""
    inner = read(GOOD).content
    assert open_container(b"\x30\x80" + inner + b"\0\0").value == open_container(GOOD).value


# ---------------------------------------------------------------- stamps


def token(**changes: Any) -> bytes:
    """A token over SHA-256 of b"words"."""
    stamper = signed_files.stamper(**changes)
    request = tsp.TimeStampReq(
        {
            "version": 1,
            "message_imprint": {
                "hash_algorithm": {"algorithm": "sha256"},
                "hashed_message": hashlib.sha256(b"words").digest(),
            },
            "cert_req": True,
        }
    )
    return bytes(stamper.request_tsa_response(request)["time_stamp_token"].dump())


def over(data: bytes) -> Callable[[str], bytes]:
    return lambda name: hashlib.new(name, data).digest()


def test_a_stamp_of_other_words():
    assert stamp_fact(token(), "signature", over(b"words")).intact is True
    fact = stamp_fact(token(), "signature", over(b"other words"))
    assert (fact.intact, fact.at) == (False, signed_files.AT)


def test_a_stamp_by_itself_and_one_without_the_critical_purpose():
    fact = stamp_fact(
        token(certificate=signed_files.stamper_certificate(self_signed=True)), "signature", over(b"words")
    )
    assert (fact.intact, fact.purpose) == (True, True)  # whom to trust is asked later
    loose = stamp_fact(token(certificate=signed_files.stamper_certificate(critical=False)), "signature", over(b"words"))
    assert (loose.intact, loose.purpose) == (True, False)


def test_a_stamp_from_the_future_says_so():
    late = signed_files.AT + timedelta(days=999)
    assert stamp_fact(token(at=late), "signature", over(b"words")).at == late


def test_an_altered_token_is_never_intact():
    good = token()
    time = good.index(core.GeneralizedTime(signed_files.AT).dump()) + 5
    fact = stamp_fact(good[:time] + bytes([good[time] ^ 1]) + good[time + 1 :], "signature", over(b"words"))
    assert fact.intact is not True
    assert stamp_fact(good[:-40], "signature", over(b"words")).intact is None
    assert stamp_fact(GOOD, "signature", over(b"words")).fault


def test_a_stamp_with_another_key():
    fact = stamp_fact(token(key="other"), "signature", over(b"words"))
    assert fact.intact is False


def test_files_stay_good():
    assert all(item.intact for item in gather(sealed()).signatures)
